/**
 * Ten processes that share one Redis. Prints how often they look up a thousand organizations that none of them knows, and
 * what they decide about valid, revoked and forged tokens while Redis is killed, or hangs, for ten seconds.
 * @module
 */
import { fork } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { generateKeyPair } from "orgpass/keys";
import { startTestNetwork } from "orgpass/testing";
import { createOrgIdMinter } from "orgpass/tokens";
import { startRedis } from "../test/support/redis-server.ts";
import type { Command, InstanceSetup, Report } from "./shared-records-instance.ts";

const ORGANIZATIONS = Number(process.env["BENCH_ORGANIZATIONS"] ?? 1_000);
const INSTANCES = 10;
/** Longer than the first phase takes: what expires is looked up again. */
const COLD_TTL_SECONDS = 600;
const TTL_SECONDS = 3;
const REDIS_UP_MS = 8_000;
const REDIS_DOWN_MS = 10_000;
/** Organizations whose tokens are presented while Redis fails; half of them have their key revoked, one a second. */
const ACTIVE = 60;
/** The processes share the machine's cores. */
const MARGIN_MS = 1_000;

const network = await startTestNetwork({ organizations: ORGANIZATIONS });
const { chainId, rpcUrl, registry, organizations } = network;
const audience = organizations.at(-1)?.did as string;
const redis = await startRedis();
const { privateKey: forged } = await generateKeyPair();
const claims = { audience, lifetimeSeconds: 3_600, now: network.now };
const setup: InstanceSetup = {
	networks: [{ chainId, rpcUrl, registry: registry.address }],
	socket: redis.path,
	audience,
	ahead: network.now() - Date.now() / 1_000,
	good: await Promise.all(organizations.map(({ key, issuer }) => createOrgIdMinter({ key, issuer, ...claims }).mint())),
	forged: await Promise.all(
		organizations.slice(0, ACTIVE).map(({ issuer }) => createOrgIdMinter({ key: forged, issuer, ...claims }).mint()),
	),
};
const path = new URL("./shared-records-instance.ts", import.meta.url);
const instances = await Promise.all(
	Array.from({ length: INSTANCES }, async () => {
		const child = fork(path, [], { serialization: "advanced" });
		child.send(setup);
		await once(child, "message");
		return child;
	}),
);

const cold = await all({ type: "verify once", ttlSeconds: COLD_TTL_SECONDS });
const lookups = cold.reduce((sum, report) => sum + report.lookups, 0);
const refusedCold = cold.flatMap((report) => report.refused).length;
console.log(
	`${INSTANCES} processes, ${ORGANIZATIONS} organizations: ${lookups} look-ups, ${refusedCold} tokens refused`,
);

const revocations = new Map<number, { readonly sentAt: number; readonly minedAt: number }>();
for (const [name, stop, start] of [
	["killed", () => redis.kill(), () => redis.start()],
	["stopped (it hangs)", () => redis.suspend(), () => redis.resume()],
] as const) {
	const ending = new AbortController();
	const revoking = revokeSome(ending.signal);
	const durationMs = 2 * REDIS_UP_MS + REDIS_DOWN_MS;
	const reports = all({ type: "verify repeatedly", ttlSeconds: TTL_SECONDS, durationMs, active: ACTIVE });
	await sleep(REDIS_UP_MS);
	await stop();
	await sleep(REDIS_DOWN_MS);
	await start();
	judge(`Redis ${name} for ${REDIS_DOWN_MS / 1_000} s`, await reports);
	ending.abort();
	await revoking;
}

for (const child of instances) child.disconnect();
await redis.stop();
await network.close();

function all(command: Command): Promise<Report[]> {
	return Promise.all(
		instances.map(async (child) => {
			child.send(command);
			const [report] = await once(child, "message");
			return report as Report;
		}),
	);
}

async function revokeSome(signal: AbortSignal): Promise<void> {
	while (!signal.aborted) {
		const index = revocations.size * 2;
		const organization = organizations[index];
		if (organization === undefined || index >= ACTIVE) return;
		const sentAt = Date.now();
		await registry.connect(organization.owner).revokeKey(organization.orgId, "webserver");
		revocations.set(index, { sentAt, minedAt: Date.now() });
		await sleep(1_000);
	}
}

function judge(when: string, reports: readonly Report[]): void {
	let [late, latest, wrong] = [0, 0, 0];
	for (const { accepted, refused } of reports) {
		for (const { index, at } of accepted) {
			const age = at - (revocations.get(index)?.minedAt ?? Number.POSITIVE_INFINITY);
			latest = Math.max(latest, age);
			if (age > TTL_SECONDS * 1_000 + MARGIN_MS) late += 1;
		}
		wrong += refused.filter(
			({ index, at }) => at < (revocations.get(index)?.sentAt ?? Number.POSITIVE_INFINITY),
		).length;
	}
	const sum = (key: "forgedAccepted" | "verified" | "lookups"): number =>
		reports.reduce((n, report) => n + report[key], 0);
	console.log(`${when}: ${sum("verified")} tokens, ${sum("lookups")} look-ups`);
	console.log(`${wrong} valid ones refused, ${sum("forgedAccepted")} forged ones accepted`);
	console.log(
		`revoked ones accepted for ${(latest / 1_000).toFixed(1)} s at most, ${late} times beyond ${TTL_SECONDS} s`,
	);
	const codes = new Set(reports.flatMap(({ refused }) => refused.map(({ code }) => code)));
	console.log(`codes of refusals: ${[...codes].join(", ")}`);
}
