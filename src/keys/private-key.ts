/**
 * secp256k1 private keys: objects that sign and reveal nothing.
 * @module
 */
import { derivePoint } from "#derive-point";
import { copyBytes } from "../encoding/bytes.js";
import { KeyError } from "../errors/errors.js";
import { HiddenState, OpaqueKey } from "./hidden-state.js";
import { createPublicKey, type PublicKey, verifySync } from "./public-key.js";
import { chosenImplementation } from "./secp256k1/choose-backend.js";
import type { CurveOperations } from "./secp256k1/curve-backend.js";
import type { Signer } from "./signer.js";

/**
 * A secp256k1 private key, frozen, and itself a {@link Signer}. Printing, serializing, spreading or cloning it
 * reveals nothing of the secret. Created by `importPrivateKey` and `generateKeyPair`, never with `new`.
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
export class PrivateKey extends OpaqueKey implements Signer {
	/** The only algorithm that this key signs with (RFC 8812). */
	readonly algorithm: "ES256K" = "ES256K";
	/** The curve of the key (SEC 2). */
	readonly curve: "secp256k1" = "secp256k1";
	/** The matching public key. */
	readonly publicKey: PublicKey;

	private constructor(guard: unknown, scalar: Uint8Array<ArrayBuffer>) {
		super(guard);
		scalars.set(this, scalar);
		this.publicKey = createPublicKey(derivePoint(scalar));
		Object.freeze(this);
	}

	/** Signs the bytes as `signData` does: 64 bytes r||s, verified before they are returned. */
	async sign(bytes: Uint8Array): Promise<Uint8Array> {
		return signSync(this, copyBytes(bytes, "the data"));
	}

	/** A label with the end of the public key's thumbprint. */
	override toString(): string {
		return `[PrivateKey ${this.curve} …${this.publicKey.thumbprint.slice(-8)}]`;
	}
}

const scalars: HiddenState<PrivateKey, Uint8Array<ArrayBuffer>> = new HiddenState("PrivateKey");

/** Creates a key from a scalar that has been checked. */
export function createPrivateKey(scalar: Uint8Array<ArrayBuffer>): PrivateKey {
	return scalars.create(PrivateKey, scalar);
}

/** Returns the key's own scalar, which must not be changed or exposed. */
export function scalarOf(key: PrivateKey): Uint8Array<ArrayBuffer> {
	return scalars.get(key);
}

/** Signs synchronously, for internal use: plain bytes that nothing else changes. */
export function signSync(
	key: PrivateKey,
	bytes: Uint8Array,
	sign: CurveOperations["sign"] = chosenImplementation("sign").run,
): Uint8Array<ArrayBuffer> {
	const signature = sign(bytes, scalarOf(key));
	if (verifySync(key.publicKey, bytes, signature)) return signature;
	throw new KeyError("key/signing-fault", "the new signature does not verify");
}
