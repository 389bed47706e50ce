/** An ICR App's token as the TypeScript sample makes it: jsonwebtoken, alg among the claims. Usage: KEY APP_ID. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

interface JsonWebToken {
	sign(claims: object, key: string, options: object): string;
}

const jwt = createRequire(import.meta.url)("jsonwebtoken") as JsonWebToken;
const [keyFile = "", appId] = process.argv.slice(2);
const now = Math.floor(Date.now() / 1_000);
const payload = { iat: now - 60, exp: now + 600, iss: appId, alg: "RS256" };
process.stdout.write(jwt.sign(payload, readFileSync(keyFile, "utf8"), { algorithm: "RS256" }));
