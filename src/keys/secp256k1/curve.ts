/**
 * Constants and point arithmetic of secp256k1 (SEC 2 section 2.4.1) that don't depend on a backend.
 * @module
 */
import { Point } from "@noble/secp256k1";
import { decodeHex } from "../../encoding/hex.js";
import { undefinedOnError } from "../../encoding/undefined-on-error.js";

const ZERO = new Uint8Array(32);
/** n. */
const ORDER = decodeHex("0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141");
/** (n - 1) / 2, the highest low S. */
const HALF_ORDER = decodeHex("0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0");
const UNCOMPRESSED = 4;

/** The length of a scalar or coordinate in bytes. */
export const SCALAR_LENGTH = 32;
/** The length of an uncompressed point in bytes: 04, x, y. */
export const POINT_LENGTH = 65;
/** The length of a signature in bytes: r, s. */
export const SIGNATURE_LENGTH = 64;

/** Checks whether the 32 bytes at an offset are a scalar from 1 to n - 1. */
export function isScalar(bytes: Uint8Array, offset = 0): boolean {
	return compare(bytes, offset, ORDER) < 0 && compare(bytes, offset, ZERO) > 0;
}

/** Checks whether bytes are well-formed as a signature: r and s, each from 1 to n - 1. */
export function isSignatureShape(bytes: Uint8Array): boolean {
	return bytes.length === SIGNATURE_LENGTH && isScalar(bytes) && isScalar(bytes, SCALAR_LENGTH);
}

/** Checks whether the S of a signature is high: then n - S is the low one. */
export function isHighS(signature: Uint8Array): boolean {
	return compare(signature, SCALAR_LENGTH, HALF_ORDER) > 0;
}

/** Returns a copy of a signature in its low-S form, which every verifier accepts. */
export function toLowS(signature: Uint8Array): Uint8Array<ArrayBuffer> {
	const result = new Uint8Array(signature);
	if (!isHighS(signature)) return result;
	let borrow = 0;
	for (let at = SCALAR_LENGTH - 1; at >= 0; at--) {
		const difference = (ORDER[at] as number) - (result[SCALAR_LENGTH + at] as number) - borrow;
		borrow = difference < 0 ? 1 : 0;
		// Stored modulo 256.
		result[SCALAR_LENGTH + at] = difference;
	}
	return result;
}

/** Decodes a compressed or uncompressed point (SEC 1 section 2.3.4), and checks that it is on the curve. */
export function decodePoint(bytes: Uint8Array): Uint8Array<ArrayBuffer> | undefined {
	return undefinedOnError(() => {
		const point = Point.fromBytes(bytes);
		// toBytes would check the point again.
		return new Uint8Array(bytes.length === POINT_LENGTH ? bytes : point.toBytes(false));
	});
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

/** Compares the 32 bytes at an offset with others, as numbers: negative, zero or positive. */
function compare(bytes: Uint8Array, offset: number, other: Uint8Array): number {
	for (let at = 0; at < SCALAR_LENGTH; at++) {
		const difference = (bytes[offset + at] as number) - (other[at] as number);
		if (difference !== 0) return difference;
	}
	return 0;
}
