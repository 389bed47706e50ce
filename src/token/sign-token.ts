/**
 * Writes a compact JWS (RFC 7515 7.1).
 * @module
 */
import { encodeBase64Url } from "../encoding/base64url.js";
import { signData } from "../keys/sign.js";
import type { Signer } from "../keys/types.js";

const encoder = new TextEncoder();

/**
 * Signs a header and claims. The header must name the signer's algorithm.
 *
 * @example
 * ```ts
 * import { generateKeyPair } from "orgpass/keys";
 * import { decodeToken, signToken } from "orgpass/token";
 *
 * const { privateKey } = await generateKeyPair();
 * const token = await signToken({ header: { alg: "ES256K" }, claims: { sub: "me" }, signer: privateKey });
 * decodeToken(token).claims; // => { sub: "me" }
 * ```
 * @param parts the JOSE header, the JWT claims, and who signs
 * @returns the token
 * @throws {KeyError} `key/wrong-algorithm`, `key/signing-fault`
 */
export async function signToken(parts: {
	readonly header: object;
	readonly claims: object;
	readonly signer: Signer;
}): Promise<string> {
	const { header, claims, signer } = parts;
	const input = encodeSigningInput(header, claims);
	return `${input}.${encodeBase64Url(await signData(signer, encoder.encode(input)))}`;
}

/**
 * Writes what is signed: `header.payload`.
 *
 * @internal
 * @param header the JOSE header
 * @param claims the JWT claims
 * @returns ASCII text
 */
export function encodeSigningInput(header: object, claims: object): string {
	return `${encodeJson(header)}.${encodeJson(claims)}`;
}

function encodeJson(value: object): string {
	return encodeBase64Url(encoder.encode(JSON.stringify(value)));
}
