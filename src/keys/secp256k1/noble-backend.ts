/**
 * secp256k1 with @noble/secp256k1: runs everywhere, and signs deterministically.
 * @module
 */
import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { hashes, sign, verify } from "@noble/secp256k1";
import type { CurveBackend } from "./curve-backend.js";

hashes.sha256 = sha256;
hashes.hmacSha256 = (key, message) => hmac(sha256, key, message);

// RFC 8812 allows high-S, which half of OpenSSL's signatures have; noble rejects it by default.
const VERIFY_OPTIONS = { prehash: true, lowS: false } as const;
const SIGN_OPTIONS = { prehash: true, lowS: true, extraEntropy: false } as const;

/** The portable backend. */
export const nobleBackend: CurveBackend = {
	name: "noble",
	prepareVerify(point) {
		return (bytes, signature) => verify(signature, bytes, point, VERIFY_OPTIONS);
	},
	sign(bytes, scalar) {
		return new Uint8Array(sign(bytes, scalar, SIGN_OPTIONS));
	},
};
