/**
 * Web3 Secret Storage, version 3: the account files of geth, ioctl and wallets.
 * @module
 */
import { scryptAsync } from "@noble/hashes/scrypt.js";
import { keccak_256 } from "@noble/hashes/sha3.js";
import { encodeHexDigits } from "../../encoding/hex.js";
import { undefinedOnError } from "../../encoding/undefined-on-error.js";
import { KeyError } from "../../errors/errors.js";
import { type Password, parsePassword } from "../password.js";
import type { KeystoreV3, UncheckedMembers } from "./jwk.js";
import type { ScryptParameters } from "./kdf-limits.js";
import { wrapSyntaxError } from "./key-format.js";
import { type KeyDerivation, parseKeystore } from "./keystore-fields.js";

const DERIVED_LENGTH = 32;

export interface OpenedKeystore {
	/** 32 bytes, unchecked. */
	readonly scalar: Uint8Array;
	/** 40 lower-case digits; undefined when the file has none. */
	readonly address: string | undefined;
}

/** Decrypts a keystore, after checking everything in it. ethers normalizes passwords; geth doesn't. */
export async function decryptKeystore(
	value: UncheckedMembers,
	password: Password | undefined,
): Promise<OpenedKeystore> {
	const fields = wrapSyntaxError(() => parseKeystore(value));
	const bytes = parsePassword(password);
	for (const candidate of [bytes, ...normalizedForms(bytes)]) {
		const derived = await deriveKey(fields.derivation, candidate);
		if (!equalInConstantTime(computeMac(derived, fields.ciphertext), fields.mac)) continue;
		return { scalar: await applyAesCtr(derived, fields.iv, fields.ciphertext), address: fields.address };
	}
	throw new KeyError("key/password-wrong", "the password is wrong, or the keystore was modified");
}

export async function encryptKeystore(
	scalar: Uint8Array<ArrayBuffer>,
	address: string,
	password: Uint8Array<ArrayBuffer>,
	{ n, r, p }: ScryptParameters,
): Promise<KeystoreV3> {
	const salt = crypto.getRandomValues(new Uint8Array(32));
	const iv = crypto.getRandomValues(new Uint8Array(16));
	const derived = await deriveKey({ kdf: "scrypt", n, r, p, salt }, password);
	const ciphertext = await applyAesCtr(derived, iv, scalar);
	return {
		version: 3,
		id: crypto.randomUUID(),
		address,
		crypto: {
			cipher: "aes-128-ctr",
			cipherparams: { iv: encodeHexDigits(iv) },
			ciphertext: encodeHexDigits(ciphertext),
			kdf: "scrypt",
			kdfparams: { dklen: DERIVED_LENGTH, n, r, p, salt: encodeHexDigits(salt) },
			mac: encodeHexDigits(computeMac(derived, ciphertext)),
		},
	};
}

/** Returns the password's NFKC form if it is text and that form differs. */
function normalizedForms(password: Uint8Array): Uint8Array<ArrayBuffer>[] {
	const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
	const text = undefinedOnError(() => decoder.decode(password));
	const normalized = text?.normalize("NFKC");
	return normalized === text ? [] : [new TextEncoder().encode(normalized)];
}

async function deriveKey(
	derivation: KeyDerivation,
	password: Uint8Array<ArrayBuffer>,
): Promise<Uint8Array<ArrayBuffer>> {
	if (derivation.kdf === "pbkdf2") return new Uint8Array(await derivePbkdf2(derivation, password));
	const { n, r, p, salt } = derivation;
	return new Uint8Array(await scryptAsync(password, salt, { N: n, r, p, dkLen: DERIVED_LENGTH }));
}

/** WebCrypto is many times faster than JavaScript, and off the main thread. */
async function derivePbkdf2(
	{ c, salt }: Extract<KeyDerivation, { kdf: "pbkdf2" }>,
	password: Uint8Array<ArrayBuffer>,
): Promise<ArrayBuffer> {
	const key = await crypto.subtle.importKey("raw", password, "PBKDF2", false, ["deriveBits"]);
	const parameters = { name: "PBKDF2", hash: "SHA-256", salt, iterations: c };
	return crypto.subtle.deriveBits(parameters, key, DERIVED_LENGTH * 8);
}

/** keccak-256 of the second half of the derived key and the ciphertext. */
function computeMac(derived: Uint8Array, ciphertext: Uint8Array): Uint8Array {
	return keccak_256(new Uint8Array([...derived.subarray(16, 32), ...ciphertext]));
}

/** AES-128-CTR: encryption and decryption are the same operation. */
async function applyAesCtr(
	derived: Uint8Array<ArrayBuffer>,
	counter: Uint8Array<ArrayBuffer>,
	data: Uint8Array<ArrayBuffer>,
): Promise<Uint8Array<ArrayBuffer>> {
	const { subtle } = crypto;
	const key = await subtle.importKey("raw", derived.slice(0, 16), "AES-CTR", false, ["encrypt"]);
	return new Uint8Array(await subtle.encrypt({ name: "AES-CTR", counter, length: 128 }, key, data));
}

function equalInConstantTime(a: Uint8Array, b: Uint8Array): boolean {
	let difference = a.length ^ b.length;
	for (const [at, byte] of a.entries()) difference |= byte ^ (b[at] as number);
	return difference === 0;
}
