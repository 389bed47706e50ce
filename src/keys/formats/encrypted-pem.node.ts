/**
 * Encrypted PEM with node:crypto. Imported as `#encrypted-pem`.
 * @module
 */
import { createCipheriv, createPrivateKey, pbkdf2Sync, randomBytes } from "node:crypto";
import { KeyError } from "../../errors/errors.js";
import { type Password, parsePassword } from "../password.js";
import { assertSafeEncryption, encodeEncryptedPkcs8, PBKDF2_ITERATIONS } from "./encrypted-pkcs8.js";

/** Decrypts an EncryptedPrivateKeyInfo, after checking the cost of its key derivation. */
export function decryptPkcs8(der: Uint8Array, password: Password | undefined): Uint8Array {
	assertSafeEncryption(der);
	const passphrase = Buffer.from(parsePassword(password));
	try {
		const key = createPrivateKey({ key: Buffer.from(der), format: "der", type: "pkcs8", passphrase });
		return key.export({ format: "der", type: "pkcs8" });
	} catch (error) {
		throw new KeyError("key/password-wrong", "the password is wrong", { cause: error });
	}
}

/** Encrypts a PrivateKeyInfo: PBES2 with PBKDF2-HMAC-SHA-256 and AES-256-CBC (RFC 8018). */
export function encryptPkcs8(der: Uint8Array, password: Uint8Array): Uint8Array {
	const salt = randomBytes(16);
	const iv = randomBytes(16);
	const cipher = createCipheriv("aes-256-cbc", pbkdf2Sync(password, salt, PBKDF2_ITERATIONS, 32, "sha256"), iv);
	const ciphertext = Buffer.concat([cipher.update(der), cipher.final()]);
	return encodeEncryptedPkcs8({ salt, iv, ciphertext });
}
