/**
 * The interface of implementations of secp256k1.
 * @module
 */

/** The name of an implementation of secp256k1. */
export type CurveBackendName = "node:crypto" | "noble";

export interface CurveBackend {
	readonly name: CurveBackendName;
	/** Prepares a point (65 bytes) to verify well-formed signatures, with a low or high S. */
	prepareVerify(point: Uint8Array): VerifyHandle;
	/** Signs the SHA-256 of the bytes (RFC 6979): 64 bytes r||s, low-S. */
	sign(bytes: Uint8Array, scalar: Uint8Array): Uint8Array<ArrayBuffer>;
}

/** Verifies a signature (64 bytes, r and s in range) over the SHA-256 of the bytes. */
export type VerifyHandle = (bytes: Uint8Array, signature: Uint8Array) => boolean;
