/**
 * Signatures, valid and not, over which implementations of secp256k1 might disagree: input number n is always the same.
 * @module
 */
import { hash } from "node:crypto";
import { recoverPublicKey } from "@noble/secp256k1";
import { undefinedOnError } from "../../src/encoding/undefined-on-error.ts";
import { decodePoint } from "../../src/keys/secp256k1/curve.ts";
import type { CurveOperations } from "../../src/keys/secp256k1/curve-backend.ts";
import { derivePoint } from "../../src/keys/secp256k1/derive-point.ts";

export interface CurveInput {
	readonly kind: string;
	readonly scalar: Uint8Array;
	readonly point: Uint8Array;
	readonly bytes: Uint8Array;
	readonly digest: Uint8Array;
	/** r and s may be out of range. */
	readonly signature: Uint8Array;
	readonly recovery: 0 | 1;
	/** Known from how the signature was made. */
	readonly isValid: boolean;
}

/** The order of the group, n, and the prime of the field, p (SEC 2 section 2.4.1). */
const N = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
const P = 2n ** 256n - 2n ** 32n - 977n;
const HALF = N / 2n;

/** Scalars for keys, r and s: small, large and around the border between low and high S. */
const BOUNDARIES = [1n, 2n, 3n, P - N - 1n, P - N, HALF - 1n, HALF, HALF + 1n, HALF + 2n, N - 2n, N - 1n];
const OUT_OF_RANGE = [0n, N, N + 1n, P - 1n, P, P + 1n, 2n ** 256n - 1n];
const RANDOM_KEYS = 16;
const UNCOMPRESSED = { prehash: false, isCompressed: false } as const;

const toBytes = (value: bigint): Uint8Array => Buffer.from(value.toString(16).padStart(64, "0"), "hex");
const toBigInt = (bytes: Uint8Array): bigint => BigInt(`0x${Buffer.from(bytes).toString("hex")}`);
const join = (...parts: readonly Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(parts));
const pick = <Item>(list: readonly Item[], at: number): Item => list[at % list.length] as Item;

/** Creates the inputs with an implementation that signs and recovers. */
export function createCurveInputs({
	sign,
	recover,
}: Pick<CurveOperations, "sign" | "recover">): (index: number) => CurveInput {
	const scalars = [...BOUNDARIES, ...Array.from({ length: RANDOM_KEYS }, (_, index) => randomScalar(`key ${index}`))];
	const pairs = scalars.map(toBytes).map((scalar) => ({ scalar, point: derivePoint(scalar) }));
	const oddPoints = findOddPoints();
	const overflowing = findOverflowing();
	return (index) => {
		const random = hash("sha256", `input ${index}`, "buffer");
		const bit = random.readUInt16LE(0);
		const pair = pick(pairs, random.readUInt16LE(2));
		const bytes = random.subarray(0, index % 33);
		const signature = sign(bytes, pair.scalar);
		const invalid = {
			...pair,
			bytes,
			digest: hash("sha256", bytes, "buffer"),
			recovery: (bit & 1) as 0 | 1,
			signature,
			isValid: false,
		};
		const valid = { ...invalid, isValid: true };
		switch (index % 9) {
			case 0:
				return { ...valid, kind: "valid" };
			case 1:
				return { ...valid, kind: "high-S twin", signature: twin(signature) };
			case 2:
				return { ...valid, kind: "R has an x above n", ...pick(overflowing, bit) };
			case 3:
				return { ...invalid, kind: "a flipped bit", signature: flip(signature, bit) };
			case 4:
				return { ...invalid, kind: "other data", bytes: random.subarray(0, bytes.length + 1) };
			case 5:
				return { ...invalid, kind: "a point near the field's limits", point: pick(oddPoints, bit) };
			case 6:
				return { ...invalid, kind: "random r and s", signature: join(random, hash("sha256", random, "buffer")) };
			case 7:
				return { ...invalid, kind: "out of range", signature: outOfRange(signature, bit) };
			default:
				return { ...invalid, ...atBoundaries(invalid, random, recover) };
		}
	};
}

/** A signature whose r and s are boundaries, with the key for which it is valid, if there is one. */
function atBoundaries(
	{ digest, recovery }: Pick<CurveInput, "digest" | "recovery">,
	random: Buffer,
	recover: CurveOperations["recover"],
): Pick<CurveInput, "kind" | "signature"> & Partial<CurveInput> {
	const signature = join(
		toBytes(pick(BOUNDARIES, random.readUInt16LE(4))),
		toBytes(pick(BOUNDARIES, random.readUInt16LE(6))),
	);
	try {
		return {
			kind: "boundaries",
			signature,
			point: new Uint8Array(recover(digest, signature, recovery)),
			isValid: true,
		};
	} catch {
		return { kind: "boundaries without a key", signature };
	}
}

/** Valid signatures whose R has an x from n to p - 1, so that r is x - n. */
function findOverflowing(): readonly Pick<CurveInput, "bytes" | "digest" | "signature" | "point">[] {
	const bytes = new Uint8Array(3);
	const digest = hash("sha256", bytes, "buffer");
	const r = BOUNDARIES.concat([4n, 5n, 6n, 7n, 8n]).filter((value) => value < P - N);
	return r.flatMap((value) => {
		const signature = join(toBytes(value), toBytes(HALF - value));
		const point = undefinedOnError(() => recoverPublicKey(join(Uint8Array.of(2), signature), digest, UNCOMPRESSED));
		return point === undefined ? [] : [{ bytes, digest, signature, point }];
	});
}

/** Replaces r or s. */
function outOfRange(signature: Uint8Array, at: number): Uint8Array {
	const value = toBytes(pick(OUT_OF_RANGE, at >> 1));
	return at & 1 ? join(value, signature.subarray(32)) : join(signature.subarray(0, 32), value);
}

/** The points with the smallest and the largest x. */
function findOddPoints(): readonly Uint8Array[] {
	const candidates = Array.from({ length: 12 }, (_, at) => [BigInt(at), P - BigInt(at) - 1n, N + BigInt(at)]).flat();
	return candidates.flatMap((x) => {
		const points = [2, 3].map((prefix) => decodePoint(new Uint8Array([prefix, ...toBytes(x)])));
		return points.filter((point) => point !== undefined);
	});
}

/** The same signature in its other form. */
function twin(signature: Uint8Array): Uint8Array {
	return join(signature.subarray(0, 32), toBytes(N - toBigInt(signature.subarray(32))));
}

function flip(bytes: Uint8Array, bit: number): Uint8Array {
	const at = (bit >> 3) % bytes.length;
	return bytes.with(at, (bytes[at] as number) ^ (1 << (bit & 7)));
}

function randomScalar(seed: string): bigint {
	return (toBigInt(hash("sha256", seed, "buffer")) % (N - 1n)) + 1n;
}
