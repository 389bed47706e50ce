/**
 * The arguments of native calls, in memory that is used again for every call: V8 would have to move a small new array out
 * of its heap first, which takes longer than SHA-256. None of them is secret.
 * @module
 */
import { Buffer } from "node:buffer";
import { hash } from "node:crypto";
import { SIGNATURE_LENGTH } from "./curve.js";

const digest = Buffer.alloc(32);
const signature = Buffer.alloc(SIGNATURE_LENGTH);

/** Returns the SHA-256 hash, which is overwritten by the next call. */
export function sha256(data: Uint8Array | string): Uint8Array {
	digest.write(hash("sha256", data, "binary"), "binary");
	return digest;
}

/** Returns a copy of a signature, which is overwritten by the next call. */
export function copySignature(bytes: Uint8Array): Uint8Array {
	signature.set(bytes);
	return signature;
}
