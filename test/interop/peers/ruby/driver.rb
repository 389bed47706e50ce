# The Ruby peer: ruby-jwt, as the distribution has it.
# Usage: driver.rb version | mint FOLDER... | verify FOLDER... (see docs/interop.md).
require "json"
require "jwt"
require "openssl"

def mint(folder)
  key = OpenSSL::PKey.read(File.read("#{folder}/private.pem"))
  algorithm = File.read("#{folder}/algorithm")
  lines = File.readlines("#{folder}/claims.jsonl", chomp: true, encoding: "UTF-8")
  write_lines("#{folder}/tokens", lines.map { |line| JWT.encode(JSON.parse(line), key, algorithm) })
end

def verify(folder)
  key = OpenSSL::PKey.read(File.read("#{folder}/public.pem"))
  audience = File.read("#{folder}/audience")
  options = { algorithm: File.read("#{folder}/algorithm") }
  options.update(aud: audience, verify_aud: true) unless audience.empty?
  answers = File.readlines("#{folder}/tokens", chomp: true).map do |token|
    JWT.decode(token, key, true, options)
    "true"
  rescue StandardError => error
    "false #{error.class}: #{error.message}".tr("\n", " ")
  end
  write_lines("#{folder}/accepted", answers)
end

def write_lines(path, lines)
  File.write(path, lines.map { |line| "#{line}\n" }.join)
end

verb, *folders = ARGV
puts "#{JWT::VERSION::STRING}, Ruby #{RUBY_VERSION}" if verb == "version"
folders.each { |folder| verb == "mint" ? mint(folder) : verify(folder) }
