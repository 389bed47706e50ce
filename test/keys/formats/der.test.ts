import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DerReader, encodeDer, isTruncated, parseSequence, TAG } from "../../../src/keys/formats/der.ts";
import { runs } from "../../support/property.ts";
import { fromHex } from "../sample-keys.ts";

const readerOf = (hex: string): DerReader => new DerReader(fromHex(hex));

describe("DerReader", () => {
	it.each([
		["0", "020100", 0],
		["the highest of one byte", "02017f", 127],
		["a number whose first bit is set", "02020080", 128],
		["two bytes", "02020100", 256],
		["the highest of four bytes", "02047fffffff", 2 ** 31 - 1],
		["three bytes and a sign", "020400ffffff", 2 ** 24 - 1],
	])("reads a small integer: %s", (_what, hex, value) => {
		expect(readerOf(hex).readSmallInteger("it")).toBe(value);
	});

	it.each([
		["nothing", "0200"],
		["a negative number", "020180"],
		["-1", "0201ff"],
		["five bytes", "02050100000000"],
		["five bytes with a sign", "020500ffffffff"],
		["a zero too many", "02020001"],
		["a zero too many before 127", "0202007f"],
		["two zeros", "02020000"],
		["another tag", "040101"],
	])("refuses %s as a small integer", (_what, hex) => {
		expect(() => readerOf(hex).readSmallInteger("it")).toThrow(SyntaxError);
	});

	it.each([
		["00", "020100"],
		["7f", "02017f"],
		["80", "02020080"],
		["ff", "020200ff"],
		["0100", "02020100"],
	])("reads the unsigned integer %s without the sign", (value, hex) => {
		expect(readerOf(hex).readUnsignedInteger("it")).toEqual(fromHex(value));
	});

	it.each(["0200", "020180", "0202007f", "02020000"])("refuses %s as an unsigned integer", (hex) => {
		expect(() => readerOf(hex).readUnsignedInteger("it")).toThrow(SyntaxError);
	});

	it.each([
		["an indefinite length", `0480${"00".repeat(128)}`],
		["a length of four bytes", `0484${"00000080"}${"00".repeat(128)}`],
		["a long form for 127 bytes", `04817f${"00".repeat(127)}`],
		["a length with a zero byte", `04820080${"00".repeat(128)}`],
		["a length of three bytes with a zero byte", `0483000100${"00".repeat(256)}`],
		["no length", "04"],
		["a length that is cut off", "0482"],
		["a content that is cut off", "040201"],
	])("refuses %s", (_what, hex) => {
		expect(() => readerOf(hex).read(TAG.octetString, "it")).toThrow(SyntaxError);
	});

	it.each([0, 127, 128, 255, 256, 65_535, 65_536])("reads what encodeDer writes: %d bytes", (length) => {
		const content = new Uint8Array(length).fill(1);
		const reader = new DerReader(encodeDer(TAG.octetString, content));
		expect(reader.read(TAG.octetString, "it")).toEqual(content);
		expect(reader.nextTag).toBeUndefined();
	});

	it.each([
		["2b8104000a", "1.3.132.0.10"],
		["2a8648ce3d0201", "1.2.840.10045.2.1"],
		["7f", "2.47"],
		["883703", "2.999.3"],
		["00", "0.0"],
		[`2a${"01".repeat(31)}`, `1.2${".1".repeat(31)}`],
	])("reads the object identifier %s as %s", (content, dotted) => {
		const der = encodeDer(TAG.objectIdentifier, fromHex(content));
		expect(new DerReader(der).readObjectIdentifier("it")).toBe(dotted);
	});

	it.each([
		["nothing", ""],
		["an arc that isn't finished", "2b81"],
		["an arc that begins with a zero", "2b8001"],
		["33 bytes", `2a${"01".repeat(32)}`],
	])("refuses %s as an object identifier", (_what, content) => {
		const der = encodeDer(TAG.objectIdentifier, fromHex(content));
		expect(() => new DerReader(der).readObjectIdentifier("it")).toThrow(SyntaxError);
	});

	it("reads an arc whose later bytes hold zeros", () => {
		const der = encodeDer(TAG.objectIdentifier, fromHex("2a818000"));
		expect(new DerReader(der).readObjectIdentifier("it")).toBe("1.2.16384");
	});

	it("reads a sequence only whole, with nothing after it or left in it", () => {
		const read = (content: DerReader): number => content.readSmallInteger("it");
		expect(parseSequence(fromHex("3003020101"), "it", read)).toBe(1);
		for (const hex of ["300302010100", "30060201010201ff", "3004020101"]) {
			expect(() => parseSequence(fromHex(hex), "it", read)).toThrow(SyntaxError);
		}
	});
});

describe("isTruncated", () => {
	it("is true for each beginning of a value, and false for the value, whatever follows", () => {
		const length = fc.oneof(fc.nat(300), fc.constantFrom(127, 128, 255, 256, 65_535, 65_536));
		fc.assert(
			fc.property(length, fc.nat(), fc.uint8Array({ maxLength: 3 }), (size, cut, rest) => {
				const der = encodeDer(TAG.sequence, new Uint8Array(size).fill(0x30));
				expect(isTruncated(der.subarray(0, cut % der.length))).toBe(true);
				expect(isTruncated(der)).toBe(false);
				expect(isTruncated(new Uint8Array([...der, ...rest]))).toBe(false);
			}),
			runs(500, 50),
		);
	});

	it.each([
		["", true],
		["30", true],
		["3001", true],
		["3081", true],
		["308180", true],
		["3082", true],
		["308201", true],
		["30820100", true],
		["3083010000", true],
		["3000", false],
		["3080", false],
		["308400000001", false],
		["30ff", false],
	])("%s: %s", (hex, expected) => {
		expect(isTruncated(fromHex(hex))).toBe(expected);
	});
});
