/**
 * A Vonage application's token with the payload of the vendor's guide. With `exp` it comes from @vonage/jwt; that library
 * always writes one, so without `exp` from jsonwebtoken, which it signs with. Usage: KEY APPLICATION_ID with|without.
 */
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tokenGenerate } from "@vonage/jwt";

interface JsonWebToken {
	sign(claims: object, key: string, options: object): string;
}

const jwt = createRequire(import.meta.url)("jsonwebtoken") as JsonWebToken;
const [keyFile = "", applicationId = "", exp] = process.argv.slice(2);
const key = readFileSync(keyFile, "utf8");
const acl = { paths: { "/*/users/**": {}, "/*/conversations/**": {}, "/*/sessions/**": {} } };
const now = Math.floor(Date.now() / 1_000);
const payload = { application_id: applicationId, iat: now, jti: randomUUID(), sub: "alice", acl };
const token =
	exp === "with"
		? tokenGenerate(applicationId, key, { exp: now + 86_400, sub: "alice", acl })
		: jwt.sign(payload, key, { algorithm: "RS256" });
process.stdout.write(token);
