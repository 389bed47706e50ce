/**
 * RSA public keys: objects that verify signatures.
 * @module
 */
import { copyBytes } from "../encoding/bytes.js";
import type { RsaPrivateJwk, RsaPublicJwk } from "./formats/jwk.js";
import { computeRsaThumbprint, encodeRsaPublicJwk } from "./formats/rsa-jwk.js";
import { HiddenState, OpaqueKey } from "./hidden-state.js";
import { bitLength, type RsaPublicComponents } from "./rsa-components.js";

/** WebCrypto's `CryptoKey`, whose type has no portable name. */
export type WebCryptoKey = Awaited<ReturnType<typeof crypto.subtle.importKey>>;

/** RS256 as WebCrypto names it (RFC 8017 section 8.2). */
export const RSA_ALGORITHM = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" } as const;

interface State {
	readonly components: RsaPublicComponents;
	/** Prepared on first use. */
	verifyKey?: Promise<WebCryptoKey>;
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

/** Imports an already validated JWK into the runtime, as non-extractable. */
export async function importRsaJwk(jwk: RsaPublicJwk | RsaPrivateJwk, usage: "sign" | "verify"): Promise<WebCryptoKey> {
	return crypto.subtle.importKey("jwk", jwk, RSA_ALGORITHM, false, [usage]);
}

/** Verifies a signature with RSASSA-PKCS1-v1_5 and SHA-256. */
export async function verifyRsa(key: RsaPublicKey, bytes: Uint8Array, signature: Uint8Array): Promise<boolean> {
	const state = states.get(key);
	const data = copyBytes(bytes, "the data");
	const candidate = copyBytes(signature, "the signature");
	// RFC 8017 section 8.2.2, step 1.
	if (candidate.length !== Math.ceil(key.modulusLength / 8)) return false;
	state.verifyKey ??= importRsaJwk(encodeRsaPublicJwk(state.components), "verify");
	return crypto.subtle.verify(RSA_ALGORITHM.name, await state.verifyKey, candidate, data);
}
