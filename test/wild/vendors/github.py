"""A GitHub App's token as GitHub's Python sample makes it: PyJWT, ten minutes from now. Usage: KEY CLIENT_ID."""
import sys
import time

import jwt

key_file, client_id = sys.argv[1:]
payload = {"iat": int(time.time()), "exp": int(time.time()) + 600, "iss": client_id}
print(jwt.encode(payload, open(key_file, "rb").read(), algorithm="RS256"))
