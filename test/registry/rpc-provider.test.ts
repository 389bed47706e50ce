import { createServer } from "node:http";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { toWalletSender } from "../../src/registry/chain-reads.ts";
import {
	canLeaveOutBehind,
	canSendTogether,
	createRpcProvider,
	type RpcProvider,
} from "../../src/registry/rpc-provider.ts";
import { listen } from "../support/listen.ts";

interface Call {
	readonly jsonrpc: string;
	readonly id: number;
	readonly method: string;
	readonly params: readonly unknown[];
}

/** A node that answers each call, and the numbers of calls of its requests. */
async function start(
	answer: (call: Call) => object | Promise<object>,
): Promise<{ provider: RpcProvider; sizes: number[]; url: string }> {
	const sizes: number[] = [];
	const server = createServer(async (incoming, outgoing) => {
		let body = "";
		for await (const chunk of incoming) body += chunk;
		const calls = JSON.parse(body) as Call | Call[];
		sizes.push([calls].flat().length);
		const answers = await Promise.all([calls].flat().map(async (call) => ({ id: call.id, ...(await answer(call)) })));
		outgoing.end(JSON.stringify(Array.isArray(calls) ? answers : answers[0]));
	});
	const url = await listen(server);
	return { provider: createRpcProvider(url, 1), sizes, url };
}

const echo = ({ jsonrpc, method, params }: Call): object => ({ result: `${jsonrpc} ${method} ${params.length}` });
const sendAll = (provider: RpcProvider, count: number, params: readonly unknown[] = []): Promise<unknown[]> =>
	Promise.all(Array.from({ length: count }, () => provider.send("eth_call", params)));

it.each([
	[1, [1]],
	[499, [499]],
	[500, [499, 1]],
	[1_000, [499, 499, 2]],
])("%d calls of one turn of the event loop are sent in batches of %j", async (count, expected) => {
	const { provider, sizes } = await start(echo);
	expect(new Set(await sendAll(provider, count))).toEqual(new Set(["2.0 eth_call 0"]));
	expect(sizes.toSorted((a, b) => b - a)).toEqual(expected);
});

it.each([
	[300_000, [3]],
	[400_000, [2, 1]],
	[2_000_000, [1, 1, 1]],
	// With what is around them, and a comma, two of these are as long as a batch may be.
	[2 ** 19 - 59, [2, 1]],
	[2 ** 19 - 58, [1, 1, 1]],
])("three calls of %d characters are sent in batches of %j", async (length, expected) => {
	const { provider, sizes } = await start(echo);
	await sendAll(provider, 3, ["a".repeat(length)]);
	expect(sizes.toSorted((a, b) => b - a)).toEqual(expected);
});

describe("a call", () => {
	/** Timers last until a test ends them. */
	function stopTimers(): void {
		vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
		onTestFinished(() => void vi.useRealTimers());
	}
	const turn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

	it("is sent with those of its turn of the event loop, whatever was sent in it before", async () => {
		const { provider, sizes } = await start(echo);
		await new Promise<void>((resolve, reject) => {
			const done: Promise<unknown>[] = [];
			const send = (): void => void done.push(provider.send("eth_call", []));
			setImmediate(() => {
				send();
				setImmediate(send);
				send();
				setImmediate(send);
				setImmediate(() => Promise.all(done).then(() => resolve(), reject));
			});
		});
		expect(sizes).toEqual([2, 2]);
	});

	it("waits a millisecond for others while a request is under way, and not before or after", async () => {
		stopTimers();
		const { promise, resolve } = Promise.withResolvers<object>();
		const { provider, sizes } = await start(({ method, ...call }) =>
			method === "eth_slow" ? promise : echo({ method, ...call }),
		);
		const slow = provider.send("eth_slow", []);
		await expect.poll(() => sizes.length).toBe(1);
		const first = provider.send("eth_call", []);
		for (let turns = 0; turns < 20; turns++) await turn();
		const second = provider.send("eth_call", []);
		expect(vi.getTimerCount()).toBe(1);
		vi.advanceTimersByTime(1);
		await Promise.all([first, second]);
		expect(sizes).toEqual([1, 2]);
		resolve({ result: 1 });
		await slow;
		await provider.send("eth_call", []);
		expect(sizes).toEqual([1, 2, 1]);
	});

	it("has five seconds, and half of them if there are other nodes", async () => {
		const timeout = vi.spyOn(AbortSignal, "timeout");
		onTestFinished(() => timeout.mockRestore());
		const { provider, url } = await start(() => ({ result: "0x1" }));
		await provider.send("eth_call", []);
		expect(timeout.mock.calls).toEqual([[5_000]]);
		timeout.mockClear();
		await createRpcProvider([url, `${url}/other`], 1).send("eth_call", []);
		expect(timeout.mock.calls[0]).toEqual([2_500]);
	});
});

describe("nodes that have to agree", () => {
	it.each<[string, (provider: RpcProvider) => Promise<unknown>]>([
		["a call", (provider) => provider.send("eth_call", [{}, "0x1"])],
		["calls of one request", (provider) => provider.sendTogether([{ method: "eth_call", params: [{}, "0x1"] }])],
	])("are all asked for %s", async (_, ask) => {
		const answer = ({ method }: Call, result: string): object => ({
			result: method === "eth_chainId" ? "0x1" : result,
		});
		const { url: one } = await start((call) => answer(call, "0x01"));
		const { url: other } = await start((call) => answer(call, "0x02"));
		expect(JSON.stringify(await ask(createRpcProvider([one, `${one}/other`], 1, { agreement: 2 })))).toContain("0x01");
		await expect(ask(createRpcProvider([one, other], 1, { agreement: 2 }))).rejects.toMatchObject({
			code: "registry/disagreement",
		});
	});
});

it("calls of one request are answered in their order, with an error for each that failed", async () => {
	const { provider, sizes } = await start(({ method, params }) =>
		method === "eth_fail" ? { error: { code: -32_000, message: "no" } } : { result: params[0] },
	);
	const calls = [
		{ method: "eth_a", params: [1] },
		{ method: "eth_fail", params: [] },
		{ method: "eth_b", params: [2] },
	];
	expect(await provider.sendTogether(calls)).toEqual([
		{ result: 1 },
		{ error: expect.objectContaining({ code: "UNKNOWN_ERROR", info: { error: { code: -32_000, message: "no" } } }) },
		{ result: 2 },
	]);
	expect(sizes).toEqual([3]);
});

it("a call fails if its response is an error, and the others of its batch don't", async () => {
	const { provider } = await start(({ method, params }) =>
		method === "eth_call" ? { error: { code: 3, message: "execution reverted", data: "0x01" } } : { result: params[0] },
	);
	const [failed, other] = await Promise.allSettled([provider.send("eth_call", []), provider.send("eth_a", [7])]);
	expect(failed).toMatchObject({ status: "rejected", reason: { code: "CALL_EXCEPTION", data: "0x01" } });
	expect(other).toMatchObject({ status: "fulfilled", value: 7 });
});

it("all calls of a batch fail if the request does", async () => {
	const { provider } = await start(() => ({ id: "no" }));
	for (const one of await Promise.allSettled([provider.send("eth_a", []), provider.send("eth_b", [])])) {
		expect(one).toMatchObject({ status: "rejected", reason: { code: "BAD_DATA" } });
	}
});

const ASKS: readonly (readonly [string, (provider: RpcProvider) => Promise<unknown>])[] = [
	["a call", (provider) => provider.send("eth_call", [])],
	["calls of one request", (provider) => provider.sendTogether([{ method: "eth_call", params: [] }])],
	["calls of ethers", (provider) => provider.exchange([{ id: 1, jsonrpc: "2.0", method: "eth_call", params: [] }])],
];

describe.each(ASKS)("%s", (_, ask) => {
	it("is rejected if the provider is destroyed before the response", async () => {
		const { promise, resolve } = Promise.withResolvers<object>();
		const { provider, sizes } = await start(() => promise);
		const waiting = ask(provider);
		await expect.poll(() => sizes.length).toBe(1);
		provider.destroy();
		resolve({ result: 1 });
		await expect(waiting).rejects.toMatchObject({ code: "UNSUPPORTED_OPERATION" });
	});

	it("isn't sent after the provider was destroyed", async () => {
		const { provider, sizes } = await start(echo);
		provider.destroy();
		await expect(ask(provider)).rejects.toMatchObject({ code: "UNSUPPORTED_OPERATION" });
		expect(sizes).toEqual([]);
	});
});

it("a call that waits for others isn't sent if the provider is destroyed meanwhile", async () => {
	const { provider, sizes } = await start(echo);
	const waiting = provider.send("eth_call", []);
	provider.destroy();
	await expect(waiting).rejects.toMatchObject({ code: "UNSUPPORTED_OPERATION" });
	expect(sizes).toEqual([]);
});

describe("a node that is behind a block", () => {
	const startAt = async (head: string): Promise<string> =>
		(await start(({ method }) => ({ result: method === "eth_chainId" ? "0x1" : head }))).url;

	it.each<[string, number | undefined, boolean]>([
		["is left out if another one has it", undefined, true],
		["isn't left out of nodes that have to agree", 2, false],
	])("%s", async (_, agreement, isLeftOut) => {
		const urls = [await startAt("0x1"), await startAt("0x10")];
		expect(await createRpcProvider(urls, 1, { agreement }).leaveOutBehind("latest", 16)).toBe(isLeftOut);
	});

	it("isn't left out if it is the only one", async () => {
		const url = await startAt("0x1");
		const provider = createRpcProvider(url, 1);
		expect(await provider.leaveOutBehind("latest", 1)).toBe(false);
		expect(provider.nodeUrl).toBe(url);
	});
});

it.each([
	["a provider of URLs can", createRpcProvider("http://127.0.0.1:9", 1), true],
	["a wallet can't", toWalletSender({ request: async () => null }), false],
])("%s send calls in one request and choose between nodes", (_, provider, can) => {
	expect([canSendTogether(provider), canLeaveOutBehind(provider)]).toEqual([can, can]);
});
