/**
 * What an implementation of secp256k1 must offer.
 * @module
 */

/** The name of an implementation of secp256k1. */
export type CurveBackendName = "node:crypto" | "noble";

/** An implementation of secp256k1. */
export interface CurveBackend {
	readonly name: CurveBackendName;
	/** Prepares a point (65 bytes) once; the result verifies signatures of the right shape, high-S too. */
	prepareVerify(point: Uint8Array): VerifyHandle;
	/** Signs SHA-256 of the bytes: RFC 6979, low-S, 64 bytes r||s. */
	sign(bytes: Uint8Array, scalar: Uint8Array): Uint8Array<ArrayBuffer>;
}

/** Verifies a signature (64 bytes, r and s in range) over SHA-256 of the bytes. */
export type VerifyHandle = (bytes: Uint8Array, signature: Uint8Array) => boolean;
