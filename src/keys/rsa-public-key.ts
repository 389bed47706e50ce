/**
 * An RSA public key as an object that verifies.
 * @module
 */

import { importJWK } from "jose";
import { copyBytes } from "../encoding/bytes.js";
import { computeRsaThumbprint, encodeRsaPublicJwk } from "./formats/rsa-jwk.js";
import { bitLength, type RsaPublicNumbers } from "./rsa-components.js";

/** What `new` asks for: TypeScript alone keeps nobody out. */
const GUARD: unique symbol = Symbol("orgpass.rsa-public-key");

/** A node:util name: what `console.log` prints of an object. */
const INSPECT: symbol = Symbol.for("nodejs.util.inspect.custom");

/** RFC 8017 section 8.2, by its name in WebCrypto. */
const SCHEME = "RSASSA-PKCS1-v1_5";

type VerifyKey = Awaited<ReturnType<typeof crypto.subtle.importKey>>;

let construct: (numbers: RsaPublicNumbers) => RsaPublicKey;
let readNumbers: (key: RsaPublicKey) => RsaPublicNumbers;
let prepare: (key: RsaPublicKey) => Promise<VerifyKey>;
let isKey: (value: unknown) => value is RsaPublicKey;

/**
 * An RSA public key for RS256: checked numbers, immutable, with its verification prepared once. Made by
 * `importPublicKey` and `generateKeyPair` with the algorithm `RS256`, and the `publicKey` of a private key,
 * never by `new`.
 *
 * @example
 * ```ts
 * import { generateKeyPair, RsaPublicKey } from "orgpass/keys";
 *
 * const { publicKey } = await generateKeyPair({ algorithm: "RS256" });
 * publicKey instanceof RsaPublicKey; // => true
 * publicKey.algorithm; // => "RS256"
 * publicKey.modulusLength; // => 2048
 * ```
 */
export class RsaPublicKey {
	/** The only algorithm this key verifies (RFC 7518 section 3.3). */
	readonly algorithm: "RS256" = "RS256";
	/** The bits of the modulus: 2,048 to 8,192. */
	readonly modulusLength: number;
	/** The RFC 7638 thumbprint: 43 characters of base64url. */
	readonly thumbprint: string;
	readonly #numbers: RsaPublicNumbers;
	readonly #prepared: { verify?: Promise<VerifyKey> } = {};

	static {
		Object.defineProperty(RsaPublicKey.prototype, INSPECT, {
			value(this: RsaPublicKey) {
				return this.toString();
			},
		});
		construct = (numbers) => new RsaPublicKey(GUARD, numbers);
		readNumbers = (key) => key.#numbers;
		prepare = (key) => {
			key.#prepared.verify ??= importJWK(encodeRsaPublicJwk(key.#numbers), key.algorithm);
			return key.#prepared.verify;
		};
		isKey = (value): value is RsaPublicKey =>
			typeof value === "object" && value !== null && #numbers in value;
	}

	private constructor(guard: symbol, numbers: RsaPublicNumbers) {
		if (guard !== GUARD) throw new TypeError("an RsaPublicKey is made by importPublicKey or generateKeyPair");
		this.#numbers = { n: numbers.n, e: numbers.e };
		this.modulusLength = bitLength(numbers.n);
		this.thumbprint = computeRsaThumbprint(numbers);
		Object.freeze(this);
	}

	/** A label with the end of the thumbprint. */
	toString(): string {
		return `[RsaPublicKey ${this.modulusLength} bits …${this.thumbprint.slice(-8)}]`;
	}

	/** The same label: keys are written by `exportPublicKey`, not by accident. */
	toJSON(): string {
		return this.toString();
	}
}

/** Makes a key of numbers that have been checked. */
export function createRsaPublicKey(numbers: RsaPublicNumbers): RsaPublicKey {
	return construct(numbers);
}

/** Tells whether a value is an RSA key made by this copy of the package. */
export function isRsaPublicKey(value: unknown): value is RsaPublicKey {
	return isKey(value);
}

/** Gives the numbers of a key. */
export function publicNumbersOf(key: RsaPublicKey): RsaPublicNumbers {
	return readNumbers(key);
}

/** Verifies a signature: RSASSA-PKCS1-v1_5 with SHA-256. */
export async function verifyRsa(
	key: RsaPublicKey,
	bytes: Uint8Array,
	signature: Uint8Array,
): Promise<boolean> {
	const data = copyBytes(bytes, "the data");
	const candidate = copyBytes(signature, "the signature");
	// RFC 8017 section 8.2.2, step 1.
	if (candidate.length !== Math.ceil(key.modulusLength / 8)) return false;
	return crypto.subtle.verify(SCHEME, await prepare(key), candidate, data);
}
