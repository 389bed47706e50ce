/**
 * The name of a key that anybody computes alike: RFC 7638.
 * @module
 */

import { type PublicKey, requirePublicKey } from "./public-key.js";
import { isRsaPublicKey, type RsaPublicKey } from "./rsa-public-key.js";

/**
 * Gives the SHA-256 JWK thumbprint of a public key (RFC 7638): the same as every JOSE library's, fit
 * for a `kid` or a fragment.
 *
 * @example
 * ```ts
 * import { importPublicKey, thumbprint } from "orgpass/keys";
 *
 * const key = importPublicKey("034f355bdcb7cc0af728ef3cceb9615d90684bb5b2ca5f859ab0f0b704075871aa");
 * thumbprint(key); // => "3eIqgZkTuDgymqMlHK9OqAP1ooHa9LYP2n7bWm71lb4"
 * ```
 * @param key a public key, secp256k1 or RSA
 * @returns 43 characters of base64url
 * @throws TypeError when it is no public key
 */
export function thumbprint(key: PublicKey | RsaPublicKey): string {
	if (!isRsaPublicKey(key)) requirePublicKey(key);
	return key.thumbprint;
}
