/** T54: nodes in order, of which the first one is stuck at an earlier block. */
import { beforeAll, describe, expect, it } from "vitest";
import { type OrgId, parseDidUrl } from "../../../src/did/did-url.ts";
import { createRegistry } from "../../../src/registry/create-registry.ts";
import type { Registry } from "../../../src/registry/registry.ts";
import type { FakeNode } from "../../support/fake-node.ts";
import { answerAt } from "../../support/lagging-node.ts";
import { stopClock, useNodeCluster } from "../../support/node-cluster.ts";

const cluster = useNodeCluster(2);
let before: number;
let head: number;
let orgId: OrgId;

beforeAll(async () => {
	const { provider, organizations } = cluster.network;
	const [airline] = organizations;
	orgId = parseDidUrl(airline.did).orgId;
	before = await provider.getBlockNumber();
	await airline.revokeKey();
	head = await provider.getBlockNumber();
});

const stuck: FakeNode["answer"] = (method, params) => answerAt(before, cluster.network.rpcUrl, method, params);

function open(): Registry {
	const { chainId, registry } = cluster.network;
	return createRegistry({ chainId, rpcUrl: cluster.urls, address: registry.address });
}

function countCalls({ calls }: FakeNode): number {
	return calls.filter((method) => method === "eth_call").length;
}

describe("T54: a node that is stuck", () => {
	it.each([
		["an organization", async (registry: Registry) => (await registry.read(orgId, { minBlock: head }))?.keys.length, 0],
		[
			"a key",
			async (registry: Registry) => (await registry.readKey(orgId, "webserver", { minBlock: head }))?.revokedAt !== 0,
			true,
		],
	] as const)("is left out by the read of %s that notices it, and for a while", async (_, read, expected) => {
		const [first, second] = cluster.nodes as [FakeNode, FakeNode];
		const clock = stopClock();
		const registry = open();
		first.answer = stuck;
		expect(await registry.read(orgId)).toMatchObject({ blockNumber: before });
		expect(await read(registry)).toBe(expected);
		expect([countCalls(first), countCalls(second)]).toEqual([2, 1]);
		for (let i = 0; i < 5; i++) expect(await read(registry)).toBe(expected);
		expect(await registry.read(orgId)).toMatchObject({ blockNumber: head });
		expect(countCalls(first)).toBe(2);

		first.answer = cluster.honest;
		const doesTheWork = async (): Promise<boolean> => {
			clock.pass(40_000);
			second.calls.length = 0;
			for (let i = 0; i < 2; i++) expect(await read(registry)).toBe(expected);
			return second.calls.length === 0;
		};
		await expect.poll(doesTheWork, { timeout: 60_000 }).toBe(true);
		registry.close();
	});

	it("is left out once for many organizations that are read at the same time", async () => {
		const [first] = cluster.nodes as [FakeNode, FakeNode];
		const registry = open();
		first.answer = stuck;
		const [, other] = cluster.network.organizations;
		const ids = [orgId, parseDidUrl(other.did).orgId];
		const records = await Promise.all(ids.map((id) => registry.read(id, { minBlock: head })));
		expect(records.map((record) => record?.blockNumber)).toEqual([head, head]);
		expect(first.calls.filter((method) => method === "eth_blockNumber")).toHaveLength(1);
		registry.close();
	});

	it("is an outage if all are, and the first one is asked again as soon as it has caught up", async () => {
		const [first, second] = cluster.nodes as [FakeNode, FakeNode];
		const registry = open();
		first.answer = stuck;
		second.answer = stuck;
		const outdated = { code: "registry/outdated", details: { expected: head, actual: before } };
		await expect(registry.read(orgId, { minBlock: head })).rejects.toMatchObject(outdated);
		await expect(registry.readKey(orgId, "webserver", { minBlock: head })).rejects.toMatchObject(outdated);
		first.answer = cluster.honest;
		second.calls.length = 0;
		expect(await registry.read(orgId, { minBlock: head })).toMatchObject({ blockNumber: head, keys: [] });
		expect(second.calls).toEqual([]);
		registry.close();
	});

	it("is left out although another one is down", async () => {
		const [first, second] = cluster.nodes as [FakeNode, FakeNode];
		const { chainId, registry: contract, rpcUrl } = cluster.network;
		const urls = [...cluster.urls, rpcUrl];
		const registry = createRegistry({ chainId, rpcUrl: urls, address: contract.address });
		first.answer = stuck;
		second.answer = () => ({ hangUp: true });
		expect(await registry.read(orgId, { minBlock: head })).toMatchObject({ blockNumber: head });
		registry.close();
	});
});
