import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { createRedisReplayStore, type RedisClient } from "../../../src/auth/replay/redis-store.ts";
import { until } from "../../support/patient-timers.ts";
import { type RedisServer, startRedis } from "../../support/redis-server.ts";
import { expectRefusal } from "../../support/refusal.ts";
import { createOfflineStage } from "../../support/token-stage.ts";
import { describeWithTool } from "../../support/tools.ts";

describeWithTool("a store of used tokens in Redis", "redis-server", ["--version"], () => {
	let shared: RedisServer;
	beforeAll(async () => {
		shared = await startRedis();
	});
	afterAll(() => shared.stop());

	/** A client of a server that no test changes, and a store. */
	async function stage(prefix = `${crypto.randomUUID()}:`) {
		const client = await shared.connect();
		return { client, store: createRedisReplayStore({ client, prefix }) };
	}

	async function stageOwn(...settings: readonly string[]) {
		const server = await startRedis(...settings);
		onTestFinished(() => server.stop());
		const client = await server.connect();
		return { server, client, store: createRedisReplayStore({ client }) };
	}

	it("keeps a key with its prefix until it expires", async () => {
		const { client, store } = await stageOwn();
		await store.spend("a", 100.5, 0.25);
		expect(await client.keys("*")).toEqual(["orgpass:replay:a"]);
		const left = await client.pTTL("orgpass:replay:a");
		expect(left).toBeGreaterThan(90_000);
		expect(left).toBeLessThanOrEqual(100_250);
		expect(await createRedisReplayStore({ client, prefix: "" }).spend("a", 100, 0)).toBe(true);
	});

	it("is shared by all clients", async () => {
		const [{ store }, { store: other }] = [await stage("shared:"), await stage("shared:")];
		expect(await store.spend("a", 100, 0)).toBe(true);
		expect(await other.spend("a", 100, 0)).toBe(false);
	});

	it("remembers after a crash of a server that appends every write to its file", async () => {
		const { server, client, store } = await stageOwn("--appendonly", "yes", "--appendfsync", "always");
		expect(await store.spend("a", 100, 0)).toBe(true);
		await server.kill();
		await server.start();
		await until(() => client.isReady);
		expect(await store.spend("a", 100, 0)).toBe(false);
		expect(await store.spend("b", 100, 0)).toBe(true);
	});

	it("forgets with a server without persistence", async () => {
		const { server, client, store } = await stageOwn();
		expect(await store.spend("a", 100, 0)).toBe(true);
		await server.kill();
		await server.start();
		await until(() => client.isReady);
		expect(await store.spend("a", 100, 0)).toBe(true);
	});

	it.each<[string, readonly string[], string]>([
		["is a read-only replica", ["REPLICAOF", "127.0.0.1", "1"], "READONLY"],
		["has no memory left", ["CONFIG", "SET", "maxmemory", "1"], "OOM"],
	])("can't tell if the server %s", async (_what, command, message) => {
		const { client, store } = await stageOwn();
		await client.sendCommand(command);
		const stages = await createOfflineStage();
		const verifier = stages.verifierWith({ replay: store });
		const error = await expectRefusal(async () => verifier.verify(await stages.forge()), "replay/unavailable");
		expect(String(error.cause)).toContain(message);
	});

	it("can't tell at once while the server is gone, and works again when it is back", async () => {
		const { server, client, store } = await stageOwn();
		await server.kill();
		await until(() => !client.isReady);
		const error = await expectRefusal(() => store.spend("a", 100, 0), "replay/unavailable");
		expect(error.message).toBe("the Redis client isn't connected");
		await server.start();
		await until(() => client.isReady);
		expect(await store.spend("a", 100, 0)).toBe(true);
	});

	it("can't tell with a client that is closed or was never connected", async () => {
		const { client, store } = await stage();
		client.destroy();
		await expectRefusal(() => store.spend("a", 100, 0), "replay/unavailable");
	});

	it("can't tell about keys that have expired already", async () => {
		const { store } = await stage();
		await expect(store.spend("a", 100, 100)).rejects.toThrow(/invalid expire time/);
	});
});

describe("a client that isn't one of Redis", () => {
	it.each([undefined, true, 1, "ok", Buffer.from("OK"), "QUEUED"])("that replies %s accepts nothing", async (reply) => {
		const store = createRedisReplayStore({ client: { set: async () => reply } });
		await expectRefusal(() => store.spend("a", 100, 0), "replay/unavailable");
	});

	it.each([
		[{}, "config/invalid-option"],
		[{ client: {} }, "config/invalid-option"],
		[{ client: { set() {} }, prefix: 1 }, "config/invalid-option"],
		[{ client: { set() {} }, keyPrefix: "a" }, "config/unknown-option"],
	] as const)("is refused with the options %j", async (options, code) => {
		await expectRefusal(() => createRedisReplayStore(options as unknown as { client: RedisClient }), code);
	});
});
