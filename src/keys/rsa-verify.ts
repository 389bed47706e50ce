/**
 * RS256 verification with WebCrypto, in runtimes without Node's built-ins. Imported as `#rsa-verify`.
 * @module
 */
import type { RsaPublicJwk } from "./formats/jwk.js";
import { importRsaJwk, RSA_ALGORITHM } from "./rsa-web-crypto.js";

/** Verifies a signature as long as the modulus. The bytes must not change until there is a result. */
export type RsaVerifyHandle = (bytes: Uint8Array, signature: Uint8Array) => boolean | Promise<boolean>;

/** Imports an already validated key. */
export type PrepareRsaVerify = (jwk: RsaPublicJwk) => RsaVerifyHandle;

export const prepareRsaVerify: PrepareRsaVerify = (jwk) => {
	const importing = importRsaJwk(jwk, "verify");
	return async (bytes, signature) =>
		crypto.subtle.verify(
			RSA_ALGORITHM.name,
			await importing,
			signature as Uint8Array<ArrayBuffer>,
			bytes as Uint8Array<ArrayBuffer>,
		);
};
