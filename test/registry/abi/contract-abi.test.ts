import { Fragment, Interface } from "ethers";
import { describe, expect, it } from "vitest";
import { encodeParameters } from "../../../src/registry/abi/abi-encoding.ts";
import { toContractAbi } from "../../../src/registry/abi/contract-abi.ts";
import { parseSignature } from "../../../src/registry/abi/parse-signature.ts";
import { ADAPTERS } from "../../../src/registry/adapters/adapters.ts";

const ORG_ID = `0x${"0a".repeat(32)}`;
const ADDRESS = "0x19E7E376E7C213B7E7e7e46cc70A5dD086DAff2A";

describe.each(Object.values(ADAPTERS))("the ABI of $name", ({ abi }) => {
	const ethers = new Interface(abi);
	const ours = toContractAbi(abi);

	it("has the selectors of ethers, and calls are encoded as ethers encodes them", () => {
		ethers.forEachFunction((fragment) => {
			const args = fragment.inputs.map(({ type }) => exampleOf(type));
			const encoded = ethers.encodeFunctionData(fragment, args);
			expect(ours.functionOf(fragment.name)?.encodeCall(args)).toBe(encoded);
			expect(ours.functionOf(fragment.format("sighash"))?.selector).toBe(fragment.selector);
		});
	});

	it("has the events of ethers, and they are decoded as ethers decodes them", () => {
		ethers.forEachEvent((fragment) => {
			const args = fragment.inputs.map(({ type }) => exampleOf(type));
			const { data, topics } = ethers.encodeEventLog(fragment, args);
			const event = ours.eventOf(topics[0]);
			const expected = ethers.parseLog({ data, topics })?.args.toArray(true);
			expect(event?.name).toBe(fragment.name);
			const decoded = event?.decode(topics, data) ?? {};
			expect(Object.keys(decoded)).toEqual(fragment.inputs.map(({ name }) => name));
			expect(Object.values(decoded)).toEqual(expected);
			expect(() => event?.decode(topics.slice(1), data)).toThrow("topics");
			expect(() => event?.decode(topics, `${data}00`)).toThrow("can't be decoded");
		});
	});

	it("is the same as JSON, as text and as ethers' objects", () => {
		for (const form of [ethers.formatJson(), JSON.parse(ethers.formatJson()), ethers.format(), ethers.fragments]) {
			const other = toContractAbi(form);
			ethers.forEachFunction(({ name, selector }) => expect(other.functionOf(name)?.selector).toBe(selector));
			ethers.forEachEvent(({ name, topicHash }) => expect(other.eventOf(topicHash)?.name).toBe(name));
		}
	});
});

it("an overloaded function needs its signature; one that is missing is undefined", () => {
	const abi = toContractAbi(["function f(uint a) view returns (uint)", "function f(int[2] b) view"]);
	expect(() => abi.functionOf("f")).toThrow("several");
	expect(abi.functionOf("f(int256[2])")?.selector).toBe(
		new Interface(["function f(int[2])"]).getFunction("f")?.selector,
	);
	expect(abi.functionOf("g")).toBeUndefined();
	expect(abi.eventOf(undefined)).toBeUndefined();
});

it("of an indexed argument without a fixed size, the topic is what the log contains", () => {
	const signature = "event E(string indexed name, uint8 indexed size, string[] list)";
	const { data, topics } = new Interface([signature]).encodeEventLog("E", ["a", 7, ["b"]]);
	const decoded = toContractAbi([signature]).eventOf(topics[0])?.decode(topics, data);
	expect(decoded).toEqual({ name: topics[1], size: 7n, list: ["b"] });
	expect(Object.isFrozen(decoded?.["list"])).toBe(true);
});

describe("a declaration", () => {
	it.each([
		"function f((uint a, tuple(bytes b)[] c)[2] calldata d, address) external view returns (bool ok, string memory)",
		"event E(address indexed who, tuple(uint256 a) pair)",
		"error Denied(bytes32 orgId, address caller)",
		"function   pay ( ) payable",
		"function old(int8) constant returns (int)",
	])("%s is read as ethers reads it", (text) => {
		const theirs = JSON.parse(Fragment.from(text).format("json"));
		const known = ({ name, inputs, stateMutability }: ReturnType<typeof parseSignature>) => ({
			name,
			inputs: toContractAbi([JSON.parse(JSON.stringify({ type: "function", name, inputs }))]).functionOf(name ?? "")
				?.selector,
			isView: stateMutability === "view",
		});
		expect(known(parseSignature(text))).toEqual(known(theirs));
	});

	it.each([
		"",
		"f()",
		"function",
		"function f",
		"function f(",
		"function f(uint256",
		"function f(uint256,)",
		"function f(uint7)",
		"function f(bytes33)",
		"function f(float)",
		"function f(uint256 a b)",
		"function f() virtual",
		"function f() returns (uint256) returns (bool)",
		"event E() view",
		"event E() anonymous",
		"struct S { uint a; }",
		"function f(uint256);",
		'{"type":"function"}',
	])("%j is refused", (text) => {
		expect(() => parseSignature(text)).toThrow(TypeError);
	});
});

describe("arguments", () => {
	it.each<[string, unknown]>([
		["bool", 1],
		["uint8", 256],
		["uint8", -1],
		["int8", 128],
		["uint256", 2 ** 53],
		["uint256", ""],
		["uint256", 1.5],
		["uint256", "1e3"],
		["uint256", true],
		["bytes32", "0x00"],
		["bytes", "0x0"],
		["bytes", "00"],
		["bytes", undefined],
		["string", "\ud800"],
		["string", 5],
		["address", ADDRESS.toLowerCase().slice(2)],
		["address", ADDRESS.replace("E7E", "e7E")],
		["address", null],
		["uint8[2]", [1]],
		["uint8[]", "0x"],
	])("of the type %s can't be %j", (type, value) => {
		expect(() => encodeParameters([{ type }], [value])).toThrow(TypeError);
	});

	it("must be as many as the parameters, and structs may be objects", () => {
		expect(() => encodeParameters([{ type: "bool" }], [])).toThrow("expected 1 values");
		const type = { type: "tuple", components: [{ name: "a", type: "uint8" }] };
		expect(encodeParameters([type], [{ a: 5 }])).toBe(encodeParameters([type], [[5n]]));
	});
});

it.each([
	"function f() view returns (uint8 length)",
	"function f() view returns (tuple(bytes32 id, bytes[] keys) member)",
	"function f() view returns (tuple(uint8 constructor)[] members)",
])("a result that couldn't be read by its name is refused before a call: %s", (declaration) => {
	expect(() => toContractAbi([declaration]).functionOf("f")).toThrow(/result (length|keys|constructor), .* rename it/);
});

it("arguments may have the names of members of arrays", () => {
	const abi = toContractAbi(["function f(uint8 length, bytes keys) view returns (uint8 size)"]);
	expect(abi.functionOf("f")?.encodeCall([1, "0x"])).toHaveLength(2 + 8 + 3 * 64);
});

function exampleOf(type: string): unknown {
	if (type.endsWith("[]")) return [exampleOf(type.slice(0, -2)), exampleOf(type.slice(0, -2))];
	if (type === "string") return "ü".repeat(40);
	if (type === "bool") return true;
	if (type === "address") return ADDRESS;
	if (type === "bytes32") return ORG_ID;
	return type.startsWith("bytes") ? "0x01020304" : 77n;
}
