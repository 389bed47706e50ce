import { AbiCoder, ParamType } from "ethers";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { undefinedOnError } from "../../../src/encoding/undefined-on-error.ts";
import { createResultDecoder } from "../../../src/registry/abi/abi-decoding.ts";
import { encodeParameters } from "../../../src/registry/abi/abi-encoding.ts";
import type { AbiParameter } from "../../../src/registry/abi/abi-parameter.ts";
import { orgIdRegistryAbi } from "../../../src/registry/orgid-registry.contract.ts";
import { anyCharacter } from "../../support/any-character.ts";
import { runs } from "../../support/property.ts";

const ethers = AbiCoder.defaultAbiCoder();
const outputsOf = (name: string) =>
	orgIdRegistryAbi.flatMap((item) =>
		item.type === "function" && item.name === name ? item.outputs.map((one) => ParamType.from(one)) : [],
	);
const toParameter = (type: ParamType): AbiParameter => JSON.parse(type.format("json"));
const decoderOf = (...types: ParamType[]) => createResultDecoder(types.map(toParameter));
const word = (value: bigint | number): string => value.toString(16).padStart(64, "0");

/** Values of any type as ethers takes them. */
function arbitraryOf(type: ParamType): fc.Arbitrary<unknown> {
	if (type.isTuple()) return fc.tuple(...type.components.map(arbitraryOf));
	if (type.isArray()) {
		const length =
			type.arrayLength < 0 ? { maxLength: 4 } : { minLength: type.arrayLength, maxLength: type.arrayLength };
		return fc.array(arbitraryOf(type.arrayChildren), length);
	}
	const bits = Number(/\d+$/.exec(type.baseType)?.[0] ?? 256);
	if (type.baseType === "string") return fc.string({ unit: anyCharacter, maxLength: 80 });
	if (type.baseType === "bool") return fc.boolean();
	if (type.baseType === "address") return hexOf(20, 20);
	if (type.baseType === "bytes") return hexOf(0, 80);
	if (type.baseType.startsWith("bytes")) return hexOf(bits, bits);
	if (type.baseType.startsWith("uint")) return fc.bigInt({ min: 0n, max: 2n ** BigInt(bits) - 1n });
	const half = 2n ** BigInt(bits - 1);
	return fc.bigInt({ min: -half, max: half - 1n });
}

function hexOf(minLength: number, maxLength: number): fc.Arbitrary<string> {
	return fc.uint8Array({ minLength, maxLength }).map((bytes) => `0x${Buffer.from(bytes).toString("hex")}`);
}

const plain = (value: unknown): unknown => (Array.isArray(value) ? value.map(plain) : value);

const SIGNATURES: readonly string[][] = [
	["bool", "bytes32", "string", "address"],
	["string[]"],
	["tuple(string a, uint48[] b, tuple(bytes c, int8 d) e)[] list", "uint256"],
	["tuple(uint8 a, bytes3 b)[2]", "string[2]", "int256", "bytes"],
	["uint256[][]", "tuple(bool a)[][1]"],
];
const TYPES: readonly [string, ParamType[]][] = [
	...["resolve", "resolveMany", "getKey", "getOrganization", "listOrganizations"].map((name): [string, ParamType[]] => [
		name,
		outputsOf(name),
	]),
	...SIGNATURES.map((types): [string, ParamType[]] => [types.join(), types.map((type) => ParamType.from(type))]),
];

describe.each(TYPES)("%s", (_name, types) => {
	const decode = decoderOf(...types);
	const values = fc.tuple(...types.map(arbitraryOf));

	it("is encoded and decoded as ethers does it", () => {
		fc.assert(
			fc.property(values, (given) => {
				const encoded = ethers.encode(types, given);
				expect(plain(decode(encoded))).toEqual(ethers.decode(types, encoded).toArray(true));
				expect(`0x${encodeParameters(types.map(toParameter), given)}`).toBe(encoded);
			}),
			runs(50, 8),
		);
	});

	it("with a word replaced is either rejected or decoded as ethers decodes it", () => {
		const replaced = fc.tuple(values, fc.nat(), fc.oneof(fc.bigInt({ min: 0n, max: 2n ** 256n - 1n }), fc.nat(40)));
		fc.assert(
			fc.property(replaced, ([given, position, value]) => {
				const digits = ethers.encode(types, given).slice(2);
				const at = (position % (digits.length / 64)) * 64;
				const encoded = `0x${digits.slice(0, at)}${word(value)}${digits.slice(at + 64)}`;
				let decoded: unknown;
				try {
					decoded = plain(decode(encoded));
				} catch (error) {
					expect(error).toMatchObject({ code: "BAD_DATA" });
					return;
				}
				const expected = undefinedOnError(() => ethers.decode(types, encoded).toArray(true));
				if (expected !== undefined) expect(decoded).toEqual(expected);
			}),
			runs(100, 15),
		);
	});

	it("that is cut off, continued, or all zeros is rejected", () => {
		fc.assert(
			fc.property(values, (given) => {
				const encoded = ethers.encode(types, given);
				for (const wrong of [encoded.slice(0, -64), `${encoded}${word(0)}`, encoded.slice(0, -1), "0x", "", null, 5]) {
					expect(() => decode(wrong)).toThrow(expect.objectContaining({ code: "BAD_DATA" }));
				}
			}),
			runs(10),
		);
		const isDynamic = types.some((type) => /string|bytes\b|\[\]/.test(type.format()));
		for (let words = 0; isDynamic && words < 200; words++) {
			expect(() => decode(`0x${word(0).repeat(words)}`)).toThrow(expect.objectContaining({ code: "BAD_DATA" }));
		}
	});
});

describe("a hostile result", () => {
	const text = decoderOf(ParamType.from("string"));
	const list = decoderOf(ParamType.from("string[] names"));

	it.each<[string, string]>([
		["an offset into the head", `0x${word(0)}${word(0)}`],
		["an offset past the end", `0x${word(2n ** 255n)}${word(0)}`],
		["a length past the end", `0x${word(32)}${word(33)}${word(0)}`],
		["a length that no number holds", `0x${word(32)}${word(2n ** 256n - 1n)}${word(0)}`],
		["a gap before the text", `0x${word(64)}${word(0)}${word(0)}`],
	])("with %s is rejected", (_what, encoded) => {
		expect(() => text(encoded)).toThrow(expect.objectContaining({ code: "BAD_DATA" }));
	});

	it("in which thousands of members share their bytes is rejected at the second", () => {
		const offsets = word(2 * 32).repeat(2);
		expect(() => list(`0x${word(32)}${word(2)}${offsets}${word(0)}`)).toThrow("offset");
	});

	it("with more elements than bytes is rejected before memory is taken", () => {
		expect(() => list(`0x${word(32)}${word(2n ** 31n)}`)).toThrow("too short");
	});

	it.each<[string, string]>([
		["bool", word(2)],
		["uint48", word(2n ** 48n)],
		["int8", word(128)],
		["address", word(2n ** 160n)],
		["bytes4", word(1)],
	])("with a %s out of range is rejected", (type, encoded) => {
		expect(() => decoderOf(ParamType.from(type))(`0x${encoded}`)).toThrow("can't be decoded");
	});

	it("with text that isn't UTF-8 has empty text, and a byte order mark is kept", () => {
		expect(text(`0x${word(32)}${word(1)}ff${"00".repeat(31)}`)).toMatchObject([""]);
		expect(text(`0x${word(32)}${word(3)}efbbbf${"00".repeat(29)}`)).toMatchObject(["\uFEFF"]);
	});
});

it("results and structs have their members by name, except names that arrays have", () => {
	const types = [ParamType.from("tuple(uint8 length, uint8 owner) pair")];
	expect(decoderOf(...types)(`0x${word(7)}${word(8)}`)).toMatchObject({ pair: { owner: 8n, length: 2 } });
});
