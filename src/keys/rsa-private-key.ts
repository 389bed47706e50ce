/**
 * An RSA private key as an object that signs and shows nothing.
 * @module
 */

import { importJWK } from "jose";
import { copyBytes } from "../encoding/bytes.js";
import { KeyError } from "../errors/errors.js";
import { encodeRsaPrivateJwk } from "./formats/rsa-jwk.js";
import type { RsaPrivateNumbers } from "./rsa-components.js";
import { createRsaPublicKey, type RsaPublicKey, verifyRsa } from "./rsa-public-key.js";
import type { Signer } from "./signer.js";

/** What `new` asks for: TypeScript alone keeps nobody out. */
const GUARD: unique symbol = Symbol("orgpass.rsa-private-key");

/** A node:util name: what `console.log` prints of an object. */
const INSPECT: symbol = Symbol.for("nodejs.util.inspect.custom");

/** RFC 8017 section 8.2, by its name in WebCrypto. */
const SCHEME = "RSASSA-PKCS1-v1_5";

type SignKey = Awaited<ReturnType<typeof crypto.subtle.importKey>>;

let construct: (numbers: RsaPrivateNumbers) => RsaPrivateKey;
let readNumbers: (key: RsaPrivateKey) => RsaPrivateNumbers;
let prepare: (key: RsaPrivateKey) => Promise<SignKey>;
let isKey: (value: unknown) => value is RsaPrivateKey;

/**
 * An RSA private key for RS256: checked numbers in private fields, frozen, and itself a {@link Signer}.
 * Printing, serializing, spreading or cloning it shows nothing of the secret. Made by `importPrivateKey` and
 * `generateKeyPair` with the algorithm `RS256`, never by `new`.
 *
 * @example
 * ```ts
 * import { generateKeyPair, RsaPrivateKey } from "orgpass/keys";
 *
 * const { privateKey } = await generateKeyPair({ algorithm: "RS256" });
 * privateKey instanceof RsaPrivateKey; // => true
 * String(privateKey).startsWith("[RsaPrivateKey 2048 bits …"); // => true
 * (await privateKey.sign(new TextEncoder().encode("data"))).length; // => 256
 * ```
 */
export class RsaPrivateKey implements Signer {
	/** The only algorithm this key signs with (RFC 7518 section 3.3). */
	readonly algorithm: "RS256" = "RS256";
	/** The bits of the modulus: 2,048 to 8,192. */
	readonly modulusLength: number;
	/** The public half. */
	readonly publicKey: RsaPublicKey;
	readonly #numbers: RsaPrivateNumbers;
	readonly #prepared: { sign?: Promise<SignKey> } = {};

	static {
		Object.defineProperty(RsaPrivateKey.prototype, INSPECT, {
			value(this: RsaPrivateKey) {
				return this.toString();
			},
		});
		construct = (numbers) => new RsaPrivateKey(GUARD, numbers);
		readNumbers = (key) => key.#numbers;
		prepare = (key) => {
			key.#prepared.sign ??= importJWK(encodeRsaPrivateJwk(key.#numbers), key.algorithm, {
				extractable: false,
			});
			return key.#prepared.sign;
		};
		isKey = (value): value is RsaPrivateKey =>
			typeof value === "object" && value !== null && #numbers in value;
	}

	private constructor(guard: symbol, numbers: RsaPrivateNumbers) {
		if (guard !== GUARD)
			throw new TypeError("an RsaPrivateKey is made by importPrivateKey or generateKeyPair");
		this.#numbers = numbers;
		this.publicKey = createRsaPublicKey(numbers);
		this.modulusLength = this.publicKey.modulusLength;
		Object.freeze(this);
	}

	/** Signs the bytes as `signData` does: as many bytes as the modulus, verified before they are returned. */
	async sign(bytes: Uint8Array): Promise<Uint8Array> {
		return signRsa(this, bytes);
	}

	/** A label with the end of the public key's thumbprint. */
	toString(): string {
		return `[RsaPrivateKey ${this.modulusLength} bits …${this.publicKey.thumbprint.slice(-8)}]`;
	}

	/** The same label: keys are written by `exportPrivateKey`, not by accident. */
	toJSON(): string {
		return this.toString();
	}
}

/** Makes a key of numbers that have been checked. */
export function createRsaPrivateKey(numbers: RsaPrivateNumbers): RsaPrivateKey {
	return construct(numbers);
}

/** Tells whether a value is an RSA key made by this copy of the package. */
export function isRsaPrivateKey(value: unknown): value is RsaPrivateKey {
	return isKey(value);
}

/** Gives the numbers of a key: not to be handed out. */
export function privateNumbersOf(key: RsaPrivateKey): RsaPrivateNumbers {
	return readNumbers(key);
}

/** Signs bytes: RSASSA-PKCS1-v1_5 with SHA-256. */
export async function signRsa(key: RsaPrivateKey, bytes: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
	if (!isKey(key)) throw new TypeError("the key must be an RsaPrivateKey: see importPrivateKey");
	const message = copyBytes(bytes, "the data");
	const signature = new Uint8Array(await crypto.subtle.sign(SCHEME, await prepare(key), message));
	if (await verifyRsa(key.publicKey, message, signature)) return signature;
	throw new KeyError("key/signing-fault", "the signature that was just made does not verify");
}
