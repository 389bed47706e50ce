/** @module */
import { encodeBase64Url, encodeBase64UrlText } from "../encoding/base64.js";
import type { JsonObject } from "../encoding/json.js";
import { formatValue, KeyError } from "../errors/errors.js";
import { PrivateKey, signSync } from "../keys/private-key.js";
import { signData } from "../keys/sign.js";
import { assertAlgorithm, type Signer } from "../keys/signer.js";
import { assertJson } from "../options/assert-json.js";

const encoder = new TextEncoder();

/**
 * Signs a header and claims as a token. The header's `alg` must be the signer's algorithm.
 *
 * @example
 * ```ts
 * import { generateKeyPair } from "orgpass/keys";
 * import { decodeToken, signToken } from "orgpass/jws";
 *
 * const { privateKey } = await generateKeyPair();
 * const token = await signToken({ header: { alg: "ES256K" }, claims: { sub: "me" }, signer: privateKey });
 * decodeToken(token).claims; // => { sub: "me" }
 * ```
 * @param parts the JOSE header, the JWT claims, and the signer
 * @returns the token
 * @throws {KeyError} `key/wrong-algorithm`, `key/signing-fault`
 * @throws {ConfigError} `config/invalid-option` if JSON can't represent a part of the header or the claims
 */
export async function signToken(parts: {
	readonly header: object;
	readonly claims: object;
	readonly signer: Signer;
}): Promise<string> {
	const { alg } = parts.header as JsonObject;
	const { algorithm } = parts.signer;
	if (alg !== algorithm) {
		const message = `expected a key for ${formatValue(alg)}, got one for ${algorithm}`;
		throw new KeyError("key/wrong-algorithm", message, { details: { expected: alg, actual: algorithm } });
	}
	return signInput(encodeSigningInput(parts.header, parts.claims), parts.signer);
}

/** Creates the function that signs a minter's tokens from the JSON of their claims; the header is encoded once. */
export function createClaimsSigner(header: object, signer: Signer): (claims: string) => Promise<string> {
	const start = `${encodeBase64UrlText(JSON.stringify(header))}.`;
	const { algorithm } = signer;
	return (claims) => {
		assertAlgorithm(signer, algorithm);
		return signInput(start + encodeBase64UrlText(claims), signer);
	};
}

/** Signs the result of {@link encodeSigningInput} or {@link encodeSigningTexts}. */
export async function signInput(input: string, signer: Signer): Promise<string> {
	const bytes = encoder.encode(input);
	const signature = signer instanceof PrivateKey ? signSync(signer, bytes) : await signData(signer, bytes);
	return `${input}.${encodeBase64Url(signature)}`;
}

/** Encodes the bytes to sign: `header.payload`. */
export function encodeSigningInput(header: object, claims: object): string {
	assertJson(header, "header");
	assertJson(claims, "claims");
	return encodeSigningTexts(JSON.stringify(header), JSON.stringify(claims));
}

/** Encodes the bytes to sign from JSON texts. */
export function encodeSigningTexts(header: string, claims: string): string {
	return `${encodeBase64UrlText(header)}.${encodeBase64UrlText(claims)}`;
}
