/**
 * Passwords of encrypted keys.
 * @module
 */

import { isBytes } from "../encoding/bytes.js";
import { KeyError } from "../errors/errors.js";

/** A password: text (used as UTF-8, not normalized, as geth and OpenSSL do) or its bytes. */
export type Password = string | Uint8Array;

/** OpenSSL takes no longer ones. */
const MAX_LENGTH = 1024;

/** Gives a password's bytes. */
export function requirePassword(password: unknown): Uint8Array<ArrayBuffer> {
	if (password === undefined)
		throw new KeyError("key/password-required", "the key is encrypted: give its password");
	if (typeof password !== "string" && !isBytes(password)) {
		throw new TypeError("the password must be text or a Uint8Array");
	}
	const bytes = typeof password === "string" ? new TextEncoder().encode(password) : new Uint8Array(password);
	if (bytes.length > MAX_LENGTH)
		throw new TypeError(`the password must not be longer than ${MAX_LENGTH} bytes`);
	return bytes;
}
