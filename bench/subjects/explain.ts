/**
 * What `explain` takes, and what it costs `verify`.
 * @module
 */
import type { ExplainSetup, ExplainTurn } from "../explain-process.ts";
import { type MeasuredProcess, startProcess } from "../suite/measured-process.ts";
import { type Report, type Row, ratio, type Settings } from "../suite/report.ts";

const ROUNDS = 21;
/** Until V8 has optimized everything. */
const UNCOUNTED_ROUNDS = 5;
const COUNT = 2_000;

const VERIFY = "verify";
const VERIFY_AFTERWARDS = "verify, after explain was used";
const EXPLAIN = "explain";

interface Contender {
	readonly name: string;
	readonly process: MeasuredProcess;
	readonly method: ExplainTurn["method"];
}

/** Verifies fresh tokens in a process that has never loaded `explain`, and in one that has used it. */
export async function measureExplain({ isQuick }: Settings): Promise<Report> {
	const [rounds, count] = isQuick ? [1, 10] : [ROUNDS, COUNT];
	const start = async (explained: number): Promise<MeasuredProcess> => {
		const started = startProcess("explain-process.ts");
		await started.ask({ count, explained } satisfies ExplainSetup);
		return started;
	};
	const [without, using] = [await start(0), await start(count)];
	const contenders: readonly Contender[] = [
		{ name: VERIFY, process: without, method: "verify" },
		{ name: VERIFY_AFTERWARDS, process: using, method: "verify" },
		{ name: EXPLAIN, process: using, method: "explain" },
	];
	const rows = await takeTurns(contenders, rounds, count);
	for (const started of [without, using]) started.stop();
	return {
		title: "Explaining",
		text: `Fresh tokens of known issuers, in two processes. One only verifies, so it never loads what \`explain\` needs; the other one
explains ${COUNT} tokens before and between its turns.`,
		tables: [{ id: "explain", title: "Explaining tokens", unit: "tokens/s", base: VERIFY, rows }],
		goals: [{ ratio: `${VERIFY_AFTERWARDS} ÷ ${VERIFY}`, value: ratio(rows, VERIFY_AFTERWARDS, VERIFY), bound: 0.98 }],
	};
}

async function takeTurns(contenders: readonly Contender[], rounds: number, count: number): Promise<readonly Row[]> {
	const rows = contenders.map(({ name }) => ({ name, isOurs: true, figures: [] as number[] }));
	for (let round = -UNCOUNTED_ROUNDS; round < rounds; round++) {
		for (const [index, { process, method }] of contenders.entries()) {
			const microseconds = (await process.ask({ method } satisfies ExplainTurn)) as number;
			if (round >= 0) rows[index]?.figures.push((count * 1e6) / microseconds);
		}
	}
	return rows;
}
