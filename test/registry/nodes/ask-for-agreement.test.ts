/** Nodes that have to agree, of which some are known to have failed before. */
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { askForAgreement } from "../../../src/registry/nodes/ask-for-agreement.ts";
import type { RpcNode } from "../../../src/registry/nodes/rpc-node.ts";
import type { JsonRpcResponse } from "../../../src/registry/rpc-transport.ts";
import type { Answer, FakeNode } from "../../support/fake-node.ts";
import { stopClock } from "../../support/node-cluster.ts";
import { startThreeNodes } from "../../support/started-node.ts";

const HASH = `0x${"a0".repeat(32)}`;
const DOWN: Answer = { status: 500, body: "" };

let fakes: readonly [FakeNode, FakeNode, FakeNode];
let nodes: readonly [RpcNode, RpcNode, RpcNode];
let clock: ReturnType<typeof stopClock>;
beforeEach(async () => {
	clock = stopClock();
	vi.spyOn(Math, "random").mockReturnValue(1);
	({ fakes, nodes } = await startThreeNodes(() => honest));
});
afterEach(() => void vi.restoreAllMocks());

function honest(method: string, params: readonly unknown[]): Answer {
	if (method === "eth_chainId") return { result: "0x7a69" };
	if (method === "eth_blockNumber") return { result: "0x64" };
	if (method === "eth_getBlockByNumber") return { result: { number: params[0], hash: HASH } };
	return { result: "0xabcd" };
}

/** Has nodes answer one method otherwise, from the first node on. */
function answer(method: string, ...answers: readonly Answer[]): void {
	for (const [index, other] of answers.entries()) {
		(fakes[index] as FakeNode).answer = (asked, params) => (asked === method ? other : honest(asked, params));
	}
}

const result = (text: string): Answer => ({ result: text });
const fail = ({ health }: RpcNode): void => health.start(0).fail();

const ask = (method = "eth_call", params: unknown[] = [{}, "0x1"], count = 2): Promise<JsonRpcResponse[]> =>
	askForAgreement(nodes, count, [{ jsonrpc: "2.0", id: 7, method, params }]);
const TRUTH = [{ id: 7, result: "0xabcd" }];

describe("a node that failed", () => {
	it("isn't asked while the others agree", async () => {
		fail(nodes[2]);
		clock.pass(999);
		expect(await ask()).toEqual(TRUTH);
		expect(fakes[2].calls).toEqual([]);
	});

	it("is asked along with the others when it has rested", async () => {
		fail(nodes[2]);
		clock.pass(1_000);
		expect(await ask()).toEqual(TRUTH);
		await expect.poll(() => nodes[2].health.isHealthy()).toBe(true);
	});

	it("T54: decides if the others disagree", async () => {
		fail(nodes[2]);
		answer("eth_call", result("0xabcd"), result("0xbad0"));
		expect(await ask()).toEqual(TRUTH);
		expect(fakes[2].calls).toContain("eth_call");
	});

	it.each<[string, Answer]>([
		["says something else again", result("0xbad1")],
		["fails again", DOWN],
	])("T54: leaves the others' disagreement as it is if it %s", async (_, other) => {
		fail(nodes[2]);
		answer("eth_call", result("0xabcd"), result("0xbad0"), other);
		await expect(ask()).rejects.toMatchObject({
			code: "registry/disagreement",
			details: { nodes: expect.arrayContaining([`${nodes[2].host} failed before`]) },
		});
	});

	it("T87: isn't asked before its limit is over, and the others are asked once", async () => {
		nodes[2].health.limit(60);
		answer("eth_call", result("0xabcd"), result("0xbad0"));
		await expect(ask()).rejects.toMatchObject({
			code: "registry/disagreement",
			details: { nodes: expect.arrayContaining([`${nodes[2].host} failed before`]) },
		});
		expect(fakes[2].calls).toEqual([]);
		expect(fakes[0].calls.filter((method) => method === "eth_call")).toHaveLength(1);
	});

	it.each<[string, string, Answer, object]>([
		["fails", "eth_call", DOWN, { code: "status", status: 500 }],
		["is of another chain", "eth_chainId", result("0x1"), { code: "registry/wrong-chain" }],
	])("isn't asked because another one %s", async (_, method, other, error) => {
		fail(nodes[2]);
		fakes[1].answer = (asked, params) => (asked === method ? other : honest(asked, params));
		await expect(ask()).rejects.toMatchObject(error);
		expect(fakes[2].calls).toEqual([]);
	});
});

describe("an answer", () => {
	it.each(["0x1", "latest"])("at %s is there although a node hangs", async (block) => {
		answer("eth_call", result("0xabcd"), result("0xabcd"), { hang: true });
		expect(await ask("eth_call", [{}, block])).toEqual(TRUTH);
	});

	it("is a disagreement if there is none at any block", async () => {
		answer("eth_call", result("0xbad0"), result("0xbad1"), result("0xbad2"));
		await expect(ask("eth_call", [{}, "latest"])).rejects.toMatchObject({
			code: "registry/disagreement",
			details: { method: "eth_call", agreement: 2 },
		});
	});

	it("is a disagreement if two nodes contradict each other and the third can't answer", async () => {
		const unable = { error: { code: -32_000, message: "missing trie node" } };
		answer("eth_call", result("0xbad0"), result("0xbad1"), unable);
		await expect(ask("eth_call", [{}, "0x1"], 3)).rejects.toMatchObject({ code: "registry/disagreement" });
	});

	it("about logs is an error if two nodes have that", async () => {
		const unable = { error: { code: -32_000, message: "missing trie node" } };
		answer("eth_getLogs", { result: [] }, unable, unable);
		expect(await ask("eth_getLogs", [{ toBlock: "0x1" }])).toMatchObject([{ id: 7, ...unable }]);
	});

	it("about logs doesn't count if the hashes of the last block are equal in upper case only", async () => {
		const hashes = ["0xß", "0xss", "0xSS"];
		for (const [index, fake] of fakes.entries()) {
			const hash = hashes[index];
			fake.answer = (method, params) =>
				method === "eth_getBlockByNumber" ? { result: { hash } } : honest(method, params);
		}
		expect(await ask("eth_getLogs", [{ toBlock: "0x1" }])).toEqual(TRUTH);
		fakes[2].answer = () => DOWN;
		await expect(ask("eth_getLogs", [{ toBlock: "0x1" }])).rejects.toMatchObject({ code: "registry/disagreement" });
	});
});
