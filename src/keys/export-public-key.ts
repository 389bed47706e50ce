/** @module */
import { encodeBase64 } from "../encoding/base64.js";
import { encodeHex, type Hex } from "../encoding/hex.js";
import { invalidOption } from "../options/invalid-option.js";
import { encodeEcSpki } from "./formats/ec-der.js";
import { encodeEcPublicJwk } from "./formats/ec-jwk.js";
import type { EcPublicJwk, RsaPublicJwk } from "./formats/jwk.js";
import { encodePem } from "./formats/pem.js";
import { encodeRsaPublicKey, encodeRsaSpki } from "./formats/rsa-der.js";
import { encodeRsaPublicJwk } from "./formats/rsa-jwk.js";
import { type PublicKey, pointOf } from "./public-key.js";
import type { RsaPublicComponents } from "./rsa-components.js";
import { isRsaPublicKey, publicComponentsOf, type RsaPublicKey } from "./rsa-public-key.js";
import { compressPoint } from "./secp256k1/curve.js";

/** The results of {@link exportPublicKey} for a secp256k1 key, by format. */
export interface PublicKeyExports {
	/** SubjectPublicKeyInfo as PEM (RFC 5280), like `openssl ec -pubout`. */
	readonly spki: string;
	/** The same without the PEM armor: one line of base64. */
	readonly "spki-base64": string;
	readonly jwk: EcPublicJwk;
	/** The uncompressed point: `0x04` and 128 digits. */
	readonly hex: Hex;
	/** The compressed point: `0x02` or `0x03` and 64 digits. */
	readonly "compressed-hex": Hex;
	/** The coordinates alone: `0x` and 128 digits. */
	readonly "xy-hex": Hex;
	/** The uncompressed point: 65 bytes. */
	readonly bytes: Uint8Array<ArrayBuffer>;
	/** The compressed point: 33 bytes. */
	readonly "compressed-bytes": Uint8Array<ArrayBuffer>;
	/** The coordinates alone: 64 bytes. */
	readonly "xy-bytes": Uint8Array<ArrayBuffer>;
}

/** A format of {@link exportPublicKey} for secp256k1 keys. */
export type PublicKeyFormat = keyof PublicKeyExports;

/** The results of {@link exportPublicKey} for an RSA key, by format. */
export interface RsaPublicKeyExports {
	/** SubjectPublicKeyInfo as PEM (RFC 5280), like `openssl rsa -pubout`. */
	readonly spki: string;
	/** The same without the PEM armor: one line of base64. */
	readonly "spki-base64": string;
	/** RSAPublicKey as PEM (RFC 8017), like `openssl rsa -RSAPublicKey_out`. */
	readonly pkcs1: string;
	readonly jwk: RsaPublicJwk;
}

/** A format of {@link exportPublicKey} for RSA keys. */
export type RsaPublicKeyFormat = keyof RsaPublicKeyExports;

const EC_WRITERS: Writers<Uint8Array<ArrayBuffer>, PublicKeyExports> = {
	spki: (point) => encodePem("PUBLIC KEY", encodeEcSpki(point)),
	"spki-base64": (point) => encodeBase64(encodeEcSpki(point)),
	jwk: encodeEcPublicJwk,
	hex: encodeHex,
	"compressed-hex": (point) => encodeHex(compressPoint(point)),
	"xy-hex": (point) => encodeHex(point.subarray(1)),
	bytes: (point) => point.slice(),
	"compressed-bytes": compressPoint,
	"xy-bytes": (point) => point.slice(1),
};

const RSA_WRITERS: Writers<RsaPublicComponents, RsaPublicKeyExports> = {
	spki: (components) => encodePem("PUBLIC KEY", encodeRsaSpki(components)),
	"spki-base64": (components) => encodeBase64(encodeRsaSpki(components)),
	pkcs1: (components) => encodePem("RSA PUBLIC KEY", encodeRsaPublicKey(components)),
	jwk: encodeRsaPublicJwk,
};

/** Exports an RSA public key: see the overload for secp256k1 keys. */
export function exportPublicKey<Format extends RsaPublicKeyFormat>(
	key: RsaPublicKey,
	format: Format,
): RsaPublicKeyExports[Format];
/**
 * Exports a public key in a format that `importPublicKey` reads. The result is a copy.
 *
 * @example
 * ```ts
 * import { exportPublicKey, importPublicKey } from "orgpass/keys";
 *
 * const key = importPublicKey("034f355bdcb7cc0af728ef3cceb9615d90684bb5b2ca5f859ab0f0b704075871aa");
 * exportPublicKey(key, "jwk").x; // => "TzVb3LfMCvco7zzOuWFdkGhLtbLKX4WasPC3BAdYcao"
 * exportPublicKey(key, "compressed-bytes").length; // => 33
 * ```
 * @param key a public key, secp256k1 or RSA
 * @param format `spki` (PEM), `spki-base64` or `jwk`; for secp256k1 also `hex`, `compressed-hex`, `xy-hex`,
 *   `bytes` (65), `compressed-bytes` (33) or `xy-bytes` (64); for RSA also `pkcs1` (PEM)
 * @returns text, a JWK or bytes, depending on the format
 * @throws TypeError if `key` isn't a public key
 * @throws {ConfigError} `config/invalid-option` if this type of key doesn't have the format
 * @see RFC 5480, RFC 7517, RFC 8017, RFC 8812, SEC 1 section 2.3.3
 */
export function exportPublicKey<Format extends PublicKeyFormat>(
	key: PublicKey,
	format: Format,
): PublicKeyExports[Format];
export function exportPublicKey(key: PublicKey | RsaPublicKey, format: string): unknown {
	if (isRsaPublicKey(key)) return findWriter(RSA_WRITERS, format, "exportPublicKey")(publicComponentsOf(key));
	return findWriter(EC_WRITERS, format, "exportPublicKey")(pointOf(key));
}

/** How a key is written, by format. */
export type Writers<Key, Exports> = { readonly [Format in keyof Exports]: (key: Key) => Exports[Format] };

export function findWriter<Writer>(writers: Readonly<Record<string, Writer>>, format: string, subject: string): Writer {
	if (Object.hasOwn(writers, format)) return writers[format] as Writer;
	throw invalidOption("format", `one of ${Object.keys(writers).join(", ")}`, { subject });
}
