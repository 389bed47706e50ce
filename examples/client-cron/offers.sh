# Asks for the hotel's offers once: for cron. The token is minted for this request and valid for a minute.
set -eu
. ./local.env
. ./issuer.env
TOKEN=$(orgpass token mint --key "$KEY_FILE" --issuer "$ISSUER" --audience "$HOTEL" --scope offers --ttl 1m)
# On standard input, so that other users of the machine don't see the token in the list of processes.
printf 'header = "Authorization: Bearer %s"' "$TOKEN" | curl --silent --show-error --fail --config - "$HOTEL_URL/offers"
