/** @module */
import { KeyError } from "../errors/errors.js";
import { parseEcPkcs8, parseEcPrivateKey, type RawEcPrivateKey } from "./formats/ec-der.js";
import { parseEcJwk } from "./formats/ec-jwk.js";
import { EC_PUBLIC_IMPORTER, fromEncodedPoint } from "./import-ec-public-key.js";
import type { KeyImporter } from "./import-key.js";
import { expectedPrivateKey } from "./key-classes.js";
import { loadOnDemand } from "./load-on-demand.js";
import { createPrivateKey, type PrivateKey } from "./private-key.js";
import type { PublicKey } from "./public-key.js";
import { isScalar, POINT_LENGTH, SCALAR_LENGTH, toUncompressed } from "./secp256k1/curve.js";

const COMPRESSED_LENGTH = 33;

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
		const { importKeystore } = await loadOnDemand();
		return importKeystore(value, password, (scalar) => fromRaw({ scalar, points: [] }));
	},
};

function privateBytes(bytes: Uint8Array): PrivateKey {
	const [first = 0] = bytes;
	if (bytes.length === SCALAR_LENGTH) return fromRaw({ scalar: bytes, points: [] });
	const isCompressed = bytes.length === COMPRESSED_LENGTH && (first === 2 || first === 3);
	if (isCompressed || (bytes.length === POINT_LENGTH && first === 4)) throw expectedPrivateKey();
	throw new KeyError("key/unrecognized", `expected a private key of 32 bytes, got ${bytes.length}`);
}

function fromRaw({ scalar, points }: RawEcPrivateKey): PrivateKey {
	if (!isScalar(scalar)) throw new KeyError("key/out-of-range", "the private scalar is not between 1 and n - 1");
	const key = createPrivateKey(new Uint8Array(scalar));
	if (points.every((point) => fromEncodedPoint(point).thumbprint === key.publicKey.thumbprint)) return key;
	throw new KeyError("key/mismatch", "the public key stored with the private key belongs to another key");
}
