/**
 * Private keys from every container they come in.
 * @module
 */

import * as z from "zod/mini";
import { checkOptions } from "../options/check-options.js";
import type { KeyAlgorithm } from "./algorithm.js";
import type { JwkInput } from "./formats/jwk-types.js";
import { readContainer } from "./formats/read-container.js";
import { importEcPrivateKey } from "./import-ec-key.js";
import { importRsaPrivateKey } from "./import-rsa-key.js";
import type { PrivateKeys } from "./key-classes.js";
import { algorithmOption, passwordOption } from "./options.js";
import type { Password } from "./password.js";
import { refuseKeyObject } from "./unexpected-key.js";

/** What {@link importPrivateKey} takes: text, the 32 bytes of the scalar, or a JWK or keystore. */
export type PrivateKeyInput = string | Uint8Array | JwkInput;

/** Options of {@link importPrivateKey}. */
export interface ImportPrivateKeyOptions<Algorithm extends KeyAlgorithm = "ES256K"> {
	/** What the key is for; `ES256K` unless told. */
	readonly algorithm?: Algorithm | undefined;
	/** Opens a keystore or an encrypted PEM. */
	readonly password?: Password | undefined;
}

const OPTIONS = z.strictObject({ algorithm: algorithmOption, password: passwordOption });

/**
 * Imports a private key. The container is recognized: PKCS#8 PEM (in Node also encrypted), JWK (object or
 * JSON); for ES256K also SEC 1 PEM (with or without a leading EC PARAMETERS block), keystore v3 (object or
 * JSON), 32 bytes as hexadecimal (with or without `0x`) or as they are; for RS256 also PKCS#1 PEM. PEM may
 * have `\n` for line breaks. The algorithm never is recognized: a key of another kind is refused. Its
 * numbers are checked: ES256K wants a scalar in range, RS256 2,048 to 8,192 bits, two primes that fit, and an
 * exponent of 65537 or more; a public half beside it must match.
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
 * @param input the key; never changed
 * @param options `algorithm`, `password`
 * @returns the key: a PrivateKey, or an RsaPrivateKey for `RS256`
 * @throws {KeyError} `key/unrecognized`, `key/malformed`, `key/wrong-algorithm`, `key/out-of-range`,
 *   `key/weak`, `key/mismatch`, `key/private-expected`, `key/password-required`, `key/password-wrong`, `key/limits`,
 *   `key/unavailable`
 * @throws {ConfigError} `config/unknown-option`, `config/invalid-option`
 * @see RFC 5915, RFC 5958, RFC 7517, RFC 8017, RFC 8812, Web3 Secret Storage Definition
 */
export async function importPrivateKey<Algorithm extends KeyAlgorithm = "ES256K">(
	input: PrivateKeyInput,
	options: ImportPrivateKeyOptions<Algorithm> = {},
): Promise<PrivateKeys[Algorithm]> {
	checkOptions(OPTIONS, options, "importPrivateKey");
	const wanted: KeyAlgorithm = options.algorithm ?? "ES256K";
	refuseKeyObject(input, "private", wanted);
	const container = readContainer(input, wanted);
	const key =
		wanted === "RS256"
			? importRsaPrivateKey(container, options.password)
			: await importEcPrivateKey(container, options.password);
	return key as PrivateKeys[Algorithm];
}
