/**
 * New keys.
 * @module
 */

import { utils } from "@noble/secp256k1";
import { createPrivateKey, type PrivateKey } from "./private-key.js";
import type { PublicKey } from "./public-key.js";

/** The two halves of a key. */
export interface KeyPair {
	readonly privateKey: PrivateKey;
	readonly publicKey: PublicKey;
}

/**
 * Makes a new secp256k1 key from the runtime's random source (`crypto.getRandomValues`).
 *
 * @example
 * ```ts
 * import { generateKeyPair } from "orgpass/keys";
 *
 * const { privateKey, publicKey } = await generateKeyPair();
 * privateKey.algorithm; // => "ES256K"
 * privateKey.publicKey === publicKey; // => true
 * ```
 * @returns the private key and its public half
 */
export async function generateKeyPair(): Promise<KeyPair> {
	const privateKey = createPrivateKey(new Uint8Array(utils.randomSecretKey()));
	return { privateKey, publicKey: privateKey.publicKey };
}
