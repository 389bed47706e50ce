/** @module */
import { assertOptions } from "../options/assert-options.js";
import { optionsSchema } from "../options/schemas.js";
import { algorithmOption, type KeyAlgorithm } from "./algorithm.js";
import type { JwkInput } from "./formats/jwk.js";
import { addKeyAdvice } from "./formats/key-advice.js";
import { parseKeyFormat } from "./formats/key-format.js";
import { EC_PUBLIC_IMPORTER } from "./import-ec-public-key.js";
import { importPublic } from "./import-key.js";
import { RSA_PUBLIC_IMPORTER } from "./import-rsa-public-key.js";
import { assertNotKeyObject, type PublicKeys } from "./key-classes.js";

/** The input of {@link importPublicKey}: text, the bytes of a point (33, 64 or 65), or a JWK. */
export type PublicKeyInput = string | Uint8Array | JwkInput;

/** Options of {@link importPublicKey}. */
export interface ImportPublicKeyOptions<Algorithm extends KeyAlgorithm = "ES256K"> {
	/** The algorithm to use the key with. Default: `ES256K`. */
	readonly algorithm?: Algorithm | undefined;
}

const OPTIONS = optionsSchema<ImportPublicKeyOptions>({
	algorithm: algorithmOption,
});

/**
 * Imports a public key. The format is recognized: SPKI PEM (also with `\n` for line breaks), its base64 without the
 * armor on one line, or JWK (object or JSON); for ES256K also a point, compressed or uncompressed, as bytes or as
 * hexadecimal (with or without `0x` and the leading 04); for RS256 also PKCS#1 PEM. The algorithm is never guessed: a
 * key of another type is rejected. A point must be on the curve; an RSA key must have 2,048 to 8,192 bits and an odd
 * exponent of at least 65537.
 *
 * @example
 * ```ts
 * import { importPublicKey, toAddress } from "orgpass/keys";
 *
 * const key = importPublicKey(`-----BEGIN PUBLIC KEY-----
 * MFYwEAYHKoZIzj0CAQYFK4EEAAoDQgAETzVb3LfMCvco7zzOuWFdkGhLtbLKX4Wa
 * sPC3BAdYcao4W2sbjq2AnKZ0VNloP88roDRW1v4sSr4rB/D727LxwQ==
 * -----END PUBLIC KEY-----`);
 * toAddress(key); // => "0x19E7E376E7C213B7E7e7e46cc70A5dD086DAff2A"
 * ```
 * @param input the key; not modified
 * @param options `algorithm`
 * @returns a PublicKey, or an RsaPublicKey for `RS256`
 * @throws {KeyError} `key/unrecognized`, `key/malformed`, `key/wrong-algorithm`, `key/out-of-range`,
 *   `key/weak`, `key/public-expected`
 * @throws {ConfigError} `config/unknown-option`, `config/invalid-option`
 * @see RFC 5480, RFC 7517, RFC 8017, RFC 8812, SEC 1 section 2.3.4
 */
export function importPublicKey<Algorithm extends KeyAlgorithm = "ES256K">(
	input: PublicKeyInput,
	options: ImportPublicKeyOptions<Algorithm> = {},
): PublicKeys[Algorithm] {
	assertOptions(OPTIONS, options, "importPublicKey");
	const algorithm: KeyAlgorithm = options.algorithm ?? "ES256K";
	assertNotKeyObject(input, "public", algorithm);
	try {
		const key = parseKeyFormat(input, algorithm);
		const imported =
			algorithm === "RS256" ? importPublic(RSA_PUBLIC_IMPORTER, key) : importPublic(EC_PUBLIC_IMPORTER, key);
		return imported as PublicKeys[Algorithm];
	} catch (error) {
		throw addKeyAdvice(error, input, { algorithm, expected: "public" });
	}
}
