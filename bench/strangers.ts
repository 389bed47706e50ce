/**
 * Tokens of random organizations that don't exist, one million by default, against a resolver that knows 50 honest ones.
 * Prints the memory after each tenth. Exits with 1 if it grows, or if an honest organization is read again or refused.
 * @module
 */
import { fork } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { createOrgIdResolver, createVerifier, orgid } from "orgpass";
import { startTestNetwork } from "orgpass/testing";

const STRANGERS = Number(process.argv[2] ?? 1_000_000);
const HONEST = 50;
const STEPS = 10;
const AT_ONCE = 500;
const LIFETIME_SECONDS = 3_600;
/** How much the memory may grow once the cache of absences is full. */
const MAX_GROWTH = 1.1;
const MB = 1e6;
/** A machine that is busy with other things may miss a deadline. */
const REFUSALS: ReadonlySet<unknown> = new Set(["did/not-found", "registry/unreachable"]);

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;
const network = await startTestNetwork({ organizations: HONEST });
const { chainId, registry, rpcUrl, now, organizations, provider } = network;
const [hotel] = organizations;
// So that their changes are old enough for the watcher.
await provider.send("hardhat_mine", ["0x64"]);
const node = fork(new URL("./absent-node.ts", import.meta.url), [rpcUrl, ...organizations.map(({ orgId }) => orgId)]);
const [url] = (await once(node, "message")) as [string];
const resolver = createOrgIdResolver({
	networks: [{ chainId, rpcUrl: url, registry: registry.address }],
	documents: false,
	watch: true,
});
const verifier = createVerifier({ profiles: [orgid({ audience: hotel?.did ?? "", resolver })], now });
const tokens = await Promise.all(
	organizations.map((one) => one.minter({ audience: hotel?.did ?? "", lifetimeSeconds: LIFETIME_SECONDS }).mint()),
);
await verifyHonest();
while (resolver.status()[0]?.behindBlocks !== 0) await new Promise((resolve) => setTimeout(resolve, 100));
resolver.invalidateAll();
await verifyHonest();

const readsBefore = await readsOfHonest();
let outages = 0;
const rows: Record<string, number>[] = [];
for (let step = 1; step <= STEPS; step++) {
	const startedAt = performance.now();
	await sendStrangers(STRANGERS / STEPS);
	const seconds = (performance.now() - startedAt) / 1_000;
	await verifyHonest();
	collect();
	const { heapUsed, rss } = process.memoryUsage();
	const reads = (await readsOfHonest()) - readsBefore;
	const strangers = (STRANGERS / STEPS) * step;
	rows.push({
		strangers,
		"per second": Math.round(STRANGERS / STEPS / seconds),
		"heap MB": Math.round(heapUsed / MB),
		"RSS MB": Math.round(rss / MB),
		"reads of honest": reads,
		outages,
	});
	console.log(JSON.stringify(rows.at(-1)));
}
const heaps = rows.map((row) => row["heap MB"] as number);
const hasGrown = Math.max(...heaps.slice(STEPS / 2)) > MAX_GROWTH * Math.max(...heaps.slice(0, STEPS / 2));
if (hasGrown || rows.at(-1)?.["reads of honest"] !== 0) process.exitCode = 1;
resolver.close();
node.kill();
await network.close();

async function sendStrangers(count: number): Promise<void> {
	let left = count;
	const send = async (): Promise<void> => {
		while (left-- > 0) {
			const did = `did:orgid:${chainId}:0x${randomBytes(32).toString("hex")}`;
			const { didResolutionMetadata } = await resolver.resolve(did, { fragment: "webserver" });
			const code: unknown = didResolutionMetadata["code"];
			if (!REFUSALS.has(code)) throw new Error(`expected a stranger to be refused, got ${code}`);
			if (code !== "did/not-found") outages += 1;
		}
	};
	await Promise.all(Array.from({ length: AT_ONCE }, send));
}

/** Rejects if a token is refused. */
async function verifyHonest(): Promise<void> {
	await Promise.all(tokens.map((token) => verifier.verify(token)));
}

async function readsOfHonest(): Promise<number> {
	node.send("reads");
	const [reads] = (await once(node, "message")) as [number];
	return reads;
}
