/** @module */
import { KeyError } from "../errors/errors.js";
import { parseRsaPkcs8, parseRsaPrivateKey, type RawRsaPrivateKey } from "./formats/rsa-der.js";
import { parseRsaPrivateJwk, parseRsaPublicJwk } from "./formats/rsa-jwk.js";
import type { KeyImporter } from "./import-key.js";
import { RSA_PUBLIC_IMPORTER, throwNotBytes } from "./import-rsa-public-key.js";
import { expectedPrivateKey } from "./key-classes.js";
import { createRsaPrivateKey, type RsaPrivateKey } from "./rsa-private-key.js";
import type { RsaPublicKey } from "./rsa-public-key.js";

export const RSA_IMPORTER: KeyImporter<RsaPrivateKey, RsaPublicKey> = {
	...RSA_PUBLIC_IMPORTER,
	privatePem: {
		"RSA PRIVATE KEY": (der) => fromRaw(parseRsaPrivateKey(der)),
		"PRIVATE KEY": (der) => fromRaw(parseRsaPkcs8(der)),
	},
	privateJwk: (jwk) => {
		if (Object.hasOwn(jwk, "d")) return createRsaPrivateKey(parseRsaPrivateJwk(jwk));
		parseRsaPublicJwk(jwk);
		throw expectedPrivateKey();
	},
	privateBytes: throwNotBytes,
	async keystore() {
		throw new KeyError("key/wrong-algorithm", "a keystore contains a secp256k1 key: use the algorithm ES256K");
	},
};

function fromRaw({ components, publicKey }: RawRsaPrivateKey): RsaPrivateKey {
	const key = createRsaPrivateKey(components);
	if (publicKey === undefined || (publicKey.n === components.n && publicKey.e === components.e)) return key;
	throw new KeyError("key/mismatch", "the public key stored with the private key belongs to another key");
}
