/**
 * secp256k1 and RSA keys: generate, import, export, sign, verify.
 * @module
 */

export type { Hex } from "./encoding/hex.js";
export { toAddress, toIoAddress } from "./keys/address.js";
export type { KeyAlgorithm } from "./keys/algorithm.js";
export { fromDerSignature } from "./keys/der-signature.js";
export {
	type ExportKeystoreOptions,
	type ExportPrivateKeyOptions,
	exportKeystore,
	exportPrivateKey,
	type PrivateKeyFormat,
	type RsaPrivateKeyFormat,
} from "./keys/export-private-key.js";
export {
	exportPublicKey,
	type PublicKeyExports,
	type PublicKeyFormat,
	type RsaPublicKeyExports,
	type RsaPublicKeyFormat,
} from "./keys/export-public-key.js";
export type {
	EcPrivateJwk,
	EcPublicJwk,
	JwkInput,
	KeystoreV3,
	RsaPrivateJwk,
	RsaPublicJwk,
} from "./keys/formats/jwk.js";
export { type GenerateKeyPairOptions, generateKeyPair, type KeyPair } from "./keys/generate.js";
export {
	type ImportPrivateKeyOptions,
	importPrivateKey,
	type PrivateKeyInput,
} from "./keys/import-private-key.js";
export {
	type ImportPublicKeyOptions,
	importPublicKey,
	type PublicKeyInput,
} from "./keys/import-public-key.js";
export type { PrivateKeys, PublicKeys } from "./keys/key-classes.js";
export type { Password } from "./keys/password.js";
export { PrivateKey } from "./keys/private-key.js";
export type { PrivateKeyExports, RsaPrivateKeyExports } from "./keys/private-key-writers.js";
export { PublicKey } from "./keys/public-key.js";
export { recoverAddress } from "./keys/recover-address.js";
export {
	createRemoteSigner,
	type RemoteDigestSigner,
	type RemoteMessageSigner,
	type RemoteSign,
	type RemoteSignatureFormat,
	type RemoteSignerBase,
	type RemoteSignerOptions,
} from "./keys/remote-signer.js";
export { RsaPrivateKey } from "./keys/rsa-private-key.js";
export { RsaPublicKey } from "./keys/rsa-public-key.js";
export { curveBackend, useCurveBackend } from "./keys/secp256k1/choose-backend.js";
export type { CurveBackendName, CurveOperation } from "./keys/secp256k1/curve-backend.js";
export { signData, verifyData } from "./keys/sign.js";
export type { Signer } from "./keys/signer.js";
export { thumbprint } from "./keys/thumbprint.js";
