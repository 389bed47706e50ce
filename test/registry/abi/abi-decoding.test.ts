import { AbiCoder } from "ethers";
import { describe, expect, it } from "vitest";
import { createResultDecoder } from "../../../src/registry/abi/abi-decoding.ts";
import type { AbiParameter } from "../../../src/registry/abi/abi-parameter.ts";

const word = (value: bigint | number): string => value.toString(16).padStart(64, "0");
const decode = (types: readonly (AbiParameter | string)[], result: unknown): unknown =>
	createResultDecoder(types.map((type) => (typeof type === "string" ? { type } : type)))(result);
const unreadable = (reason: string) =>
	expect.objectContaining({ code: "BAD_DATA", message: expect.stringContaining(`can't be decoded: ${reason}`) });

describe("a result", () => {
	it.each<[string, unknown]>([
		["uint256", 2n ** 200n],
		["uint8", 255n],
		["int8", -128n],
		["int256", -5n],
		["bool", true],
		["bool", false],
		["address", "0x19E7E376E7C213B7E7e7e46cc70A5dD086DAff2A"],
		["bytes32", `0x${"0f".repeat(32)}`],
		["bytes3", "0xabcdef"],
		["bytes", "0x"],
		["bytes", `0x${"f0".repeat(33)}`],
		["string", "ü".repeat(17)],
		["uint8[2]", [1n, 2n]],
		["string[2]", ["a", "b"]],
		["string[2][]", [["a", "b"]]],
		[
			"uint8[2][3]",
			[
				[1n, 2n],
				[3n, 4n],
				[5n, 6n],
			],
		],
		["bytes4[]", []],
	])("of the type %s is decoded, alone and between others", (type, value) => {
		const ethers = AbiCoder.defaultAbiCoder();
		expect(decode([type], ethers.encode([type], [value]))).toEqual([value]);
		const between = ethers.encode(["string", type, "uint8"], ["before", value, 7]);
		expect(decode(["string", type, "uint8"], between)).toEqual(["before", value, 7n]);
	});

	it("may have digits of both cases", () => {
		expect(decode(["uint16"], `0x${word(0).slice(4)}aBcD`)).toEqual([0xabcdn]);
	});

	it.each<[string, unknown]>([
		["a list that contains it", [`0x${word(7)}`]],
		["a number", 7],
		["bytes", new Uint8Array(32)],
		["nothing", undefined],
		["empty", ""],
		["without 0x", word(7)],
		["begun with another digit", `1x${word(7)}`],
		["begun with two digits", `00${word(7)}`],
		["begun with 0X", `0X${word(7)}`],
		["of an odd number of digits", `0x${word(7)}0`],
		["a digit short", `0x${word(7).slice(1)}`],
		["with a letter that is no digit", `0x${word(7).slice(1)}g`],
		["with such a letter in the first half of a byte", `0xg${word(7).slice(1)}`],
		["with space", `0x ${word(7).slice(1)}`],
		["with a character of another script", `0x${word(7).slice(2)}٣`],
	])("that is %s isn't hexadecimal", (_, result) => {
		expect(() => decode(["uint256"], result)).toThrow(unreadable("it isn't hexadecimal"));
	});

	it.each<[string, readonly (AbiParameter | string)[], string]>([
		["a word", ["uint256"], "0x"],
		["the end of a word", ["uint256"], `0x${word(7).slice(2)}`],
		["a length", ["string"], `0x${word(32)}`],
		["the end of a length", ["string"], `0x${word(32)}${word(0).slice(2)}`],
		["text", ["string"], `0x${word(32)}${word(1)}`],
		["the end of text", ["string"], `0x${word(32)}${word(1)}61`],
		["elements", ["uint8[]"], `0x${word(32)}${word(2)}${word(1)}`],
		["an element of a fixed number", ["uint8[3]"], `0x${word(1)}${word(1)}`],
	])("without %s is too short", (_, types, result) => {
		expect(() => decode(types, result)).toThrow(unreadable("it is too short"));
	});

	it.each<[string, string, string]>([
		["a bool", "bool", word(2)],
		["a uint8", "uint8", word(256)],
		["an int8", "int8", word(128)],
		["a negative int8", "int8", word(2n ** 256n - 129n)],
		["an address", "address", word(2n ** 160n)],
		["a length", "string", word(32) + word(2n ** 32n)],
	])("with %s out of range is rejected", (_, type, digits) => {
		expect(() => decode([type], `0x${digits}`)).toThrow(unreadable("a number is out of range"));
	});

	it("with bytes after the last one of bytes3 is rejected", () => {
		expect(() => decode(["bytes3"], `0xabcdef01${"00".repeat(28)}`)).toThrow(unreadable("a value is too long"));
		expect(() => decode(["bytes3"], `0xabcdef${"00".repeat(28)}01`)).toThrow(unreadable("a value is too long"));
	});

	it("with bytes left over is rejected", () => {
		expect(() => decode(["uint8"], `0x${word(7)}00`)).toThrow(unreadable("bytes are left over"));
		expect(() => decode([], `0x${word(7)}`)).toThrow(unreadable("bytes are left over"));
		expect(decode([], "0x")).toEqual([]);
	});

	it("that isn't UTF-8 is empty text, and a byte order mark is kept", () => {
		expect(decode(["string"], `0x${word(32)}${word(1)}ff${"00".repeat(31)}`)).toEqual([""]);
		expect(decode(["string"], `0x${word(32)}${word(3)}efbbbf${"00".repeat(29)}`)).toEqual(["\uFEFF"]);
	});
});

describe("a list of empty structs, which take no space,", () => {
	const list = { type: "tuple[]", components: [] };

	it("can't be longer than the result", () => {
		expect(decode([list], `0x${word(32)}${word(2)}`)).toEqual([[[], []]]);
		for (const length of [3, 64, 2 ** 32 - 1]) {
			expect(() => decode([list], `0x${word(32)}${word(length)}`)).toThrow(unreadable("it is too short"));
		}
	});
});

describe("members", () => {
	const components = [{ type: "uint8", name: "length" }, { type: "string", name: "owner" }, { type: "bool" }];

	it("have names, except those that have none, and those that arrays have themselves", () => {
		const encoded = AbiCoder.defaultAbiCoder().encode(["tuple(uint8, string, bool)", "bool"], [[7, "o", true], false]);
		const values = decode([{ type: "tuple", name: "pair", components }, "bool"], encoded);
		expect(Object.keys(values as object)).toEqual(["0", "1", "pair"]);
		const { pair } = values as { readonly pair: { readonly length: number; readonly owner: string } };
		expect(Object.keys(pair)).toEqual(["0", "1", "2", "owner"]);
		expect([...(pair as unknown as Iterable<unknown>)]).toEqual([7n, "o", true]);
		expect(pair).toMatchObject({ length: 3, owner: "o" });
	});
});
