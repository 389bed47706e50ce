/**
 * Private keys into every form they come from.
 * @module
 */
import * as z from "zod/mini";
import { encryptPkcs8 } from "#encrypted-pem";
import { encodeHex, type Hex } from "../encoding/hex.js";
import { checkOptions } from "../options/check-options.js";
import { invalidOption } from "../options/invalid-option.js";
import { toAddressDigits } from "./addresses.js";
import { encodePkcs8, encodeSec1 } from "./formats/ec-der.js";
import { encodeEcPrivateJwk } from "./formats/ec-jwk.js";
import type { EcPrivateJwk, KeystoreV3, RsaPrivateJwk } from "./formats/jwk-types.js";
import { requireSafeScrypt } from "./formats/kdf-limits.js";
import { encryptKeystore } from "./formats/keystore.js";
import { encodePem } from "./formats/pem.js";
import { encodeRsaPkcs8, encodeRsaPrivateKey } from "./formats/rsa-der.js";
import { encodeRsaPrivateJwk } from "./formats/rsa-jwk.js";
import { passwordOption } from "./options.js";
import { type Password, requirePassword } from "./password.js";
import { type PrivateKey, scalarOf } from "./private-key.js";
import { pointOf } from "./public-key.js";
import { isRsaPrivateKey, privateNumbersOf, type RsaPrivateKey } from "./rsa-private-key.js";

/** What each format name of {@link exportPrivateKey} gives for a secp256k1 key. */
export interface PrivateKeyExports {
	/** ECPrivateKey as PEM (RFC 5915), the form of `openssl ecparam -genkey -noout`. */
	readonly sec1: string;
	/** PrivateKeyInfo as PEM (RFC 5208), the form of `openssl pkcs8 -topk8`; encrypted when given a password. */
	readonly pkcs8: string;
	readonly jwk: EcPrivateJwk;
	/** The scalar: `0x` and 64 digits. */
	readonly hex: Hex;
	/** The scalar: 32 bytes. */
	readonly bytes: Uint8Array<ArrayBuffer>;
}

/** A format of {@link exportPrivateKey} for secp256k1 keys. */
export type PrivateKeyFormat = keyof PrivateKeyExports;

/** What each format name of {@link exportPrivateKey} gives for an RSA key. */
export interface RsaPrivateKeyExports {
	/** RSAPrivateKey as PEM (RFC 8017), the form of `openssl rsa -traditional`. */
	readonly pkcs1: string;
	/** PrivateKeyInfo as PEM (RFC 5208), the form of `openssl genpkey`; encrypted when given a password. */
	readonly pkcs8: string;
	readonly jwk: RsaPrivateJwk;
}

/** A format of {@link exportPrivateKey} for RSA keys. */
export type RsaPrivateKeyFormat = keyof RsaPrivateKeyExports;

/** Options of {@link exportPrivateKey}. */
export interface ExportPrivateKeyOptions {
	/** Encrypts the PEM; for `pkcs8` only, in Node only. */
	readonly password?: Password | undefined;
}

/** Options of {@link exportKeystore}: the cost of scrypt (RFC 7914), within what imports accept. */
export interface ExportKeystoreOptions {
	/** A power of two, 1,024 to 2^20; 262,144 unless told. */
	readonly n?: number | undefined;
	/** Block size; 8 unless told. */
	readonly r?: number | undefined;
	/** Parallelization, at most 16; 1 unless told. */
	readonly p?: number | undefined;
}

const EXPORT_OPTIONS = z.strictObject({ password: passwordOption });
const cost = z.optional(z.number("a number"));
const KEYSTORE_OPTIONS = z.strictObject({ n: cost, r: cost, p: cost });

/** What a key is written as: text, an object or bytes. */
type Writers<Key, Exports> = { readonly [Format in keyof Exports]: (key: Key) => Exports[Format] };

const WRITERS: Writers<PrivateKey, PrivateKeyExports> = {
	sec1: (key) => encodePem("EC PRIVATE KEY", encodeSec1(scalarOf(key), pointOf(key.publicKey))),
	pkcs8: (key) => encodePem("PRIVATE KEY", encodePkcs8(scalarOf(key), pointOf(key.publicKey))),
	jwk: (key) => encodeEcPrivateJwk(scalarOf(key), pointOf(key.publicKey)),
	hex: (key) => encodeHex(scalarOf(key)),
	bytes: (key) => scalarOf(key).slice(),
};

const RSA_WRITERS: Writers<RsaPrivateKey, RsaPrivateKeyExports> = {
	pkcs1: (key) => encodePem("RSA PRIVATE KEY", encodeRsaPrivateKey(privateNumbersOf(key))),
	pkcs8: (key) => encodePem("PRIVATE KEY", encodeRsaPkcs8(privateNumbersOf(key))),
	jwk: (key) => encodeRsaPrivateJwk(privateNumbersOf(key)),
};

/** Exports an RSA private key: see the form for secp256k1 keys. */
export function exportPrivateKey<Format extends RsaPrivateKeyFormat>(
	key: RsaPrivateKey,
	format: Format,
	options?: ExportPrivateKeyOptions,
): RsaPrivateKeyExports[Format];
/**
 * Exports a private key; `importPrivateKey` reads every one of the formats back. The PEM forms are byte
 * for byte what OpenSSL writes. What it returns is the caller's own, and secret.
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
 * @param options `password`: with `pkcs8`, encrypts (PBKDF2 with 600,000 rounds, AES-256-CBC)
 * @returns text, a JWK or bytes, as the format says
 * @throws TypeError when it is no private key, or the password is neither text nor bytes
 * @throws {KeyError} `key/unavailable` for a password where there is no Node
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
	const write = isRsaPrivateKey(key)
		? bindWriter(RSA_WRITERS, format, key)
		: bindWriter(WRITERS, format, key);
	checkOptions(EXPORT_OPTIONS, options, "exportPrivateKey");
	if (options.password === undefined) return write();
	if (format !== "pkcs8")
		throw invalidOption("password", "given with the format pkcs8 only", { subject: "exportPrivateKey" });
	const der = isRsaPrivateKey(key)
		? encodeRsaPkcs8(privateNumbersOf(key))
		: encodePkcs8(scalarOf(key), pointOf(key.publicKey));
	return encodePem("ENCRYPTED PRIVATE KEY", encryptPkcs8(der, requirePassword(options.password)));
}

/**
 * Exports a private key as an account file (Web3 Secret Storage, version 3: scrypt, AES-128-CTR), which
 * geth, ioctl and wallets read, and {@link importPrivateKey} with the password.
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
 * @param options `n`, `r`, `p`: scrypt's cost; 262144, 8, 1 unless told, about a second
 * @returns the file's content, for `JSON.stringify`
 * @throws TypeError when it is no private key, or the password is neither text nor bytes
 * @throws {KeyError} `key/password-required`, `key/limits`
 * @throws {ConfigError} `config/unknown-option`, `config/invalid-option`
 * @see Web3 Secret Storage Definition
 */
export async function exportKeystore(
	key: PrivateKey,
	password: Password,
	options: ExportKeystoreOptions = {},
): Promise<KeystoreV3> {
	checkOptions(KEYSTORE_OPTIONS, options, "exportKeystore");
	const scalar = scalarOf(key);
	const { n = 262_144, r = 8, p = 1 } = options;
	requireSafeScrypt({ n, r, p });
	return encryptKeystore(scalar, toAddressDigits(key.publicKey), requirePassword(password), { n, r, p });
}

function bindWriter<Key>(
	writers: Readonly<Record<string, (key: Key) => unknown>>,
	format: string,
	key: Key,
): () => unknown {
	const write = Object.hasOwn(writers, format) ? writers[format] : undefined;
	if (write !== undefined) return () => write(key);
	throw invalidOption("format", Object.keys(writers).join(", "), { subject: "exportPrivateKey" });
}
