"""An organization's token as the Python tutorial makes it: PyJWT, no chain in any DID. Usage: KEY ISSUER AUDIENCE."""
import sys
import time

import jwt

key_file, issuer, audience = sys.argv[1:]
now = int(time.time())
payload = {"iss": issuer, "aud": audience, "iat": now, "exp": now + 3600}
print(jwt.encode(payload, open(key_file).read(), algorithm="ES256K"))
