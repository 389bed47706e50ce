import { describe, expect, it, vi } from "vitest";
import { importPrivateKey } from "../../../src/keys/import-private-key.ts";
import type { Observer } from "../../../src/observe/observer.ts";
import { createRegistry } from "../../../src/registry/create-registry.ts";
import type { Registry } from "../../../src/registry/registry.ts";
import type { Answer, FakeNode } from "../../support/fake-node.ts";
import { shortenDeadlines, stopClock, useNodeCluster } from "../../support/node-cluster.ts";
import { recordOperations } from "../../support/recording-observer.ts";

const cluster = useNodeCluster(2);

/** What each faulty node answers. */
const FAULTS: readonly (readonly [string, FakeNode["answer"]])[] = [
	["hangs", () => ({ hang: true })],
	["closes connections", () => ({ hangUp: true })],
	["responds with status 500", () => ({ status: 500, body: "" })],
	["responds with status 401", () => ({ status: 401, body: "" })],
	["limits requests with Retry-After", () => ({ status: 429, body: "", headers: { "retry-after": "30" } })],
	["limits requests with status 429", () => ({ status: 429, body: "" })],
	["limits requests with JSON-RPC -32005", () => ({ error: { code: -32_005, message: "slow down" } })],
	["responds with HTML", () => ({ status: 200, body: "<html>" })],
	["responds with JSON that isn't JSON-RPC", () => ({ status: 200, body: "{}" })],
	["responds with null", () => ({ result: null })],
	["serves another chain", (method, params) => otherChain(method, params)],
];

function otherChain(method: string, params: readonly unknown[]): Answer | Promise<Answer> {
	return method === "eth_chainId" ? { result: "0x1" } : cluster.honest(method, params);
}

function open(rpcUrl: readonly string[] = cluster.urls, observer?: Observer): Registry {
	const { chainId, registry } = cluster.network;
	return createRegistry({ chainId, rpcUrl, address: registry.address, observer });
}

async function expectReads(registry: Registry, times: number): Promise<void> {
	for (let i = 0; i < times; i++) {
		const { orgId, owner } = cluster.network.organizations[i % 2 === 0 ? 0 : 1];
		expect(await registry.read(orgId)).toMatchObject({ orgId, owner: owner.address });
	}
}

/** Lets the time pass until the node has been asked again and does the work. */
async function expectRecovery(
	node: FakeNode,
	registry: Registry,
	clock: { pass: (ms: number) => void },
): Promise<void> {
	const isAsked = async (): Promise<boolean> => {
		clock.pass(40_000);
		const before = node.calls.length;
		await expectReads(registry, 1);
		await expectReads(registry, 1);
		return node.calls.filter((call) => call === "eth_call").length > 2 && node.calls.length > before;
	};
	await expect.poll(isAsked, { timeout: 60_000 }).toBe(true);
}

describe.each(FAULTS)("T52: a node that %s", (what, fault) => {
	const prepare = (): ReturnType<typeof stopClock> => {
		if (what === "hangs") shortenDeadlines(200);
		return stopClock();
	};

	it("is asked once if it is the first, and again after it has rested", async () => {
		const [first, second] = cluster.nodes as [FakeNode, FakeNode];
		const clock = prepare();
		first.answer = fault;
		const registry = open();
		await expectReads(registry, 10);
		expect(first.calls.length).toBeLessThanOrEqual(4);
		first.calls.length = 0;
		await expectReads(registry, 10);
		expect(first.calls).toEqual([]);

		first.answer = cluster.honest;
		await expectRecovery(first, registry, clock);
		second.answer = () => ({ status: 500, body: "" });
		await expectReads(registry, 2);
		registry.close();
	});

	it("isn't noticed if it is the second", async () => {
		const [, second] = cluster.nodes as [FakeNode, FakeNode];
		second.answer = fault;
		const registry = open();
		await expectReads(registry, 4);
		expect(second.calls).toEqual([]);
		registry.close();
	});
});

describe("T52: several nodes", () => {
	it("fail over in the middle of a service, and a probe doesn't delay anybody", async () => {
		const [first] = cluster.nodes as [FakeNode, FakeNode];
		const clock = stopClock();
		const registry = open();
		await expectReads(registry, 2);
		shortenDeadlines(200);
		first.answer = () => ({ hang: true });
		await expectReads(registry, 2);
		vi.restoreAllMocks();
		const later = stopClock();
		clock.pass(0);
		later.pass(40_000);
		first.calls.length = 0;
		await expectReads(registry, 5);
		expect(first.calls).toEqual(["eth_chainId", "eth_call"]);
		registry.close();
	});

	it("are an outage that names the last one if all fail", async () => {
		const [first, second] = cluster.nodes as [FakeNode, FakeNode];
		first.answer = () => ({ status: 500, body: "" });
		second.answer = () => ({ status: 502, body: "" });
		const registry = open();
		await expect(registry.read(`0x${"0a".repeat(32)}`)).rejects.toMatchObject({
			code: "registry/unreachable",
			details: { host: new URL(second.url).host, status: 502 },
		});
		registry.close();
	});

	it("T35: reject one that comes back as a node of another chain, until it is right again", async () => {
		const [first, second] = cluster.nodes as [FakeNode, FakeNode];
		const clock = stopClock();
		const registry = open();
		await expectReads(registry, 2);
		first.answer = () => ({ hangUp: true });
		await expectReads(registry, 2);
		first.answer = otherChain;
		for (let i = 0; i < 5; i++) {
			clock.pass(40_000);
			await expectReads(registry, 2);
		}
		expect(second.calls.filter((call) => call === "eth_call").length).toBeGreaterThanOrEqual(12);
		first.answer = cluster.honest;
		await expectRecovery(first, registry, clock);
		registry.close();
	});

	it("T35: notice within a minute that one has changed to another chain", async () => {
		const [first, second] = cluster.nodes as [FakeNode, FakeNode];
		const clock = stopClock();
		const registry = open();
		await expectReads(registry, 2);
		expect(second.calls).toEqual([]);
		first.answer = otherChain;
		clock.pass(60_001);
		await expectReads(registry, 2);
		expect(second.calls).toContain("eth_call");
		registry.close();
	});

	it("get another answer than an error that isn't the contract's", async () => {
		const [first] = cluster.nodes as [FakeNode, FakeNode];
		first.answer = (method, params) =>
			method === "eth_call"
				? { error: { code: -32_000, message: "missing trie node" } }
				: cluster.honest(method, params);
		const registry = open();
		await expectReads(registry, 4);
		registry.close();
	});

	it("send a transaction once only", async () => {
		const [first, second] = cluster.nodes as [FakeNode, FakeNode];
		first.answer = async (method, params) => {
			const answer = await cluster.honest(method, params);
			return method === "eth_sendRawTransaction" ? { hangUp: true } : answer;
		};
		const key = await importPrivateKey(cluster.network.accounts[1].privateKey);
		const registry = open().connect(key);
		await expect(registry.createOrganization()).rejects.toMatchObject({ code: "registry/unreachable" });
		const sent = [...first.calls, ...second.calls].filter((call) => call === "eth_sendRawTransaction");
		expect(sent).toHaveLength(1);
		await expectReads(registry, 2);
		registry.close();
	});

	it("are reported each with its host", async () => {
		const [first, second] = cluster.nodes as [FakeNode, FakeNode];
		first.answer = () => ({ status: 500, body: "" });
		const { observer, of } = recordOperations();
		const registry = open(cluster.urls, observer);
		await expectReads(registry, 1);
		const seen = of("rpc").map(({ host, outcome }) => [host, outcome]);
		expect(seen[0]).toEqual([new URL(first.url).host, "failed"]);
		expect(seen.slice(1).every(([host, outcome]) => host === new URL(second.url).host && outcome === "ok")).toBe(true);
		registry.close();
	});
});
