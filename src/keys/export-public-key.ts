/**
 * Public keys into every form they come from.
 * @module
 */

import { encodeBase64 } from "../encoding/base64.js";
import { encodeHex } from "../encoding/hex.js";
import { encodeSpki } from "./containers/ec-der.js";
import { encodePublicJwk } from "./containers/jwk.js";
import { encodePem } from "./containers/pem.js";
import { invalidOption } from "./options.js";
import { type PublicKey, pointOf } from "./public-key.js";
import { compressPoint } from "./secp256k1.js";
import type { PublicKeyExports, PublicKeyFormat } from "./types.js";

type Point = Uint8Array<ArrayBuffer>;

const WRITERS: { readonly [Format in PublicKeyFormat]: (point: Point) => PublicKeyExports[Format] } = {
	spki: (point) => encodePem("PUBLIC KEY", encodeSpki(point)),
	"spki-base64": (point) => encodeBase64(encodeSpki(point)),
	jwk: encodePublicJwk,
	hex: encodeHex,
	"compressed-hex": (point) => encodeHex(compressPoint(point)),
	"xy-hex": (point) => encodeHex(point.subarray(1)),
	bytes: (point) => point.slice(),
	"compressed-bytes": compressPoint,
	"xy-bytes": (point) => point.slice(1),
};

/**
 * Exports a public key; `importPublicKey` reads every one of the formats back. What it returns is the
 * caller's own.
 *
 * @example
 * ```ts
 * import { exportPublicKey, importPublicKey } from "orgpass/keys";
 *
 * const key = importPublicKey("034f355bdcb7cc0af728ef3cceb9615d90684bb5b2ca5f859ab0f0b704075871aa");
 * exportPublicKey(key, "jwk").x; // => "TzVb3LfMCvco7zzOuWFdkGhLtbLKX4WasPC3BAdYcao"
 * exportPublicKey(key, "compressed-bytes").length; // => 33
 * ```
 * @param key a public key
 * @param format `spki` (PEM), `spki-base64`, `jwk`, `hex`, `compressed-hex`, `xy-hex`, `bytes` (65),
 *   `compressed-bytes` (33) or `xy-bytes` (64)
 * @returns text, a JWK or bytes, as the format says
 * @throws TypeError when it is no public key
 * @throws {ConfigError} `config/invalid-option` for an unknown format
 * @see RFC 5480, RFC 7517, RFC 8812, SEC 1 section 2.3.3
 */
export function exportPublicKey<Format extends PublicKeyFormat>(
	key: PublicKey,
	format: Format,
): PublicKeyExports[Format] {
	if (!Object.hasOwn(WRITERS, format)) {
		throw invalidOption("exportPublicKey", "format", Object.keys(WRITERS).join(", "));
	}
	return WRITERS[format](pointOf(key));
}
