/**
 * Public keys from every container they come in.
 * @module
 */

import * as z from "zod/mini";
import { KeyError } from "../errors.js";
import { checkOptions } from "../options/check-options.js";
import { parseEcJwk } from "./containers/ec-jwk.js";
import { openSpki } from "./containers/key-info.js";
import { decodePemBody, type PemBlock } from "./containers/pem.js";
import { PRIVATE_LABELS, refuseBlock } from "./containers/pem-labels.js";
import { type Container, orMalformed, readContainer } from "./containers/read-container.js";
import { importRsaPublicKey } from "./import-rsa-key.js";
import { algorithmOption } from "./options.js";
import { createPublicKey, type PublicKey } from "./public-key.js";
import { decodePoint, POINT_LENGTH, SCALAR_LENGTH, toUncompressed } from "./secp256k1.js";
import type { JwkInput, KeyAlgorithm, PublicKeys, UncheckedMembers } from "./types.js";
import { privateKeyArrived } from "./wrong-half.js";

/** What {@link importPublicKey} takes: text, the bytes of a point (33, 64 or 65), or a JWK. */
export type PublicKeyInput = string | Uint8Array | JwkInput;

/** Options of {@link importPublicKey}. */
export interface ImportPublicKeyOptions<Algorithm extends KeyAlgorithm = "ES256K"> {
	/** What the key is for; `ES256K` unless told. */
	readonly algorithm?: Algorithm | undefined;
}

const OPTIONS = z.strictObject({ algorithm: algorithmOption });
const COMPRESSED_LENGTH = 33;
const XY_LENGTH = 64;

/** Inside of this file the algorithm of a point is a constant. */
const algorithm = "ES256K";

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
	const container = readContainer(input, wanted);
	const key = wanted === "RS256" ? importRsaPublicKey(container) : importEcPublicKey(container);
	return key as PublicKeys[Algorithm];
}

/**
 * Makes a key of an encoded point.
 *
 * @internal
 * @param encoded SEC 1 section 2.3.3: 33 or 65 bytes
 * @returns the key
 * @throws {KeyError} `key/malformed`, `key/out-of-range`
 */
export function fromEncodedPoint(encoded: Uint8Array): PublicKey {
	const [first = 0] = encoded;
	const isCompressed = encoded.length === COMPRESSED_LENGTH && (first === 2 || first === 3);
	if (!isCompressed && !(encoded.length === POINT_LENGTH && first === 4)) {
		throw new KeyError(
			"key/malformed",
			"a point is 02 or 03 and 32 bytes, or 04 and 64 bytes; hybrid points are refused",
		);
	}
	const point = decodePoint(encoded);
	if (point !== undefined) return createPublicKey(point);
	throw new KeyError("key/out-of-range", "the point is not on the curve secp256k1");
}

function importEcPublicKey(container: Container): PublicKey {
	switch (container.kind) {
		case "pem":
			return fromPem(container.blocks);
		case "jwk":
			return fromJwk(container.value);
		case "base64":
			return fromSpki(() => container.bytes);
		case "bytes":
			return fromRawPoint(container.bytes);
		case "keystore":
			throw privateKeyArrived();
	}
}

function fromPem(blocks: readonly PemBlock[]): PublicKey {
	if (blocks.some(({ label }) => PRIVATE_LABELS.has(label))) throw privateKeyArrived();
	const [block, ...others] = blocks as [PemBlock, ...PemBlock[]];
	if (block.label !== "PUBLIC KEY") refuseBlock(block, algorithm);
	if (others.length > 0) throw new KeyError("key/unrecognized", "several keys in one text: give one");
	return fromSpki(() => decodePemBody(block));
}

function fromSpki(decode: () => Uint8Array): PublicKey {
	return fromEncodedPoint(orMalformed(() => openSpki(decode(), algorithm)));
}

function fromJwk(jwk: UncheckedMembers): PublicKey {
	if (Object.hasOwn(jwk, "d")) throw privateKeyArrived();
	return fromEncodedPoint(toUncompressed(orMalformed(() => parseEcJwk(jwk, "verify")).xy));
}

function fromRawPoint(bytes: Uint8Array): PublicKey {
	if (bytes.length === SCALAR_LENGTH) throw privateKeyArrived();
	if (bytes.length === XY_LENGTH) return fromEncodedPoint(toUncompressed(bytes));
	if (bytes.length === COMPRESSED_LENGTH || bytes.length === POINT_LENGTH) return fromEncodedPoint(bytes);
	throw new KeyError("key/unrecognized", "a public key is 33, 64 or 65 bytes");
}
