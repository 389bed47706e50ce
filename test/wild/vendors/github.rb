# A GitHub App's token as GitHub's Ruby sample makes it: ruby-jwt, iat a minute ago. Usage: KEY CLIENT_ID.
require "jwt"
require "openssl"

key_file, client_id = ARGV
payload = { iat: Time.now.to_i - 60, exp: Time.now.to_i + (10 * 60), iss: client_id }
puts JWT.encode(payload, OpenSSL::PKey::RSA.new(File.read(key_file)), "RS256")
