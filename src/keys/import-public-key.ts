/**
 * Public keys from every container they come in.
 * @module
 */

import * as z from "zod/mini";
import { checkOptions } from "../options/check-options.js";
import type { KeyAlgorithm } from "./algorithm.js";
import type { JwkInput } from "./formats/jwk-types.js";
import { readContainer } from "./formats/read-container.js";
import { importEcPublicKey } from "./import-ec-key.js";
import { importRsaPublicKey } from "./import-rsa-key.js";
import type { PublicKeys } from "./key-classes.js";
import { algorithmOption } from "./options.js";
import { refuseKeyObject } from "./unexpected-key.js";

/** What {@link importPublicKey} takes: text, the bytes of a point (33, 64 or 65), or a JWK. */
export type PublicKeyInput = string | Uint8Array | JwkInput;

/** Options of {@link importPublicKey}. */
export interface ImportPublicKeyOptions<Algorithm extends KeyAlgorithm = "ES256K"> {
	/** What the key is for; `ES256K` unless told. */
	readonly algorithm?: Algorithm | undefined;
}

const OPTIONS = z.strictObject({ algorithm: algorithmOption });

/**
 * Imports a public key. The container is recognized: SPKI PEM (also with `\n` for line breaks), the
 * same without armour in one line of base64, JWK (object or JSON); for ES256K also hexadecimal of a
 * compressed or uncompressed point (with or without `0x`, with or without the leading 04), or the point's
 * bytes; for RS256 also PKCS#1 PEM. The algorithm never is: a key of another kind is refused. A point must be
 * on the curve, an RSA key have 2,048 to 8,192 bits and an odd exponent of 65537 or more.
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
 * @param input the key; never changed
 * @param options `algorithm`
 * @returns the key: a PublicKey, or an RsaPublicKey for `RS256`
 * @throws {KeyError} `key/unrecognized`, `key/malformed`, `key/wrong-algorithm`, `key/out-of-range`,
 *   `key/weak`, `key/public-expected`
 * @throws {ConfigError} `config/unknown-option`, `config/invalid-option`
 * @see RFC 5480, RFC 7517, RFC 8017, RFC 8812, SEC 1 section 2.3.4
 */
export function importPublicKey<Algorithm extends KeyAlgorithm = "ES256K">(
	input: PublicKeyInput,
	options: ImportPublicKeyOptions<Algorithm> = {},
): PublicKeys[Algorithm] {
	checkOptions(OPTIONS, options, "importPublicKey");
	const wanted: KeyAlgorithm = options.algorithm ?? "ES256K";
	refuseKeyObject(input, "public", wanted);
	const container = readContainer(input, wanted);
	const key = wanted === "RS256" ? importRsaPublicKey(container) : importEcPublicKey(container);
	return key as PublicKeys[Algorithm];
}
