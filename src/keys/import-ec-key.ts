/** @module */
import { KeyError } from "../errors/errors.js";
import { parseEcPkcs8, parseEcPrivateKey, type RawEcPrivateKey } from "./formats/ec-der.js";
import { parseEcJwk } from "./formats/ec-jwk.js";
import { parseSpki } from "./formats/key-types.js";
import type { KeyImporter, PublicKeyImporter } from "./import-key.js";
import { expectedPrivateKey, expectedPublicKey } from "./key-classes.js";
import { createPrivateKey, type PrivateKey } from "./private-key.js";
import { createPublicKey, type PublicKey } from "./public-key.js";
import { decodePoint, isScalar, POINT_LENGTH, SCALAR_LENGTH, toUncompressed } from "./secp256k1/curve.js";

const COMPRESSED_LENGTH = 33;
const XY_LENGTH = 64;

/** Imports public keys alone: a bundle that needs no private ones leaves out their formats. */
export const EC_PUBLIC_IMPORTER: PublicKeyImporter<PublicKey> = {
	algorithm: "ES256K",
	publicPem: { "PUBLIC KEY": (der) => fromEncodedPoint(parseSpki(der, "ES256K")) },
	publicJwk: (jwk) => fromEncodedPoint(toUncompressed(parseEcJwk(jwk).xy)),
	publicBytes,
};

export const EC_IMPORTER: KeyImporter<PrivateKey, PublicKey> = {
	...EC_PUBLIC_IMPORTER,
	privatePem: {
		"EC PRIVATE KEY": (der, curve) => fromRaw(parseEcPrivateKey(der, curve)),
		"PRIVATE KEY": (der) => fromRaw(parseEcPkcs8(der)),
	},
	privateJwk: (jwk) => {
		const { scalar, xy } = parseEcJwk(jwk);
		if (scalar === undefined) throw expectedPrivateKey();
		return fromRaw({ scalar, points: [toUncompressed(xy)] });
	},
	privateBytes,
	keystore: async (value, password) => {
		const { importKeystore } = await import("./on-demand.js");
		return importKeystore(value, password, (scalar) => fromRaw({ scalar, points: [] }));
	},
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

function privateBytes(bytes: Uint8Array): PrivateKey {
	const [first = 0] = bytes;
	if (bytes.length === SCALAR_LENGTH) return fromRaw({ scalar: bytes, points: [] });
	const isCompressed = bytes.length === COMPRESSED_LENGTH && (first === 2 || first === 3);
	if (isCompressed || (bytes.length === POINT_LENGTH && first === 4)) throw expectedPrivateKey();
	throw new KeyError("key/unrecognized", "expected a private key of 32 bytes");
}

function publicBytes(bytes: Uint8Array): PublicKey {
	if (bytes.length === SCALAR_LENGTH) throw expectedPublicKey();
	if (bytes.length === XY_LENGTH) return fromEncodedPoint(toUncompressed(bytes));
	if (bytes.length === COMPRESSED_LENGTH || bytes.length === POINT_LENGTH) return fromEncodedPoint(bytes);
	throw new KeyError("key/unrecognized", "expected a public key of 33, 64 or 65 bytes");
}

function fromRaw({ scalar, points }: RawEcPrivateKey): PrivateKey {
	if (!isScalar(scalar)) throw new KeyError("key/out-of-range", "the private scalar is not between 1 and n - 1");
	const key = createPrivateKey(new Uint8Array(scalar));
	if (points.every((point) => fromEncodedPoint(point).thumbprint === key.publicKey.thumbprint)) return key;
	throw new KeyError("key/mismatch", "the public key stored with the private key belongs to another key");
}
