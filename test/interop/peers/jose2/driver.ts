/**
 * jose 2, for ES256K as Winding Tree's ORGiD tutorial has it: a key from PEM, audience, issuer and expiry
 * as options, `typ` in the header. Its types can't be found by TypeScript.
 * @module
 */
import { type Claims, servePeer, type Work } from "../node/serve-peer.ts";

interface Jose2 {
	readonly JWK: { asKey(key: string, parameters?: object): object };
	readonly JWT: {
		sign(payload: object, key: object, options: object): string;
		verify(token: string, key: object, options: object): object;
	};
}

const { JWK, JWT } = (await import("jose2" as string)) as Jose2;

await servePeer({ packageName: "jose2", mint, verify });

function mint({ profile, algorithm, issuer, audience, read }: Work): (claims: Claims) => string {
	const key = JWK.asKey(read("private.pem"), { alg: algorithm, use: "sig" });
	if (profile !== "orgid") {
		return (claims) => JWT.sign(claims, key, { iat: false, kid: false, header: { typ: "JWT" } });
	}
	const options = { issuer, audience, expiresIn: "1 hour", kid: false, header: { typ: "JWT" } };
	return ({ iss: _iss, aud: _aud, iat: _iat, exp: _exp, ...claims }) => JWT.sign(claims, key, options);
}

function verify({ profile, algorithm, issuer, audience, read }: Work): (token: string) => unknown {
	const key = JWK.asKey(read("public.pem"));
	const algorithms = [algorithm];
	if (profile !== "orgid") return (token) => JWT.verify(token, key, { algorithms });
	return (token) => JWT.verify(token, key, { algorithms, issuer, audience, typ: "JWT" });
}
