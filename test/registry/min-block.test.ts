/** T54: reads that must not return the state of an earlier block, from nodes that are behind. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type OrgId, parseDidUrl } from "../../src/did/did-url.ts";
import { createRegistry } from "../../src/registry/create-registry.ts";
import type { Registry } from "../../src/registry/registry.ts";
import { startTestNetwork } from "../../src/testing/test-network.ts";
import { type Answer, type FakeNode, passOn, startFakeNode } from "../support/fake-node.ts";
import { answerAt } from "../support/lagging-node.ts";

let network: Awaited<ReturnType<typeof startTestNetwork<1>>>;
let node: FakeNode;
let registry: Registry;
let orgId: OrgId;
let before: number;
let head: number;

const honest: FakeNode["answer"] = (method, params) => passOn(network.rpcUrl, method, params);
const behind: FakeNode["answer"] = (method, params) => answerAt(before, network.rpcUrl, method, params);

beforeAll(async () => {
	network = await startTestNetwork({ organizations: 1 });
	const [airline] = network.organizations;
	orgId = parseDidUrl(airline.did).orgId;
	before = await network.provider.getBlockNumber();
	await airline.revokeKey();
	head = await network.provider.getBlockNumber();
	node = await startFakeNode(honest);
	const { chainId } = network;
	registry = createRegistry({ chainId, rpcUrl: node.url, address: network.registry.address });
});
beforeEach(() => {
	node.answer = honest;
});
afterAll(async () => {
	registry.close();
	await node.close();
	await network.close();
});

const readKeys = async (minBlock?: number) => (await registry.read(orgId, { minBlock }))?.keys.length;
const revokedAt = async (minBlock?: number) => (await registry.readKey(orgId, "webserver", { minBlock }))?.revokedAt;

describe("T54: with minBlock", () => {
	it("an up-to-date node is read once", async () => {
		node.calls.length = 0;
		expect(await readKeys(head)).toBe(0);
		expect(await revokedAt(head)).toBeGreaterThan(0);
		expect(node.calls.filter((method) => method === "eth_call")).toHaveLength(2);
	});

	it("a node that stays behind is an outage, for organizations and keys", async () => {
		node.answer = behind;
		expect(await readKeys()).toBe(1);
		expect(await revokedAt()).toBe(0);
		const outdated = { code: "registry/outdated", details: { expected: head, actual: before } };
		await expect(readKeys(head)).rejects.toMatchObject(outdated);
		await expect(revokedAt(head)).rejects.toMatchObject(outdated);
	});

	it("a node that catches up, or another one behind a load balancer, is read again", async () => {
		let calls = 0;
		node.answer = (method, params): Promise<Answer> | Answer => {
			if (method === "eth_call") calls += 1;
			return calls < 2 ? behind(method, params) : honest(method, params);
		};
		expect(await readKeys(head)).toBe(0);
		calls = 0;
		expect(await revokedAt(head)).toBeGreaterThan(0);
	});

	it("an organization is absent only if it is at that block", async () => {
		const absent = `0x${"0d".repeat(32)}` as const;
		expect(await registry.read(absent, { minBlock: head })).toBeUndefined();
		node.answer = (method, params) => answerAt(1, network.rpcUrl, method, params);
		expect(await registry.read(orgId)).toBeUndefined();
		await expect(registry.read(orgId, { minBlock: head })).rejects.toMatchObject({ code: "registry/outdated" });
	});

	it("anything but a block number is refused", async () => {
		for (const minBlock of [-1, 1.5, "1", Number.NaN] as number[]) {
			const refused = { code: "config/invalid-option" };
			await expect(registry.read(orgId, { minBlock })).rejects.toMatchObject(refused);
			await expect(registry.readKey(orgId, "webserver", { minBlock })).rejects.toMatchObject(refused);
		}
	});
});
