/** @module */
import { utils } from "@noble/secp256k1";
import { createPrivateKey, type PrivateKey } from "./private-key.js";

/** Generates a secp256k1 key with the runtime's secure random number generator. */
export function generateEcKey(): PrivateKey {
	return createPrivateKey(new Uint8Array(utils.randomSecretKey()));
}
