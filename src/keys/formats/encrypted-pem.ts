/**
 * Encrypted PEM where there is no node:crypto. Reached as `#encrypted-pem`.
 * @module
 */

import { KeyError } from "../../errors/errors.js";

/** Refuses: opening an encrypted PEM needs Node. */
export function decryptPkcs8(_der: Uint8Array, _password: Uint8Array): Uint8Array {
	throw unavailable();
}

/** Refuses: writing an encrypted PEM needs Node. */
export function encryptPkcs8(_der: Uint8Array, _password: Uint8Array): Uint8Array {
	throw unavailable();
}

function unavailable(): KeyError {
	return new KeyError("key/unavailable", "encrypted PEM needs Node.js: use a keystore here");
}
