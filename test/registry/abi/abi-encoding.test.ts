import { AbiCoder } from "ethers";
import { describe, expect, it } from "vitest";
import { encodeParameters } from "../../../src/registry/abi/abi-encoding.ts";

const ADDRESS = "0x19E7E376E7C213B7E7e7e46cc70A5dD086DAff2A";
const word = (digits: string): string => digits.padStart(64, "0");
const padded = (digits: string): string => digits.padEnd(64, "0");
const encode = (type: string, value: unknown): string => encodeParameters([{ type }], [value]);

describe("an argument", () => {
	it.each<[string, unknown, string]>([
		["bool", true, word("1")],
		["bool", false, word("0")],
		["uint8", 255, word("ff")],
		["uint8", "255", word("ff")],
		["uint8", "0xFf", word("ff")],
		["uint16", "0X1f", word("1f")],
		["uint256", 12n, word("c")],
		["uint256", 2 ** 53 - 1, word("1fffffffffffff")],
		["int8", -128, `${"f".repeat(62)}80`],
		["int8", "-12", `${"f".repeat(62)}f4`],
		["int", 127n, word("7f")],
		["address", ADDRESS, word(ADDRESS.slice(2).toLowerCase())],
		["address", ADDRESS.toLowerCase(), word(ADDRESS.slice(2).toLowerCase())],
		["bytes2", "0xABcd", padded("abcd")],
		["bytes2", Uint8Array.of(1, 2), padded("0102")],
		["bytes", "0x", word("20") + word("0")],
		["bytes", "0xABcd", word("20") + word("2") + padded("abcd")],
		["bytes", new Uint8Array(32).fill(7), word("20") + word("20") + "07".repeat(32)],
		["bytes", new Uint8Array(33).fill(7), word("20") + word("21") + "07".repeat(32) + padded("07")],
		["string", "ü", word("20") + word("2") + padded("c3bc")],
	])("of the type %s can be %o", (type, value, expected) => {
		expect(encode(type, value)).toBe(expected);
	});

	it.each<[string, unknown]>([
		["bool", 1],
		["bool", 0],
		["bool", "true"],
		["bool", undefined],
		["uint8", 256],
		["uint8", -1],
		["int8", 128],
		["int8", -129],
		["uint256", 2 ** 53],
		["uint256", 1.5],
		["uint256", true],
		["uint256", undefined],
		...["", " 1", "1 ", "+1", "-", "--1", "-0x1", "0x", "0xg", "x1", "a0x1", "1e3", "1.0", "1n"].map(
			(text): [string, string] => ["uint256", text],
		),
		["bytes32", "0x00"],
		["bytes1", "0x0102"],
		["bytes1", new Uint8Array(2)],
		...["", "0x0", "00", "x00", "a0x00", "0x00 ", " 0x00", "0xg0", "0x0g", "0x00zz"].map((text): [string, string] => [
			"bytes",
			text,
		]),
		["bytes", undefined],
		["bytes", ["0x00"]],
		["bytes", 0],
		["string", "\ud800"],
		["string", 5],
		["string", null],
		["string", ["a"]],
		["address", ADDRESS.toLowerCase().slice(2)],
		["address", ADDRESS.replace("E7E", "e7E")],
		["address", "io1r8n7xah8cgfm0el8u3kvwzja6zrd4le2zce7sk"],
		["address", [ADDRESS]],
		["address", BigInt(ADDRESS)],
		["address", null],
		["uint8[2]", [1]],
		["uint8[2]", [1, 2, 3]],
		["uint8[2]", undefined],
		["uint8[]", "0x"],
		["uint8[]", { length: 0 }],
	])("of the type %s can't be %o", (type, value) => {
		expect(() => encode(type, value)).toThrow(new TypeError(`expected a value of the type ${type}`));
	});
});

it.each<[number, readonly unknown[]]>([
	[1, []],
	[1, [true, true]],
	[0, [true]],
])("%d arguments can't be %j", (count, values) => {
	const types = [{ type: "bool" }].slice(0, count);
	const message = `expected ${count} values, got ${values.length}`;
	expect(() => encodeParameters(types, values)).toThrow(new TypeError(message));
	expect(() => encodeParameters([{ type: "tuple", components: types }], [values])).toThrow(new TypeError(message));
});

describe("a struct", () => {
	const components = [
		{ name: "a", type: "uint8" },
		{ name: "text", type: "string" },
		{ name: "pair", type: "tuple", components: [{ name: "b", type: "bool" }] },
	];

	it("may be an array or an object", () => {
		const type = { type: "tuple", components };
		const expected = AbiCoder.defaultAbiCoder().encode(
			["tuple(uint8 a, string text, tuple(bool b) pair)"],
			[[5, "x", [true]]],
		);
		expect(`0x${encodeParameters([type], [{ pair: { b: true }, text: "x", a: 5 }])}`).toBe(expected);
		expect(`0x${encodeParameters([type], [[5n, "x", { b: true }]])}`).toBe(expected);
	});

	it.each<[string, unknown]>([
		["missing member", { a: 5, pair: [true] }],
		["member of another type", { a: 5, text: 1, pair: [true] }],
		["value that is none", null],
	])("can't have a %s", (_, value) => {
		expect(() => encodeParameters([{ type: "tuple", components }], [value])).toThrow(TypeError);
	});
});

it.each<[string, unknown]>([
	["uint8[2]", [1, 2]],
	["string[2]", ["a", "b"]],
	["string[]", []],
	["bytes[][2]", [["0x01"], []]],
	["uint8[2][]", [[1, 2]]],
])("a list of the type %s is encoded as ethers encodes it, with what stands before and after it", (type, value) => {
	const expected = AbiCoder.defaultAbiCoder().encode(["bool", type, "string"], [true, value, "after"]);
	const types = [{ type: "bool" }, { type }, { type: "string" }];
	expect(`0x${encodeParameters(types, [true, value, "after"])}`).toBe(expected);
});
