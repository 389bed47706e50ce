/**
 * The members of a keystore file, checked before any of them is used.
 * @module
 */
import { decodeHex } from "../../encoding/hex.js";
import { KeyError } from "../../errors/errors.js";
import type { UncheckedMembers } from "./jwk.js";
import { assertSafeIterations, assertSafeScrypt, type ScryptParameters } from "./kdf-limits.js";

/** How the file's key is derived from its password. */
export type KeyDerivation =
	| ({ readonly kdf: "scrypt"; readonly salt: Uint8Array<ArrayBuffer> } & ScryptParameters)
	| { readonly kdf: "pbkdf2"; readonly salt: Uint8Array<ArrayBuffer>; readonly c: number };

/** A keystore whose members have been checked. */
export interface KeystoreFields {
	readonly derivation: KeyDerivation;
	/** 16 bytes. */
	readonly iv: Uint8Array<ArrayBuffer>;
	/** 32 bytes. */
	readonly ciphertext: Uint8Array<ArrayBuffer>;
	/** 32 bytes. */
	readonly mac: Uint8Array;
	/** 40 lower-case digits; undefined when the file has none. */
	readonly address: string | undefined;
}

const VERSION = 3;
const MIN_SALT_BYTES = 8;
const MAX_SALT_BYTES = 256;

/** Parses a keystore of version 3. */
export function parseKeystore(keystore: UncheckedMembers): KeystoreFields {
	if (member(keystore, "version") !== VERSION) throw unsupported("version", "3");
	// MyEtherWallet writes Crypto.
	const crypto = objectMember(keystore, Object.hasOwn(keystore, "crypto") ? "crypto" : "Crypto");
	if (member(crypto, "cipher") !== "aes-128-ctr") throw unsupported("cipher", "aes-128-ctr");
	const derivation = parseDerivation(crypto);
	return {
		derivation,
		iv: bytesMember(objectMember(crypto, "cipherparams"), "iv", 16),
		ciphertext: bytesMember(crypto, "ciphertext", 32),
		mac: bytesMember(crypto, "mac", 32),
		address: parseAddress(keystore),
	};
}

function parseDerivation(crypto: UncheckedMembers): KeyDerivation {
	const kdf = member(crypto, "kdf");
	if (kdf !== "scrypt" && kdf !== "pbkdf2") throw unsupported("kdf", "scrypt or pbkdf2");
	const parameters = objectMember(crypto, "kdfparams");
	if (member(parameters, "dklen") !== 32) {
		throw new KeyError("key/limits", "the keystore's derived key must be 32 bytes (dklen)");
	}
	const salt = bytesMember(parameters, "salt");
	if (salt.length < MIN_SALT_BYTES || salt.length > MAX_SALT_BYTES) {
		const message = `the keystore's salt must be ${MIN_SALT_BYTES} to ${MAX_SALT_BYTES} bytes`;
		throw new KeyError("key/limits", message);
	}
	if (kdf === "scrypt") {
		const cost = {
			n: numberMember(parameters, "n"),
			r: numberMember(parameters, "r"),
			p: numberMember(parameters, "p"),
		};
		assertSafeScrypt(cost);
		return { kdf, salt, ...cost };
	}
	if (member(parameters, "prf") !== "hmac-sha256") throw unsupported("prf", "hmac-sha256");
	const c = numberMember(parameters, "c");
	assertSafeIterations(c);
	return { kdf, salt, c };
}

function parseAddress(keystore: UncheckedMembers): string | undefined {
	const address = member(keystore, "address");
	// Some wallets leave it empty for privacy.
	if (address === undefined || address === null || address === "") return undefined;
	const text = textOf(address, "address").toLowerCase();
	if (decodeHex(text, "optional").length !== 20) throw new SyntaxError("keystore: address must be 20 bytes");
	return text.slice(-40);
}

function member(members: UncheckedMembers, name: string): unknown {
	return Object.hasOwn(members, name) ? members[name] : undefined;
}

function objectMember(members: UncheckedMembers, name: string): UncheckedMembers {
	const value = member(members, name);
	if (typeof value === "object" && value !== null) return value as UncheckedMembers;
	throw new SyntaxError(`keystore: ${name} must be an object`);
}

function numberMember(members: UncheckedMembers, name: string): number {
	const value = member(members, name);
	if (typeof value === "number") return value;
	throw new SyntaxError(`keystore: ${name} must be a number`);
}

function bytesMember(members: UncheckedMembers, name: string, length?: number): Uint8Array<ArrayBuffer> {
	const bytes = decodeHex(textOf(member(members, name), name), "optional");
	if (length === undefined || bytes.length === length) return bytes;
	throw new SyntaxError(`keystore: ${name} must be ${length} bytes`);
}

function textOf(value: unknown, name: string): string {
	if (typeof value === "string") return value;
	throw new SyntaxError(`keystore: ${name} must be hexadecimal text`);
}

function unsupported(what: string, supported: string): KeyError {
	return new KeyError("key/unrecognized", `the keystore's ${what} is not supported, only ${supported}`);
}
