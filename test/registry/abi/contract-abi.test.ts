import { AbiCoder, Fragment, Interface } from "ethers";
import { describe, expect, it } from "vitest";
import { hashText, toContractAbi } from "../../../src/registry/abi/contract-abi.ts";
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
			expect(() => event?.decode(topics.slice(1), data)).toThrow(`expected ${topics.length} topics`);
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

it.each(["string", "bytes", "uint8[]", "uint8[2]", "tuple(uint8 a, bool b)"])(
	"of an indexed argument of the type %s, the topic is what the log contains",
	(type) => {
		const signature = `event E(${type} indexed one, uint8 indexed size, string[] list)`;
		const ethers = new Interface([signature]);
		const topics = [ethers.getEvent("E")?.topicHash ?? "", ORG_ID, `0x${"7".padStart(64, "0")}`];
		const data = AbiCoder.defaultAbiCoder().encode(["string[]"], [["b"]]);
		const event = toContractAbi([signature]).eventOf(topics[0]);
		const decoded = event?.decode(topics, data);
		expect(decoded).toEqual({ one: ORG_ID, size: 7n, list: ["b"] });
		expect(Object.isFrozen(decoded)).toBe(true);
		expect(Object.isFrozen(decoded?.["list"])).toBe(true);
		for (const wrong of [topics.slice(0, 2), [...topics, topics[1] as string]]) {
			expect(() => event?.decode(wrong, data)).toThrow("expected 3 topics");
		}
	},
);

it("only functions are found by name, and only events by topic", () => {
	const abi = toContractAbi([
		"function f(uint256)",
		"event E(uint256)",
		{ type: "event", name: "Anonymous", inputs: [], anonymous: true },
		...["constructor(uint256 function )", "error Denied(uint256 event )", "receive() external payable", "myfunction f"],
	]);
	expect(abi.functionOf("E")).toBeUndefined();
	expect(abi.functionOf("E(uint256)")).toBeUndefined();
	expect(abi.functionOf("Denied")).toBeUndefined();
	expect(abi.eventOf(hashText("E(uint256)"))?.name).toBe("E");
	for (const signature of ["f(uint256)", "Anonymous()", "Denied(uint256)"]) {
		expect(abi.eventOf(hashText(signature))).toBeUndefined();
	}
});

it("declarations may begin with space", () => {
	const abi = toContractAbi(["\n  function f()", "\tevent\tE()"]);
	expect(abi.functionOf("f")?.encodeCall([])).toBe(hashText("f()").slice(0, 10));
	expect(abi.eventOf(hashText("E()"))?.decode([hashText("E()")], "0x")).toEqual({});
});

it("JSON may leave out the lists of arguments and results, and names of arguments", () => {
	const abi = toContractAbi([
		{ type: "function", name: "f" },
		{ type: "event", name: "E" },
		{ type: "event", name: "U", inputs: [{ type: "uint8" }] },
	]);
	expect(abi.functionOf("f")?.encodeCall([])).toBe(hashText("f()").slice(0, 10));
	expect(abi.functionOf("f")?.decodeResults("0x")).toEqual([]);
	expect(abi.eventOf(hashText("E()"))?.decode([hashText("E()")], "0x")).toEqual({});
	const topic = hashText("U(uint8)");
	expect(abi.eventOf(topic)?.decode([topic], `0x${"7".padStart(64, "0")}`)).toEqual({ "": 7n });
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
		if (theirs.type === "function") {
			expect(known(parseSignature(text)).inputs).toBe(new Interface([text]).getFunction(theirs.name)?.selector);
		}
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
