/**
 * A store of records in Redis.
 * @module
 */
import * as v from "valibot";
import { assertOptions } from "../../options/assert-options.js";
import { optionsSchema } from "../../options/schemas.js";
import type { RecordStore, StoredText, StoreListener } from "./record-store.js";

/** What is used of a second connection, which listens. */
export interface RedisSubscriber {
	readonly isReady: boolean;
	on(event: "ready" | "error", listener: () => void): unknown;
	connect(): Promise<unknown>;
	subscribe(channel: string, listener: (message: string) => void): Promise<unknown>;
	/** Version 4 only has `disconnect`. */
	destroy?(): void;
	disconnect?(): Promise<unknown>;
}

/** What is used of the client of `createClient` of the package `redis`, version 4 or later. */
export interface RedisRecordClient {
	/** Whether it is connected. */
	readonly isReady: boolean;
	eval(script: string, options: { readonly keys: string[]; readonly arguments: string[] }): Promise<unknown>;
	publish(channel: string, message: string): Promise<unknown>;
	/** Creates a client with the same options. */
	duplicate(): RedisSubscriber;
}

/** Options of {@link createRedisRecordStore}. */
export interface RedisRecordStoreOptions {
	/** The client. Its connection remains yours; a second one, to listen, is opened and closed by orgpass. */
	readonly client: RedisRecordClient;
	/** Comes before each key, and is the name of the channel; `orgpass:records:` by default. */
	readonly prefix?: string | undefined;
}

const schema = optionsSchema<RedisRecordStoreOptions>({
	client: v.custom(isClient, "a client of createClient (a pool or a cluster can't be used)"),
	prefix: v.optional(v.string("a string")),
});

/** Longer texts, and values of other types, aren't sent to the instances. A lock always ends. */
const TAKE = `
local size = redis.pcall('STRLEN', KEYS[1])
if type(size) ~= 'number' or size > 1048576 then
	redis.call('DEL', KEYS[1])
elseif size > 0 then
	local text = redis.call('GET', KEYS[1])
	if text ~= ARGV[2] then return {text, redis.call('PTTL', KEYS[1])} end
end
local left = redis.call('PTTL', KEYS[2])
if left == -1 or left > tonumber(ARGV[1]) then redis.call('DEL', KEYS[2]) end
if redis.call('SET', KEYS[2], 'free', 'NX', 'PX', ARGV[1]) then return 'locked' end
redis.pcall('SETRANGE', KEYS[2], 0, 'busy')
return 'busy'`;

const PUT = `
if ARGV[1] then redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2]) else redis.call('DEL', KEYS[1]) end
local isBusy = redis.pcall('GET', KEYS[2]) == 'busy'
redis.call('DEL', KEYS[2])
return isBusy and 1 or 0`;

/**
 * Creates a store in Redis with which the resolvers of several instances share what they have read: ten instances read
 * an organization once. It needs no persistence; if Redis fails, each resolver asks its node.
 *
 * @example
 * ```ts
 * import { createClient } from "redis";
 * import { createOrgIdResolver } from "orgpass";
 * import { createRedisRecordStore } from "orgpass/redis";
 *
 * const client = createClient({ url: "redis://redis.example:6379" });
 * client.on("error", () => undefined); // log it; call client.connect(), too, but don't await it
 * const resolver = createOrgIdResolver({
 *   networks: [{ chainId: 100, rpcUrl: "https://rpc.example", registry: `0x${"5e".repeat(20)}` }],
 *   sharedCache: { store: createRedisRecordStore({ client }), secret: "from the environment, 32 characters or more" },
 * });
 * resolver.close();
 * ```
 * @param options the client, and the prefix of the keys
 * @returns the store, for the option `sharedCache` of `createOrgIdResolver`
 * @throws {ConfigError} `config/unknown-option`, `config/invalid-option`
 * @see https://redis.io/docs/latest/develop/pubsub/
 */
export function createRedisRecordStore(options: RedisRecordStoreOptions): RecordStore {
	assertOptions(schema, options, "createRedisRecordStore");
	const { client, prefix = "orgpass:records:" } = options;
	/** Those that have listened. */
	const subscribers = new Set<RedisSubscriber>();
	return Object.freeze({
		get isReady() {
			return client.isReady && [...subscribers].every((subscriber) => subscriber.isReady);
		},
		take,
		put: async (key: string, text: string, keptMs: number) => isOne(await run(PUT, key, text, String(keptMs))),
		remove: async (key: string) => isOne(await run(PUT, key)),
		publish: (message: string) => client.publish(prefix, message),
		subscribe,
	});

	async function take(key: string, lockMs: number, refused = ""): Promise<StoredText | "locked" | "busy"> {
		const reply = await run(TAKE, key, String(lockMs), refused);
		if (reply === "locked" || reply === "busy") return reply;
		if (!Array.isArray(reply) || typeof reply[0] !== "string") throw new Error("an unexpected reply of Redis");
		return { text: reply[0], leftMs: Number(reply[1]) };
	}

	/** The braces keep a key and its lock in one slot. */
	function run(script: string, key: string, ...values: string[]): Promise<unknown> {
		const text = `${prefix}{${key}}`;
		return client.eval(script, { keys: [text, `${text}:lock`], arguments: values });
	}

	/** The client subscribes again before it is ready again. */
	function subscribe({ onMessage, onListening }: StoreListener): () => void {
		const subscriber = client.duplicate();
		subscriber.on("error", () => undefined);
		subscriber.on("ready", () => {
			if (subscribers.has(subscriber)) onListening();
		});
		void listen().catch(() => undefined);
		return () => void end().catch(() => undefined);

		async function listen(): Promise<void> {
			await subscriber.connect();
			await subscriber.subscribe(prefix, onMessage);
			subscribers.add(subscriber);
			onListening();
		}

		async function end(): Promise<void> {
			subscribers.delete(subscriber);
			if (subscriber.destroy !== undefined) subscriber.destroy();
			else await subscriber.disconnect?.();
		}
	}
}

function isOne(reply: unknown): boolean {
	return Number(reply) === 1;
}

function isClient(value: unknown): boolean {
	const { isReady, eval: run, duplicate } = (value ?? {}) as Partial<RedisRecordClient>;
	return typeof isReady === "boolean" && typeof run === "function" && typeof duplicate === "function";
}
