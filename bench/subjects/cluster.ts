/**
 * One worker of a cluster and two.
 * @module
 */
import cluster, { type Worker } from "node:cluster";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { Work } from "../cluster-worker.ts";
import { median, type Report, ratio, type Settings } from "../suite/report.ts";

/** So many workers do this at the same time. */
interface Contender {
	readonly name: string;
	readonly work: Work;
	readonly workers: number;
	readonly isOurs: boolean;
}

interface Turn {
	/** Tokens per second of real time. */
	readonly rate: number;
	/** Microseconds of CPU time for each token. */
	readonly cpuMicroseconds: number;
}

const ROUNDS = 15;
/** Until V8 has optimized the workers. */
const UNCOUNTED_ROUNDS = 3;
const TOKENS = 2_000;
const CONTENDERS: readonly Contender[] = [
	{ name: "1 worker", work: "orgpass", workers: 1, isOurs: true },
	{ name: "2 workers", work: "orgpass", workers: 2, isOurs: true },
	{ name: "secp256k1 alone, 1 worker", work: "secp256k1", workers: 1, isOurs: false },
	{ name: "secp256k1 alone, 2 workers", work: "secp256k1", workers: 2, isOurs: false },
];

/** Measures how many fresh tokens workers verify per second of real time. */
export async function measureCluster({ isQuick }: Settings): Promise<Report> {
	const [rounds, count] = isQuick ? [1, 20] : [ROUNDS, TOKENS];
	cluster.setupPrimary({
		exec: fileURLToPath(new URL("../cluster-worker.ts", import.meta.url)),
		args: [String(count)],
	});
	const workers = [cluster.fork(), cluster.fork()];
	await Promise.all(workers.map((worker) => once(worker, "message")));
	const turns: Turn[][] = CONTENDERS.map(() => []);
	for (let round = -UNCOUNTED_ROUNDS; round < rounds; round++) {
		for (const [index, contender] of CONTENDERS.entries()) {
			const turn = await takeTurn(workers.slice(0, contender.workers), contender.work, count);
			if (round >= 0) turns[index]?.push(turn);
		}
	}
	for (const worker of workers) worker.disconnect();
	return toReport(turns);
}

/** Each worker verifies so many tokens. */
async function takeTurn(workers: readonly Worker[], work: Work, count: number): Promise<Turn> {
	const startedAt = performance.now();
	const usages = await Promise.all(
		workers.map(async (worker) => {
			worker.send(work);
			const [{ user, system }] = (await once(worker, "message")) as [NodeJS.CpuUsage];
			return user + system;
		}),
	);
	const seconds = (performance.now() - startedAt) / 1_000;
	const tokens = workers.length * count;
	return { rate: tokens / seconds, cpuMicroseconds: usages.reduce((sum, usage) => sum + usage, 0) / tokens };
}

function toReport(turns: readonly (readonly Turn[])[]): Report {
	const rows = CONTENDERS.map(({ name, isOurs }, index) => {
		const own = turns[index] ?? [];
		const cpu = median(own.map(({ cpuMicroseconds }) => cpuMicroseconds)).toFixed(1);
		return { name, isOurs, figures: own.map(({ rate }) => rate), cells: { "CPU µs each": cpu } };
	});
	const gain = (work: Work): number => {
		const [one = "", two = ""] = CONTENDERS.filter((contender) => contender.work === work).map(({ name }) => name);
		return ratio(rows, two, one);
	};
	return {
		title: "Workers of a cluster",
		text: `Processes of \`node:cluster\`, as in [examples/cluster](../examples/cluster/README.md), verify tokens that are new to them,
in real time. They share nothing, and no requests are sent: on two cores, what sends them would take the place of a worker.
What two cores are worth depends on the machine, on which they may be two threads of one core, and on what else it does: a
second worker that does nothing but verify prepared signatures, with secp256k1 itself, makes this ${gain("secp256k1").toFixed(2)} times as fast. The
workers are independent if the CPU time for each token stays the same.`,
		tables: [
			{ id: "cluster", title: "Fresh tokens, by workers", unit: "tokens/s", base: CONTENDERS[0]?.name ?? "", rows },
		],
		goals: [{ ratio: "cluster: 2 workers ÷ 1 worker", value: gain("orgpass"), bound: 1.8 }],
	};
}
