import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import { copyBytes, isBytes } from "../../src/encoding/bytes.ts";

describe("isBytes", () => {
	it.each<[string, unknown]>([
		["a Uint8Array", new Uint8Array(2)],
		["a Buffer", Buffer.from("a")],
		["a Uint8Array of another realm", runInNewContext("new Uint8Array(2)")],
	])("takes %s", (_, value) => {
		expect(isBytes(value)).toBe(true);
	});

	it.each<[string, unknown]>([
		["other typed arrays", new Uint16Array(2)],
		["a clamped array", new Uint8ClampedArray(2)],
		["a DataView", new DataView(new ArrayBuffer(2))],
		["the buffer itself", new ArrayBuffer(2)],
		["an array of numbers", [1, 2]],
		["an object that calls itself so", { [Symbol.toStringTag]: "Uint8Array" }],
		["nothing", undefined],
	])("refuses %s", (_, value) => {
		expect(isBytes(value)).toBe(false);
		expect(() => copyBytes(value, "the signature")).toThrow(new TypeError("the signature must be a Uint8Array"));
	});

	it("copies, so that a later change doesn't count", () => {
		const bytes = Buffer.from([1, 2, 3]);
		const copy = copyBytes(bytes, "the signature");
		bytes[0] = 9;
		expect(copy).toEqual(new Uint8Array([1, 2, 3]));
	});
});
