import { describe, expect, it, onTestFinished, vi } from "vitest";
import type { Answer, FakeNode } from "../../support/fake-node.ts";
import { stopClock } from "../../support/node-cluster.ts";
import { type StartedNode, startNode } from "../../support/started-node.ts";

const CALLS = Array.from({ length: 100 }, (_, index) => ({
	jsonrpc: "2.0" as const,
	id: index + 1,
	method: "eth_gasPrice",
	params: [],
}));

function stage(answer: FakeNode["answer"], isOnly = true): Promise<StartedNode> {
	return startNode(answer, { isOnly });
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
		expect(node.refusal()).toMatchObject({
			code: "registry/unreachable",
			details: { host: node.host, rpcCode: -32_005, retryAfterSeconds: expect.any(Number) },
			cause: { code: "UNKNOWN_ERROR" },
		});
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

it("T52: whether a node that failed has recovered can be found out although a batch wasn't sent", async () => {
	const clock = stopClock();
	onTestFinished(() => void vi.restoreAllMocks());
	const { fake, node } = await stage(() => ({ status: 413, body: "" }), false);
	expect(await node.sendTogether(CALLS)).toBeUndefined();
	fake.answer = () => ({ status: 500, body: "" });
	await expect(node.send(CALLS.slice(0, 1))).rejects.toMatchObject({ status: 500 });
	clock.pass(1_000);
	expect(node.health.isProbeDue()).toBe(true);
	expect(await node.sendTogether(CALLS)).toBeUndefined();
	expect(node.health.isProbeDue()).toBe(true);
});

it("a node whose response is too large has recovered", async () => {
	const { fake, node } = await stage(() => ({ status: 500, body: "" }));
	await expect(node.send(CALLS.slice(0, 1))).rejects.toMatchObject({ status: 500 });
	expect(node.health.isHealthy()).toBe(false);
	fake.answer = () => ({ result: Array.from({ length: 100_001 }, () => 0) });
	await expect(node.send(CALLS.slice(0, 1))).rejects.toMatchObject({ code: "BAD_DATA" });
	expect(node.health.isHealthy()).toBe(true);
});

it.each([true, false])("a node that breaks batches three times is sent none if it is alone: %s", async (isOnly) => {
	const { node } = await stage(() => ({ status: 500, body: "" }), isOnly);
	const sendTwo = () => node.sendTogether(CALLS.slice(0, 2));
	for (let times = 0; times < 2; times++) await expect(sendTwo()).rejects.toMatchObject({ status: 500 });
	if (isOnly) expect(await sendTwo()).toBeUndefined();
	else await expect(sendTwo()).rejects.toMatchObject({ status: 500 });
});

describe("the chain of a node", () => {
	const [CALL] = CALLS as [(typeof CALLS)[0]];
	const ASK_CHAIN = { ...CALL, method: "eth_chainId" };
	const CHECKED = ["eth_chainId", "eth_gasPrice"];

	/** A node with this chain id, and a clock. */
	async function stageChain(isOnly: boolean, chain: () => Answer = () => ({ result: "0x7a69" })) {
		const clock = stopClock();
		onTestFinished(() => void vi.restoreAllMocks());
		const { fake, node } = await stage((method, params) => {
			if (method !== "eth_chainId") return { result: "0x5" };
			return params.length === 0 ? chain() : { error: { code: -32_602, message: "too many parameters" } };
		}, isOnly);
		/** What the node is asked when it is sent one call. */
		const ask = async (): Promise<readonly string[]> => {
			fake.calls.length = 0;
			expect(await node.send([CALL])).toEqual([{ jsonrpc: "2.0", id: 1, result: "0x5" }]);
			return [...fake.calls].toSorted();
		};
		return { fake, node, clock, ask };
	}

	it("is checked with the first call if there are others, then once a minute", async () => {
		const { clock, ask } = await stageChain(false);
		expect(await ask()).toEqual(CHECKED);
		clock.pass(59_999);
		expect(await ask()).toEqual(["eth_gasPrice"]);
		clock.pass(1);
		expect(await ask()).toEqual(CHECKED);
		expect(await ask()).toEqual(["eth_gasPrice"]);
	});

	it("is checked once a minute only if there is no other", async () => {
		const { clock, ask } = await stageChain(true);
		expect(await ask()).toEqual(["eth_gasPrice"]);
		clock.pass(60_000);
		expect(await ask()).toEqual(CHECKED);
		expect(await ask()).toEqual(["eth_gasPrice"]);
	});

	it.each([
		[false, CHECKED],
		[true, ["eth_gasPrice"]],
	])("after a failure of a node that is alone (%s) is checked with %j", async (isOnly, expected) => {
		const { fake, node, ask } = await stageChain(isOnly);
		await ask();
		const { answer } = fake;
		fake.answer = () => ({ status: 500, body: "" });
		await expect(node.send([CALL])).rejects.toMatchObject({ status: 500 });
		fake.answer = answer;
		expect(await ask()).toEqual(expected);
	});

	it.each([false, true])("that is another one is refused, and checked again (%s)", async (isOnly) => {
		let result = "0x1";
		const { node, clock, ask } = await stageChain(isOnly, () => ({ result }));
		clock.pass(60_000);
		const details = { host: node.host, expected: 31_337, actual: 1 };
		await expect(node.send([CALL])).rejects.toMatchObject({ code: "registry/wrong-chain", details });
		await expect(node.send([CALL])).rejects.toMatchObject({ code: "registry/wrong-chain" });
		expect(node.health.isHealthy()).toBe(false);
		result = "0x7a69";
		expect(await ask()).toEqual(CHECKED);
		expect(node.health.isHealthy()).toBe(true);
	});

	it.each<Answer>([{ result: "x" }, { result: {} }, { error: { code: -32_601, message: "no such method" } }])(
		"that it doesn't tell is an invalid response: %j",
		async (answer) => {
			const { node } = await stageChain(false, () => answer);
			await expect(node.send([CALL])).rejects.toMatchObject({ code: "BAD_DATA", info: answer });
		},
	);

	it.each([true, false])(
		"T87: that it doesn't tell because of a limit is a limit: for all calls (%s)",
		async (isForAll) => {
			const limit = { error: { code: -32_005, message: "slow down" } };
			const { fake, node } = await stageChain(false, () => limit);
			if (isForAll) fake.answer = () => limit;
			await expect(node.send([CALL])).rejects.toMatchObject({ code: "UNKNOWN_ERROR", info: limit });
			expect(node.health.mayBeTried()).toBe(false);
		},
	);

	it("is checked in the answer to whoever asks for it, instead of once more", async () => {
		const { fake, node, ask } = await stageChain(false);
		expect(await node.send([ASK_CHAIN])).toEqual([{ jsonrpc: "2.0", id: 1, result: "0x7a69" }]);
		expect(fake.calls).toEqual(["eth_chainId"]);
		expect(await ask()).toEqual(["eth_gasPrice"]);
	});

	it("may be another one for whoever asks for it if there is no other node", async () => {
		const answer = { result: "0x1" };
		const { node } = await stageChain(true, () => answer);
		expect(await node.send([ASK_CHAIN])).toMatchObject([{ id: 1, ...answer }]);
		const { node: oneOfSeveral } = await stageChain(false, () => answer);
		await expect(oneOfSeveral.send([ASK_CHAIN])).rejects.toMatchObject({ code: "registry/wrong-chain" });
	});
});

describe("why a node isn't asked", () => {
	it("is its failure, with the time until it may be asked again", async () => {
		const { node } = await stage(() => ({ status: 503, body: "", headers: { "retry-after": "60" } }));
		vi.spyOn(Math, "random").mockReturnValue(0.5);
		stopClock();
		onTestFinished(() => void vi.restoreAllMocks());
		await expect(node.send(CALLS.slice(0, 1))).rejects.toMatchObject({ status: 503 });
		expect(node.refusal()).toMatchObject({
			code: "registry/unreachable",
			details: { host: node.host, status: 503, retryAfterSeconds: expect.closeTo(64.5) },
			cause: { status: 503 },
			message: expect.stringMatching(/; the next request is possible in 65 s$/),
		});
	});

	it("is that it is behind another one", async () => {
		const { node } = await stage(() => ({ result: "0x5" }));
		expect(node.health.isHealthy()).toBe(true);
		node.fallBehind(7, 9);
		expect(node.health.isHealthy()).toBe(false);
		expect(node.refusal()).toMatchObject({
			code: "registry/outdated",
			details: { host: node.host, expected: 9, actual: 7 },
			message: expect.stringContaining(node.host),
		});
	});
});

it("a response that can't be used is an error about the node, with what it responded", async () => {
	const { node } = await stage(() => ({ result: "0x5" }));
	const response = { jsonrpc: "2.0", id: 1, error: { code: -32_000, message: "no" } };
	expect(node.toError(response)).toMatchObject({ code: "BAD_DATA", info: response });
	expect(node.toError(undefined)).toMatchObject({ code: "BAD_DATA", info: {} });
});
