import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { TransportError } from "../../../src/network/http-message.ts";
import { codedError } from "../../../src/registry/coded-error.ts";
import { createBatchSender } from "../../../src/registry/nodes/batch-sender.ts";
import type { JsonRpcResponse } from "../../../src/registry/rpc-transport.ts";

type Payloads = Parameters<ReturnType<typeof createBatchSender>["send"]>[0];
type Answer = (payloads: Payloads) => JsonRpcResponse[];

const MINUTE_MS = 60_000;
const pass = (ms: number): void => void vi.advanceTimersByTime(ms);
beforeEach(() => {
	vi.useFakeTimers({ toFake: ["performance"], now: 0 });
	pass(60 * MINUTE_MS);
});
afterEach(() => void vi.useRealTimers());

const calls = (count: number): Payloads =>
	Array.from({ length: count }, (_, index) => ({ jsonrpc: "2.0", id: index + 1, method: "eth_call", params: [] }));
const respond: Answer = (payloads) => payloads.map(({ id }) => ({ id, result: `0x${id}` }));
const refused = (status: number): TransportError => new TransportError("status", "refused", { status });
const tooLarge = (): Error => codedError("BAD_DATA", "too large", { cause: new TransportError("too-large", "") });

/** A node and what sends it batches; `sizes` has the numbers of calls of its requests. */
function start(answer: Answer, { isOnly = true } = {}) {
	const sizes: number[] = [];
	const node = { answer };
	const sender = createBatchSender(
		async (payloads) => {
			sizes.push(payloads.length);
			return node.answer(payloads);
		},
		{ isOnly },
	);
	return { ...sender, sizes, node };
}

/** Accepts up to `most` calls at once. */
const accept =
	(most: number, error: () => Error = () => refused(413)): Answer =>
	(payloads) => {
		if (payloads.length > most) throw error();
		return respond(payloads);
	};

describe("a batch", () => {
	it.each([1, 2, 500])("of %d calls is one request", async (count) => {
		const { send, sizes } = start(respond);
		expect(await send(calls(count))).toEqual(respond(calls(count)));
		expect(sizes).toEqual([count]);
	});

	it("of more than 500 calls is two requests", async () => {
		const { send, sizes } = start(respond);
		expect(await send(calls(501))).toEqual(respond(calls(501)));
		expect(sizes).toEqual([251, 250]);
	});

	it.each<[string, () => Error]>([
		["refuses", () => refused(413)],
		["answers at too great a length", tooLarge],
	])("that the node %s is divided, and later ones are as large as was accepted", async (_, error) => {
		const { send, sizes } = start(accept(4, error));
		expect(await send(calls(17))).toEqual(respond(calls(17)));
		expect(sizes).toEqual([17, 1, 8, 8, 4, 4, 4, 4]);
		sizes.length = 0;
		expect(await send(calls(16))).toEqual(respond(calls(16)));
		expect(sizes).toEqual([4, 4, 4, 4]);
	});

	it("may be twice as large a minute after a refusal, and at most 500", async () => {
		const { send, sizes, node } = start(accept(4));
		await send(calls(17));
		node.answer = respond;
		const largest = async (): Promise<number> => {
			sizes.length = 0;
			await send(calls(501));
			return Math.max(...sizes);
		};
		pass(MINUTE_MS - 1);
		expect(await largest()).toBe(4);
		pass(1);
		expect(await largest()).toBe(8);
		pass(MINUTE_MS);
		expect(await largest()).toBe(16);
		pass(60 * MINUTE_MS);
		expect(await largest()).toBe(251);
	});

	it.each([401, 402, 404, 407, 408, 425, 429, 399, 500, 503])("isn't divided after the status %d", async (status) => {
		const { send, sizes } = start(accept(0, () => refused(status)));
		await expect(send(calls(8))).rejects.toMatchObject({ status });
		expect(sizes).toEqual([8]);
	});

	it.each([400, 403, 413, 499])("is divided after the status %d only if a single call is accepted", async (status) => {
		const { send, sizes, node } = start(accept(0, () => refused(status)));
		await expect(send(calls(8))).rejects.toMatchObject({ status });
		expect(sizes).toEqual([8, 1]);
		await expect(send(calls(8))).rejects.toMatchObject({ status });
		expect(sizes).toEqual([8, 1, 1]);
		node.answer = respond;
		sizes.length = 0;
		expect(await send(calls(8))).toEqual(respond(calls(8)));
		expect(sizes).toEqual([1, 7]);
	});

	it("is sent as such after a single call that failed", async () => {
		const { send, sizes, node } = start(accept(0, () => refused(500)));
		await expect(send(calls(1))).rejects.toMatchObject({ status: 500 });
		node.answer = respond;
		expect(await send(calls(8))).toEqual(respond(calls(8)));
		expect(sizes).toEqual([1, 8]);
	});

	it("isn't divided after another error", async () => {
		const { send, sizes } = start(accept(0, () => codedError("BAD_DATA", "no JSON")));
		await expect(send(calls(8))).rejects.toMatchObject({ code: "BAD_DATA" });
		expect(sizes).toEqual([8]);
	});

	it("that is limited as a whole isn't divided: each of its calls is", async () => {
		const { send, sizes } = start(() => [{ id: null as never, error: { code: 429, message: "slow down" } }]);
		const responses = await send(calls(3));
		expect(responses).toEqual([1, 2, 3].map((id) => ({ id, error: { code: 429, message: "slow down" } })));
		expect(sizes).toEqual([3]);
	});

	it("that fails as a whole is divided", async () => {
		const { send, sizes } = start((payloads) =>
			payloads.length > 1
				? [{ id: null as never, error: { code: -32_600, message: "no batches" } }]
				: respond(payloads),
		);
		expect(await send(calls(3))).toEqual(respond(calls(3)));
		expect(sizes).toEqual([3, 1, 1, 1]);
	});
});

describe("calls in one request", () => {
	it("are sent if the node accepts that many", async () => {
		const { send, sendTogether, sizes } = start(accept(4));
		expect(await sendTogether(calls(4))).toEqual(respond(calls(4)));
		expect(await sendTogether(calls(501))).toBeUndefined();
		expect(sizes).toEqual([4]);
		expect(await sendTogether(calls(5))).toBeUndefined();
		expect(await sendTogether(calls(3))).toBeUndefined();
		expect(sizes).toEqual([4, 5]);
		expect(await sendTogether(calls(2))).toEqual(respond(calls(2)));
		await send(calls(1));
	});

	it("aren't sent while the node refuses single calls", async () => {
		const { send, sendTogether, sizes, node } = start(accept(0));
		await expect(send(calls(1))).rejects.toMatchObject({ status: 413 });
		expect(await sendTogether(calls(2))).toBeUndefined();
		expect(sizes).toEqual([1]);
		node.answer = respond;
		await send(calls(1));
		expect(await sendTogether(calls(2))).toEqual(respond(calls(2)));
	});

	it("whose answer is too long fail", async () => {
		const { sendTogether, sizes } = start(accept(0, tooLarge));
		for (let times = 0; times < 4; times++)
			await expect(sendTogether(calls(2))).rejects.toMatchObject({ code: "BAD_DATA" });
		expect(sizes).toEqual([2, 2, 2, 2]);
	});

	it.each<[string, () => Error]>([
		["status 500", () => refused(500)],
		["an answer that isn't JSON-RPC", () => codedError("BAD_DATA", "no JSON")],
	])("are refused by a node without alternative after %s three times in a row", async (_, error) => {
		const { sendTogether, sizes, node } = start(accept(0, error));
		const broken = async (): Promise<boolean> =>
			sendTogether(calls(2)).then(
				() => false,
				() => true,
			);
		expect([await broken(), await broken()]).toEqual([true, true]);
		node.answer = respond;
		expect(await broken()).toBe(false);
		node.answer = accept(0, error);
		expect([await broken(), await broken()]).toEqual([true, true]);
		expect(await sendTogether(calls(2))).toBeUndefined();
		expect(sizes).toHaveLength(6);
	});

	it("are refused after one more failure, although they were fewer", async () => {
		const { sendTogether, sizes } = start(accept(0, () => refused(500)));
		for (let times = 0; times < 2; times++) await expect(sendTogether(calls(9))).rejects.toMatchObject({ status: 500 });
		for (const count of [9, 4, 2]) expect(await sendTogether(calls(count))).toBeUndefined();
		expect(sizes).toEqual([9, 9, 9, 4, 2]);
	});

	it.each<[string, () => Error, boolean]>([
		["status 503", () => refused(503), true],
		["status 404", () => refused(404), true],
		["no connection", () => new TransportError("content", ""), true],
		["status 500, if there are other nodes", () => refused(500), false],
	])("fail however often after %s", async (_, error, isOnly) => {
		const { sendTogether, sizes } = start(accept(0, error), { isOnly });
		for (let times = 0; times < 5; times++) await expect(sendTogether(calls(2))).rejects.toBeInstanceOf(TransportError);
		expect(sizes).toHaveLength(5);
	});
});
