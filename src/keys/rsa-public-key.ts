/**
 * RSA public keys: objects that verify signatures.
 * @module
 */
import { prepareRsaVerify } from "#rsa-verify";
import { computeRsaThumbprint, encodeRsaPublicJwk } from "./formats/rsa-jwk.js";
import { HiddenState, OpaqueKey } from "./hidden-state.js";
import { bitLength, type RsaPublicComponents } from "./rsa-components.js";
import type { PrepareRsaVerify, RsaVerifyHandle } from "./rsa-verify.js";

interface State {
	readonly components: RsaPublicComponents;
	/** Prepared on first use. */
	prepared?: { readonly by: PrepareRsaVerify; readonly verify: RsaVerifyHandle };
}

/**
 * An RSA public key for RS256, frozen. Created by `importPublicKey` and `generateKeyPair` with the algorithm `RS256`,
 * or as the `publicKey` of a private key, never with `new`.
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
export class RsaPublicKey extends OpaqueKey {
	/** The only algorithm that this key verifies (RFC 7518 section 3.3). */
	readonly algorithm: "RS256" = "RS256";
	/** The length of the modulus in bits: 2,048 to 8,192. */
	readonly modulusLength: number;
	/** The RFC 7638 thumbprint: 43 characters of base64url. */
	readonly thumbprint: string;

	private constructor(guard: unknown, state: State) {
		super(guard);
		states.set(this, state);
		this.modulusLength = bitLength(state.components.n);
		this.thumbprint = computeRsaThumbprint(state.components);
		Object.freeze(this);
	}

	/** A label with the end of the thumbprint. */
	override toString(): string {
		return `[RsaPublicKey ${this.modulusLength} bits …${this.thumbprint.slice(-8)}]`;
	}
}

const states: HiddenState<RsaPublicKey, State> = new HiddenState("RsaPublicKey");

/** Creates a key from components that have been checked. */
export function createRsaPublicKey({ n, e }: RsaPublicComponents): RsaPublicKey {
	return states.create(RsaPublicKey, { components: { n, e } });
}

/** Checks whether a value is an RSA key that this copy of the package created. */
export function isRsaPublicKey(value: unknown): value is RsaPublicKey {
	return states.has(value);
}

export function publicComponentsOf(key: RsaPublicKey): RsaPublicComponents {
	return states.get(key).components;
}

/**
 * Verifies a signature with RSASSA-PKCS1-v1_5 and SHA-256, for internal use: a text, or plain bytes that nothing else
 * changes. In Node, the result isn't a promise.
 */
export function verifyRsa(
	key: RsaPublicKey,
	data: Uint8Array | string,
	signature: Uint8Array,
	prepare: PrepareRsaVerify = prepareRsaVerify,
): boolean | Promise<boolean> {
	const state = states.get(key);
	// RFC 8017 section 8.2.2, step 1.
	if (signature.length !== Math.ceil(key.modulusLength / 8)) return false;
	if (state.prepared?.by !== prepare) {
		state.prepared = { by: prepare, verify: prepare(encodeRsaPublicJwk(state.components)) };
	}
	return state.prepared.verify(data, signature);
}
