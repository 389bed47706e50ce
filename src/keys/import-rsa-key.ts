/** @module */
import { KeyError } from "../errors/errors.js";
import {
	parseRsaPkcs8,
	parseRsaPrivateKey,
	parseRsaPublicKey,
	parseRsaSpki,
	type RawRsaPrivateKey,
} from "./formats/rsa-der.js";
import { parseRsaPrivateJwk, parseRsaPublicJwk } from "./formats/rsa-jwk.js";
import type { KeyImporter } from "./import-key.js";
import { expectedPrivateKey } from "./key-classes.js";
import {
	assertSafePrivateComponents,
	assertSafePublicComponents,
	type RsaPrivateComponents,
	type RsaPublicComponents,
} from "./rsa-components.js";
import { createRsaPrivateKey, type RsaPrivateKey } from "./rsa-private-key.js";
import { createRsaPublicKey, type RsaPublicKey } from "./rsa-public-key.js";

export const RSA_IMPORTER: KeyImporter<RsaPrivateKey, RsaPublicKey> = {
	algorithm: "RS256",
	privatePem: {
		"RSA PRIVATE KEY": (der) => fromRaw(parseRsaPrivateKey(der)),
		"PRIVATE KEY": (der) => fromRaw(parseRsaPkcs8(der)),
	},
	publicPem: {
		"RSA PUBLIC KEY": (der) => fromComponents(parseRsaPublicKey(der)),
		"PUBLIC KEY": (der) => fromComponents(parseRsaSpki(der)),
	},
	privateJwk: (jwk) => {
		if (Object.hasOwn(jwk, "d")) return toRsaPrivateKey(parseRsaPrivateJwk(jwk));
		parseRsaPublicJwk(jwk);
		throw expectedPrivateKey();
	},
	publicJwk: (jwk) => fromComponents(parseRsaPublicJwk(jwk)),
	privateBytes: throwNotBytes,
	publicBytes: throwNotBytes,
	async keystore() {
		throw new KeyError("key/wrong-algorithm", "a keystore contains a secp256k1 key: use the algorithm ES256K");
	},
};

/** Creates a private key from components, and checks them. */
export function toRsaPrivateKey(components: RsaPrivateComponents): RsaPrivateKey {
	assertSafePrivateComponents(components);
	return createRsaPrivateKey(components);
}

function fromRaw({ components, publicKey }: RawRsaPrivateKey): RsaPrivateKey {
	const key = toRsaPrivateKey(components);
	if (publicKey === undefined || (publicKey.n === components.n && publicKey.e === components.e)) return key;
	throw new KeyError("key/mismatch", "the public key stored with the private key belongs to another key");
}

function fromComponents(components: RsaPublicComponents): RsaPublicKey {
	assertSafePublicComponents(components);
	return createRsaPublicKey(components);
}

function throwNotBytes(): never {
	throw new KeyError("key/unrecognized", "expected an RSA key as PEM or JWK, not as hexadecimal or bytes");
}
