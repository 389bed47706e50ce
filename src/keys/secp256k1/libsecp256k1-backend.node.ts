/**
 * secp256k1 with libsecp256k1 as a native module, from the optional package `secp256k1`.
 * @module
 */
import { randomBytes } from "node:crypto";
import { isHighS, toLowS } from "./curve.js";
import type { CurveBackend } from "./curve-backend.js";
import { requirePackage } from "./require-package.node.js";
import { copySignature, sha256 } from "./scratch.node.js";

interface Bindings {
	contextRandomize(seed: Uint8Array): void;
	ecdsaVerify(signature: Uint8Array, digest: Uint8Array, point: Uint8Array): boolean;
	ecdsaSign(digest: Uint8Array, scalar: Uint8Array): { readonly signature: Uint8Array<ArrayBuffer> };
	ecdsaRecover(signature: Uint8Array, recovery: number, digest: Uint8Array, compressed: boolean): Uint8Array;
}

/** Loads the native module; throws if it isn't installed or wasn't built for this platform. */
export function loadLibsecp256k1(): CurveBackend {
	// The package's main file falls back to elliptic without saying so.
	const bindings = requirePackage("secp256k1/bindings.js") as Bindings;
	// Blinds the scalar while it signs, as the library's documentation recommends.
	bindings.contextRandomize(randomBytes(32));
	return {
		// Uncompressed points need no square root. The library rejects high S.
		verify: (point) => (data, signature) =>
			bindings.ecdsaVerify(copySignature(isHighS(signature) ? toLowS(signature) : signature), sha256(data), point),
		sign: (bytes, scalar) => bindings.ecdsaSign(sha256(bytes), scalar).signature,
		recover: (digest, signature, recovery) => bindings.ecdsaRecover(signature, recovery, digest, false),
	};
}
