/**
 * A private key as an object that signs and shows nothing.
 * @module
 */

import { copyBytes } from "../encoding/bytes.js";
import { KeyError } from "../errors/errors.js";
import { createPublicKey, type PublicKey, verifySync } from "./public-key.js";
import { activeBackend } from "./secp256k1/choose-backend.js";
import { derivePoint } from "./secp256k1/curve.js";
import type { CurveBackend } from "./secp256k1/curve-backend.js";
import type { Signer } from "./signer.js";

/** What `new` asks for: TypeScript alone keeps nobody out. */
const GUARD: unique symbol = Symbol("orgpass.private-key");

/** A node:util name: what `console.log` prints of an object. */
const INSPECT: symbol = Symbol.for("nodejs.util.inspect.custom");

let construct: (scalar: Uint8Array<ArrayBuffer>) => PrivateKey;
let readScalar: (key: PrivateKey) => Uint8Array<ArrayBuffer>;
let isKey: (value: unknown) => value is PrivateKey;

/**
 * A secp256k1 private key: a checked scalar in a private field, frozen, and itself a {@link Signer}.
 * Printing, serializing, spreading or cloning it shows nothing of the secret. Made by
 * `importPrivateKey` and `generateKeyPair`, never by `new`.
 *
 * @example
 * ```ts
 * import { importPrivateKey, PrivateKey } from "orgpass/keys";
 *
 * const key = await importPrivateKey(`0x${"11".repeat(32)}`);
 * key instanceof PrivateKey; // => true
 * JSON.stringify({ key }); // => '{"key":"[PrivateKey secp256k1 …bWm71lb4]"}'
 * (await key.sign(new TextEncoder().encode("data"))).length; // => 64
 * ```
 */
export class PrivateKey implements Signer {
	/** The only algorithm this key signs with (RFC 8812). */
	readonly algorithm: "ES256K" = "ES256K";
	/** The curve of the key (SEC 2). */
	readonly curve: "secp256k1" = "secp256k1";
	/** The public half. */
	readonly publicKey: PublicKey;
	readonly #scalar: Uint8Array<ArrayBuffer>;

	static {
		Object.defineProperty(PrivateKey.prototype, INSPECT, {
			value(this: PrivateKey) {
				return this.toString();
			},
		});
		construct = (scalar) => new PrivateKey(GUARD, scalar);
		readScalar = (key) => key.#scalar;
		isKey = (value): value is PrivateKey => typeof value === "object" && value !== null && #scalar in value;
	}

	private constructor(guard: symbol, scalar: Uint8Array<ArrayBuffer>) {
		if (guard !== GUARD) throw new TypeError("a PrivateKey is made by importPrivateKey or generateKeyPair");
		this.#scalar = scalar;
		this.publicKey = createPublicKey(derivePoint(scalar));
		Object.freeze(this);
	}

	/** Signs the bytes as `signData` does: 64 bytes r||s, verified before they are returned. */
	async sign(bytes: Uint8Array): Promise<Uint8Array> {
		return signSync(this, bytes);
	}

	/** A label with the end of the public key's thumbprint. */
	toString(): string {
		return `[PrivateKey ${this.curve} …${this.publicKey.thumbprint.slice(-8)}]`;
	}

	/** The same label: keys are written by `exportPrivateKey`, not by accident. */
	toJSON(): string {
		return this.toString();
	}
}

/** Makes a key of a scalar that has been checked. */
export function createPrivateKey(scalar: Uint8Array<ArrayBuffer>): PrivateKey {
	return construct(scalar);
}

/** Gives the scalar of a key: the key's own bytes, not to be changed or handed out. */
export function scalarOf(key: PrivateKey): Uint8Array<ArrayBuffer> {
	if (!isKey(key)) throw new TypeError("the key must be a PrivateKey: see importPrivateKey");
	return readScalar(key);
}

/** Signs without a promise, for callers inside the package. */
export function signSync(
	key: PrivateKey,
	bytes: Uint8Array,
	backend: CurveBackend = activeBackend(),
): Uint8Array<ArrayBuffer> {
	const scalar = scalarOf(key);
	const message = copyBytes(bytes, "the data");
	const signature = backend.sign(message, scalar);
	if (verifySync(key.publicKey, message, signature)) return signature;
	throw new KeyError("key/signing-fault", "the signature that was just made does not verify");
}
