/**
 * Redis servers with the settings that a page shows.
 * @module
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root } from "../../scripts/sources.ts";
import { findFreePort } from "./free-port.ts";
import { startRedis } from "./redis-server.ts";

const SETTINGS = /^```conf\n([\s\S]*?)^```$/gm;

/** A server of a page. */
export interface PageRedis {
	readonly port: number;
	stop(): Promise<void>;
}

/** Starts a server for each `conf` block of a page, on a free port of this machine. */
export async function startRedisOfPage(page: string): Promise<readonly PageRedis[]> {
	const blocks = [...readFileSync(join(root, page), "utf8").matchAll(SETTINGS)];
	return Promise.all(blocks.map(([, settings = ""]) => start(settings)));
}

async function start(settings: string): Promise<PageRedis> {
	const folder = mkdtempSync(join(tmpdir(), "orgpass-redis-conf-"));
	const file = join(folder, "redis.conf");
	writeFileSync(file, settings);
	const port = await findFreePort();
	const server = await startRedis("--include", file, "--bind", "127.0.0.1", "--port", String(port));
	return {
		port,
		async stop() {
			await server.stop();
			rmSync(folder, { recursive: true });
		},
	};
}
