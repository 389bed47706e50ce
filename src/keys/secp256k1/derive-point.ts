/**
 * The public point of a private scalar, with @noble/secp256k1. Imported as `#derive-point`.
 * @module
 */
import { getPublicKey } from "@noble/secp256k1";

/** Computes the public point (65 bytes) of a scalar (32 bytes, from 1 to n - 1). */
export function derivePoint(scalar: Uint8Array): Uint8Array<ArrayBuffer> {
	return new Uint8Array(getPublicKey(scalar, false));
}
