import { describe, expect, it } from "vitest";
import { parseSignature } from "../../../src/registry/abi/parse-signature.ts";

describe("a declaration", () => {
	it.each<[string, string]>([
		["function f()", "nonpayable"],
		["function f() nonpayable", "nonpayable"],
		["function f() payable", "payable"],
		["function f() view", "view"],
		["function f() pure returns (bool)", "pure"],
		["function f() constant", "view"],
		["function f() view returns (bool)", "view"],
		["function f() returns (bool) view", "view"],
	])("%s is of a function that is %s", (text, stateMutability) => {
		expect(parseSignature(text)).toMatchObject({ type: "function", name: "f", inputs: [], stateMutability });
	});

	it.each(["external", "public", "internal", "private"])("may say that a function is %s", (word) => {
		expect(parseSignature(`function f() ${word} view`)).toEqual(parseSignature("function f() view"));
		expect(parseSignature(`function f() view ${word}`)).toEqual(parseSignature("function f() view"));
	});

	it.each([
		["bytes", "memory"],
		["bytes", "calldata"],
		["bytes", "storage"],
		["address", "payable"],
	])("may have an argument that is %s %s", (type, word) => {
		const plain = parseSignature(`function f(${type} a, ${type})`);
		expect(parseSignature(`function f(${type} ${word} a, ${type} ${word})`)).toEqual(plain);
	});

	it("has its parameters with their types, and empty names by default", () => {
		const pair = [
			{ type: "uint256[12][]", name: "a", indexed: false },
			{ type: "bytes", name: "", indexed: false },
		];
		expect(parseSignature("event Made1_$(address indexed _who$, (uint256[12][] a, bytes)[3] pairs)")).toMatchObject({
			type: "event",
			name: "Made1_$",
			inputs: [
				{ type: "address", name: "_who$", indexed: true, components: undefined },
				{ type: "tuple[3]", name: "pairs", indexed: false, components: pair },
			],
			outputs: [],
		});
		expect(parseSignature("function $f(tuple(bool) pair) returns (int8, string text)")).toMatchObject({
			name: "$f",
			inputs: [{ type: "tuple", name: "pair", components: [{ type: "bool", name: "" }] }],
			outputs: [
				{ type: "int8", name: "" },
				{ type: "string", name: "text" },
			],
		});
	});

	it("may have any space, or none, between its parts", () => {
		const text = "\n\tfunction  f ( uint256 [ ]\n[2] a,bool )external\treturns( bool ok ) \n";
		// Brackets are one part.
		expect(() => parseSignature(text)).toThrow("expected a function");
		expect(parseSignature(text.replace("[ ]", "[]"))).toEqual(
			parseSignature("function f(uint256[][2] a, bool) returns (bool ok)"),
		);
	});

	it.each([
		"",
		" ",
		"function",
		"function f",
		"function (uint256)",
		"function 1()",
		"function f g()",
		"functionf()",
		"function f(",
		"function f(uint256",
		"function f(uint256 a",
		"function f(uint256,)",
		"function f(,uint256)",
		"function f(uint256[)",
		"function f(uint256[x])",
		"function f(uint256 memory calldata a)",
		"function f(uint256 1)",
		"function f)",
		"function f() returns",
		"function f() returns uint256",
		"function f() returns (uint256) returns (bool)",
		"function f() virtual",
		"function f() memory",
		"function f()()",
		"function f()-",
		"event E() returns (uint256)",
		"event E() public",
		"event E() anonymous",
		"error E() view",
		"struct S(uint256 a)",
		"constructor C()",
		"modifier m()",
	])("%j isn't understood", (text) => {
		const message = `expected a function, an event or an error in Solidity, got ${JSON.stringify(text)}`;
		expect(() => parseSignature(text)).toThrow(new TypeError(message));
	});

	it.each([
		"uint7",
		"uint08",
		"uint0",
		"uint264",
		"int512",
		"int4",
		"bytes0",
		"bytes33",
		"bytes100",
		"float",
		"xbool",
		"bools",
	])("can't have the type %s", (type) => {
		expect(() => parseSignature(`function f(${type} a)`)).toThrow(`the type ${type} isn't supported`);
	});
});
