/** An organization's token as the Node tutorial makes it: jose 2, no chain in any DID. Usage: KEY ISSUER AUDIENCE. */
import { readFileSync } from "node:fs";

interface Jose2 {
	readonly JWK: { asKey(key: string, parameters?: object): object };
	readonly JWT: { sign(payload: object, key: object, options: object): string };
}

const { JWK, JWT } = (await import("jose2" as string)) as Jose2;
const [keyFile = "", issuer, audience] = process.argv.slice(2);
const key = JWK.asKey(readFileSync(keyFile, "utf8"), { alg: "ES256K", use: "sig" });
const options = { issuer, audience, expiresIn: "1 hour", kid: false, header: { typ: "JWT" } };
process.stdout.write(JWT.sign({}, key, options));
