/** @module */
import { KeyError } from "../errors/errors.js";
import { parseRsaPublicKey, parseRsaSpki } from "./formats/rsa-der.js";
import { parseRsaPublicJwk } from "./formats/rsa-jwk.js";
import type { PublicKeyImporter } from "./import-key.js";
import { assertSafePublicComponents, type RsaPublicComponents } from "./rsa-components.js";
import { createRsaPublicKey, type RsaPublicKey } from "./rsa-public-key.js";

export const RSA_PUBLIC_IMPORTER: PublicKeyImporter<RsaPublicKey> = {
	algorithm: "RS256",
	publicPem: {
		"RSA PUBLIC KEY": (der) => fromComponents(parseRsaPublicKey(der)),
		"PUBLIC KEY": (der) => fromComponents(parseRsaSpki(der)),
	},
	publicJwk: (jwk) => fromComponents(parseRsaPublicJwk(jwk)),
	publicBytes: throwNotBytes,
};

export function throwNotBytes(): never {
	throw new KeyError("key/unrecognized", "expected an RSA key as PEM or JWK, not as hexadecimal or bytes");
}

function fromComponents(components: RsaPublicComponents): RsaPublicKey {
	assertSafePublicComponents(components);
	return createRsaPublicKey(components);
}
