/**
 * Constants and point arithmetic of secp256k1 (SEC 2 section 2.4.1) that don't depend on a backend.
 * @module
 */
import { getPublicKey, Point } from "@noble/secp256k1";
import { undefinedOnError } from "../../encoding/undefined-on-error.js";

const ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
const HALF_ORDER = ORDER >> 1n;
const UNCOMPRESSED = 4;

/** The length of a scalar or coordinate in bytes. */
export const SCALAR_LENGTH = 32;
/** The length of an uncompressed point in bytes: 04, x, y. */
export const POINT_LENGTH = 65;
/** The length of a signature in bytes: r, s. */
export const SIGNATURE_LENGTH = 64;

/** Checks whether 32 bytes are a scalar from 1 to n - 1. */
export function isScalar(bytes: Uint8Array): boolean {
	const value = toBigInt(bytes);
	return value > 0n && value < ORDER;
}

/** Checks whether bytes are well-formed as a signature: r and s, each from 1 to n - 1. */
export function isSignatureShape(bytes: Uint8Array): boolean {
	return bytes.length === SIGNATURE_LENGTH && isScalar(bytes.subarray(0, 32)) && isScalar(bytes.subarray(32));
}

/** Returns the low-S form of a signature, which every verifier accepts. */
export function toLowS(signature: Uint8Array): Uint8Array<ArrayBuffer> {
	const result = new Uint8Array(signature);
	let s = toBigInt(signature.subarray(32));
	if (s <= HALF_ORDER) return result;
	s = ORDER - s;
	for (let at = SIGNATURE_LENGTH - 1; at >= 32; at--, s >>= 8n) result[at] = Number(s & 0xffn);
	return result;
}

/** Computes the public point of a scalar. */
export function derivePoint(scalar: Uint8Array): Uint8Array<ArrayBuffer> {
	return new Uint8Array(getPublicKey(scalar, false));
}

/** Decodes a compressed or uncompressed point (SEC 1 section 2.3.4), and checks that it is on the curve. */
export function decodePoint(bytes: Uint8Array): Uint8Array<ArrayBuffer> | undefined {
	return undefinedOnError(() => new Uint8Array(Point.fromBytes(bytes).toBytes(false)));
}

export function compressPoint(point: Uint8Array): Uint8Array<ArrayBuffer> {
	const compressed = point.slice(0, 33) as Uint8Array<ArrayBuffer>;
	compressed[0] = 2 + ((point[POINT_LENGTH - 1] as number) & 1);
	return compressed;
}

/** Creates an uncompressed point from its coordinates, unchecked. */
export function toUncompressed(xy: Uint8Array): Uint8Array<ArrayBuffer> {
	const point = new Uint8Array(POINT_LENGTH);
	point[0] = UNCOMPRESSED;
	point.set(xy, 1);
	return point;
}

function toBigInt(bytes: Uint8Array): bigint {
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	let value = 0n;
	for (let at = 0; at < bytes.length; at += 8) value = (value << 64n) | view.getBigUint64(at);
	return value;
}
