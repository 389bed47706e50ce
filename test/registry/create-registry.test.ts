import { JsonRpcProvider } from "ethers";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { generateKeyPair } from "../../src/keys/generate.ts";
import { orgIdV1 } from "../../src/registry/adapters/orgid-v1.ts";
import { createRegistry } from "../../src/registry/create-registry.ts";
import { type Answer, greet, startFakeNode } from "../support/fake-node.ts";

const ADDRESS = `0x${"11".repeat(20)}`;
const NODE = { chainId: 1, address: ADDRESS, rpcUrl: "http://a.example" };
const [A, B, C] = ["http://a.example", "https://b.example", "http://c.example"];
const PROVIDER = { request: async () => null };

const create = (options: object): unknown => createRegistry({ ...NODE, ...options } as never);

it.each<[string, object]>([
	["an http URL", { rpcUrl: A }],
	["an https URL", { rpcUrl: B }],
	["a list of one URL", { rpcUrl: [A] }],
	["several URLs", { rpcUrl: [A, B, C] }],
	["an agreement of two", { rpcUrl: [A, B, C], agreement: 2 }],
	["an agreement of all", { rpcUrl: [A, B, C], agreement: 3 }],
	["a provider", { rpcUrl: undefined, provider: PROVIDER }],
	["an observer", { observer: async () => {} }],
	["a WebSocket", { webSocketUrl: "ws://a.example/key" }],
	["an encrypted WebSocket", { webSocketUrl: "wss://a.example" }],
	["a kind", { kind: "orgid-v3" }],
	["an adapter", { adapter: orgIdV1 }],
	["an adapter without errors", { adapter: { ...orgIdV1, errors: {} } }],
	[
		"an adapter with errors",
		{ adapter: { ...orgIdV1, errors: { A: { message: "a", isUnauthorized: true }, B: { message: "b" } } } },
	],
	["a checksum", { address: "0x6434DEC2f4548C2aA9D88E8Ff821f387be3D7F0D" }],
])("a registry is created with %s", (_, options) => {
	expect(create(options)).toMatchObject({ chainId: 1, address: (options as { address?: string }).address ?? ADDRESS });
});

describe("a registry can't be created with", () => {
	it.each<[string, object, string]>([
		["no address", { address: undefined }, "address"],
		["an odd address", { address: "0x11" }, "address"],
		["a wrong checksum", { address: "0x6434DEC2f4548C2aA9D88E8Ff821f387be3D7F0d" }, "address"],
		["no chain", { chainId: undefined }, "chainId"],
		["chain 0", { chainId: 0 }, "chainId"],
		["half a chain", { chainId: 1.5 }, "chainId"],
		["an ftp URL", { rpcUrl: "ftp://a.example/s3cret" }, "rpcUrl"],
		["a URL without a protocol", { rpcUrl: "a.example" }, "rpcUrl"],
		["no URL", { rpcUrl: [] }, "rpcUrl"],
		["one odd URL of two", { rpcUrl: [A, "ftp://b.example/s3cret"] }, "rpcUrl.1"],
		["the same URL twice", { rpcUrl: [A, `${A}/`] }, "rpcUrl"],
		["a number as URL", { rpcUrl: 8545 }, "rpcUrl"],
		["an agreement of one", { rpcUrl: [A, B], agreement: 1 }, "agreement"],
		["an agreement of half a node more", { rpcUrl: [A, B, C], agreement: 2.5 }, "agreement"],
		["an agreement of more than there are", { rpcUrl: [A, B], agreement: 3 }, "agreement"],
		["an agreement of a single URL", { agreement: 2 }, "agreement"],
		["an agreement of a provider", { rpcUrl: undefined, provider: PROVIDER, agreement: 2 }, "agreement"],
		["a text as provider", { rpcUrl: undefined, provider: "no" }, "provider"],
		["an observer that is no function", { observer: {} }, "observer"],
		["an http URL as WebSocket", { webSocketUrl: "http://a.example" }, "webSocketUrl"],
		["no URL as WebSocket", { webSocketUrl: "a.example" }, "webSocketUrl"],
		["a WebSocket with a user name", { webSocketUrl: "ws://s3cret@a.example" }, "webSocketUrl"],
		["a WebSocket with a password", { webSocketUrl: "ws://:s3cret@a.example" }, "webSocketUrl"],
		["another kind", { kind: "orgid-v2" }, "kind"],
		["an adapter without a name", { adapter: { ...orgIdV1, name: "" } }, "adapter.name"],
		["an adapter without a batch size", { adapter: { ...orgIdV1, maxBatch: 0 } }, "adapter.maxBatch"],
		["an adapter without an event", { adapter: { ...orgIdV1, creationEvent: undefined } }, "adapter.creationEvent"],
		["an adapter without evidence", { adapter: { ...orgIdV1, documentEvidence: "no" } }, "adapter.documentEvidence"],
		["an adapter that reads nothing", { adapter: { ...orgIdV1, read: undefined } }, "adapter.read"],
		["an adapter that lists nothing", { adapter: { ...orgIdV1, list: undefined } }, "adapter.list"],
		["an adapter that writes nothing", { adapter: { ...orgIdV1, writes: {} } }, "adapter.writes.createOrganization"],
		...[null, 5, "text", { A: null }, { A: "text" }, { A: {} }, { A: { message: "" } }, { A: { message: 1 } }].map(
			(errors): [string, object, string] => [
				`an adapter with the errors ${JSON.stringify(errors)}`,
				{ adapter: { ...orgIdV1, errors } },
				"adapter.errors",
			],
		),
		[
			"an adapter with one odd error of two",
			{ adapter: { ...orgIdV1, errors: { A: { message: "a" }, B: { message: "b", isUnauthorized: 1 } } } },
			"adapter.errors",
		],
	])("%s", (_, options, option) => {
		const error = { code: "config/invalid-option", details: { option } };
		expect(() => create(options)).toThrow(expect.objectContaining(error));
		expect(() => create(options)).toThrow(expect.objectContaining({ message: expect.not.stringContaining("s3cret") }));
	});

	it.each<[string, object, string]>([
		["neither a URL nor a provider", { rpcUrl: undefined }, "rpcUrl or provider"],
		["both", { provider: PROVIDER }, "rpcUrl or provider"],
		["both a kind and an adapter", { kind: "orgpass", adapter: orgIdV1 }, "kind or adapter"],
	])("%s", (_, options, message) => {
		const error = { code: "config/invalid-option", message: expect.stringContaining(message) };
		expect(() => create(options)).toThrow(expect.objectContaining(error));
	});

	it("an option that it doesn't have", () => {
		const error = { code: "config/unknown-option", message: expect.stringContaining("createRegistry") };
		expect(() => create({ registry: ADDRESS })).toThrow(expect.objectContaining(error));
	});
});

describe("a read", () => {
	const registry = createRegistry({ chainId: 1, provider: PROVIDER, address: `0x${"11".repeat(20)}`, kind: "orgpass" });
	const orgId = `0x${"0a".repeat(32)}` as const;

	it.each<[string, () => Promise<unknown>, string]>([
		["of an id that is none", () => registry.read("0x0a"), "orgId"],
		["of an id in upper case", () => registry.read(`0x${"0A".repeat(32)}`), "orgId"],
		["of another block", () => registry.read(orgId, { blockTag: "pending" as never }), "blockTag"],
		["of a block below zero", () => registry.read(orgId, { blockTag: -1 }), "blockTag"],
		["of half a block", () => registry.read(orgId, { minBlock: 0.5 }), "minBlock"],
		["of a key without a name", () => registry.readKey(orgId, ""), "fragment"],
		["of a key with an odd name", () => registry.readKey(orgId, "a b"), "fragment"],
		["of a key of an id that is none", () => registry.readKey("0x0a", "k"), "orgId"],
		["of a key at another block", () => registry.readKey(orgId, "k", { blockTag: "pending" as never }), "blockTag"],
		["of a list at another block", () => registry.list({ blockTag: "pending" as never }), "blockTag"],
		["of events from another block", () => registry.readEvents({ fromBlock: -1 }), "fromBlock"],
		["of events to another block", () => registry.readEvents({ fromBlock: 0, toBlock: -1 }), "toBlock"],
		[
			"of events that are watched from another block",
			() => registry.watchEvents({ fromBlock: -1 }).next(),
			"fromBlock",
		],
		["of events without a pause", () => registry.watchEvents({ pollingSeconds: 0 }).next(), "pollingSeconds"],
		["of events until something else", () => registry.watchEvents({ signal: {} as never }).next(), "signal"],
	])("%s is refused", async (_, read, option) => {
		await expect(read()).rejects.toMatchObject({ code: "config/invalid-option", details: { option } });
	});

	it("of an id that is none says what it got", async () => {
		await expect(registry.read("0x0a")).rejects.toThrow(
			'orgId must be an id of 0x and 64 lower-case hex digits, got "0x0a"',
		);
	});

	it.each<[string, () => Promise<unknown>]>([
		["an organization", () => registry.read(orgId, { block: 1 } as never)],
		["a key", () => registry.readKey(orgId, "k", { block: 1 } as never)],
		["a list", () => registry.list({ minBlock: 1 } as never)],
		["events", () => registry.readEvents({ fromBlock: 0, block: 1 } as never)],
	])("of %s with an option that it doesn't have is refused", async (_, read) => {
		await expect(read()).rejects.toMatchObject({ code: "config/unknown-option" });
	});

	it.each([undefined, null, {}, { sendTransaction: true }, "0x"])("can't be followed by writes of %j", (account) => {
		const error = { code: "config/invalid-option", details: { option: "account" } };
		expect(() => registry.connect(account as never)).toThrow(expect.objectContaining(error));
	});
});

it("a registry that is closed sends nothing any more, and lets go of the accounts that it was connected to", async () => {
	const { privateKey } = await generateKeyPair();
	const node = await startFakeNode((method): Answer => greet(method) ?? { error: { code: -32_000, message: "no" } });
	const destroy = vi.spyOn(JsonRpcProvider.prototype, "destroy");
	onTestFinished(() => void vi.restoreAllMocks());
	const registry = createRegistry({ chainId: 31_337, rpcUrl: node.url, address: ADDRESS, kind: "orgpass" });
	const write = () => registry.connect(privateKey).createOrganization();
	await expect(write()).rejects.toMatchObject({ code: expect.stringMatching("^registry/") });
	expect(node.calls).toContain("eth_getTransactionCount");
	registry.close();
	await Promise.resolve();
	expect(destroy).toHaveBeenCalledTimes(1);
	node.calls.length = 0;
	await expect(write()).rejects.toMatchObject({ code: "registry/unreachable" });
	expect(node.calls).toEqual([]);
	await node.close();
});
