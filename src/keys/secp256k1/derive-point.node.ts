/**
 * The public point of a private scalar, with node:crypto: before its first result, noble computes a table, which takes
 * longer than Node needs to start. Imported as `#derive-point`.
 * @module
 */
import { createECDH } from "node:crypto";
import { undefinedOnError } from "../../encoding/undefined-on-error.js";
import { derivePoint as deriveWithNoble } from "./derive-point.js";

/** Computes the public point (65 bytes) of a scalar (32 bytes, from 1 to n - 1). Some builds of OpenSSL have no secp256k1. */
export function derivePoint(scalar: Uint8Array): Uint8Array<ArrayBuffer> {
	return undefinedOnError(() => deriveWithOpenSsl(scalar)) ?? deriveWithNoble(scalar);
}

function deriveWithOpenSsl(scalar: Uint8Array): Uint8Array<ArrayBuffer> {
	const ecdh = createECDH("secp256k1");
	ecdh.setPrivateKey(scalar);
	return new Uint8Array(ecdh.getPublicKey());
}
