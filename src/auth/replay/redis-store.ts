/**
 * A store of used tokens in Redis.
 * @module
 */
import * as v from "valibot";
import { ReplayError } from "../../errors/errors.js";
import { assertOptions } from "../../options/assert-options.js";
import { objectWith, optionsSchema } from "../../options/schemas.js";
import type { ReplayStore } from "./replay-store.js";

/** What is used of a client of the package `redis`, version 4 or later: of `createClient`, a pool or a cluster. */
export interface RedisClient {
	/** Whether it is connected; absent if it can't tell. */
	readonly isReady?: boolean;
	/** Sends `SET key value NX PX milliseconds`; resolves to `OK`, or to null if the key exists. */
	set(key: string, value: string, options: { readonly NX: true; readonly PX: number }): Promise<unknown>;
	/** Sends `EXISTS key`; resolves to 0 or 1. Used by `explain` only. */
	exists?(key: string): Promise<unknown>;
}

/** Options of {@link createRedisReplayStore}. */
export interface RedisReplayStoreOptions {
	/** The client; while it isn't connected, tokens are refused. Its connection remains yours: orgpass doesn't close it. */
	readonly client: RedisClient;
	/** Comes before each key; `orgpass:replay:` by default. */
	readonly prefix?: string | undefined;
}

const schema = optionsSchema<RedisReplayStoreOptions>({
	client: objectWith("set"),
	prefix: v.optional(v.string("a string")),
});

/**
 * Creates a store of used tokens in Redis, for several machines. A Redis server must be set up not to forget: with
 * `appendonly yes`, and with the `maxmemory-policy` `noeviction`, which is the default.
 *
 * @example
 * ```ts
 * import { createClient } from "redis";
 * import { createVerifier, orgid } from "orgpass";
 * import { createRedisReplayStore } from "orgpass/redis";
 *
 * const client = createClient({ url: "redis://redis.example:6379" });
 * client.on("error", () => undefined); // log it; call client.connect(), too, but don't await it
 * const replay = createRedisReplayStore({ client });
 * const resolver = { resolve: async () => ({ didDocument: null, didDocumentMetadata: {}, didResolutionMetadata: {} }) };
 * const audience = `did:orgid:100:0x${"0b".repeat(32)}`;
 * const verifier = createVerifier({ profiles: [orgid({ audience, resolver })], replay });
 * ```
 * @param options the client, and the prefix of the keys
 * @returns the store, for the option `replay` of `createVerifier` or of a route
 * @throws {ConfigError} `config/unknown-option`, `config/invalid-option`
 * @see https://redis.io/docs/latest/commands/set/
 */
export function createRedisReplayStore(options: RedisReplayStoreOptions): ReplayStore {
	assertOptions(schema, options, "createRedisReplayStore");
	const { client, prefix = "orgpass:replay:" } = options;
	return Object.freeze({ spend, ...(client.exists && { peek }) });

	async function spend(key: string, expiresAt: number, now: number): Promise<boolean> {
		assertConnected();
		// The server's clock may differ from ours, so it gets a duration.
		const milliseconds = Math.ceil((expiresAt - now) * 1_000);
		const reply = await client.set(`${prefix}${key}`, "1", { NX: true, PX: milliseconds });
		if (reply === "OK") return true;
		if (reply === null) return false;
		throw unavailable("expected Redis to reply OK or null");
	}

	/** Otherwise the client would keep the command until the connection is back. */
	function assertConnected(): void {
		if (client.isReady === false) throw unavailable("the Redis client isn't connected");
	}

	async function peek(key: string): Promise<boolean> {
		assertConnected();
		const reply = await client.exists?.(`${prefix}${key}`);
		if (reply === 0 || reply === 1) return reply === 0;
		throw unavailable("expected Redis to reply 0 or 1");
	}
}

function unavailable(message: string): ReplayError {
	return new ReplayError("replay/unavailable", message);
}
