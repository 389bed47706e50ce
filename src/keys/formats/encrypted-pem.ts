/**
 * Encrypted PEM in runtimes without node:crypto. Imported as `#encrypted-pem`.
 * @module
 */
import { KeyError } from "../../errors/errors.js";
import type { Password } from "../password.js";

/** Throws: decrypting needs Node.js. */
export function decryptPkcs8(_der?: Uint8Array, _password?: Password): Uint8Array {
	throw new KeyError("key/unavailable", "encrypted PEM needs Node.js: use a keystore here");
}

/** Throws: encrypting needs Node.js. */
export function encryptPkcs8(_der: Uint8Array, _password: Uint8Array): Uint8Array {
	return decryptPkcs8();
}
