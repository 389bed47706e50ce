"""An ICR App's token as the Python sample makes it: PyJWT, no alg among the claims. Usage: KEY APP_ID."""
import sys
import time

import jwt

key_file, app_id = sys.argv[1:]
now = int(time.time())
payload = {"iat": now - 60, "exp": now + 600, "iss": app_id}
print(jwt.encode(payload, open(key_file, "rb").read(), algorithm="RS256"))
