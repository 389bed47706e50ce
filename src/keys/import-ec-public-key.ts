/** @module */
import { KeyError } from "../errors/errors.js";
import { parseEcJwk } from "./formats/ec-jwk.js";
import { parseSpki } from "./formats/key-types.js";
import type { PublicKeyImporter } from "./import-key.js";
import { expectedPublicKey } from "./key-classes.js";
import { createPublicKey, type PublicKey } from "./public-key.js";
import { decodePoint, POINT_LENGTH, SCALAR_LENGTH, toUncompressed } from "./secp256k1/curve.js";

const COMPRESSED_LENGTH = 33;
const XY_LENGTH = 64;

export const EC_PUBLIC_IMPORTER: PublicKeyImporter<PublicKey> = {
	algorithm: "ES256K",
	publicPem: { "PUBLIC KEY": (der) => fromEncodedPoint(parseSpki(der, "ES256K")) },
	publicJwk: (jwk) => fromEncodedPoint(toUncompressed(parseEcJwk(jwk).xy)),
	publicBytes,
};

export function fromEncodedPoint(encoded: Uint8Array): PublicKey {
	const [first = 0] = encoded;
	const isCompressed = encoded.length === COMPRESSED_LENGTH && (first === 2 || first === 3);
	if (!isCompressed && !(encoded.length === POINT_LENGTH && first === 4)) {
		throw new KeyError(
			"key/malformed",
			"expected a point as 02 or 03 and 32 bytes, or 04 and 64 bytes (hybrid points are not supported)",
		);
	}
	const point = decodePoint(encoded);
	if (point !== undefined) return createPublicKey(point);
	throw new KeyError("key/out-of-range", "the point is not on the curve secp256k1");
}

function publicBytes(bytes: Uint8Array): PublicKey {
	if (bytes.length === SCALAR_LENGTH) throw expectedPublicKey();
	if (bytes.length === XY_LENGTH) return fromEncodedPoint(toUncompressed(bytes));
	if (bytes.length === COMPRESSED_LENGTH || bytes.length === POINT_LENGTH) return fromEncodedPoint(bytes);
	throw new KeyError("key/unrecognized", `expected a public key of 33, 64 or 65 bytes, got ${bytes.length}`);
}
