/** @module */
import * as v from "valibot";
import { encryptPkcs8 } from "#encrypted-pem";
import { assertOptions } from "../options/assert-options.js";
import { invalidOption } from "../options/invalid-option.js";
import { finiteNumber, optionsSchema } from "../options/schemas.js";
import { toAddressDigits } from "./account.js";
import type { KeystoreV3 } from "./formats/jwk.js";
import { assertSafeScrypt } from "./formats/kdf-limits.js";
import { encodePem } from "./formats/pem.js";
import { loadOnDemand } from "./load-on-demand.js";
import { type Password, parsePassword, passwordOption } from "./password.js";
import { type PrivateKey, scalarOf } from "./private-key.js";
import {
	encodePkcs8,
	findPrivateKeyWriter,
	type PrivateKeyExports,
	type RsaPrivateKeyExports,
} from "./private-key-writers.js";
import type { RsaPrivateKey } from "./rsa-private-key.js";

/** A format of {@link exportPrivateKey} for secp256k1 keys. */
export type PrivateKeyFormat = keyof PrivateKeyExports;

/** A format of {@link exportPrivateKey} for RSA keys. */
export type RsaPrivateKeyFormat = keyof RsaPrivateKeyExports;

/** Options of {@link exportPrivateKey}. */
export interface ExportPrivateKeyOptions {
	/** Encrypts the PEM; only for `pkcs8` and only in Node.js. */
	readonly password?: Password | undefined;
}

/** Options of {@link exportKeystore}: the cost of scrypt (RFC 7914), within the limits of imports. */
export interface ExportKeystoreOptions {
	/** A power of two from 1,024 to 2^20. Default: 262,144. */
	readonly n?: number | undefined;
	/** The block size. Default: 8. */
	readonly r?: number | undefined;
	/** The parallelization, at most 16. Default: 1. */
	readonly p?: number | undefined;
}

const EXPORT_OPTIONS = optionsSchema<ExportPrivateKeyOptions>({
	password: passwordOption,
});
const cost = v.optional(finiteNumber("a number"));
const KEYSTORE_OPTIONS = optionsSchema<ExportKeystoreOptions>({ n: cost, r: cost, p: cost });

/** Exports an RSA private key: see the overload for secp256k1 keys. */
export function exportPrivateKey<Format extends RsaPrivateKeyFormat>(
	key: RsaPrivateKey,
	format: Format,
	options?: ExportPrivateKeyOptions,
): RsaPrivateKeyExports[Format];
/**
 * Exports a private key in a format that `importPrivateKey` reads. The PEM is byte for byte what OpenSSL writes. The
 * result is a copy, and secret.
 *
 * @example
 * ```ts
 * import { exportPrivateKey, importPrivateKey } from "orgpass/keys";
 *
 * const key = await importPrivateKey(`0x${"11".repeat(32)}`);
 * exportPrivateKey(key, "sec1").split("\n")[0]; // => "-----BEGIN EC PRIVATE KEY-----"
 * exportPrivateKey(key, "jwk").crv; // => "secp256k1"
 * const pem = exportPrivateKey(key, "pkcs8", { password: "correct horse" });
 * pem.split("\n")[0]; // => "-----BEGIN ENCRYPTED PRIVATE KEY-----"
 * ```
 * @param key a private key, secp256k1 or RSA
 * @param format `pkcs8` (PEM) or `jwk`; for secp256k1 also `sec1` (PEM), `hex` or `bytes` (32); for RSA also
 *   `pkcs1` (PEM)
 * @param options `password` encrypts `pkcs8` (PBKDF2 with 600,000 iterations, AES-256-CBC)
 * @returns text, a JWK or bytes, depending on the format
 * @throws TypeError if `key` isn't a private key, or the password is neither text nor bytes
 * @throws {KeyError} `key/unavailable` for a password outside Node.js
 * @throws {ConfigError} `config/unknown-option`, `config/invalid-option`
 * @see RFC 5915, RFC 5958, RFC 8017, RFC 8018, RFC 7517
 */
export function exportPrivateKey<Format extends PrivateKeyFormat>(
	key: PrivateKey,
	format: Format,
	options?: ExportPrivateKeyOptions,
): PrivateKeyExports[Format];
export function exportPrivateKey(
	key: PrivateKey | RsaPrivateKey,
	format: string,
	options: ExportPrivateKeyOptions = {},
): unknown {
	const write = findPrivateKeyWriter(key, format);
	assertOptions(EXPORT_OPTIONS, options, "exportPrivateKey");
	if (options.password === undefined) return write();
	if (format !== "pkcs8") {
		throw invalidOption("password", "absent unless the format is pkcs8", { subject: "exportPrivateKey" });
	}
	const encrypted = encryptPkcs8(encodePkcs8(key), parsePassword(options.password));
	return encodePem("ENCRYPTED PRIVATE KEY", encrypted);
}

/**
 * Exports a private key as an account file (Web3 Secret Storage version 3 with scrypt and AES-128-CTR) that geth,
 * ioctl, wallets and {@link importPrivateKey} read.
 *
 * @example
 * ```ts
 * import { exportKeystore, importPrivateKey } from "orgpass/keys";
 *
 * const key = await importPrivateKey(`0x${"11".repeat(32)}`);
 * const keystore = await exportKeystore(key, "correct horse", { n: 1024 });
 * keystore.address; // => "19e7e376e7c213b7e7e7e46cc70a5dd086daff2a"
 * ```
 * @param key a private key
 * @param password text (as UTF-8, not normalized) or bytes
 * @param options `n`, `r`, `p`: scrypt's cost; the defaults take about a second
 * @returns the content of the file, for `JSON.stringify`
 * @throws TypeError if `key` isn't a private key, or the password is neither text nor bytes
 * @throws {KeyError} `key/password-required`, `key/limits`, `key/unreachable` if a browser can't load what writes keystores
 * @throws {ConfigError} `config/unknown-option`, `config/invalid-option`
 * @see Web3 Secret Storage Definition
 */
export async function exportKeystore(
	key: PrivateKey,
	password: Password,
	options: ExportKeystoreOptions = {},
): Promise<KeystoreV3> {
	assertOptions(KEYSTORE_OPTIONS, options, "exportKeystore");
	const scalar = scalarOf(key);
	const { n = 262_144, r = 8, p = 1 } = options;
	assertSafeScrypt({ n, r, p });
	const passwordBytes = parsePassword(password);
	const { encryptKeystore } = await loadOnDemand();
	return encryptKeystore(scalar, toAddressDigits(key.publicKey), passwordBytes, { n, r, p });
}
