/** What every store of used tokens does. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createMemoryReplayStore } from "../../../src/auth/replay/memory-store.ts";
import { createRedisReplayStore } from "../../../src/auth/replay/redis-store.ts";
import type { ReplayStore } from "../../../src/auth/replay/replay-store.ts";
import { createSqliteReplayStore } from "../../../src/auth/replay/sqlite-store.ts";
import { type RedisServer, startRedis, type TestClient } from "../../support/redis-server.ts";
import { describeWithTool } from "../../support/tools.ts";

const STRANGE_KEYS = [
	"__proto__",
	"constructor",
	"a",
	"a\0",
	"A",
	"",
	"'",
	'"',
	"\u00e9",
	"e\u0301",
	"%",
	"\n",
	"x".repeat(10_000),
];

function describeStore(create: () => ReplayStore): void {
	it("knows a key once it was spent, whenever it expires", async () => {
		const store = create();
		expect(await store.spend("a", 100, 0)).toBe(true);
		expect(await store.spend("b", 100, 0)).toBe(true);
		expect(await store.spend("a", 100, 0)).toBe(false);
		expect(await store.spend("a", 500, 0)).toBe(false);
	});

	it("accepts one of many at once", async () => {
		const store = create();
		const results = await Promise.all(Array.from({ length: 1_000 }, () => store.spend("many", 100, 0)));
		expect(results.filter((isFirst) => isFirst)).toHaveLength(1);
		expect(results.filter((isFirst) => !isFirst)).toHaveLength(999);
	});

	it("tells keys apart", async () => {
		const store = create();
		for (const key of STRANGE_KEYS) expect(await store.spend(key, 100, 0)).toBe(true);
		for (const key of STRANGE_KEYS) expect(await store.spend(key, 100, 0)).toBe(false);
	});

	it("keeps a key until the year 9999, and times with fractions", async () => {
		const store = create();
		for (const [key, expiresAt] of [
			["late", 253_402_300_799],
			["fraction", 1e9 + 0.123_456_7],
		] as const) {
			expect(await store.spend(key, expiresAt, 1e9 - 0.000_1)).toBe(true);
			expect(await store.spend(key, expiresAt, 1e9)).toBe(false);
		}
	});
}

describe("in memory", () => describeStore(() => createMemoryReplayStore()));

describe("in SQLite", () => describeStore(() => createSqliteReplayStore({ file: ":memory:" })));

describeWithTool("in Redis", "redis-server", ["--version"], () => {
	let server: RedisServer;
	let client: TestClient;
	beforeAll(async () => {
		server = await startRedis();
		client = await server.connect();
	});
	afterAll(() => server.stop());

	describeStore(() => createRedisReplayStore({ client, prefix: `${crypto.randomUUID()}:` }));
});
