/** @module */
import * as v from "valibot";
import { assertOptions } from "../options/assert-options.js";
import { invalidOption } from "../options/invalid-option.js";
import { optionsSchema } from "../options/schemas.js";
import { algorithmOption, type KeyAlgorithm } from "./algorithm.js";
import { parseRsaPrivateJwk } from "./formats/rsa-jwk.js";
import { generateEcKey } from "./generate-ec-key.js";
import type { PrivateKeys, PublicKeys } from "./key-classes.js";
import { MAX_MODULUS_BITS, MIN_MODULUS_BITS } from "./rsa-components.js";
import { createRsaPrivateKey, type RsaPrivateKey } from "./rsa-private-key.js";
import { RSA_ALGORITHM } from "./rsa-web-crypto.js";

/** A private key and its public key. */
export interface KeyPair<Algorithm extends KeyAlgorithm = "ES256K"> {
	readonly privateKey: PrivateKeys[Algorithm];
	readonly publicKey: PublicKeys[Algorithm];
}

/** Options of {@link generateKeyPair}. */
export interface GenerateKeyPairOptions<Algorithm extends KeyAlgorithm = "ES256K"> {
	/** The algorithm to use the key with. Default: `ES256K`. */
	readonly algorithm?: Algorithm | undefined;
	/** The length of an RSA key in bits, only for `RS256`: a multiple of 8 from 2,048 to 8,192. Default: 2,048. */
	readonly modulusLength?: number | undefined;
}

const OPTIONS = optionsSchema<GenerateKeyPairOptions>({
	algorithm: algorithmOption,
	modulusLength: v.optional(
		v.custom<number>(isModulusLength, `a multiple of 8 from ${MIN_MODULUS_BITS} to ${MAX_MODULUS_BITS}`),
	),
});

/**
 * Generates a key with the runtime's secure random number generator: a secp256k1 key, or for `RS256` an RSA key with
 * the exponent 65537 (which takes seconds for 4,096 bits, a minute for 8,192).
 *
 * @example
 * ```ts
 * import { generateKeyPair } from "orgpass/keys";
 *
 * const { privateKey, publicKey } = await generateKeyPair();
 * privateKey.algorithm; // => "ES256K"
 * privateKey.publicKey === publicKey; // => true
 * const rsa = await generateKeyPair({ algorithm: "RS256", modulusLength: 2048 });
 * rsa.publicKey.modulusLength; // => 2048
 * ```
 * @param options `algorithm`, `modulusLength`
 * @returns the private key and its public key
 * @throws {ConfigError} `config/unknown-option`, `config/invalid-option`
 * @see RFC 8812, RFC 7518 section 3.3
 */
export async function generateKeyPair<Algorithm extends KeyAlgorithm = "ES256K">(
	options: GenerateKeyPairOptions<Algorithm> = {},
): Promise<KeyPair<Algorithm>> {
	assertOptions(OPTIONS, options, "generateKeyPair");
	const algorithm: KeyAlgorithm = options.algorithm ?? "ES256K";
	if (algorithm !== "RS256" && options.modulusLength !== undefined) {
		throw invalidOption("modulusLength", 'absent unless the algorithm is "RS256"', {
			subject: "generateKeyPair",
		});
	}
	const privateKey =
		algorithm === "RS256" ? await generateRsaKey(options.modulusLength ?? MIN_MODULUS_BITS) : generateEcKey();
	return { privateKey, publicKey: privateKey.publicKey } as KeyPair<Algorithm>;
}

function isModulusLength(value: unknown): boolean {
	return typeof value === "number" && value % 8 === 0 && value >= MIN_MODULUS_BITS && value <= MAX_MODULUS_BITS;
}

async function generateRsaKey(modulusLength: number): Promise<RsaPrivateKey> {
	const publicExponent = new Uint8Array([1, 0, 1]);
	const parameters = { ...RSA_ALGORITHM, modulusLength, publicExponent };
	const { privateKey } = await crypto.subtle.generateKey(parameters, true, ["sign", "verify"]);
	const { kty, n, e, d, p, q, dp, dq, qi } = await crypto.subtle.exportKey("jwk", privateKey);
	return createRsaPrivateKey(parseRsaPrivateJwk({ kty, n, e, d, p, q, dp, dq, qi }));
}
