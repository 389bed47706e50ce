/** Nodes that are asked one after the other. */
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createRpcProvider, type RpcProvider } from "../../../src/registry/rpc-provider.ts";
import { type Answer, type FakeNode, startFakeNode } from "../../support/fake-node.ts";
import { idle } from "../../support/patient-timers.ts";

const CHAIN = 31_337;
const DOWN: Answer = { status: 500, body: "" };
const REVERT: Answer = { error: { code: 3, message: "execution reverted" } };
const PRUNED: Answer = { error: { code: -32_000, message: "missing trie node" } };
const LIMIT: Answer = { error: { code: 429, message: "slow down" } };

let nodes: readonly [FakeNode, FakeNode, FakeNode];
let provider: RpcProvider;
let clock: { ms: number };
beforeEach(async () => {
	clock = { ms: 1_000_000 };
	vi.spyOn(performance, "now").mockImplementation(() => clock.ms);
	nodes = [await startFakeNode(say("0xa")), await startFakeNode(say("0xb")), await startFakeNode(say("0xc"))];
	provider = createRpcProvider(
		nodes.map(({ url }) => url),
		CHAIN,
	);
});
afterEach(async () => {
	vi.restoreAllMocks();
	provider.destroy();
	for (const node of nodes) await node.close();
});

/** A node of the chain that has one answer to everything else. */
function say(answer: string | Answer): FakeNode["answer"] {
	return (method) =>
		method === "eth_chainId" ? { result: "0x7a69" } : typeof answer === "string" ? { result: answer } : answer;
}

/** What each node is asked, without its chain id, until now. */
function asked(): readonly number[] {
	const counts = nodes.map(({ calls }) => calls.filter((method) => method !== "eth_chainId").length);
	for (const { calls } of nodes) calls.length = 0;
	return counts;
}

const call = (): Promise<unknown> => provider.send("eth_call", []);

describe("a call", () => {
	it("is answered by the first node, and no other one is asked", async () => {
		expect(await call()).toBe("0xa");
		expect(asked()).toEqual([1, 0, 0]);
	});

	it.each<[string, Answer]>([
		["fails", DOWN],
		["closes the connection", { hangUp: true }],
		["has an error of its own", PRUNED],
		["has nothing", { result: "0x" }],
		["has null", { result: null }],
		["limits requests", LIMIT],
	])("is answered by the next node if the first one %s", async (_, answer) => {
		nodes[0].answer = say(answer);
		expect(await call()).toBe("0xb");
		expect(asked()).toEqual([1, 1, 0]);
	});

	it.each<[string, Answer, object]>([
		["a revert", REVERT, { code: "CALL_EXCEPTION", info: { error: { code: 3 } } }],
		["a revert with data", { error: { code: 1, message: "", data: "0x" } }, { code: "CALL_EXCEPTION" }],
	])("that the contract refuses is asked once: %s", async (_, answer, error) => {
		nodes[0].answer = say(answer);
		await expect(call()).rejects.toMatchObject(error);
		expect(asked()).toEqual([1, 0, 0]);
	});

	it("of which no node has more than nothing has that as its result", async () => {
		for (const node of nodes) node.answer = say({ result: "0x" });
		expect(await call()).toBe("0x");
		expect(asked()).toEqual([1, 1, 1]);
	});

	it("has the first answer if the others aren't better", async () => {
		nodes[0].answer = say({ result: null });
		nodes[1].answer = say(PRUNED);
		nodes[2].answer = say(DOWN);
		expect(await call()).toBeNull();
	});

	it("fails as the last node did if none has an answer", async () => {
		nodes[0].answer = say({ status: 501, body: "" });
		nodes[1].answer = say({ status: 502, body: "" });
		nodes[2].answer = say({ status: 503, body: "" });
		await expect(call()).rejects.toMatchObject({ code: "status", status: 503 });
	});

	it("is asked again of another node only if it has no answer yet, of several", async () => {
		nodes[0].answer = (method) => (method === "eth_call" ? PRUNED : say("0xa")(method, []));
		const answers = await Promise.all([call(), provider.send("eth_getCode", []), call()]);
		expect(answers).toEqual(["0xb", "0xa", "0xb"]);
		expect(asked()).toEqual([3, 2, 0]);
	});

	it("has an answer although all nodes limit another one", async () => {
		for (const node of nodes) {
			node.answer = (method) => (method === "eth_getCode" ? LIMIT : say("0xa")(method, []));
		}
		const [answered, limited] = await Promise.allSettled([call(), provider.send("eth_getCode", [])]);
		expect(answered).toMatchObject({ value: "0xa" });
		expect(limited).toMatchObject({ reason: { info: LIMIT } });
	});

	const ONCE = ["eth_sendRawTransaction", "eth_sendTransaction", "eth_signTypedData_v4", "eth_newFilter"];
	it.each([...ONCE, "evm_mine", "test_eth_mine"])("of %s is sent once, whatever happens", async (method) => {
		nodes[0].answer = say(DOWN);
		await expect(provider.send(method, [])).rejects.toMatchObject({ status: 500 });
		expect(asked()).toEqual([1, 0, 0]);
	});

	it("that may be repeated isn't, together with a transaction", async () => {
		nodes[0].answer = say(DOWN);
		const calls = [call(), provider.send("eth_sendRawTransaction", [])];
		for (const one of await Promise.allSettled(calls)) expect(one.status).toBe("rejected");
		expect(asked()).toEqual([2, 0, 0]);
	});
});

describe("a node that failed", () => {
	it("isn't asked until it has rested, and then by one call while another node does the work", async () => {
		vi.spyOn(Math, "random").mockReturnValue(1);
		nodes[0].answer = say(DOWN);
		await call();
		asked();
		clock.ms += 999;
		expect(await call()).toBe("0xb");
		await idle(10);
		expect(asked()).toEqual([0, 1, 0]);
		clock.ms += 1;
		nodes[0].answer = say("0xa");
		expect(await Promise.all([call(), call()])).toEqual(["0xb", "0xb"]);
		await expect.poll(() => nodes[0].calls.length).toBeGreaterThan(0);
		expect(asked()).toEqual([1, 2, 0]);
		await expect.poll(call).toBe("0xa");
	});

	it("isn't asked while there is a healthy one, even if that fails", async () => {
		nodes[0].answer = say(DOWN);
		nodes[1].answer = say(DOWN);
		expect(await call()).toBe("0xc");
		asked();
		nodes[2].answer = say({ status: 503, body: "" });
		await expect(call()).rejects.toMatchObject({ status: 503 });
		expect(asked()).toEqual([0, 0, 1]);
	});

	it("is asked if there is no healthy one, those with the fewest failures first", async () => {
		const [first, second, third] = nodes;
		first.answer = say(DOWN);
		const payload = { jsonrpc: "2.0" as const, id: 1, method: "eth_call", params: [] };
		// Each is a failure, because no time passes between them.
		await Promise.all([0, 1].map(() => provider.exchange([payload])));
		second.answer = say(DOWN);
		expect(await call()).toBe("0xc");
		third.answer = say(DOWN);
		await expect(call()).rejects.toMatchObject({ status: 500 });
		asked();
		for (const node of nodes) node.answer = say("0xd");
		expect(await call()).toBe("0xd");
		expect(asked()).toEqual([0, 1, 0]);
	});

	it("is asked although the others limit requests", async () => {
		const limit: Answer = { status: 429, body: "", headers: { "retry-after": "60" } };
		nodes[1].answer = () => limit;
		nodes[2].answer = () => limit;
		nodes[0].answer = say(DOWN);
		await expect(call()).rejects.toMatchObject({ status: 429 });
		asked();
		await expect(call()).rejects.toMatchObject({ status: 500 });
		expect(asked()).toEqual([1, 0, 0]);
	});

	it("isn't probed by a transaction", async () => {
		vi.spyOn(Math, "random").mockReturnValue(1);
		nodes[0].answer = say(DOWN);
		await call();
		clock.ms += 10_000;
		asked();
		expect(await provider.send("eth_sendRawTransaction", [])).toBe("0xb");
		await idle(10);
		expect(asked()).toEqual([0, 1, 0]);
	});
});

describe("T87: nodes that all limit requests", () => {
	it("are a limit until the first of them takes one again", async () => {
		const limit = (seconds: string): Answer => ({ status: 429, body: "", headers: { "retry-after": seconds } });
		nodes[0].answer = () => limit("30");
		nodes[1].answer = () => limit("10");
		nodes[2].answer = () => limit("20");
		vi.spyOn(Math, "random").mockReturnValue(1);
		await expect(call()).rejects.toMatchObject({ status: 429 });
		asked();
		await expect(call()).rejects.toMatchObject({
			code: "registry/unreachable",
			details: { host: new URL(nodes[1].url).host, retryAfterSeconds: 11, status: 429 },
		});
		expect(asked()).toEqual([0, 0, 0]);
	});

	it("are so many that too few are left to agree", async () => {
		const agreeing = createRpcProvider(
			nodes.map(({ url }) => url),
			CHAIN,
			{ agreement: 2 },
		);
		for (const [node, seconds] of [
			[nodes[0], "30"],
			[nodes[2], "10"],
		] as const) {
			node.answer = () => ({ status: 429, body: "", headers: { "retry-after": seconds } });
		}
		await expect(agreeing.send("eth_call", [{}, "0x1"])).rejects.toMatchObject({ status: 429 });
		asked();
		await expect(agreeing.send("eth_call", [{}, "0x1"])).rejects.toMatchObject({
			code: "registry/unreachable",
			details: { host: new URL(nodes[2].url).host, status: 429 },
		});
		expect(asked()).toEqual([0, 0, 0]);
	});

	it("by errors are a limit, too", async () => {
		for (const node of nodes) node.answer = say(LIMIT);
		await expect(call()).rejects.toMatchObject({
			code: "registry/unreachable",
			details: { rpcCode: 429, retryAfterSeconds: expect.any(Number) },
		});
	});
});

describe("calls for one node", () => {
	const together = (): Promise<unknown> =>
		provider.sendTogether([0, 1].map(() => ({ method: "eth_call", params: [] })));

	it("are answered by the first", async () => {
		expect(await together()).toEqual([{ result: "0xa" }, { result: "0xa" }]);
		expect(asked()).toEqual([2, 0, 0]);
	});

	it("are answered by the next one if the first one limits one of them", async () => {
		let count = 0;
		nodes[0].answer = (method) => (method === "eth_call" && count++ > 0 ? LIMIT : say("0xa")(method, []));
		expect(await together()).toEqual([{ result: "0xb" }, { result: "0xb" }]);
	});

	it("aren't sent to another one if the first one doesn't accept so many", async () => {
		nodes[0].answer = () => ({ status: 413, body: "" });
		expect(await together()).toBeUndefined();
		expect(asked()).toEqual([2, 0, 0]);
	});

	it.each<[string, Answer]>([
		["fails", DOWN],
		["limits requests", LIMIT],
	])("are answered by the next one if the first one %s", async (_, answer) => {
		nodes[0].answer = say(answer);
		expect(await together()).toEqual([{ result: "0xb" }, { result: "0xb" }]);
		expect(await together()).toEqual([{ result: "0xb" }, { result: "0xb" }]);
		expect(asked()).toEqual([2, 4, 0]);
	});

	it("aren't answered by another one if the first one has an error or nothing", async () => {
		nodes[0].answer = say(PRUNED);
		expect(await together()).toMatchObject([
			{ error: { code: "CALL_EXCEPTION" } },
			{ error: { code: "CALL_EXCEPTION" } },
		]);
		expect(asked()).toEqual([2, 0, 0]);
	});

	it.each<[string, Answer, object]>([
		["all fail", DOWN, { code: "status", status: 500 }],
		["all limit requests", LIMIT, { code: "registry/unreachable", details: { rpcCode: 429 } }],
	])("fail if %s", async (_, answer, error) => {
		for (const node of nodes) node.answer = say(answer);
		await expect(together()).rejects.toMatchObject(error);
	});

	it("find out whether a node that failed has recovered", async () => {
		vi.spyOn(Math, "random").mockReturnValue(1);
		nodes[0].answer = say(DOWN);
		await together();
		nodes[0].answer = say("0xa");
		clock.ms += 1_000;
		asked();
		expect(await together()).toEqual([{ result: "0xb" }, { result: "0xb" }]);
		await expect.poll(() => nodes[0].calls.length).toBeGreaterThan(0);
		expect(asked()).toEqual([1, 2, 0]);
		await expect.poll(together).toEqual([{ result: "0xa" }, { result: "0xa" }]);
	});
});

describe("T35: a node of another chain", () => {
	const other: FakeNode["answer"] = () => ({ result: "0x1" });

	it("isn't believed", async () => {
		nodes[0].answer = other;
		expect(await call()).toBe("0xb");
		for (const node of nodes) node.answer = other;
		clock.ms += 60_000;
		await expect(call()).rejects.toMatchObject({
			code: "registry/wrong-chain",
			details: { host: expect.any(String), expected: CHAIN, actual: 1 },
		});
	});

	it("is noticed a minute after its chain was checked", async () => {
		await call();
		asked();
		clock.ms += 59_999;
		await call();
		expect(nodes[0].calls).toEqual(["eth_call"]);
		clock.ms += 1;
		nodes[0].answer = other;
		expect(await call()).toBe("0xb");
		expect(nodes[0].calls.toSorted()).toEqual(["eth_call", "eth_call", "eth_chainId"].toSorted());
	});

	it.each<[string, Answer]>([
		["an error", { error: { code: -32_000, message: "no" } }],
		["no number", { result: "x" }],
	])("that answers with %s isn't believed either", async (_, answer) => {
		nodes[0].answer = (method, params) => (method === "eth_chainId" ? answer : say("0xa")(method, params));
		expect(await call()).toBe("0xb");
	});

	it("is told apart by a call for its chain id, too", async () => {
		nodes[0].answer = other;
		expect(await provider.send("eth_chainId", [])).toBe("0x7a69");
		expect(nodes[0].calls).toEqual(["eth_chainId"]);
	});
});

describe("T54: nodes that are behind a block", () => {
	const at =
		(head: number): FakeNode["answer"] =>
		(method, params) =>
			method === "eth_blockNumber" ? { result: `0x${head.toString(16)}` } : say(`at ${head}`)(method, params);
	beforeEach(() => {
		nodes[0].answer = at(10);
		nodes[1].answer = at(11);
		nodes[2].answer = at(12);
	});

	it.each([
		[10, true, "at 10"],
		[11, true, "at 11"],
		[12, true, "at 12"],
		[13, false, "at 10"],
	])("%d aren't asked if there is one that isn't: %j", async (block, isFound, answer) => {
		expect(await provider.leaveOutBehind("latest", block)).toBe(isFound);
		expect(await call()).toBe(answer);
	});

	it("are found although one fails", async () => {
		nodes[1].answer = say(DOWN);
		expect(await provider.leaveOutBehind("latest", 12)).toBe(true);
		expect(await call()).toBe("at 12");
	});

	it("are looked for once at a time", async () => {
		const found = await Promise.all([0, 1].map(() => provider.leaveOutBehind("latest", 10)));
		expect(found).toEqual([true, true]);
		expect(nodes[0].calls.filter((method) => method === "eth_blockNumber")).toHaveLength(1);
	});

	it("are told with both blocks if nobody else is left", async () => {
		vi.spyOn(Math, "random").mockReturnValue(1);
		for (let time = 0; time < 3; time++) {
			expect(await provider.leaveOutBehind("latest", 11)).toBe(true);
			nodes[1].answer = at(11);
		}
		expect(await call()).toBe("at 11");
	});
});
