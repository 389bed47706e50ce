/**
 * secp256k1 with @noble/secp256k1: runs everywhere.
 * @module
 */
import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { hashes, recoverPublicKey, sign, verify } from "@noble/secp256k1";
import { toBytes } from "../../encoding/utf8.js";
import { SIGNATURE_LENGTH } from "./curve.js";
import type { CurveOperations } from "./curve-backend.js";

hashes.sha256 = sha256;
hashes.hmacSha256 = (key, message) => hmac(sha256, key, message);

// RFC 8812 allows high-S, which half of OpenSSL's signatures have; noble rejects it by default.
const VERIFY_OPTIONS = { prehash: true, lowS: false } as const;
const SIGN_OPTIONS = { prehash: true, lowS: true, extraEntropy: false } as const;
const RECOVER_OPTIONS = { prehash: false, isCompressed: false } as const;

/** The portable backend, which implements every operation. */
export const nobleBackend: CurveOperations = {
	verify: (point) => (data, signature) => verify(signature, toBytes(data), point, VERIFY_OPTIONS),
	sign: (bytes, scalar) => new Uint8Array(sign(bytes, scalar, SIGN_OPTIONS)),
	recover(digest, signature, recovery) {
		const recoverable = new Uint8Array(1 + SIGNATURE_LENGTH);
		recoverable[0] = recovery;
		recoverable.set(signature, 1);
		return recoverPublicKey(recoverable, digest, RECOVER_OPTIONS);
	},
};
