/**
 * The interface of implementations of secp256k1.
 * @module
 */

/** The name of an implementation of secp256k1: a package, or Node's built-in. */
export type CurveBackendName = "secp256k1" | "tiny-secp256k1" | "node:crypto" | "noble";

/** What a backend may implement. None modifies or keeps the bytes it is given, other than the point it prepares. */
export interface CurveOperations {
	/** Prepares a point (65 bytes) to verify signatures. */
	readonly verify: (point: Uint8Array) => VerifyHandle;
	/** Signs the SHA-256 of the bytes (RFC 6979): 64 bytes r||s, low-S. */
	readonly sign: (bytes: Uint8Array, scalar: Uint8Array) => Uint8Array<ArrayBuffer>;
	/** Recovers the point (65 bytes) whose key signed 32 bytes; throws if there is none. */
	readonly recover: (digest: Uint8Array, signature: Uint8Array, recovery: 0 | 1) => Uint8Array;
}

/** Verifies a signature (64 bytes, r and s in range, low or high S) over the SHA-256 of the bytes, or of a text's UTF-8. */
export type VerifyHandle = (data: Uint8Array | string, signature: Uint8Array) => boolean;

/** An operation on the curve. */
export type CurveOperation = keyof CurveOperations;

/** An implementation of the curve, or of a part of it. */
export type CurveBackend = Partial<CurveOperations>;

/** A backend that is loaded on first use. */
export interface BackendSource {
	readonly name: CurveBackendName;
	/** Throws if the backend isn't installed or doesn't work in this runtime. */
	readonly load: () => CurveBackend;
}
