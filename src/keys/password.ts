/** @module */
import * as v from "valibot";
import { isBytes } from "../encoding/bytes.js";
import { KeyError } from "../errors/errors.js";

/** A password: text (as UTF-8; keystores also open with its NFKC form, as in ethers) or bytes. */
export type Password = string | Uint8Array;

/** OpenSSL's limit in bytes. */
const MAX_LENGTH = 1024;

/** The option; it is checked where it is used, because an error message must never show it. */
export const passwordOption: v.GenericSchema<unknown> = v.optional(v.unknown());

export function parsePassword(password: unknown): Uint8Array<ArrayBuffer> {
	if (password === undefined) throw new KeyError("key/password-required", "the key needs a password");
	if (typeof password !== "string" && !isBytes(password)) {
		throw new TypeError("the password must be text or a Uint8Array");
	}
	const bytes = typeof password === "string" ? new TextEncoder().encode(password) : new Uint8Array(password);
	if (bytes.length <= MAX_LENGTH) return bytes;
	throw new TypeError(`the password must be at most ${MAX_LENGTH} bytes`);
}
