import { expect, it, onTestFinished, vi } from "vitest";
import { createRpcNode, type RpcNode } from "../../../src/registry/nodes/rpc-node.ts";
import { type FakeNode, startFakeNode } from "../../support/fake-node.ts";
import { stopClock } from "../../support/node-cluster.ts";

const CALLS = Array.from({ length: 100 }, (_, index) => ({
	jsonrpc: "2.0" as const,
	id: index + 1,
	method: "eth_gasPrice",
	params: [],
}));

async function stage(answer: FakeNode["answer"]): Promise<{ fake: FakeNode; node: RpcNode }> {
	const fake = await startFakeNode(answer);
	onTestFinished(() => fake.close());
	const node = createRpcNode(fake.url, { chainId: 31_337, timeoutMs: 5_000, observer: undefined, isOnly: true });
	return { fake, node };
}

it.each(["send", "sendTogether"] as const)(
	"T87: %s doesn't divide a batch that is limited as a whole",
	async (send) => {
		const body = JSON.stringify({ jsonrpc: "2.0", id: null, error: { code: -32_005, message: "slow down" } });
		const { fake, node } = await stage(() => ({ status: 200, body }));
		stopClock();
		onTestFinished(() => void vi.restoreAllMocks());
		const responses = await node[send](CALLS);
		expect(responses?.map(({ id }) => id)).toEqual(CALLS.map(({ id }) => id));
		// The calls of one request.
		expect(fake.calls).toHaveLength(CALLS.length);
		expect(node.health.mayBeTried()).toBe(false);
		expect(node.refusal().details).toMatchObject({ rpcCode: -32_005, retryAfterSeconds: expect.any(Number) });
	},
);

it("T87: a node whose log is too long doesn't limit the rate of requests", async () => {
	const message = "query returned more than 10000 results";
	const { node } = await stage(() => ({ error: { code: -32_005, message } }));
	expect(await node.send(CALLS.slice(0, 1))).toMatchObject([{ id: 1, error: { code: -32_000, message } }]);
	expect(node.health.isHealthy()).toBe(true);
});

it("T52: a node isn't healthy again because of a batch that isn't sent", async () => {
	const { fake, node } = await stage(() => ({ status: 413, body: "" }));
	const [first, second] = CALLS as [(typeof CALLS)[0], (typeof CALLS)[0]];
	expect(await node.sendTogether([first, second])).toBeUndefined();
	fake.answer = () => ({ status: 500, body: "" });
	await expect(node.send([first])).rejects.toThrow();
	expect(node.health.isHealthy()).toBe(false);
	fake.calls.length = 0;
	expect(await node.sendTogether([first, second])).toBeUndefined();
	expect(fake.calls).toEqual([]);
	expect(node.health.isHealthy()).toBe(false);
	expect(node.health.mayBeTried()).toBe(true);
});
