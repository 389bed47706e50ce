/**
 * How long a revoked key is still accepted, by the way in which the resolver notices the revocation, while its node
 * works, fails, lags, or reorganizes its chain. Draws docs/revocation-latency.svg. Exits with 1 if a limit is exceeded.
 * @module
 */
import { writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { Interface } from "ethers";
import { createOrgIdMinter, createOrgIdResolver, createVerifier, type OrgIdResolverOptions, orgid } from "orgpass";
import { generateKeyPair } from "orgpass/keys";
import { orgIdRegistryAbi } from "orgpass/registry";
import { startTestNetwork } from "orgpass/testing";
import { type FakeNode, passOn, startFakeNode } from "../test/support/fake-node.ts";
import { answerAt } from "../test/support/lagging-node.ts";
import { type ChartRow, drawChart } from "./chart.ts";

const ROUNDS = Number(process.argv[2] ?? 5);
const INTERVAL_MS = 20;
const OUTAGE_MS = 1_000;
const TTL_SECONDS = 5;

/** An outage isn't the end. */
const DECISIONS: ReadonlySet<string> = new Set(["did/key-revoked", "did/key-not-found"]);

/** One key of one organization, in use. */
interface Trial {
	/** Revokes the key; resolves to when the transaction was sent, just before its block. */
	revoke(): Promise<number>;
	verify(): Promise<string>;
}

interface Way {
	readonly name: string;
	readonly limitMs: number;
	readonly options: Partial<OrgIdResolverOptions>;
	readonly webSocketUrl?: string;
	/** Revokes the keys; resolves to the time from which the limit counts, for each. */
	readonly revokeAll: (trials: readonly Trial[]) => Promise<readonly number[]>;
}

const network = await startTestNetwork({ organizations: 11 });
const [hotel, ...organizations] = network.organizations;
const { rpcUrl, chainId, provider } = network;
const honest: FakeNode["answer"] = (method, params) => passOn(rpcUrl, method, params);
const node = await startFakeNode(honest);
const contract = new Interface(orgIdRegistryAbi);
let keys = 0;

const polling = { watch: { pollingSeconds: 1 } };
const WAYS: readonly Way[] = [
	{ name: "polling at 1 s", limitMs: 2_500, options: polling, revokeAll: revokeAtRandom },
	{
		name: "WebSocket",
		limitMs: 500,
		options: polling,
		webSocketUrl: rpcUrl.replace("http", "ws"),
		revokeAll: revokeAtRandom,
	},
	{
		name: `watcher cut off, TTL of ${TTL_SECONDS} s`,
		limitMs: TTL_SECONDS * 1_000,
		options: { ...polling, cache: { ttlSeconds: TTL_SECONDS } },
		async revokeAll(trials) {
			node.answer = (method, params) =>
				method === "eth_getLogs" ? { error: { code: -32_603, message: "internal error" } } : honest(method, params);
			return revokeAtRandom(trials);
		},
	},
	{
		name: `not watched, TTL of ${TTL_SECONDS} s`,
		limitMs: TTL_SECONDS * 1_000,
		options: { cache: { ttlSeconds: TTL_SECONDS } },
		revokeAll: revokeAtRandom,
	},
	{ name: "outage of 1 s", limitMs: 2_500, options: polling, revokeAll: (trials) => revokeInOutage(trials) },
	{ name: "load balancer, one node lags", limitMs: 2_500, options: polling, revokeAll: revokeBehindLaggingNode },
	{ name: "reorganization", limitMs: 2_500, options: polling, revokeAll: revokeInReorganization },
];

const rows: Record<string, string | number>[] = [];
const drawn: ChartRow[] = [];
for (const way of WAYS) {
	const latencies: number[] = [];
	for (let round = 0; round < ROUNDS; round++) latencies.push(...(await runRound(way)));
	latencies.sort((a, b) => a - b);
	const [median = 0, max = 0] = [latencies[latencies.length >> 1], latencies.at(-1)];
	if (max > way.limitMs) process.exitCode = 1;
	const { name, limitMs } = way;
	drawn.push({ name, limit: limitMs, values: latencies });
	rows.push({ way: name, trials: latencies.length, "p50 ms": Math.round(median), "max ms": Math.round(max), limitMs });
}
console.table(rows);
const chart = drawChart({
	title: "How long a revoked key is still accepted",
	rows: drawn,
	heading: "median, maximum",
	summarize: (values) => [values[values.length >> 1], values.at(-1)].map(formatSeconds).join(", "),
	formatTick: (ms) => `${ms / 1_000} s`,
	dot: "revocation",
	limit: "limit that the run checks",
});
writeFileSync(new URL("../docs/revocation-latency.svg", import.meta.url), chart);
await node.close();
await network.close();

function formatSeconds(ms = 0): string {
	return `${(ms / 1_000).toFixed(2)} s`;
}

/** Returns for each trial how long the key was still accepted, in milliseconds; 0 if not at all. */
async function runRound({ options, webSocketUrl, revokeAll }: Way): Promise<readonly number[]> {
	node.answer = honest;
	const { address } = network.registry;
	const resolver = createOrgIdResolver({
		networks: [{ chainId, rpcUrl: node.url, registry: address, ...(webSocketUrl && { webSocketUrl }) }],
		...options,
	});
	const profiles = [orgid({ audience: hotel.did, resolver })];
	const verifier = createVerifier({ profiles, now: network.now });
	const trials = await Promise.all(organizations.map((one) => prepare(one, (token) => verifier.verify(token))));
	const warmUp = (): Promise<unknown> => Promise.all(trials.map(({ verify }) => verify()));
	await warmUp();
	if (options.watch !== undefined) await sleep(1_500);
	await warmUp();
	const accepted = trials.map(() => 0);
	const isOver = trials.map(({ verify }, index) => watchTrial(verify, (now) => (accepted[index] = now)));
	const since = await revokeAll(trials);
	await Promise.all(isOver);
	resolver.close();
	return accepted.map((last, index) => Math.max(last - (since[index] as number), 0));
}

async function prepare(
	{ did, orgId, owner }: (typeof organizations)[number],
	verify: (token: string) => Promise<unknown>,
): Promise<Trial> {
	const registry = network.registry.connect(owner);
	const fragment = `key-${++keys}`;
	const { privateKey: key, publicKey } = await generateKeyPair();
	await registry.addKey(orgId, { fragment, publicKey });
	const minter = createOrgIdMinter({ key, issuer: `${did}#${fragment}`, audience: hotel.did, now: network.now });
	const token = await minter.mint();
	return {
		async revoke() {
			const data = contract.encodeFunctionData("revokeKey", [orgId, fragment]);
			const signed = await owner.signTransaction(await owner.populateTransaction({ to: registry.address, data }));
			const sentAt = performance.now();
			await provider.broadcastTransaction(signed);
			return sentAt;
		},
		verify: () =>
			verify(token).then(
				() => "accepted",
				(error: { code: string }) => error.code,
			),
	};
}

/** Verifies until the key is known to be revoked. */
async function watchTrial(verify: Trial["verify"], onAccepted: (now: number) => void): Promise<void> {
	for (;;) {
		const startedAt = performance.now();
		const code = await verify();
		if (code === "accepted") onAccepted(startedAt);
		if (DECISIONS.has(code)) return;
		await sleep(INTERVAL_MS);
	}
}

function revokeAtRandom(trials: readonly Trial[]): Promise<readonly number[]> {
	return Promise.all(trials.map((trial) => sleep(Math.random() * 1_000).then(trial.revoke)));
}

async function revokeInOutage(trials: readonly Trial[]): Promise<readonly number[]> {
	node.answer = () => ({ hangUp: true });
	const endsAt = performance.now() + OUTAGE_MS;
	const revoking = Promise.all(trials.map((trial) => sleep((Math.random() * OUTAGE_MS) / 2).then(trial.revoke)));
	await sleep(OUTAGE_MS);
	node.answer = honest;
	return (await revoking).map((sentAt) => Math.max(sentAt, endsAt));
}

/** Every other request reaches a node that stays at the block before the revocations: polls in turn, others by time. */
async function revokeBehindLaggingNode(trials: readonly Trial[]): Promise<readonly number[]> {
	const head = await provider.getBlockNumber();
	let polls = 0;
	node.answer = (method, params) => {
		if (method === "eth_getBlockByNumber" && params[0] === "latest") polls += 1;
		const isPoll = method === "eth_getLogs" || method === "eth_getBlockByNumber";
		const turn = isPoll ? polls : Math.floor(performance.now() / 50);
		return turn % 2 === 0 ? honest(method, params) : answerAt(head, rpcUrl, method, params);
	};
	return revokeAtRandom(trials);
}

/** The limit counts from the revocation that stays. */
async function revokeInReorganization(trials: readonly Trial[]): Promise<readonly number[]> {
	const snapshot: string = await provider.send("evm_snapshot", []);
	await revokeAtRandom(trials);
	await provider.send("evm_revert", [snapshot]);
	await provider.send("hardhat_mine", ["0x2"]);
	return revokeAtRandom(trials);
}
