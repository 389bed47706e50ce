/**
 * Decrypts encrypted PEM (PKCS#8), for keys of every type.
 * @module
 */
import { decryptPkcs8 } from "#encrypted-pem";
import { assertSafeEncryption } from "./formats/encrypted-pkcs8.js";
import { wrapSyntaxError } from "./formats/key-format.js";
import { decodePemBody, type PemBlock } from "./formats/pem.js";
import { type Password, parsePassword } from "./password.js";

/** Decrypts an ENCRYPTED PRIVATE KEY block, after checking that its key derivation is safe to run. */
export function decryptPem(block: PemBlock, password: Password | undefined): Uint8Array {
	const der = wrapSyntaxError(() => decodePemBody(block));
	wrapSyntaxError(() => assertSafeEncryption(der));
	return decryptPkcs8(der, parsePassword(password));
}
