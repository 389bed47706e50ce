import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { derivePoint as deriveWithOpenSsl } from "../../../src/keys/secp256k1/derive-point.node.ts";
import { derivePoint as deriveWithNoble } from "../../../src/keys/secp256k1/derive-point.ts";
import { runs } from "../../support/property.ts";
import { fromHex, ORDER_HEX } from "../sample-keys.ts";

const ORDER = BigInt(`0x${ORDER_HEX}`);

const toBytes = (value: bigint): Uint8Array => fromHex(value.toString(16).padStart(64, "0"));

describe("the public point of a scalar", () => {
	it("is the same with node:crypto and with noble", () => {
		const scalar = fc.oneof(fc.bigInt({ min: 1n, max: ORDER - 1n }), fc.constantFrom(1n, 2n, ORDER - 2n, ORDER - 1n));
		fc.assert(
			fc.property(scalar, (value) => {
				const bytes = toBytes(value);
				const point = deriveWithOpenSsl(bytes);
				expect(point).toEqual(deriveWithNoble(bytes));
				expect([point.constructor, point.length, point[0]]).toEqual([Uint8Array, 65, 4]);
				expect(bytes).toEqual(toBytes(value));
			}),
			runs(50),
		);
	});

	it.each([
		["node:crypto", deriveWithOpenSsl],
		["noble", deriveWithNoble],
	])("%s: there is none for 0, n or more", (_name, derive) => {
		for (const scalar of [toBytes(0n), toBytes(ORDER), toBytes(ORDER + 1n)]) {
			expect(() => derive(scalar)).toThrow();
		}
	});
});
