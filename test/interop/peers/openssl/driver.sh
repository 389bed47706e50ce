#!/usr/bin/env bash
# The Bash peer: the openssl command, as GitHub's documentation shows it for its apps; for ECDSA with the
# way from DER to r||s and back beside it.
# Usage: driver.sh version | mint FOLDER... | verify FOLDER... (see docs/interop.md).
set -euo pipefail
export LC_ALL=C

# Results are left in $result: a subshell for each would take longer than the signature.
to_base64url() {
	result=$(base64 -w 0)
	result=${result//+/-}
	result=${result//\//_}
	result=${result//=/}
}

# Prints the bytes.
from_base64url() {
	local text=${1//-/+}
	text=${text//_//}
	while ((${#text} % 4)); do text+='='; done
	base64 -d <<<"$text"
}

to_hex() { result=$(od -An -v -tx1) && result=${result//[ $'\n']/}; }

# Prints bytes given as hexadecimal digits.
from_hex() {
	local hex=$1 escaped=''
	while [ -n "$hex" ]; do
		escaped+="\\x${hex:0:2}"
		hex=${hex:2}
	done
	printf '%b' "$escaped"
}

# ECDSA-Sig-Value (RFC 3279 2.2.3) to r||s, both as hexadecimal digits.
from_der() {
	local rest=${1:4} scalars='' length integer
	while [ -n "$rest" ]; do
		length=$((16#${rest:2:2} * 2))
		integer=${rest:4:length}
		rest=${rest:4+length}
		while ((${#integer} > 64)); do integer=${integer:2}; done
		while ((${#integer} < 64)); do integer="00$integer"; done
		scalars+=$integer
	done
	result=$scalars
}

to_der() {
	local body='' integer
	for integer in "${1:0:64}" "${1:64:64}"; do
		while [[ $integer == 00?* ]]; do integer=${integer:2}; done
		if ((16#${integer:0:2} >= 128)); then integer="00$integer"; fi
		printf -v integer '02%02x%s' $((${#integer} / 2)) "$integer"
		body+=$integer
	done
	printf -v result '30%02x%s' $((${#body} / 2)) "$body"
}

mint() {
	local folder=$1 algorithm header claims input
	algorithm=$(<"$folder/algorithm")
	to_base64url < <(printf '{"alg":"%s","typ":"JWT"}' "$algorithm")
	header=$result
	while IFS= read -r claims; do
		to_base64url < <(printf '%s' "$claims")
		input="$header.$result"
		if [ "$algorithm" = RS256 ]; then
			to_base64url < <(printf '%s' "$input" | openssl dgst -sha256 -sign "$folder/private.pem")
		else
			to_hex < <(printf '%s' "$input" | openssl dgst -sha256 -sign "$folder/private.pem")
			from_der "$result"
			to_base64url < <(from_hex "$result")
		fi
		printf '%s.%s\n' "$input" "$result"
	done <"$folder/claims.jsonl" >"$folder/tokens"
}

verify() {
	local folder=$1 algorithm token
	algorithm=$(<"$folder/algorithm")
	while IFS= read -r token; do
		if is_good "$folder" "$algorithm" "$token"; then echo true; else echo false; fi
	done <"$folder/tokens" >"$folder/accepted"
}

is_good() {
	local folder=$1 algorithm=$2 header payload signature rest
	IFS=. read -r header payload signature rest <<<"$3"
	[ -z "$rest" ] || return 1
	[[ $(from_base64url "$header") == *"\"alg\":\"$algorithm\""* ]] || return 1
	if [ "$algorithm" = RS256 ]; then
		from_base64url "$signature" >"$folder/signature"
	else
		to_hex < <(from_base64url "$signature")
		[ "${#result}" -eq 128 ] || return 1
		to_der "$result"
		from_hex "$result" >"$folder/signature"
	fi
	openssl dgst -sha256 -verify "$folder/public.pem" -signature "$folder/signature" \
		>/dev/null 2>&1 < <(printf '%s.%s' "$header" "$payload")
}

verb=$1
shift
if [ "$verb" = version ]; then openssl version | cut -d' ' -f2; fi
for folder in "$@"; do "$verb" "$folder"; done
