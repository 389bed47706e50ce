/**
 * RS256 verification with WebCrypto, in runtimes without Node's built-ins. Imported as `#rsa-verify`.
 * @module
 */
import { toBytes } from "../encoding/utf8.js";
import type { RsaPublicJwk } from "./formats/jwk.js";
import { importRsaJwk, RSA_ALGORITHM } from "./rsa-web-crypto.js";

/** Verifies a signature as long as the modulus over bytes, which must not change until there is a result, or a text. */
export type RsaVerifyHandle = (data: Uint8Array | string, signature: Uint8Array) => boolean | Promise<boolean>;

/** Imports an already validated key. */
export type PrepareRsaVerify = (jwk: RsaPublicJwk) => RsaVerifyHandle;

export const prepareRsaVerify: PrepareRsaVerify = (jwk) => {
	const importing = importRsaJwk(jwk, "verify");
	return async (data, signature) =>
		crypto.subtle.verify(
			RSA_ALGORITHM.name,
			await importing,
			signature as Uint8Array<ArrayBuffer>,
			toBytes(data) as Uint8Array<ArrayBuffer>,
		);
};
