/**
 * New keys.
 * @module
 */
import { utils } from "@noble/secp256k1";
import { exportJWK, generateKeyPair as generateWithJose } from "jose";
import * as z from "zod/mini";
import { checkOptions } from "../options/check-options.js";
import { invalidOption } from "../options/invalid-option.js";
import type { KeyAlgorithm } from "./algorithm.js";
import type { UncheckedMembers } from "./formats/jwk-types.js";
import { parseRsaPrivateJwk } from "./formats/rsa-jwk.js";
import { toRsaPrivateKey } from "./import-rsa-key.js";
import type { PrivateKeys, PublicKeys } from "./key-classes.js";
import { algorithmOption } from "./options.js";
import { createPrivateKey } from "./private-key.js";
import { MAX_MODULUS_BITS, MIN_MODULUS_BITS } from "./rsa-components.js";
import type { RsaPrivateKey } from "./rsa-private-key.js";

/** The two halves of a key. */
export interface KeyPair<Algorithm extends KeyAlgorithm = "ES256K"> {
	readonly privateKey: PrivateKeys[Algorithm];
	readonly publicKey: PublicKeys[Algorithm];
}

/** Options of {@link generateKeyPair}. */
export interface GenerateKeyPairOptions<Algorithm extends KeyAlgorithm = "ES256K"> {
	/** What the key is for; `ES256K` unless told. */
	readonly algorithm?: Algorithm | undefined;
	/** Bits of an RSA key, for `RS256` only: 2,048 to 8,192 in steps of 8; 2,048 unless told. */
	readonly modulusLength?: number | undefined;
}

const MODULUS_LENGTH = `a multiple of 8 from ${MIN_MODULUS_BITS} to ${MAX_MODULUS_BITS}`;
const OPTIONS = z.strictObject({
	algorithm: algorithmOption,
	modulusLength: z.optional(
		z
			.int(MODULUS_LENGTH)
			.check(
				z.gte(MIN_MODULUS_BITS, MODULUS_LENGTH),
				z.lte(MAX_MODULUS_BITS, MODULUS_LENGTH),
				z.multipleOf(8, MODULUS_LENGTH),
			),
	),
});

/**
 * Makes a new key from the runtime's random source: a secp256k1 key, or an RSA key with the exponent 65537
 * where the algorithm is `RS256` (seconds for 4,096 bits, a minute for 8,192).
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
 * @returns the private key and its public half
 * @throws {ConfigError} `config/unknown-option`, `config/invalid-option`
 * @see RFC 8812, RFC 7518 section 3.3
 */
export async function generateKeyPair<Algorithm extends KeyAlgorithm = "ES256K">(
	options: GenerateKeyPairOptions<Algorithm> = {},
): Promise<KeyPair<Algorithm>> {
	checkOptions(OPTIONS, options, "generateKeyPair");
	const algorithm: KeyAlgorithm = options.algorithm ?? "ES256K";
	if (algorithm !== "RS256" && options.modulusLength !== undefined) {
		throw invalidOption("modulusLength", 'given with the algorithm "RS256" only', {
			subject: "generateKeyPair",
		});
	}
	const privateKey =
		algorithm === "RS256"
			? await generateRsaKey(options.modulusLength ?? MIN_MODULUS_BITS)
			: createPrivateKey(new Uint8Array(utils.randomSecretKey()));
	return { privateKey, publicKey: privateKey.publicKey } as KeyPair<Algorithm>;
}

async function generateRsaKey(modulusLength: number): Promise<RsaPrivateKey> {
	const { privateKey } = await generateWithJose("RS256", { modulusLength, extractable: true });
	const { kty, n, e, d, p, q, dp, dq, qi } = await exportJWK(privateKey);
	return toRsaPrivateKey(parseRsaPrivateJwk({ kty, n, e, d, p, q, dp, dq, qi } as UncheckedMembers));
}
