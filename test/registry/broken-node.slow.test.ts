import { type FunctionFragment, Interface } from "ethers";
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import type { OrgId } from "../../src/did/did-url.ts";
import { ORGID_V3_ABI } from "../../src/registry/adapters/orgid-abi.ts";
import { createRegistry } from "../../src/registry/create-registry.ts";
import { orgIdRegistryAbi } from "../../src/registry/orgid-registry.contract.ts";
import type { Registry } from "../../src/registry/registry.ts";
import { type Answer, type FakeNode, greet, ORGPASS_CODE, startFakeNode } from "../support/fake-node.ts";

const contract = new Interface(orgIdRegistryAbi);
const ADDRESS = `0x${"11".repeat(20)}`;
const ORG_ID = `0x${"0a".repeat(32)}` as const;
const OTHER_ID = `0x${"0b".repeat(32)}` as const;

let open: (FakeNode | Registry)[] = [];
afterEach(async () => {
	for (const one of open) await one.close();
	open = [];
});

/** A registry on a node that greets honestly and answers `eth_call` as told. */
async function broken(answer: FakeNode["answer"]): Promise<{ node: FakeNode; registry: Registry }> {
	const node = await startFakeNode((method, params) => greet(method) ?? answer(method, params));
	const registry = createRegistry({ chainId: 31337, rpcUrl: node.url, address: ADDRESS });
	open.push(registry, node);
	return { node, registry };
}

const calls = (node: FakeNode, method = "eth_call"): number => node.calls.filter((call) => call === method).length;

/** The contract's answer about an organization, with whatever is wrong in it. */
function resolved(members: object, fragment = "webserver"): Answer {
	const zero = `0x${"00".repeat(32)}`;
	const organization = {
		...{ exists: true, orgId: ORG_ID, orgJsonHash: zero, orgJsonUri: "", orgJsonUriBackup1: "" },
		...{ orgJsonUriBackup2: "", parentOrgId: zero, owner: ADDRESS, director: ADDRESS, isActive: true },
		...{ isDirectorshipAccepted: false },
		unrevokedKeys: [{ fragment, x: ORG_ID, y: ORG_ID, validFrom: 0, validUntil: 0, addedAt: 1 }],
		...members,
	};
	return { result: contract.encodeFunctionResult("resolve", [organization, 5, 6]) };
}

describe("T53: a node that is down or busy", () => {
	it.each<[string, Answer]>([
		["HTTP 500", { status: 500, body: "boom" }],
		["HTTP 429", { status: 429, body: "slow down" }],
		["HTTP 404", { status: 404, body: "" }],
		["a redirect to nowhere", { status: 302, body: "" }],
		["HTML", { status: 200, body: "<html>" }],
		["an empty response", { status: 200, body: "" }],
		["a dropped connection", { hangUp: true }],
	])("retries twice after %s, then throws registry/unreachable", async (_what, answer) => {
		const { node, registry } = await broken(() => answer);
		await expect(registry.read(ORG_ID)).rejects.toMatchObject({
			name: "RegistryError",
			code: "registry/unreachable",
			message: expect.not.stringContaining(node.url),
		});
		expect(calls(node)).toBe(3);
	});

	it("recovers silently from a short outage", async () => {
		const { node, registry } = await broken(() => (calls(node) < 3 ? { status: 503, body: "" } : resolved({})));
		expect(await registry.read(ORG_ID)).toMatchObject({ orgId: ORG_ID, blockNumber: 5, blockTimestamp: 6 });
		expect(calls(node)).toBe(3);
	});

	it("T52: throws registry/unreachable for a closed port, after pauses of less than two seconds", async () => {
		const registry = createRegistry({ chainId: 31337, rpcUrl: "http://127.0.0.1:1", address: ADDRESS });
		const timers = vi.spyOn(globalThis, "setTimeout");
		await expect(registry.read(ORG_ID)).rejects.toMatchObject({ code: "registry/unreachable" });
		const pauses = timers.mock.calls.map(([, ms = 0]) => ms).filter((ms) => ms > 0 && ms !== 5_000);
		timers.mockRestore();
		expect(pauses).toHaveLength(2);
		expect(pauses.reduce((sum, ms) => sum + ms, 0)).toBeLessThan(2_000);
		registry.close();
	});
});

describe("T53: a node with invalid responses", () => {
	it.each<[string, Answer]>([
		["0x", { result: "0x" }],
		["null", { result: null }],
		["text", { result: "hello" }],
		["a number", { result: 5 }],
		["too few bytes", { result: "0x1234" }],
		["thousands of zeros", { result: `0x${"00".repeat(10_000)}` }],
		["an answer to another request", { status: 200, body: '{"jsonrpc":"2.0","id":99999,"result":"0x"}' }],
		["an error from the node", { error: { code: -32603, message: "secret internals" } }],
		["an error without a code", { error: { message: "secret internals" } as never }],
		["an error that is text", { error: "secret internals" as never }],
		["a revert", { error: { code: 3, message: "execution reverted", data: "0x" } }],
		["T54: another organization's record", resolved({ orgId: OTHER_ID })],
		["T54: a key with an invalid fragment", resolved({}, "web server")],
		["T54: a key named as no key can be", resolved({}, "")],
	])("throws registry/bad-response for %s, instead of reporting absence", async (_what, answer) => {
		const { registry } = await broken(() => answer);
		await expect(registry.read(ORG_ID)).rejects.toMatchObject({
			name: "RegistryError",
			code: "registry/bad-response",
			message: expect.not.stringContaining("secret internals"),
		});
	});

	it("T15: __proto__ in a response pollutes nothing", async () => {
		const body = `{"jsonrpc":"2.0","id":3,"__proto__":{"admin":true},"result":{"__proto__":{"admin":true}}}`;
		const { registry } = await broken(() => ({ status: 200, body }));
		await expect(registry.read(ORG_ID)).rejects.toMatchObject({ code: "registry/bad-response" });
		expect(({} as { admin?: boolean }).admin).toBeUndefined();
	});

	it("T39: ignores the zero address as director, even if the node reports it as accepted", async () => {
		const zero = { director: `0x${"00".repeat(20)}`, isDirectorshipAccepted: true };
		const { registry } = await broken(() => resolved(zero));
		expect(await registry.read(ORG_ID)).not.toHaveProperty("director");
	});
});

describe("T35: checking the node", () => {
	let registry: Registry;
	let node: FakeNode;
	const told: Record<string, Answer> = {};
	beforeAll(() => {
		Object.assign(told, { eth_chainId: { result: "0x7a69" }, eth_getCode: { result: ORGPASS_CODE } });
	});
	const start = async (): Promise<void> => {
		node = await startFakeNode((method) => told[method] ?? resolved({}));
		registry = createRegistry({ chainId: 31337, rpcUrl: node.url, address: ADDRESS });
		open.push(registry, node);
	};

	it("checks chain and code once for any number of reads", async () => {
		await start();
		await Promise.all(Array.from({ length: 20 }, () => registry.read(ORG_ID)));
		await registry.read(ORG_ID);
		expect(calls(node, "eth_chainId")).toBe(1);
		expect(calls(node, "eth_getCode")).toBe(1);
	});

	it.each<[string, string, Answer, string]>([
		["a different chain", "eth_chainId", { result: "0x1" }, "registry/wrong-chain"],
		["no chain", "eth_chainId", { result: "0x0" }, "registry/bad-response"],
		["a chain id that isn't a number", "eth_chainId", { result: "main" }, "registry/bad-response"],
		["a chain id of null", "eth_chainId", { result: null }, "registry/bad-response"],
		["no contract", "eth_getCode", { result: "0x" }, "registry/no-contract"],
		["a contract of null", "eth_getCode", { result: null }, "registry/bad-response"],
		["an outage", "eth_chainId", { status: 500, body: "" }, "registry/unreachable"],
		["an error", "eth_chainId", { error: { code: -32_603, message: "no" } }, "registry/bad-response"],
		["an error", "eth_getCode", { error: { code: -32_601, message: "no" } }, "registry/bad-response"],
		["an error without a code", "eth_chainId", { error: { message: "no" } as never }, "registry/bad-response"],
		["an error that is text", "eth_chainId", { error: "no" as never }, "registry/bad-response"],
	])("rejects %s before any eth_call, and checks again next time", async (_what, method, answer, code) => {
		await start();
		const honest = told[method] as Answer;
		told[method] = answer;
		await expect(registry.read(ORG_ID)).rejects.toMatchObject({ code });
		expect(calls(node)).toBe(0);
		told[method] = honest;
		expect(await registry.read(ORG_ID)).toMatchObject({ orgId: ORG_ID });
	});

	it("checks again after an outage, and rejects a node of another chain", async () => {
		await start();
		await registry.read(ORG_ID);
		node.answer = () => ({ hangUp: true });
		await expect(registry.read(ORG_ID)).rejects.toMatchObject({ code: "registry/unreachable" });
		node.answer = (method) => (method === "eth_chainId" ? { result: "0x1" } : (told[method] ?? resolved({})));
		await expect(registry.read(ORG_ID)).rejects.toMatchObject({ code: "registry/wrong-chain" });
	});
});

describe("long lists", () => {
	it("are read page by page", async () => {
		const ids = Array.from({ length: 1_203 }, (_, i) => `0x${i.toString(16).padStart(64, "0")}` as OrgId);
		const { node, registry } = await broken((_method, [call]) => {
			const { data } = call as { data: string };
			const [all, cursor, count] = contract.decodeFunctionData("listOrganizations", data);
			expect(all).toBe(true);
			const [from, to] = [Number(cursor), Math.min(Number(cursor) + Number(count), ids.length)];
			const page = [ids.slice(from, to), to, ids.length];
			return { result: contract.encodeFunctionResult("listOrganizations", page) };
		});
		expect(await registry.list()).toEqual(ids);
		expect(calls(node)).toBe(3);
	});
});

describe("a caller's provider", () => {
	it.each<[string, () => Promise<unknown>]>([
		["an Error", () => Promise.reject(new Error("secret internals"))],
		["a plain object, as EIP-1193 has it", () => Promise.reject({ code: 4_100, message: "secret internals" })],
		["nothing", () => Promise.reject(undefined)],
	])("throws registry/unreachable if it rejects with %s", async (_what, request) => {
		const registry = createRegistry({ chainId: 31337, provider: { request }, address: ADDRESS });
		open.push(registry);
		await expect(registry.read(ORG_ID)).rejects.toMatchObject({
			code: "registry/unreachable",
			message: expect.not.stringContaining("secret"),
		});
	});
});

it("T54: throws registry/bad-response for a list whose cursor doesn't advance", async () => {
	const { node, registry } = await broken(() => {
		const total = calls(node) > 60 ? 0 : 1;
		return { result: contract.encodeFunctionResult("listOrganizations", [[ORG_ID], 0, total]) };
	});
	await expect(registry.list()).rejects.toMatchObject({ code: "registry/bad-response" });
	expect(calls(node)).toBe(1);
});

it.each<[string, readonly OrgId[]]>([
	["has no ids", []],
	["repeats an id", [ORG_ID]],
])("T54: throws registry/bad-response for a list that goes on although a page %s", async (_what, ids) => {
	const { node, registry } = await broken((_method, [call]) => {
		const { data } = call as { data: string };
		const cursor = contract.decodeFunctionData("listOrganizations", data)[1] as bigint;
		const total = calls(node) > 60 ? 0n : 2n ** 255n;
		return { result: contract.encodeFunctionResult("listOrganizations", [ids, cursor + 1n, total]) };
	});
	await expect(registry.list()).rejects.toMatchObject({ code: "registry/bad-response" });
	expect(calls(node)).toBeLessThanOrEqual(2);
});

it("T54: throws registry/bad-response for a list of tokens that repeats an organization", async () => {
	const tokens = new Interface(ORGID_V3_ABI);
	const calls: string[] = [];
	const request = async ({ method, params }: { method: string; params?: object }): Promise<unknown> => {
		if (method !== "eth_call") return (greet(method) as { result: string }).result;
		const [{ data }] = params as [{ data: string }];
		const { name } = tokens.getFunction(data.slice(0, 10)) as FunctionFragment;
		calls.push(name);
		if (calls.length > 1_000) throw new Error("the list is endless");
		const results = name === "totalSupply" ? [2n ** 255n] : [true, ORG_ID, "", ADDRESS];
		return tokens.encodeFunctionResult(name, results);
	};
	const registry = createRegistry({ chainId: 31337, provider: { request }, address: ADDRESS, kind: "orgid-v3" });
	open.push(registry);
	await expect(registry.list()).rejects.toMatchObject({ code: "registry/bad-response" });
	expect(calls.length).toBeLessThan(300);
});

it("ethers prints nothing while a node is down", async () => {
	const spies = [
		vi.spyOn(process.stdout, "write"),
		...(["log", "info", "warn", "error", "debug"] as const).map((name) => vi.spyOn(console, name)),
	];
	const { registry } = await broken(() => ({ status: 500, body: "boom" }));
	await expect(registry.read(ORG_ID)).rejects.toThrow();
	const dead = createRegistry({ chainId: 31337, rpcUrl: "http://127.0.0.1:1", address: ADDRESS });
	await expect(dead.list()).rejects.toThrow();
	dead.close();
	const request = (): Promise<unknown> => Promise.reject(new Error("no"));
	const refusing = createRegistry({ chainId: 31337, provider: { request }, address: ADDRESS });
	await expect(refusing.list()).rejects.toThrow();
	refusing.close();
	const seen = spies.map((spy) => spy.mock.calls.length);
	for (const spy of spies) spy.mockRestore();
	expect(seen).toEqual(spies.map(() => 0));
});
