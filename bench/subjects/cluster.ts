/**
 * One worker of a cluster and two.
 * @module
 */
import cluster, { type Worker } from "node:cluster";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { type Report, ratio, type Settings } from "../suite/report.ts";

const ROUNDS = 9;
const TOKENS = 2_000;
const ONE = "1 worker";
const TWO = "2 workers";

/** Measures how many fresh tokens workers verify per second of wall-clock time. */
export async function measureCluster({ isQuick }: Settings): Promise<Report> {
	const [rounds, count] = isQuick ? [1, 20] : [ROUNDS, TOKENS];
	cluster.setupPrimary({
		exec: fileURLToPath(new URL("../cluster-worker.ts", import.meta.url)),
		args: [String(count)],
	});
	const workers = [cluster.fork(), cluster.fork()];
	await Promise.all(workers.map((worker) => once(worker, "message")));
	const figures = { [ONE]: [] as number[], [TWO]: [] as number[] };
	// The first round isn't counted.
	for (let round = -1; round < rounds; round++) {
		const one = await measureRate(workers.slice(0, 1), count);
		const two = await measureRate(workers, count);
		if (round < 0) continue;
		figures[ONE]?.push(one);
		figures[TWO]?.push(two);
	}
	for (const worker of workers) worker.disconnect();
	const rows = Object.entries(figures).map(([name, values]) => ({ name, figures: values, isOurs: true }));
	return {
		title: "Workers of a cluster",
		text: `Processes of \`node:cluster\`, as in [examples/cluster](../examples/cluster/README.md), verify tokens that are new to them,
in wall-clock time. They share nothing, and no requests are sent: on two cores, what sends them would take the place of a
worker.`,
		tables: [{ id: "cluster", title: "Fresh tokens, by workers", unit: "tokens/s", base: ONE, rows }],
		goals: [{ ratio: "cluster: 2 workers ÷ 1 worker", value: ratio(rows, TWO, ONE), bound: 1.8 }],
	};
}

/** Each worker verifies so many tokens. */
async function measureRate(workers: readonly Worker[], count: number): Promise<number> {
	const startedAt = performance.now();
	await Promise.all(
		workers.map(async (worker) => {
			worker.send("go");
			await once(worker, "message");
		}),
	);
	return (workers.length * count * 1_000) / (performance.now() - startedAt);
}
