import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { leaveOutBehind } from "../../../src/registry/nodes/leave-out-behind.ts";
import type { RpcNode } from "../../../src/registry/nodes/rpc-node.ts";
import type { FakeNode } from "../../support/fake-node.ts";
import { stopClock } from "../../support/node-cluster.ts";
import { startThreeNodes } from "../../support/started-node.ts";

let fakes: readonly [FakeNode, FakeNode, FakeNode];
let nodes: readonly [RpcNode, RpcNode, RpcNode];
let clock: ReturnType<typeof stopClock>;
beforeEach(async () => {
	clock = stopClock();
	({ fakes, nodes } = await startThreeNodes((index) => at(10 + index)));
});
afterEach(() => void vi.restoreAllMocks());

/** A node with this head. */
function at(head: number): FakeNode["answer"] {
	return (method) => ({ result: method === "eth_chainId" ? "0x7a69" : `0x${head.toString(16)}` });
}

const fail = (...failing: readonly RpcNode[]): void => {
	for (const { health } of failing) health.start(0).fail();
};
const failures = (): readonly number[] => nodes.map(({ health }) => health.failures());

/** How often each node is asked for its head while it is looked for a node that has this block. */
async function lookFor(block: number): Promise<{ isFound: boolean; asked: readonly number[] }> {
	const isFound = await leaveOutBehind(nodes, "latest", block);
	return { isFound, asked: fakes.map(({ calls }) => calls.filter((method) => method === "eth_blockNumber").length) };
}

describe("T54: a node that has a block", () => {
	it("is found among healthy ones first", async () => {
		fail(nodes[1]);
		expect(await lookFor(11)).toEqual({ isFound: true, asked: [1, 0, 1] });
		expect(failures()).toEqual([1, 1, 0]);
	});

	it("may be one that failed, if no healthy one has the block", async () => {
		fail(nodes[0], nodes[2]);
		expect(await lookFor(12)).toEqual({ isFound: true, asked: [1, 1, 1] });
		expect(nodes.map(({ health }) => health.isHealthy())).toEqual([false, false, true]);
	});

	it("isn't looked for among those that limit requests", async () => {
		nodes[2].health.limit(10);
		expect(await lookFor(12)).toEqual({ isFound: false, asked: [1, 1, 0] });
		clock.pass(11_000);
		expect(await lookFor(12)).toEqual({ isFound: true, asked: [2, 2, 1] });
	});

	it("is looked for beyond one that fails, which isn't behind for that", async () => {
		fakes[1].answer = () => ({ status: 500, body: "" });
		expect(await lookFor(12)).toEqual({ isFound: true, asked: [1, 1, 1] });
		expect(failures()).toEqual([1, 1, 0]);
		expect(nodes[0].refusal()).toMatchObject({ code: "registry/outdated", details: { expected: 12, actual: 10 } });
		expect(nodes[1].refusal()).toMatchObject({ code: "registry/unreachable", details: { status: 500 } });
	});

	it("is none: then no node rests", async () => {
		expect(await lookFor(13)).toEqual({ isFound: false, asked: [1, 1, 1] });
		expect(failures()).toEqual([0, 0, 0]);
	});
});
