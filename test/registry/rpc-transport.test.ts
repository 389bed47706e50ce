import http, { createServer } from "node:http";
import { beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { TransportError } from "../../src/network/http-message.ts";
import type { Observer } from "../../src/observe/observer.ts";
import { codedError } from "../../src/registry/coded-error.ts";
import { createRpcTransport, isRateLimit, isTooLarge, type SendRpc } from "../../src/registry/rpc-transport.ts";
import { listen } from "../support/listen.ts";
import { recordOperations } from "../support/recording-observer.ts";

interface Reply {
	readonly status?: number;
	readonly headers?: Readonly<Record<string, string>>;
	readonly body?: unknown;
}

let requests: { readonly url: string | undefined; readonly headers: object; readonly body: string }[];
let limits: (number | undefined)[];
beforeEach(() => {
	requests = [];
	limits = [];
});

const call = (id: number, method = "eth_call") => ({ jsonrpc: "2.0" as const, id, method, params: [] });
const result = (id: number): object => ({ jsonrpc: "2.0", id, result: `0x${id}` });
const error = (id: number | null, code: number, message = "no"): object => ({
	jsonrpc: "2.0",
	id,
	error: { code, message },
});

/** A node that gives one reply; texts are sent as they are. */
async function start(
	{ status = 200, headers = {}, body = "" }: Reply,
	{ userInfo = "", observer }: { userInfo?: string; observer?: Observer } = {},
): Promise<{ readonly send: SendRpc; readonly host: string }> {
	const server = createServer(async (incoming, outgoing) => {
		let text = "";
		for await (const chunk of incoming) text += chunk;
		requests.push({ url: incoming.url, headers: incoming.headers, body: text });
		outgoing.writeHead(status, headers).end(typeof body === "string" ? body : JSON.stringify(body));
	});
	const url = new URL("/path?key=1", await listen(server));
	const options = { chainId: 5, timeoutMs: 5_000, observer, onLimit: (seconds?: number) => void limits.push(seconds) };
	return { send: createRpcTransport(url.href.replace("//", `//${userInfo}`), options), host: url.host };
}

describe("calls", () => {
	it("are sent on their own or as a batch, with the URL's path", async () => {
		const { send } = await start({ body: result(1) });
		expect(await send([call(1)])).toEqual([result(1)]);
		const batch = await start({ body: [result(2), result(1)] });
		expect(await batch.send([call(1), call(2)])).toEqual([result(2), result(1)]);
		expect(requests.map(({ body }) => JSON.parse(body))).toEqual([call(1), [call(1), call(2)]]);
		expect(requests[0]).toMatchObject({ url: "/path?key=1", headers: { "content-type": "application/json" } });
		expect(requests[0]?.headers).not.toHaveProperty("authorization");
	});

	it.each([
		["user:pass@", "user:pass"],
		["user@", "user:"],
		[":pass@", ":pass"],
		["%C3%A9:%40@", "é:@"],
	])("are sent with the credentials of the URL in a header, as fetch refuses such URLs: %s", async (userInfo, pair) => {
		const { send, host } = await start({ body: result(1) }, { userInfo });
		const sent = vi.spyOn(http, "request");
		onTestFinished(() => sent.mockRestore());
		await send([call(1)]);
		const authorization = `Basic ${Buffer.from(pair).toString("base64")}`;
		expect(requests[0]).toMatchObject({ headers: { authorization } });
		expect(sent.mock.calls.map(([url]) => String(url))).toEqual([`http://${host}/path?key=1`]);
	});

	it.each<[string, object, readonly number[]]>([
		["one is missing", [result(1)], [1, 2]],
		["one is another one's", [result(1), result(3)], [1, 2]],
		["one comes twice", [result(1), result(1)], [1, 2]],
		["there is one more", [result(1), result(2), result(3)], [1, 2]],
		["a single one is another one's", result(2), [1]],
		["a single one has no id", { result: "0x1" }, [1]],
		["a single one is an error of another one", error(2, -32_000), [1]],
		["there are two for one", [result(1), result(1)], [1]],
		["one is null", [null, result(1)], [1, 2]],
		["one is an error of another one", [error(3, -32_000), result(2)], [1, 2]],
		["the batch has a result as a whole", result(1), [1, 2]],
	])("have no valid response if %s", async (_, body, ids) => {
		const { send } = await start({ body });
		await expect(send(ids.map((id) => call(id)))).rejects.toMatchObject({ code: "BAD_DATA" });
	});

	it("of a batch may have one error for all", async () => {
		const { send } = await start({ body: error(null, -32_600) });
		expect(await send([call(1), call(2)])).toEqual([error(null, -32_600)]);
	});
});

describe("a response", () => {
	it.each<[string, Reply, object]>([
		["has status 500", { status: 500 }, { code: "status", status: 500 }],
		["redirects", { status: 302, headers: { location: "/" } }, { code: "redirect" }],
		["isn't JSON", { body: "<html>" }, { code: "json", cause: { name: "SyntaxError" } }],
		["is longer than 4 MiB", { body: `"${"a".repeat(2 ** 22)}"` }, { code: "BAD_DATA", cause: { code: "too-large" } }],
		[
			"has more than 100,000 values",
			{ body: { ...result(1), result: Array(100_000).fill(0) } },
			{ code: "BAD_DATA", cause: { code: "too-large" } },
		],
	])("is a failure if it %s", async (_, reply, failure) => {
		const { send } = await start(reply);
		await expect(send([call(1)])).rejects.toMatchObject(failure);
	});

	it("may have 99,000 values", async () => {
		const body = { ...result(1), result: Array(99_000).fill(0) };
		expect(await (await start({ body })).send([call(1)])).toEqual([body]);
	});

	it("that isn't read to its end doesn't keep its connection", async () => {
		const closed = Promise.withResolvers<void>();
		const server = createServer((incoming, outgoing) => {
			incoming.socket.once("close", () => closed.resolve());
			outgoing.writeHead(500).write("and so on");
		});
		// Only the transport itself can close it in time.
		const options = { chainId: 5, timeoutMs: 3_600_000, observer: undefined, onLimit: () => {} };
		const send = createRpcTransport(await listen(server), options);
		await expect(send([call(1)])).rejects.toMatchObject({ status: 500 });
		await closed.promise;
	});

	it.each([
		[16_384, "kept"],
		[16_385, "shortened"],
	])("with an error of %d characters is %s", async (length, how) => {
		const { message: _, ...rest } = { code: -32_000, message: "", data: "d" };
		const message = "m".repeat(length - JSON.stringify({ ...rest, message: "" }).length);
		const body = { jsonrpc: "2.0", id: 1, error: { ...rest, message } };
		const [response] = await (await start({ body })).send([call(1)]);
		const shortened = { id: 1, error: { code: -32_000, message: "m".repeat(1_024) } };
		expect(response).toEqual(how === "kept" ? body : shortened);
	});
});

describe("T87: a limit of the rate of requests", () => {
	it.each<[string, Reply, readonly (number | undefined)[]]>([
		["by status 429", { status: 429 }, [undefined]],
		["by status 429 for a time", { status: 429, headers: { "retry-after": "7" } }, [7]],
		["by status 503 for a time", { status: 503, headers: { "retry-after": "7" } }, [7]],
		["not by status 503 alone", { status: 503 }, []],
		["not by another status for a time", { status: 500, headers: { "retry-after": "7" } }, []],
		["by an error", { body: error(1, -32_005) }, [undefined]],
		["by an error for a time", { body: error(1, 429), headers: { "retry-after": "7" } }, [7]],
		["not by another error", { body: error(1, -32_000) }, []],
		["not by an error about a result", { body: error(1, -32_005, "query returned more than 10000 results") }, []],
		[
			"by an error with a list as its message",
			{ body: error(1, -32_005, ["more than 9 results"] as never) },
			[undefined],
		],
		["by an error with another number", { body: error(1, 429, "query returned more than 10000 results") }, [undefined]],
	])("is noticed %s", async (_, reply, expected) => {
		const { send } = await start(reply);
		await send([call(1)]).catch(() => undefined);
		expect(limits).toEqual(expected);
	});

	it("is noticed in one response of a batch", async () => {
		const { send } = await start({ body: [result(1), error(2, 429)] });
		await send([call(1), call(2)]);
		expect(limits).toEqual([undefined]);
	});

	it("isn't the length of a log, which Infura's code can also mean", async () => {
		const message = "Query Returned More than 10000 Results";
		const { send } = await start({ body: error(1, -32_005, message) });
		expect(await send([call(1)])).toEqual([error(1, -32_000, message)]);
	});

	it.each<[unknown, boolean]>([
		[error(1, 429), true],
		[error(1, -32_005), true],
		[error(1, -32_000), false],
		[{ id: 1, error: "429" }, false],
		[{ id: 1, error: null }, false],
		[result(1), false],
		[null, false],
	])("is in %j: %j", (response, isLimit) => {
		expect(isRateLimit(response as never)).toBe(isLimit);
	});
});

it.each<[unknown, boolean]>([
	[new TransportError("too-large", ""), true],
	[new TransportError("overhead", ""), true],
	[new TransportError("status", ""), false],
	[codedError("BAD_DATA", "", { cause: new TransportError("too-large", "") }), true],
	[new Error("", { cause: new Error("", { cause: new TransportError("too-large", "") }) }), true],
	[new Error(), false],
	[undefined, false],
	[{ cause: new TransportError("too-large", "") }, false],
])("an error is about the size of a response: %s is %j", (thrown, isSize) => {
	expect(isTooLarge(thrown)).toBe(isSize);
});

describe("an observed request", () => {
	it.each<[string, Reply, readonly ReturnType<typeof call>[], object]>([
		["of one call", { body: result(1) }, [call(1)], { outcome: "ok", method: "eth_call", calls: 1 }],
		[
			"of a batch",
			{ body: [result(1), result(2)] },
			[call(1), call(2)],
			{ outcome: "ok", method: "eth_call", calls: 2 },
		],
		[
			"with an error",
			{ body: error(1, 3) },
			[call(1)],
			{ outcome: "denied", code: "registry/bad-response", rpcCode: 3 },
		],
		[
			"with a limit",
			{ body: error(1, 429) },
			[call(1)],
			{ outcome: "failed", code: "registry/unreachable", rpcCode: 429 },
		],
		[
			"with an odd error",
			{ body: { id: 1, error: "no" } },
			[call(1)],
			{ outcome: "denied", code: "registry/bad-response" },
		],
		["with null as error", { body: { id: 1, result: 1, error: null } }, [call(1)], { outcome: "ok" }],
		[
			"with two errors",
			{ body: [{ id: 1, error: {} }, error(2, 3)] },
			[call(1), call(2)],
			{ outcome: "denied", rpcCode: 3 },
		],
		["that fails", { status: 500 }, [call(1)], { outcome: "failed", code: "registry/unreachable", httpStatus: 500 }],
	])("%s is reported", async (_, reply, calls, facts) => {
		const { observer, started, of } = recordOperations();
		const { send, host } = await start(reply, { observer });
		await send(calls).catch(() => undefined);
		const [seen, ...more] = of("rpc");
		expect(seen).toMatchObject({ host, chainId: 5, sentBytes: requests[0]?.body.length, ...facts });
		for (const name of ["rpcCode", "code", "httpStatus", "errno"]) {
			if (!(name in facts) && !("rpcCode" in facts)) expect(seen).not.toHaveProperty(name);
		}
		expect(more).toEqual([]);
		expect(started).toMatchObject([{ operation: "rpc", host, chainId: 5, calls: calls.length }]);
		if (reply.body !== undefined) expect(seen).toMatchObject({ receivedBytes: JSON.stringify(reply.body).length });
	});

	it("of several methods names none", async () => {
		const { observer, of } = recordOperations();
		const { send } = await start({ body: [result(1), result(2)] }, { observer });
		await send([call(1), call(2, "eth_chainId")]);
		expect(of("rpc")[0]).not.toHaveProperty("method");
	});

	it("that gets no connection is reported with the reason", async () => {
		const { observer, of } = recordOperations();
		const options = { chainId: 5, timeoutMs: 5_000, observer, onLimit: () => {} };
		await expect(createRpcTransport("http://127.0.0.1:9", options)([call(1)])).rejects.toThrow();
		expect(of("rpc")).toMatchObject([{ outcome: "failed", code: "registry/unreachable", errno: "ECONNREFUSED" }]);
		expect(of("rpc")[0]).not.toHaveProperty("httpStatus");
	});
});
