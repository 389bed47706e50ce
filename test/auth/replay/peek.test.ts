/** Stores of used tokens that are asked without using a token. */
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { createMemoryReplayStore } from "../../../src/auth/replay/memory-store.ts";
import { createRedisReplayStore } from "../../../src/auth/replay/redis-store.ts";
import type { ReplayStore } from "../../../src/auth/replay/replay-store.ts";
import { createSqliteReplayStore } from "../../../src/auth/replay/sqlite-store.ts";
import { until } from "../../support/patient-timers.ts";
import { type RedisServer, startRedis, type TestClient } from "../../support/redis-server.ts";
import { expectRefusal } from "../../support/refusal.ts";
import { forgeKind, verifierOfKinds } from "../../support/token-kinds.ts";
import { describeWithTool } from "../../support/tools.ts";

type PeekingStore = Required<ReplayStore>;

/** Expects that `explain` says at the step replay what `verify` throws. */
async function expectOutage(replay: ReplayStore, message: string | RegExp): Promise<void> {
	const verifier = verifierOfKinds(["ioctl"], { replay });
	const token = await forgeKind("ioctl", { jti: crypto.randomUUID() });
	const explanation = await verifier.explain(token);
	const error = await expectRefusal(() => verifier.verify(token), "replay/unavailable");
	expect(error.message).toMatch(message);
	expect(explanation).toMatchObject({
		outcome: "failed",
		step: "replay",
		error: { code: "replay/unavailable", message: error.message },
	});
}

function describeStore(create: () => PeekingStore): void {
	it("tells whether a key was spent, and spends none", async () => {
		const store = create();
		for (let time = 0; time < 3; time++) expect(await store.peek("a", 100, 0)).toBe(true);
		expect(await store.spend("a", 100, 0)).toBe(true);
		for (let time = 0; time < 3; time++) expect(await store.peek("a", 100, 0)).toBe(false);
		expect(await store.peek("b", 100, 0)).toBe(true);
	});

	it("spends a key once, however often it is asked about meanwhile", async () => {
		const store = create();
		const peeking: Promise<boolean>[] = [];
		const spending: Promise<boolean>[] = [];
		for (let time = 0; time < 100; time++) {
			peeking.push(store.peek("a", 100, 0));
			spending.push(store.spend("a", 100, 0));
		}
		await Promise.all(peeking);
		expect((await Promise.all(spending)).filter((isFirst) => isFirst)).toHaveLength(1);
		expect(await store.peek("a", 100, 0)).toBe(false);
	});

	it("accepts one of many verifications of a token that is explained meanwhile", async () => {
		const verifier = verifierOfKinds(["ioctl"], { replay: create() });
		const token = await forgeKind("ioctl", { jti: crypto.randomUUID() });
		const verifying = Array.from({ length: 20 }, async () => {
			await verifier.explain(token);
			return verifier.verify(token);
		});
		const ends = await Promise.allSettled(verifying);
		expect(ends.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
		expect(await verifier.explain(token)).toMatchObject({ step: "replay", error: { code: "replay/seen" } });
	});
}

describe("in memory", () => {
	describeStore(() => createMemoryReplayStore() as PeekingStore);

	it("can't tell when it is full", async () => {
		const replay = createMemoryReplayStore({ maxEntries: 1 });
		await verifierOfKinds(["ioctl"], { replay }).verify(await forgeKind("ioctl", { jti: "first" }));
		await expectOutage(replay, "the store is full");
	});

	it("can't tell about keys that it may have forgotten, if the clock is set back", async () => {
		const store = createMemoryReplayStore() as PeekingStore;
		await store.spend("a", 100, 0);
		await store.peek("b", 200, 150);
		await expectRefusal(() => store.peek("a", 100, 50), "replay/unavailable");
		await expectRefusal(() => store.spend("a", 100, 50), "replay/unavailable");
	});
});

describe("in SQLite", () => {
	describeStore(() => createSqliteReplayStore({ file: ":memory:" }) as PeekingStore);

	it("can't tell about keys that it may have removed, if the clock is set back", async () => {
		const store = createSqliteReplayStore({ file: ":memory:" }) as PeekingStore;
		await store.spend("a", 100, 0);
		await store.spend("b", 200, 150);
		await expectRefusal(() => store.peek("a", 100, 50), "replay/unavailable");
		expect(await store.peek("b", 200, 50)).toBe(false);
		expect(await store.peek("c", 101, 50)).toBe(true);
	});

	it("can't tell once it is closed", async () => {
		const replay = createSqliteReplayStore({ file: ":memory:" });
		replay.close();
		await expectOutage(replay, "the store of used tokens failed");
	});
});

describeWithTool("in Redis", "redis-server", ["--version"], () => {
	let server: RedisServer;
	let client: TestClient;
	beforeAll(async () => {
		server = await startRedis();
		client = await server.connect();
	});
	afterAll(() => server.stop());

	describeStore(() => createRedisReplayStore({ client, prefix: `${crypto.randomUUID()}:` }) as PeekingStore);

	it("can't tell at once while the server is gone", async () => {
		const own = await startRedis();
		onTestFinished(() => own.stop());
		const lost = await own.connect();
		await own.kill();
		await until(() => !lost.isReady);
		await expectOutage(createRedisReplayStore({ client: lost }), /^the Redis client isn't connected$/);
	});
});

describe("a client that isn't one of Redis", () => {
	it.each([undefined, true, "1", 2, "QUEUED"])("that replies %s can't tell", async (reply) => {
		const client = { set: async () => "OK", exists: async () => reply };
		const { peek } = createRedisReplayStore({ client }) as PeekingStore;
		await expectRefusal(() => peek("a", 100, 0), "replay/unavailable");
	});
});
