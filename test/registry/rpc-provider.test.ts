import { createServer } from "node:http";
import { expect, it } from "vitest";
import { createRpcProvider, type RpcProvider } from "../../src/registry/rpc-provider.ts";
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
])("three calls of %d characters are sent in batches of %j", async (length, expected) => {
	const { provider, sizes } = await start(echo);
	await sendAll(provider, 3, ["a".repeat(length)]);
	expect(sizes.toSorted((a, b) => b - a)).toEqual(expected);
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

it("calls that wait for a response when the provider is destroyed are rejected, and so are later ones", async () => {
	const { promise, resolve } = Promise.withResolvers<object>();
	const { provider, sizes } = await start(() => promise);
	const waiting = provider.send("eth_call", []);
	await expect.poll(() => sizes.length).toBe(1);
	provider.destroy();
	resolve({ result: 1 });
	await expect(waiting).rejects.toMatchObject({ code: "UNSUPPORTED_OPERATION" });
	await expect(provider.send("eth_call", [])).rejects.toMatchObject({ code: "UNSUPPORTED_OPERATION" });
	expect(sizes).toHaveLength(1);
});

it("a node without alternative, and nodes that have to agree, aren't left out", async () => {
	const { provider, url } = await start(() => ({ result: "0x10" }));
	expect(await provider.leaveOutBehind("latest", 1)).toBe(false);
	const agreeing = createRpcProvider([url, `${url}/other`], 1, { agreement: 2 });
	expect(await agreeing.leaveOutBehind("latest", 1)).toBe(false);
	expect(provider.nodeUrl).toBe(url);
});
