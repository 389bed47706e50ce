/**
 * Encrypted PEM (PKCS#8), opened alike for keys of every algorithm.
 * @module
 */

import { decryptPkcs8 } from "#encrypted-pem";
import { requireSafeEncryption } from "./formats/encrypted-pkcs8.js";
import { decodePemBody, type PemBlock } from "./formats/pem.js";
import { orMalformed } from "./formats/read-container.js";
import { type Password, requirePassword } from "./password.js";

/** Opens an ENCRYPTED PRIVATE KEY block, once its key derivation is known to be safe to run. */
export function decryptPem(block: PemBlock, password: Password | undefined): Uint8Array {
	const der = orMalformed(() => decodePemBody(block));
	orMalformed(() => requireSafeEncryption(der));
	return decryptPkcs8(der, requirePassword(password));
}
