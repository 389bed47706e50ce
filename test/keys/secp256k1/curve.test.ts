import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isHighS, isScalar, isSignatureShape, toLowS } from "../../../src/keys/secp256k1/curve.ts";
import { runs } from "../../support/property.ts";
import { fromHex, ORDER_HEX } from "../sample-keys.ts";

const ORDER = BigInt(`0x${ORDER_HEX}`);
const HALF = ORDER / 2n;
const LIMIT = 2n ** 256n - 1n;

const toBytes = (value: bigint): Uint8Array => fromHex(value.toString(16).padStart(64, "0"));
const toSignature = (r: bigint, s: bigint): Uint8Array => new Uint8Array([...toBytes(r), ...toBytes(s)]);
const number = fc.oneof(
	fc.bigInt({ min: 0n, max: LIMIT }),
	fc.constantFrom(0n, 1n, HALF - 1n, HALF, HALF + 1n, HALF + 2n, ORDER - 1n, ORDER, ORDER + 1n, LIMIT),
);

describe("numbers of 32 bytes", () => {
	it("T18: r and s are from 1 to n - 1", () => {
		const isInRange = (value: bigint): boolean => value > 0n && value < ORDER;
		fc.assert(
			fc.property(number, number, (r, s) => {
				expect(isScalar(toBytes(r))).toBe(isInRange(r));
				expect(isSignatureShape(toSignature(r, s))).toBe(isInRange(r) && isInRange(s));
			}),
			runs(500),
		);
	});

	it("T20: S is high above n / 2, and n - S is the low one", () => {
		fc.assert(
			fc.property(number, number, (r, s) => {
				fc.pre(s < ORDER);
				const signature = toSignature(r, s);
				expect(isHighS(signature)).toBe(s > HALF);
				expect(toLowS(signature)).toEqual(toSignature(r, s > HALF ? ORDER - s : s));
				expect(signature).toEqual(toSignature(r, s));
			}),
			runs(500),
		);
	});

	it("a signature has 64 bytes", () => {
		for (const length of [0, 1, 63, 65, 128]) expect(isSignatureShape(new Uint8Array(length).fill(1))).toBe(false);
		expect(isSignatureShape(new Uint8Array(64).fill(1))).toBe(true);
	});
});
