/** @module */
import { assertOptions } from "../options/assert-options.js";
import { optionsSchema } from "../options/schemas.js";
import { algorithmOption, type KeyAlgorithm } from "./algorithm.js";
import type { JwkInput } from "./formats/jwk.js";
import { parseKeyFormat } from "./formats/key-format.js";
import { EC_IMPORTER } from "./import-ec-private-key.js";
import { importPrivate } from "./import-key.js";
import { RSA_IMPORTER } from "./import-rsa-private-key.js";
import { assertNotKeyObject, type PrivateKeys } from "./key-classes.js";
import { loadOnDemand } from "./load-on-demand.js";
import { type Password, passwordOption } from "./password.js";

/** The input of {@link importPrivateKey}: text, the 32 bytes of the scalar, or a JWK or keystore object. */
export type PrivateKeyInput = string | Uint8Array | JwkInput;

/** Options of {@link importPrivateKey}. */
export interface ImportPrivateKeyOptions<Algorithm extends KeyAlgorithm = "ES256K"> {
	/** The algorithm to use the key with. Default: `ES256K`. */
	readonly algorithm?: Algorithm | undefined;
	/** The password of a keystore or an encrypted PEM. */
	readonly password?: Password | undefined;
}

const OPTIONS = optionsSchema<ImportPrivateKeyOptions>({
	algorithm: algorithmOption,
	password: passwordOption,
});

/**
 * Imports a private key. The format is recognized: PKCS#8 PEM (also encrypted in Node.js) or JWK (object or JSON);
 * for ES256K also SEC 1 PEM (with or without a leading EC PARAMETERS block), keystore v3 (object or JSON), or the
 * 32 bytes, raw or as hexadecimal (with or without `0x`); for RS256 also PKCS#1 PEM. PEM may have `\n` for line
 * breaks. The algorithm is never guessed: a key of another type is rejected. An ES256K key must be a scalar in range,
 * an RS256 key must have 2,048 to 8,192 bits, two matching primes and an exponent of at least 65537; a public key
 * stored with it must match.
 *
 * @example
 * ```ts
 * import { importPrivateKey, toAddress } from "orgpass/keys";
 *
 * const key = await importPrivateKey(`0x${"11".repeat(32)}`);
 * toAddress(key.publicKey); // => "0x19E7E376E7C213B7E7e7e46cc70A5dD086DAff2A"
 * ```
 * @example
 * ```ts
 * import { generateKeyPairSync } from "node:crypto";
 * import { importPrivateKey } from "orgpass/keys";
 *
 * const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
 * const pem = privateKey.export({ type: "pkcs1", format: "pem" }).toString();
 * const key = await importPrivateKey(pem, { algorithm: "RS256" });
 * key.modulusLength; // => 2048
 * ```
 * @param input the key; not modified
 * @param options `algorithm`, `password`
 * @returns a PrivateKey, or an RsaPrivateKey for `RS256`
 * @throws {KeyError} `key/unrecognized`, `key/malformed`, `key/wrong-algorithm`, `key/out-of-range`,
 *   `key/weak`, `key/mismatch`, `key/private-expected`, `key/password-required`, `key/password-wrong`, `key/limits`,
 *   `key/unavailable`, `key/unreachable` if a browser can't load what reads keystores
 * @throws {ConfigError} `config/unknown-option`, `config/invalid-option`
 * @see RFC 5915, RFC 5958, RFC 7517, RFC 8017, RFC 8812, Web3 Secret Storage Definition
 */
export async function importPrivateKey<Algorithm extends KeyAlgorithm = "ES256K">(
	input: PrivateKeyInput,
	options: ImportPrivateKeyOptions<Algorithm> = {},
): Promise<PrivateKeys[Algorithm]> {
	assertOptions(OPTIONS, options, "importPrivateKey");
	const algorithm: KeyAlgorithm = options.algorithm ?? "ES256K";
	assertNotKeyObject(input, "private", algorithm);
	try {
		const key = parseKeyFormat(input, algorithm);
		const imported =
			algorithm === "RS256"
				? await importPrivate(RSA_IMPORTER, key, options.password)
				: await importPrivate(EC_IMPORTER, key, options.password);
		return imported as PrivateKeys[Algorithm];
	} catch (error) {
		const { addKeyAdvice } = await loadOnDemand().catch(() => {
			throw error;
		});
		throw addKeyAdvice(error, input, { algorithm, expected: "private" });
	}
}
