import { describe, expect, it } from "vitest";
import { partsOf, signatureType } from "../../../src/registry/abi/abi-parameter.ts";

describe("a type", () => {
	it.each<[string, string, number]>([
		["bool", "bool", 0],
		["address", "address", 0],
		["string", "string", 0],
		["bytes", "bytes", 0],
		["bytes1", "bytes1", 1],
		["bytes20", "bytes20", 20],
		["bytes32", "bytes32", 32],
		["uint8", "uint8", 8],
		["uint256", "uint256", 256],
		["uint", "uint256", 256],
		["int24", "int24", 24],
		["int", "int256", 256],
	])("%s is a value", (type, name, size) => {
		expect(partsOf({ type })).toEqual({ kind: "value", type: name, size });
		expect(signatureType({ type })).toBe(name);
	});

	it.each<[string, string, number | undefined, string]>([
		["bool[]", "bool", undefined, "bool[]"],
		["uint[7]", "uint", 7, "uint256[7]"],
		["string[][12]", "string[]", 12, "string[][12]"],
		["string[12][]", "string[12]", undefined, "string[12][]"],
	])("%s is an array", (type, element, length, signature) => {
		expect(partsOf({ type })).toEqual({ kind: "array", element: { type: element, components: undefined }, length });
		expect(signatureType({ type })).toBe(signature);
	});

	it("that is a struct has its members", () => {
		const components = [{ type: "uint" }, { type: "tuple[2]", components: [{ type: "bytes" }] }];
		expect(partsOf({ type: "tuple", components })).toEqual({ kind: "struct", members: components });
		expect(signatureType({ type: "tuple[]", components })).toBe("(uint256,(bytes)[2])[]");
		expect(partsOf({ type: "tuple" })).toEqual({ kind: "struct", members: [] });
	});

	it.each([
		...["", "uint7", "uint08", "uint0", "int264", "uint512", "bytes0", "bytes33", "bytes999", "uint1000"],
		...["xbool", "boolx", "xuint8", "uint8x", "Bool", "uintx", "ubytes4", "fixed", "[]", "bool[1", "bool1]", "bool[x]"],
		...["bool[]x", "\nbool[]", "tuples"],
	])("can't be %j", (type) => {
		expect(() => signatureType({ type })).toThrow(`isn't supported in an ABI`);
	});
});
