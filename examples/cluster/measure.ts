/**
 * Measures how many tokens one worker and two workers verify in a second. All tokens are new to them, and nothing is sent
 * over HTTP: on two cores, a program that sends requests would take half of the second one.
 */
import cluster, { type Worker } from "node:cluster";
import { once } from "node:events";
import { startTestNetwork } from "orgpass/testing";

const TOKENS = 2_000;
const ROUNDS = 3;

const network = await startTestNetwork({ organizations: 2 });
const [airline, hotel] = network.organizations;
const minter = airline.minter({ audience: hotel.did });
const tokens: string[] = [];
for (let count = 0; count < TOKENS; count++) tokens.push(await minter.mint());

cluster.setupPrimary({ exec: `${import.meta.dirname}/measured-worker.ts` });
const rates: Record<number, number[]> = { 1: [], 2: [] };
for (let round = 0; round < ROUNDS; round++) for (const count of [1, 2]) rates[count]?.push(await measure(count));
const [one, two] = [median(rates[1]), median(rates[2])];
console.log(`1 worker: ${one.toFixed()} tokens a second`);
console.log(`2 workers: ${two.toFixed()} tokens a second, ${(two / one).toFixed(2)} times as many`);
await network.close();

/** Each worker verifies all tokens, which the others don't know of. */
async function measure(count: number): Promise<number> {
	const workers = Array.from({ length: count }, () => cluster.fork());
	const settings = {
		chainId: network.chainId,
		rpcUrl: network.rpcUrl,
		registry: network.registry.address,
		audience: hotel.did,
	};
	await Promise.all(workers.map((worker) => ask(worker, { settings, tokens })));
	const startedAt = performance.now();
	await Promise.all(workers.map((worker) => ask(worker, "go")));
	const seconds = (performance.now() - startedAt) / 1_000;
	for (const worker of workers) worker.disconnect();
	return (count * TOKENS) / seconds;
}

async function ask(worker: Worker, message: object | string): Promise<void> {
	worker.send(message);
	await once(worker, "message");
}

function median(figures: readonly number[] = []): number {
	return figures.toSorted((a, b) => a - b)[figures.length >> 1] ?? Number.NaN;
}
