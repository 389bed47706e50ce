/**
 * How many used tokens the stores remember in a second.
 * @module
 */
import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createMemoryReplayStore, type ReplayStore } from "orgpass";
import { createRedisReplayStore } from "orgpass/redis";
import { createSqliteReplayStore } from "orgpass/sqlite";
import { createClient } from "redis";
import type { Report, Row, Settings } from "../suite/report.ts";

const AT_ONCE = 100;
const LIFETIME_SECONDS = 3_900;
const KEY_BYTES = 32;

interface Store {
	readonly name: string;
	readonly store: ReplayStore;
	close?(): void;
}

/** Spends tokens one after another and a hundred at once, with each store in turn. */
export async function measureReplay({ isQuick }: Settings): Promise<Report> {
	const folder = mkdtempSync(join(tmpdir(), "orgpass-bench-"));
	const stores = [
		{ name: "memory", store: createMemoryReplayStore({ maxEntries: 2 ** 24 }) },
		{ name: "SQLite", store: createSqliteReplayStore({ file: join(folder, "used-tokens.db") }) },
		await startRedis(folder),
	].filter((store): store is Store => store !== undefined);
	const extent = isQuick ? { rounds: 2, turnMs: 10 } : { rounds: 9, turnMs: 200 };
	const common = { unit: "tokens/s", base: "memory" };
	const [single, many] = [await measure(stores, 1, extent), await measure(stores, AT_ONCE, extent)];
	for (const { close } of stores) close?.();
	rmSync(folder, { recursive: true, force: true });
	return {
		title: "Stores of used tokens",
		text: `How many tokens the [stores](replay.md) remember in a second, in real time, with a database on the same machine. SQLite
waits for the disk; tokens that arrive together share a write. Redis runs without persistence.`,
		tables: [
			{ ...common, id: "replay-single", title: "Used tokens, one after another", rows: single },
			{ ...common, id: "replay-many", title: `Used tokens, ${AT_ONCE} at once`, rows: many },
		],
	};
}

async function measure(
	stores: readonly Store[],
	atOnce: number,
	{ rounds, turnMs }: { readonly rounds: number; readonly turnMs: number },
): Promise<readonly Row[]> {
	const figures: number[][] = stores.map(() => []);
	// The first round warms up.
	for (let round = 0; round <= rounds; round++) {
		for (const [index, { store }] of stores.entries()) {
			const rate = await takeTurn(store, atOnce, turnMs);
			if (round > 0) figures[index]?.push(rate);
		}
	}
	return stores.map(({ name }, index) => ({ name, isOurs: true, figures: figures[index] ?? [] }));
}

async function takeTurn(store: ReplayStore, atOnce: number, turnMs: number): Promise<number> {
	const [since, now] = [performance.now(), Date.now() / 1_000];
	let count = 0;
	let elapsedMs = 0;
	while (elapsedMs < turnMs) {
		await Promise.all(Array.from({ length: atOnce }, () => store.spend(newKey(), now + LIFETIME_SECONDS, now)));
		count += atOnce;
		elapsedMs = performance.now() - since;
	}
	return (count * 1_000) / elapsedMs;
}

/** As long as those of a verifier. */
function newKey(): string {
	return randomBytes(KEY_BYTES).toString("base64url");
}

/** Undefined if there is no `redis-server`. */
async function startRedis(folder: string): Promise<Store | undefined> {
	const path = join(folder, "socket");
	const args = ["--port", "0", "--unixsocket", path, "--save", "", "--dir", folder];
	const server = spawn("redis-server", args, { stdio: "ignore" });
	const isRunning = await once(server, "spawn").then(
		() => true,
		() => false,
	);
	if (!isRunning) {
		console.error("replay: without Redis, because redis-server isn't installed");
		return undefined;
	}
	const client = createClient({ socket: { path, tls: false, reconnectStrategy: 20 } });
	client.on("error", () => {});
	return {
		name: "Redis",
		store: createRedisReplayStore({ client: await client.connect() }),
		close() {
			client.destroy();
			server.kill();
		},
	};
}
