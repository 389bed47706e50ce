/**
 * A public key as an object that knows its curve and verifies.
 * @module
 */

import { copyBytes } from "../encoding/bytes.js";
import { computeEcThumbprint } from "./formats/ec-jwk.js";
import { activeBackend } from "./secp256k1/choose-backend.js";
import { isSignatureShape } from "./secp256k1/curve.js";
import type { VerifyHandle } from "./secp256k1/curve-backend.js";

/** What `new` asks for: TypeScript alone keeps nobody out. */
const GUARD: unique symbol = Symbol("orgpass.public-key");

/** A node:util name: what `console.log` prints of an object. */
const INSPECT: symbol = Symbol.for("nodejs.util.inspect.custom");

let construct: (point: Uint8Array<ArrayBuffer>) => PublicKey;
let readPoint: (key: PublicKey) => Uint8Array<ArrayBuffer>;
let verifyWith: (key: PublicKey, bytes: Uint8Array, signature: Uint8Array) => boolean;
let isKey: (value: unknown) => value is PublicKey;

/**
 * A secp256k1 public key: a checked point, immutable, with its verification prepared once. Made by
 * `importPublicKey`, `generateKeyPair` and the `publicKey` of a private key, never by `new`.
 *
 * @example
 * ```ts
 * import { importPublicKey, PublicKey } from "orgpass/keys";
 *
 * const key = importPublicKey("034f355bdcb7cc0af728ef3cceb9615d90684bb5b2ca5f859ab0f0b704075871aa");
 * key instanceof PublicKey; // => true
 * key.algorithm; // => "ES256K"
 * String(key); // => "[PublicKey secp256k1 …bWm71lb4]"
 * ```
 */
export class PublicKey {
	/** The only algorithm this key verifies (RFC 8812). */
	readonly algorithm: "ES256K" = "ES256K";
	/** The curve of the key (SEC 2). */
	readonly curve: "secp256k1" = "secp256k1";
	/** The RFC 7638 thumbprint: 43 characters of base64url. */
	readonly thumbprint: string;
	readonly #point: Uint8Array<ArrayBuffer>;
	readonly #prepared: { verify?: VerifyHandle } = {};

	static {
		Object.defineProperty(PublicKey.prototype, INSPECT, {
			value(this: PublicKey) {
				return this.toString();
			},
		});
		construct = (point) => new PublicKey(GUARD, point);
		readPoint = (key) => key.#point;
		verifyWith = (key, bytes, signature) => {
			if (!isSignatureShape(signature)) return false;
			key.#prepared.verify ??= activeBackend().prepareVerify(key.#point);
			return key.#prepared.verify(bytes, signature);
		};
		isKey = (value): value is PublicKey => typeof value === "object" && value !== null && #point in value;
	}

	private constructor(guard: symbol, point: Uint8Array<ArrayBuffer>) {
		if (guard !== GUARD) throw new TypeError("a PublicKey is made by importPublicKey or generateKeyPair");
		this.#point = point;
		this.thumbprint = computeEcThumbprint(point);
		Object.freeze(this);
	}

	/** A label with the end of the thumbprint. */
	toString(): string {
		return `[PublicKey ${this.curve} …${this.thumbprint.slice(-8)}]`;
	}

	/** The same label: keys are written by `exportPublicKey`, not by accident. */
	toJSON(): string {
		return this.toString();
	}
}

/** Makes a key of a point that has been checked. */
export function createPublicKey(point: Uint8Array<ArrayBuffer>): PublicKey {
	return construct(point);
}

/** Tells whether a value is a key made by this copy of the package. */
export function isPublicKey(value: unknown): value is PublicKey {
	return isKey(value);
}

/** Gives the point of a key: the key's own bytes, not to be changed or handed out. */
export function pointOf(key: PublicKey): Uint8Array<ArrayBuffer> {
	requirePublicKey(key);
	return readPoint(key);
}

/** Verifies without a promise, for callers inside the package. */
export function verifySync(key: PublicKey, bytes: Uint8Array, signature: Uint8Array): boolean {
	requirePublicKey(key);
	return verifyWith(key, copyBytes(bytes, "the data"), copyBytes(signature, "the signature"));
}

/** Refuses what is no secp256k1 public key. */
export function requirePublicKey(key: unknown): asserts key is PublicKey {
	if (!isKey(key)) throw new TypeError("the key must be a PublicKey: see importPublicKey");
}
