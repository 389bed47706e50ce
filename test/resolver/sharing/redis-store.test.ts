/** How a store uses the clients of the package redis: with clients that fail as real ones do rarely. */
import { beforeEach, describe, expect, it } from "vitest";
import type { RecordStore } from "../../../src/resolver/sharing/record-store.ts";
import { createRedisRecordStore, type RedisRecordClient } from "../../../src/resolver/sharing/redis-store.ts";
import { expectRefusal } from "../../support/refusal.ts";

let reply: unknown;
let calls: unknown[][];
let client: { isReady: boolean };
let subscriber: { isReady: boolean; destroy?: (() => void) | undefined };
let events: Map<string, () => void>;
let connecting: PromiseWithResolvers<void>;
let deliver: ((message: string) => void) | undefined;
let heard: string[];
let store: RecordStore;
beforeEach(() => {
	[calls, events, heard] = [[], new Map(), []];
	connecting = Promise.withResolvers();
	subscriber = Object.assign(
		{ isReady: true, destroy: () => void calls.push(["destroy"]) },
		{
			on: (event: string, listener: () => void) => void events.set(event, listener),
			connect: () => connecting.promise,
			async subscribe(channel: string, listener: (message: string) => void) {
				calls.push(["subscribe", channel]);
				deliver = listener;
			},
			async disconnect() {
				calls.push(["disconnect"]);
			},
		},
	);
	client = Object.assign(
		{ isReady: true },
		{
			async eval(_script: string, { keys, arguments: values }: { keys: string[]; arguments: string[] }) {
				calls.push(["eval", keys, values]);
				return reply;
			},
			publish: async (...args: unknown[]) => void calls.push(["publish", ...args]),
			duplicate: () => subscriber,
		},
	);
	store = create();
});

function create(options: object = {}): RecordStore {
	return createRedisRecordStore({ client: client as unknown as RedisRecordClient, ...options });
}

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
function subscribe(): () => void {
	return store.subscribe({
		onMessage: (message) => void heard.push(message),
		onListening: () => void heard.push("listening"),
	});
}

describe("a store in Redis", () => {
	it("takes a text or a lock", async () => {
		for (const answer of ["locked", "busy"]) {
			reply = answer;
			expect(await store.take("k", 10_000, undefined)).toBe(answer);
		}
		reply = ["text", "1500"];
		expect(await store.take("k", 10_000, "refused")).toEqual({ text: "text", leftMs: 1_500 });
		const keys = ["orgpass:records:{k}", "orgpass:records:{k}:lock"];
		expect(calls).toEqual([
			["eval", keys, ["10000", ""]],
			["eval", keys, ["10000", ""]],
			["eval", keys, ["10000", "refused"]],
		]);
	});

	it.each([null, "other", 5, [], [5, 5], {}])("rejects the reply %j", async (answer) => {
		reply = answer;
		await expect(store.take("k", 1, undefined)).rejects.toThrow("unexpected");
	});

	it.each([
		[1, true],
		["1", true],
		[0, false],
		[null, false],
	])("says whether anybody waits: %j", async (answer, expected) => {
		reply = answer;
		expect(await store.put("k", "text", 500)).toBe(expected);
		expect(await store.remove("k")).toBe(expected);
		expect(calls.map(([, , values]) => values)).toEqual([["text", "500"], []]);
	});

	it("has a prefix, which is the channel, too", async () => {
		store = create({ prefix: "p:" });
		await store.remove("k");
		await store.publish("message");
		connecting.resolve();
		subscribe();
		await settle();
		expect(calls).toEqual([
			["eval", ["p:{k}", "p:{k}:lock"], []],
			["publish", "p:", "message"],
			["subscribe", "p:"],
		]);
		expect(Object.isFrozen(store)).toBe(true);
	});

	it.each<object>([
		...[undefined, null, {}, { isReady: true }, { isReady: true, eval() {} }, { isReady: true, duplicate() {} }].map(
			(client) => ({ client }),
		),
		{ client: { eval() {}, duplicate() {} } },
		{ prefix: 5 },
	])("can't be created with %j", async (options) => {
		const { message, details } = await expectRefusal(() => create(options), "config/invalid-option");
		expect(message).toMatch(/^createRedisRecordStore: /);
		expect(details).toEqual({ option: Object.keys(options)[0] });
	});
});

describe("its subscriber", () => {
	it("listens once it is connected, and again after a failure", async () => {
		subscribe();
		events.get("ready")?.();
		await settle();
		expect([heard, calls]).toEqual([[], []]);
		connecting.resolve();
		await settle();
		expect(calls).toEqual([["subscribe", "orgpass:records:"]]);
		deliver?.("message");
		expect(heard).toEqual(["listening", "message"]);
		const onError = events.get("error");
		expect(onError).toBeDefined();
		onError?.();
		events.get("ready")?.();
		expect(heard).toEqual(["listening", "message", "listening"]);
	});

	it("decides with the client whether the store is ready", async () => {
		expect(store.isReady).toBe(true);
		subscriber.isReady = false;
		const stop = subscribe();
		expect(store.isReady).toBe(true);
		connecting.resolve();
		await settle();
		expect(store.isReady).toBe(false);
		subscriber.isReady = true;
		expect(store.isReady).toBe(true);
		client.isReady = false;
		expect(store.isReady).toBe(false);
		client.isReady = true;
		subscriber.isReady = false;
		stop();
		expect(store.isReady).toBe(true);
	});

	it("is destroyed, or disconnected by version 4, when nobody listens any more", async () => {
		connecting.resolve();
		const stop = subscribe();
		await settle();
		stop();
		events.get("ready")?.();
		expect(heard).toEqual(["listening"]);
		subscriber.destroy = undefined;
		subscribe()();
		await settle();
		expect(calls.map(([name]) => name).filter((name) => name !== "subscribe")).toEqual(["destroy", "disconnect"]);
	});

	it("that can't connect or be destroyed harms nobody", async () => {
		subscriber.destroy = () => {
			throw new Error("destroyed before");
		};
		const stop = subscribe();
		connecting.reject(new Error("refused"));
		await settle();
		stop();
		await settle();
		expect(heard).toEqual([]);
		expect(store.isReady).toBe(true);
	});
});
