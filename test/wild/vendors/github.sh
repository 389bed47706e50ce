#!/usr/bin/env bash
# A GitHub App's token as GitHub's Bash sample makes it: openssl, JSON with blanks, iat a minute ago. Usage: KEY CLIENT_ID.
set -euo pipefail

key_file=$1
client_id=$2
now=$(date +%s)

base64url() { openssl base64 -A | tr '+/' '-_' | tr -d '='; }

header=$(printf '{\n  "typ":"JWT",\n  "alg":"RS256"\n}' | base64url)
payload=$(printf '{\n  "iat":%d,\n  "exp":%d,\n  "iss":"%s"\n}' $((now - 60)) $((now + 600)) "$client_id" | base64url)
signature=$(printf '%s' "$header.$payload" | openssl dgst -sha256 -sign "$key_file" | base64url)
printf '%s\n' "$header.$payload.$signature"
