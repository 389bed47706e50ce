/**
 * Scores of layers, and the faults that no test notices.
 * @module
 */
import type { Verdict } from "./judge.ts";
import { type Mutant, squeeze } from "./plant.ts";

export interface Score {
	readonly layer: string;
	readonly goal: number;
	readonly mutants: number;
	readonly noticed: number;
	readonly equivalent: number;
	readonly unreached: number;
	/** Per cent of those that aren't equivalent. */
	readonly percent: number;
	readonly survivors: readonly Mutant[];
}

/** Only mutants with a verdict count. */
export function scoreLayer(
	layer: string,
	goal: number,
	mutants: readonly Mutant[],
	verdicts: ReadonlyMap<string, Verdict>,
): Score {
	const judged = mutants.filter(
		({ id, file, equivalent }) => isIn(layer, file) && (verdicts.has(id) || equivalent !== undefined),
	);
	const counted = judged.filter(({ equivalent }) => equivalent === undefined);
	const survivors = counted.filter(({ id }) => verdicts.get(id)?.killedBy === undefined);
	const noticed = counted.length - survivors.length;
	return {
		layer,
		goal,
		mutants: judged.length,
		noticed,
		equivalent: judged.length - counted.length,
		unreached: survivors.filter(({ id }) => !verdicts.get(id)?.isReached).length,
		percent: counted.length === 0 ? 100 : (100 * noticed) / counted.length,
		survivors,
	};
}

function isIn(layer: string, file: string): boolean {
	return file.startsWith(`src/${layer}/`) || file === `src/${layer}.ts`;
}

/** Whether each layer reaches its goal. */
export function printScores(scores: readonly Score[]): boolean {
	for (const { layer, goal, mutants, noticed, equivalent, survivors, unreached, percent } of scores) {
		const counts = `${noticed} of ${mutants} noticed, ${equivalent} equivalent, ${survivors.length} survived (${unreached} not reached)`;
		const mark = percent >= goal ? "ok  " : "FAIL";
		console.log(`${mark} ${layer.padEnd(12)} ${percent.toFixed(1)} % (goal ${goal}): ${counts}`);
	}
	return scores.every(({ percent, goal }) => percent >= goal);
}

/** Whether a sample of all layers reaches their goals, as far as chance allows to say: three standard deviations. */
export function printSampleScore(scores: readonly Score[]): boolean {
	const lost = scores.flatMap(({ survivors }) => survivors).length;
	const noticed = scores.reduce((sum, score) => sum + score.noticed, 0);
	const counted = noticed + lost;
	const goal = scores.reduce((sum, score) => sum + score.goal * (score.noticed + score.survivors.length), 0) / counted;
	const least = goal - 3 * Math.sqrt((goal * (100 - goal)) / counted);
	const percent = (100 * noticed) / counted;
	const isEnough = percent >= least;
	console.log(
		`${isEnough ? "ok  " : "FAIL"} sample ${percent.toFixed(1)} % (at least ${least.toFixed(1)}): ${noticed} of ${counted} noticed`,
	);
	return isEnough;
}

/** One line for each survivor. */
export function listSurvivors(scores: readonly Score[]): string {
	const lines = scores.flatMap(({ survivors }) =>
		survivors.map(
			({ file, line, mutator, from, to }) => `${file}:${line}: ${mutator}: ${squeeze(from)} -> ${squeeze(to)}`,
		),
	);
	return lines.map((line) => `${line}\n`).join("");
}
