/**
 * How many tokens a store accepts, one after another and a hundred at a time. Redis is measured if there is a
 * `redis-server`. With `--expose-gc`, it also prints the memory that a token takes.
 * @module
 */
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createMemoryReplayStore, type ReplayStore } from "orgpass";
import { createRedisReplayStore } from "orgpass/redis";
import { createSqliteReplayStore } from "orgpass/sqlite";
import { createClient } from "redis";

const SECONDS = 2;
const AT_ONCE = 100;
const folder = mkdtempSync(join(tmpdir(), "orgpass-bench-"));
const now = Date.now() / 1_000;
let count = 0;

const before = heapUsed();
const memory = createMemoryReplayStore({ maxEntries: 2 ** 24 });
await measure("memory", memory);
if (globalThis.gc) console.log(`memory: ${Math.round((heapUsed() - before) / count)} bytes for each token`);
await measure("SQLite", createSqliteReplayStore({ file: join(folder, "used-tokens.db") }));
const path = join(folder, "socket");
const server = spawn("redis-server", ["--port", "0", "--unixsocket", path, "--save", "", "--dir", folder]);
const isRunning = await Promise.race([once(server, "spawn").then(() => true), once(server, "error").then(() => false)]);
if (isRunning) {
	const client = createClient({ socket: { path, tls: false, reconnectStrategy: 20 } });
	client.on("error", () => {});
	await measure("Redis, without persistence", createRedisReplayStore({ client: await client.connect() }));
	client.destroy();
	server.kill();
}
rmSync(folder, { recursive: true, force: true });

async function measure(name: string, store: ReplayStore): Promise<void> {
	const [single, many] = [await perSecond(store, 1), await perSecond(store, AT_ONCE)];
	console.log(`${name}: ${single} tokens a second, ${many} in hundreds`);
}

async function perSecond(store: ReplayStore, atOnce: number): Promise<number> {
	const [start, first] = [performance.now(), count];
	while (performance.now() - start < SECONDS * 1_000) {
		await Promise.all(Array.from({ length: atOnce }, () => store.spend(newKey(), now + 3_900, now)));
	}
	return Math.round((count - first) / ((performance.now() - start) / 1_000));
}

/** As long as those of a verifier. */
function newKey(): string {
	count += 1;
	return createHash("sha256").update(String(count)).digest("base64url");
}

function heapUsed(): number {
	globalThis.gc?.();
	return process.memoryUsage().heapUsed;
}
