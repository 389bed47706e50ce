/**
 * RSA keys in the form that WebCrypto uses.
 * @module
 */
import type { RsaPrivateJwk, RsaPublicJwk } from "./formats/jwk.js";

/** WebCrypto's `CryptoKey`, whose type has no portable name. */
export type WebCryptoKey = Awaited<ReturnType<typeof crypto.subtle.importKey>>;

/** RS256 as WebCrypto names it (RFC 8017 section 8.2). */
export const RSA_ALGORITHM = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" } as const;

/** Imports an already validated JWK into the runtime, as non-extractable. */
export async function importRsaJwk(jwk: RsaPublicJwk | RsaPrivateJwk, usage: "sign" | "verify"): Promise<WebCryptoKey> {
	return crypto.subtle.importKey("jwk", jwk, RSA_ALGORITHM, false, [usage]);
}
