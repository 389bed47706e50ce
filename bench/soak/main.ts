/**
 * Runs two instances of examples/express-api at full speed with everything switched on, while nodes, hosts of documents and
 * Redis fail, and judges every decision. Exits with 1 if one was wrong, if an instance's memory grew, or if it ended.
 * `--minutes 10` is how long; `--json` prints the result as JSON.
 * @module
 */
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { exportPrivateKey } from "orgpass/keys";
import { parseFlags, parseNumber } from "../../scripts/command-line.ts";
import { now } from "./clock.ts";
import { injectFaults } from "./faults.ts";
import type { FaultWindow } from "./oracle.ts";
import { createOrganizations } from "./organizations.ts";
import { type Instance, type Load, SUCCESS, startInstance, startLoad } from "./processes.ts";
import type { ServerState } from "./server.ts";
import { startStage } from "./stage.ts";

const INSTANCES = 2;
const ORGANIZATIONS = 10;
const ROTATE_MS = 1_000;
const ROTATE_DOCUMENT_MS = 7_000;
const REPORT_MS = 10_000;
const SCRAPE_MS = 5_000;
const SECRET = randomUUID();
const MAX_GROWTH = 0.1;
const MIB = 2 ** 20;

const { values } = parseFlags({
	options: { minutes: { type: "string", default: "10" }, json: { type: "boolean", default: false } },
});
const minutes = parseNumber("minutes", values.minutes, 0.1);

const over = new AbortController();
const { signal } = over;
const windows: FaultWindow[] = [];
const states: ServerState[][] = Array.from({ length: INSTANCES }, () => []);
const failures: string[] = [];
let load: Load | undefined;
let startedAt = 0;
process.once("SIGINT", () => over.abort());
const stage = await startStage(ORGANIZATIONS);
try {
	await run();
} finally {
	await stage.close();
}
report();

async function run(): Promise<void> {
	const organizations = await createOrganizations(stage, inform);
	const servers = await Promise.all(states.map(startServer));
	const urls = servers.map(({ url }) => url);
	const attackerKey = exportPrivateKey(stage.attacker.privateKey, "sec1");
	load = startLoad({ urls, attackerKey, audience: stage.audience });
	for (const { isOver } of [...servers, load]) isOver.then(noticeEnd);
	startedAt = now();
	try {
		await inform();
		await Promise.all([
			injectFaults({ stage, organizations, windows, onChange: inform }, signal),
			repeat(ROTATE_MS, organizations.rotate),
			repeat(ROTATE_DOCUMENT_MS, organizations.rotateDocument),
			repeat(SCRAPE_MS, () => Promise.all(urls.map(scrape))),
			wait(minutes * 60_000).then(() => over.abort()),
		]);
	} finally {
		over.abort();
		await load.stop();
		await Promise.all(servers.map(({ stop }) => stop()));
		await organizations.close();
	}

	/** What changes is known to the load before it has an effect. */
	async function inform(): Promise<void> {
		const { current, gone } = organizations;
		await load?.inform({ current: [...current], gone, windows });
	}
}

function startServer(states: ServerState[]): Promise<Instance> {
	const { audience, redis, networks } = stage;
	const setup = { audience, networks, redis: redis.path, secret: SECRET, reportMs: REPORT_MS };
	return startInstance(setup, (state) => {
		states.push(state);
		logProgress(state);
	});
}

/** Nothing may end before the time is over, nor with an error. */
function noticeEnd(end: string): void {
	if (!signal.aborted || end !== SUCCESS) failures.push(`a process ended ${end}`);
	over.abort();
}

function wait(ms: number): Promise<void> {
	return sleep(ms, undefined, { signal }).catch(() => undefined);
}

async function repeat(ms: number, work: () => Promise<unknown>): Promise<void> {
	while (!signal.aborted) {
		await wait(ms);
		if (!signal.aborted) await work();
	}
}

/** As a monitoring system would. */
async function scrape(url: string): Promise<void> {
	for (const path of ["/metrics", "/health"]) await (await fetch(url + path)).text();
}

function logProgress({ heapBytes, rssBytes, eventLoopDelayMs }: ServerState): void {
	const { requests, wrong } = load?.verdict() ?? { requests: 0, wrong: 0 };
	const { name = "nothing" } = windows.at(-1) ?? {};
	const memory = `heap ${toMib(heapBytes)} MiB, rss ${toMib(rssBytes)} MiB`;
	const at = ((now() - startedAt) / 1_000).toFixed(0);
	const delay = `delay ${eventLoopDelayMs.p99}/${eventLoopDelayMs.max} ms`;
	console.error(`${at} s: ${requests} requests, ${wrong} wrong, ${memory}, ${delay}, last fault: ${name}`);
}

function report(): void {
	const verdict = load?.verdict();
	if (verdict === undefined) throw new Error("expected the load to have a verdict");
	const growth = Math.max(...states.map(heapGrowth));
	if (verdict.wrong > 0) failures.push(`${verdict.wrong} wrong decisions`);
	if (growth > MAX_GROWTH) failures.push(`the heap grew by ${(growth * 100).toFixed(1)} %`);
	if (failures.length > 0) process.exitCode = 1;
	const maximum = Math.max(...states.flat().map(({ eventLoopDelayMs }) => eventLoopDelayMs.max));
	const warnings = states.flat().flatMap(({ warnings }) => warnings);
	const faults = windows.map(({ name }) => name);
	const seconds = (now() - startedAt) / 1_000;
	const result = { seconds, ...verdict, heapGrowth: growth, maxEventLoopDelayMs: maximum, warnings, faults, failures };
	if (values.json) {
		console.log(JSON.stringify({ ...result, states }, null, 2));
		return;
	}
	console.table(verdict.decisions);
	for (const example of verdict.examples) console.log(example);
	const perSecond = (verdict.requests / seconds).toFixed(0);
	console.log(`${verdict.requests} requests in ${seconds.toFixed(0)} s (${perSecond}/s), ${faults.length} faults`);
	console.log(`a revoked key accepted for ${verdict.latestAcceptanceMs.toFixed(0)} ms at most while nothing failed`);
	console.log(`the slowest good token while nothing failed: ${verdict.slowest}`);
	console.log(`heap ${(growth * 100).toFixed(1)} %, event loop blocked for ${maximum} ms at most`, warnings);
	console.log(failures.length > 0 ? failures.join(", ") : "no wrong decision");
}

/** How much an instance's heap of the last third of the run differs from that of the second one. */
function heapGrowth(states: readonly ServerState[]): number {
	const third = Math.floor(states.length / 3);
	if (third === 0) return 0;
	const mean = (some: readonly ServerState[]): number =>
		some.reduce((sum, { heapBytes }) => sum + heapBytes, 0) / some.length;
	return mean(states.slice(-third)) / mean(states.slice(-2 * third, -third)) - 1;
}

function toMib(bytes: number): string {
	return (bytes / MIB).toFixed(1);
}
