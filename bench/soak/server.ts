/**
 * An instance of the server under load: examples/express-api with everything switched on, in a process of its own. Reports
 * its memory to its parent.
 * @module
 */
import { registerHooks } from "node:module";
import type { AddressInfo } from "node:net";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { createOrgIdResolver, createVerifier, type OrgIdNetwork, orgid } from "orgpass";
import { createPrometheusObserver } from "orgpass/observe/prometheus";
import { createRedisRecordStore, createRedisReplayStore } from "orgpass/redis";
import { Registry } from "prom-client";
import { connectRedis } from "../../test/support/redis-server.ts";

/** What the process is started with. */
export interface ServerSetup {
	readonly audience: string;
	readonly networks: readonly OrgIdNetwork[];
	/** The socket of a Redis server, and the secret of the records in it. */
	readonly redis: string;
	readonly secret: string;
	/** How often the memory is reported. */
	readonly reportMs: number;
}

/** What the process says: first its URL, then its state. */
export type ServerMessage = { readonly url: string } | ServerState;

/** The state of the process. Sizes are after a garbage collection. */
export interface ServerState {
	readonly heapBytes: number;
	readonly rssBytes: number;
	/** Since the last report. */
	readonly eventLoopDelayMs: { readonly p50: number; readonly p99: number; readonly max: number };
	readonly warnings: readonly string[];
}

const NS_PER_MS = 1e6;

// The example isn't installed: its imports of orgpass lead to this package.
registerHooks({
	resolve: (specifier, context, nextResolve) =>
		nextResolve(specifier, /^orgpass(\/|$)/.test(specifier) ? { ...context, parentURL: import.meta.url } : context),
});
const { createApp } = await import("../../examples/express-api/app.ts");

const { audience, networks, redis, secret, reportMs } = JSON.parse(process.argv[2] as string) as ServerSetup;
const client = await connectRedis(redis);
const register = new Registry();
const observer = createPrometheusObserver({ register });
const resolver = createOrgIdResolver({
	networks,
	observer,
	documents: { allowHttp: true, allowPrivateAddresses: true },
	// So small that it is full before the memory is measured.
	cache: { ttlSeconds: 10, staleIfErrorSeconds: 60, maxEntries: 1_000 },
	watch: { pollingSeconds: 1 },
	sharedCache: { store: createRedisRecordStore({ client }), secret },
});
const verifier = createVerifier({
	profiles: [orgid({ audience, resolver })],
	replay: createRedisReplayStore({ client }),
	observer,
});

const warnings: string[] = [];
process.on("warning", ({ name, message }) => warnings.push(`${name}: ${message}`));
const delay = monitorEventLoopDelay({ resolution: 10 });
delay.enable();

const server = createApp({ verifier, observer, register, log: () => {} }).listen(0, "127.0.0.1", () => {
	send({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
});
setInterval(report, reportMs);
// The parent decides when this ends, also after Ctrl-C.
process.on("SIGINT", () => {});
process.once("disconnect", () => process.exit());

function report(): void {
	const ms = (ns: number): number => Math.round(ns / NS_PER_MS);
	const eventLoopDelayMs = { p50: ms(delay.percentile(50)), p99: ms(delay.percentile(99)), max: ms(delay.max) };
	globalThis.gc?.();
	const { heapUsed, rss } = process.memoryUsage();
	send({ heapBytes: heapUsed, rssBytes: rss, eventLoopDelayMs, warnings: warnings.splice(0) });
	delay.reset();
}

function send(message: ServerMessage): void {
	process.send?.(message);
}
