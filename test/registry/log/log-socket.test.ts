import { afterAll, afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { type LogSocket, openLogSocket } from "../../../src/registry/log/log-socket.ts";
import { type AnnouncingNode, answerHonestly, startAnnouncingNode } from "../../support/announcing-node.ts";
import { idle, isWaiting, pass, until } from "../../support/patient-timers.ts";
import { skipPausesBefore } from "../../support/skipped-pauses.ts";

const ADDRESS = "0x19E7E376E7C213B7E7e7e46cc70A5dD086DAff2A";
const HASH = `0x${"ab".repeat(32)}`;
const SILENCE_MS = 15_000;
/** What a message counts at least, and what a node may send between two checks. */
const [MESSAGE_CHARACTERS, MAX_CHARACTERS] = [512, 2 ** 22];
/** How many messages that is, without the answers to the first three requests. */
const MAX_MESSAGES = MAX_CHARACTERS / MESSAGE_CHARACTERS - 3;
const LOG = {
	...{ address: ADDRESS, topics: [HASH], data: "0x", blockNumber: "0x10", logIndex: "0x0" },
	...{ blockHash: HASH, transactionHash: HASH },
};

let node: AnnouncingNode;
let socket: LogSocket;
/** What it has reported. */
let events: string[];
/** The pauses before it connects again, in milliseconds; they take no time. */
let pauses: readonly number[];
/** The only URL that can be connected to: what a failed test has left open reaches none. */
let reachable: string | undefined;
const { WebSocket } = globalThis;
vi.stubGlobal("WebSocket", function open(url: string): object {
	return url === reachable ? new WebSocket(url) : { close() {}, send() {} };
});
afterAll(() => void vi.unstubAllGlobals());
beforeEach(async () => {
	events = [];
	pauses = skipPausesBefore("connect");
	vi.spyOn(Math, "random").mockReturnValue(0);
	node = await startAnnouncingNode();
	reachable = node.url;
});
afterEach(async () => {
	reachable = undefined;
	vi.restoreAllMocks();
	socket.close();
	await node.close();
});

function open(): void {
	const reported = events;
	socket = openLogSocket({
		...{ url: node.url, chainId: 31_337, address: ADDRESS },
		onChange: (isLive) => void reported.push(isLive ? "live" : "lost"),
		onBlock: () => void reported.push("block"),
		onLog: (block) => void reported.push(`log ${block}`),
	});
}

async function openLive(): Promise<void> {
	open();
	await until(() => events.length > 0);
	expect(events).toEqual(["live"]);
}

const send = (message: unknown): void => {
	for (const client of node.sockets)
		client.send(typeof message === "object" ? JSON.stringify(message) : String(message));
};
const sendAll = (count: number, message: unknown = {}): void => {
	for (let sent = 0; sent < count; sent++) send(message);
};
const announce = (subscription: string, result: unknown, method = "eth_subscription"): void =>
	send({ jsonrpc: "2.0", method, params: { subscription, result } });

describe("a connection", () => {
	it("is live once the node has answered everything", async () => {
		const asked: unknown[] = [];
		node.answer = (client, call) => {
			asked.push(call);
			if (asked.length === 3) setImmediate(() => asked.forEach((one) => void answerHonestly(client, one as never)));
		};
		await openLive();
		expect(asked).toEqual([
			{ jsonrpc: "2.0", id: 1, method: "eth_chainId", params: [] },
			{ jsonrpc: "2.0", id: 2, method: "eth_subscribe", params: ["newHeads"] },
			{ jsonrpc: "2.0", id: 3, method: "eth_subscribe", params: ["logs", { address: ADDRESS }] },
		]);
	});

	it("isn't live as long as an answer is missing", async () => {
		node.answer = (client, call) => call.id !== 2 && answerHonestly(client, call);
		open();
		await until(() => node.calls.length === 3);
		await idle(10);
		expect(events).toEqual([]);
	});

	it("reports blocks and logs of its subscriptions, and nothing else", async () => {
		await openLive();
		announce("0xc", {});
		announce("0xb", LOG, "eth_other");
		node.announceBlock(16);
		node.announceLog(LOG);
		node.announceLog({ ...LOG, blockNumber: "0x11", removed: true });
		await until(() => events.length === 4);
		expect(events).toEqual(["live", "block", "log 16", "log 17"]);
	});

	it("is quiet once it is closed, and isn't opened again", async () => {
		await pass(1);
		await openLive();
		const [client] = node.sockets;
		expect(isWaiting(SILENCE_MS)).toBe(true);
		socket.close();
		expect(isWaiting(SILENCE_MS)).toBe(false);
		client?.send(JSON.stringify({ method: "eth_subscription", params: { subscription: "0xb", result: LOG } }));
		await until(() => node.sockets.size === 0);
		await pass(60_000);
		await idle(10);
		expect(events).toEqual(["live"]);
		expect(node.connections).toBe(1);
		expect(socket.close()).toBeUndefined();
	});

	it("that is closed while it waits to be opened again isn't opened", async () => {
		vi.spyOn(globalThis, "setTimeout").mockRestore();
		await openLive();
		for (const client of node.sockets) client.terminate();
		await until(() => events.length === 2);
		socket.close();
		await idle(150);
		expect(node.connections).toBe(1);
	});

	it("doesn't keep a process running", async () => {
		await openLive();
		const timers = vi.spyOn(globalThis, "setTimeout").mock;
		const silence = timers.calls.findIndex(([, ms]) => ms === SILENCE_MS);
		expect((timers.results[silence]?.value as NodeJS.Timeout | undefined)?.hasRef()).toBe(false);
	});
});

describe("T86: a node", () => {
	it.each<[string, () => void]>([
		["garbage", () => send("{")],
		["bytes", () => [...node.sockets].forEach((client) => void client.send(Buffer.from("{}") as never))],
		["a log of another contract", () => node.announceLog({ ...LOG, address: `0x${"12".repeat(20)}` })],
		["a log without a block", () => node.announceLog({ ...LOG, blockNumber: null })],
		["a block without a hash", () => announce("0xa", { number: "0x1" })],
		["a subscription without parameters", () => send({ method: "eth_subscription" })],
		["another chain", () => send({ id: 1, result: "0x1" })],
		["a response to no request", () => send({ id: 4, result: "0xc" })],
		["a subscription that is no text", () => send({ id: 2, result: 12 })],
		["a message that is too long", () => send(`${" ".repeat(2 ** 20 - 1)}{}`)],
		["a message too many", () => sendAll(MAX_MESSAGES + 1)],
		["too many characters", () => sendAll(5, `${" ".repeat(2 ** 20 - 2)}{}`)],
	])("that sends %s loses its connection once, and is connected to again", async (_, misbehave) => {
		await openLive();
		misbehave();
		await until(() => events.length === 3);
		expect(events).toEqual(["live", "lost", "live"]);
		expect(node.connections).toBe(2);
	});

	it.each<[string, () => void]>([
		["the longest message", () => send(`${" ".repeat(2 ** 20 - 2)}{}`)],
		// With the two that follow.
		["as many messages as it may", () => sendAll(MAX_MESSAGES - 2)],
		[
			"the same answers again",
			() => [1, 2, 3].forEach((id) => void send({ id, result: id === 1 ? "0x7a69" : `0x${id}` })),
		],
	])("that sends %s keeps its connection", async (_, behave) => {
		await openLive();
		behave();
		send({ id: 3, result: "0xb" });
		announce("0xb", LOG);
		await until(() => events.length === 2);
		expect(events).toEqual(["live", "log 16"]);
	});

	it.each<[string, AnnouncingNode["answer"]]>([
		["another chain", (client, { id }) => void client.send(JSON.stringify({ id, result: "0x1" }))],
		["an error", (client, { id }) => void client.send(JSON.stringify({ id, error: { code: -32_601 } }))],
	])("that answers with %s is never live", async (_, answer) => {
		node.answer = answer;
		open();
		await until(() => node.connections >= 3);
		expect(new Set(events)).toEqual(new Set(["lost"]));
	});

	it("that is silent is asked whether it is there, and left if it isn't", async () => {
		await openLive();
		const asked: unknown[] = [];
		node.answer = (client, call) => {
			asked.push(call);
			answerHonestly(client, call);
		};
		await pass(SILENCE_MS);
		await until(() => node.calls.length === 4);
		expect(asked).toEqual([{ jsonrpc: "2.0", id: 1, method: "eth_chainId", params: [] }]);
		await idle(5);
		await pass(SILENCE_MS);
		await until(() => node.calls.length === 5);
		expect(events).toEqual(["live"]);
		node.answer = () => {};
		await idle(5);
		await pass(SILENCE_MS);
		await until(() => node.calls.length === 6);
		await pass(SILENCE_MS);
		await until(() => node.connections === 2);
		expect(events).toEqual(["live", "lost"]);
	});

	it("may send as much again after each check", async () => {
		await openLive();
		for (let checks = 0; checks < 3; checks++) {
			sendAll(5_000);
			announce("0xb", LOG);
			await until(() => events.length === checks + 2);
			const calls = node.calls.length;
			await pass(SILENCE_MS);
			await until(() => node.calls.length === calls + 1);
		}
		expect(events).toEqual(["live", "log 16", "log 16", "log 16"]);
	});

	it("that never answers is left after the time of a silence", async () => {
		node.answer = () => {};
		open();
		await until(() => node.calls.length === 3);
		await pass(SILENCE_MS);
		await until(() => node.connections === 2);
		expect(events).toEqual(["lost"]);
	});
});

describe("a node that closes every connection", () => {
	it("is connected to less and less often, after half a minute at most", async () => {
		node.greet = (client) => client.close();
		open();
		await until(() => pauses.length >= 10);
		expect(pauses.slice(0, 10)).toEqual([200, 400, 800, 1_600, 3_200, 6_400, 12_800, 25_600, 30_000, 30_000]);
	});

	it("is connected to after half the time if chance wants it so", async () => {
		vi.mocked(Math.random).mockReturnValue(1);
		node.greet = (client) => client.close();
		open();
		await until(() => pauses.length >= 3);
		expect(pauses.slice(0, 3)).toEqual([100, 200, 400]);
	});

	it.each([
		[30_000, 800],
		[30_001, 200],
	])("after %d ms is connected to after %d ms", async (lasted, pause) => {
		vi.useFakeTimers({ toFake: ["performance"] });
		onTestFinished(() => void vi.useRealTimers());
		vi.advanceTimersByTime(1_000);
		let closed = 0;
		node.greet = (client) => {
			closed += 1;
			if (closed <= 2) client.close();
		};
		open();
		await until(() => events.includes("live"));
		vi.advanceTimersByTime(lasted);
		for (const client of node.sockets) client.close();
		await until(() => pauses.length >= 3);
		expect(pauses[2]).toBe(pause);
	});
});

it("a node that closes its end late is waited for no longer than one that closes it first", async () => {
	vi.spyOn(globalThis, "setTimeout").mockRestore();
	const timers = vi.spyOn(globalThis, "setTimeout").mock;
	node.greet = (client) => node.connections === 1 && client.send("{");
	open();
	await until(() => events.length === 1 && node.sockets.size === 0);
	await until(() => events.at(-1) === "live");
	const delays = timers.calls.filter(([run]) => run.name === "connect").map(([, ms]) => ms);
	expect(delays).toEqual([200]);
	expect(node.connections).toBe(2);
});

it("a node that closes its end isn't connected to once more if there is a connection", async () => {
	node.greet = (client) => {
		if (node.connections > 2) return;
		client._socket.pause();
		client.send("{");
	};
	open();
	await until(() => events.at(-1) === "live");
	for (const client of node.sockets) if (client._socket.isPaused()) client.terminate();
	await until(() => node.sockets.size === 1);
	await idle(20);
	expect([node.connections, events]).toEqual([3, ["lost", "lost", "live"]]);
});

it("a node that never closes its end is connected to three times at most, until it does", async () => {
	node.greet = (client) => {
		client._socket.pause();
		client.send("{");
	};
	open();
	await until(() => node.connections === 3);
	await idle(20);
	expect(node.connections).toBe(3);
	node.greet = () => {};
	[...node.sockets][0]?.terminate();
	await until(() => node.connections === 4 && events.at(-1) === "live");
	expect(events).toEqual(["lost", "lost", "lost", "live"]);
});
