/**
 * secp256k1 public keys: objects that verify signatures.
 * @module
 */
import { computeEcThumbprint } from "./formats/ec-jwk.js";
import { HiddenState, OpaqueKey } from "./hidden-state.js";
import { chosenImplementation } from "./secp256k1/choose-backend.js";
import { isSignatureShape } from "./secp256k1/curve.js";
import type { CurveOperations, VerifyHandle } from "./secp256k1/curve-backend.js";

interface State {
	readonly point: Uint8Array<ArrayBuffer>;
	/** Prepared on first use, and again after `useCurveBackend`. */
	prepared?: { readonly by: CurveOperations["verify"]; readonly verify: VerifyHandle };
}

/**
 * A secp256k1 public key, frozen. Created by `importPublicKey` and `generateKeyPair`, or as the `publicKey` of a
 * private key, never with `new`.
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
export class PublicKey extends OpaqueKey {
	/** The only algorithm that this key verifies (RFC 8812). */
	readonly algorithm: "ES256K" = "ES256K";
	/** The curve of the key (SEC 2). */
	readonly curve: "secp256k1" = "secp256k1";
	/** The RFC 7638 thumbprint: 43 characters of base64url. */
	readonly thumbprint: string;

	private constructor(guard: unknown, state: State) {
		super(guard);
		states.set(this, state);
		this.thumbprint = computeEcThumbprint(state.point);
		Object.freeze(this);
	}

	/** A label with the end of the thumbprint. */
	override toString(): string {
		return `[PublicKey ${this.curve} …${this.thumbprint.slice(-8)}]`;
	}
}

const states: HiddenState<PublicKey, State> = new HiddenState("PublicKey");

/** Creates a key from a point that has been checked. */
export function createPublicKey(point: Uint8Array<ArrayBuffer>): PublicKey {
	return states.create(PublicKey, { point });
}

/** Checks whether a value is a key that this copy of the package created. */
export function isPublicKey(value: unknown): value is PublicKey {
	return states.has(value);
}

/** Returns the key's own point, which must not be changed or exposed. */
export function pointOf(key: PublicKey): Uint8Array<ArrayBuffer> {
	return states.get(key).point;
}

/** Verifies synchronously, for internal use: a text, or plain bytes that nothing else changes. */
export function verifySync(key: PublicKey, data: Uint8Array | string, signature: Uint8Array): boolean {
	const state = states.get(key);
	if (!isSignatureShape(signature)) return false;
	const { run } = chosenImplementation("verify");
	if (state.prepared?.by !== run) state.prepared = { by: run, verify: run(state.point) };
	return state.prepared.verify(data, signature);
}
