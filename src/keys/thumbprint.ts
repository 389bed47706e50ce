/** @module */
import { isPublicKey, type PublicKey } from "./public-key.js";
import { isRsaPublicKey, type RsaPublicKey } from "./rsa-public-key.js";

/**
 * Returns the SHA-256 JWK thumbprint of a public key (RFC 7638), which every JOSE library computes the same way. Use it
 * as a `kid` or fragment.
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
 * @throws TypeError if `key` isn't a public key
 */
export function thumbprint(key: PublicKey | RsaPublicKey): string {
	if (isPublicKey(key) || isRsaPublicKey(key)) return key.thumbprint;
	throw new TypeError("the key must be a PublicKey: see importPublicKey");
}
