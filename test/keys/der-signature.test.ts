import { describe, expect, it } from "vitest";
import { fromDerSignature } from "../../src/keys/der-signature.ts";
import { der, expectCode, fromHex, ORDER_HEX, SCALAR_HEX } from "./sample-keys.ts";

const signature = (r: string, s: string): Uint8Array => fromHex(der("30", der("02", r), der("02", s)));

describe("fromDerSignature", () => {
	it("pads short integers, and drops the zero byte of long ones", () => {
		expect(fromDerSignature(signature("07", "09"))).toEqual(fromHex(`${"00".repeat(31)}07${"00".repeat(31)}09`));
		const high = `ff${"00".repeat(31)}`;
		expect(fromDerSignature(signature(`00${high}`, SCALAR_HEX))).toEqual(fromHex(high + SCALAR_HEX));
	});

	it.each([
		["r of 33 bytes", signature(`01${SCALAR_HEX}`, "09"), /not DER/],
		["s of 33 bytes", signature("07", `01${SCALAR_HEX}`), /not DER/],
		["a negative r", signature("ff", "09"), /not DER/],
		["three integers", fromHex("3009020107020109020109"), /not DER/],
		["r of zero", signature("00", "09"), /out of range/],
		["s of n", signature("07", `00${ORDER_HEX}`), /out of range/],
	])("refuses %s as malformed", async (_what, bytes, message) => {
		await expectCode(() => fromDerSignature(bytes), "key/malformed", message);
	});

	it("keeps the reader's error as the cause", () => {
		expect(() => fromDerSignature(fromHex("30"))).toThrow(expect.objectContaining({ cause: expect.any(SyntaxError) }));
	});
});
