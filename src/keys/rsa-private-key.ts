/**
 * RSA private keys: objects that sign and reveal nothing.
 * @module
 */
import { copyBytes } from "../encoding/bytes.js";
import { KeyError } from "../errors/errors.js";
import { encodeRsaPrivateJwk } from "./formats/rsa-jwk.js";
import { HiddenState, OpaqueKey } from "./hidden-state.js";
import { assertSafePrivateComponents, type RsaPrivateComponents } from "./rsa-components.js";
import { createRsaPublicKey, type RsaPublicKey, verifyRsa } from "./rsa-public-key.js";
import { importRsaJwk, RSA_ALGORITHM, type WebCryptoKey } from "./rsa-web-crypto.js";
import type { Signer } from "./signer.js";

interface State {
	readonly components: RsaPrivateComponents;
	/** Prepared on first use. */
	signKey?: Promise<WebCryptoKey>;
}

/**
 * An RSA private key for RS256, frozen, and itself a {@link Signer}. Printing, serializing, spreading or cloning it
 * reveals nothing of the secret. Created by `importPrivateKey` and `generateKeyPair` with the algorithm `RS256`,
 * never with `new`.
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
export class RsaPrivateKey extends OpaqueKey implements Signer {
	/** The only algorithm that this key signs with (RFC 7518 section 3.3). */
	readonly algorithm: "RS256" = "RS256";
	/** The length of the modulus in bits: 2,048 to 8,192. */
	readonly modulusLength: number;
	/** The matching public key. */
	readonly publicKey: RsaPublicKey;

	private constructor(guard: unknown, state: State) {
		super(guard);
		states.set(this, state);
		this.publicKey = createRsaPublicKey(state.components);
		this.modulusLength = this.publicKey.modulusLength;
		Object.freeze(this);
	}

	/** Signs the bytes as `signData` does: as many bytes as the modulus, verified before they are returned. */
	async sign(bytes: Uint8Array): Promise<Uint8Array> {
		return signRsa(this, copyBytes(bytes, "the data"));
	}

	/** A label with the end of the public key's thumbprint. */
	override toString(): string {
		return `[RsaPrivateKey ${this.modulusLength} bits …${this.publicKey.thumbprint.slice(-8)}]`;
	}
}

const states: HiddenState<RsaPrivateKey, State> = new HiddenState("RsaPrivateKey");

/** Creates a key from components, and checks them. */
export function createRsaPrivateKey(components: RsaPrivateComponents): RsaPrivateKey {
	assertSafePrivateComponents(components);
	return states.create(RsaPrivateKey, { components });
}

/** Checks whether a value is an RSA key that this copy of the package created. */
export function isRsaPrivateKey(value: unknown): value is RsaPrivateKey {
	return states.has(value);
}

/** Returns the key's components, which must not be exposed. */
export function privateComponentsOf(key: RsaPrivateKey): RsaPrivateComponents {
	return states.get(key).components;
}

/** Signs with RSASSA-PKCS1-v1_5 and SHA-256, for internal use: plain bytes that nothing else changes. */
export async function signRsa(key: RsaPrivateKey, bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
	const state = states.get(key);
	state.signKey ??= importRsaJwk(encodeRsaPrivateJwk(state.components), "sign");
	const signature = new Uint8Array(await crypto.subtle.sign(RSA_ALGORITHM.name, await state.signKey, bytes));
	if (await verifyRsa(key.publicKey, bytes, signature)) return signature;
	throw new KeyError("key/signing-fault", "the new signature does not verify");
}
