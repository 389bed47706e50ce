/**
 * How long it takes to resolve organizations that the resolver doesn't know.
 * @module
 */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import type { ColdChain, RequestCounts } from "../cold-chain.ts";
import type { ColdTask, ColdTurn } from "../cold-process.ts";
import { CONTENDERS, THEIRS, WITH_DOCUMENT, WITHOUT_DOCUMENT } from "../suite/cold-contenders.ts";
import { formatFigure } from "../suite/format.ts";
import { type Goal, median, type Report, type Row, ratio, type Settings } from "../suite/report.ts";

const AT_ONCE = 100;
const ALONE = 30;
const WARM_UP_MS = 3_000;

/** Resolves organizations one after another and a hundred at once, each with a resolver that has read only one other. */
export async function measureCold({ isQuick }: Settings): Promise<Report> {
	const extent = isQuick
		? { rounds: 2, warmUpMs: 1, alone: 2, atOnce: 4 }
		: { rounds: 7, warmUpMs: WARM_UP_MS, alone: ALONE, atOnce: AT_ONCE };
	const { alone, atOnce, ...rest } = extent;
	const child = fork(new URL("../cold-chain.ts", import.meta.url), [String(Math.max(alone, atOnce) + 1)], {
		execArgv: [],
	});
	const [chain] = (await once(child, "message")) as [ColdChain];
	const inTurn = await measure(child, chain, { ...rest, count: alone, areTogether: false });
	const together = await measure(child, chain, { ...rest, count: atOnce, areTogether: true });
	child.disconnect();
	const goal = (what: string, rows: readonly Row[], name: string, bound: number): Goal => ({
		ratio: `${what}: ${THEIRS} ÷ ${name}`,
		value: ratio(rows, THEIRS, name),
		bound,
	});
	const common = { unit: "ms an organization", base: WITH_DOCUMENT };
	return {
		title: "Resolving organizations",
		text: `Organizations that the resolver doesn't know, over a connection that is open already; each line has a process of its own. The time is real time: what the
caller waits for, with a node and a document host on the same machine that share its cores; elsewhere, each adds its distance once for each
request that waits for the one before. The node remembers its responses, because Hardhat takes longer to compute one than a
resolver takes for all the rest. org.id-resolver reads the document, so its line compares with the first; orgpass doesn't need it
for a key that is on chain. org.id-resolver mixes up organizations that one resolver resolves at the same time, so each has
its own here. ethr-did's identities each have one key. The last line is what reading a document can't do without: nothing is asked
of a node, and nothing is checked.`,
		tables: [
			{ ...common, id: "cold-alone", title: "One after another", rows: inTurn },
			{ ...common, id: "cold-together", title: `${AT_ONCE} at once`, rows: together },
		],
		goals: [
			goal("an unknown organization", inTurn, WITH_DOCUMENT, 3),
			goal("an unknown organization", inTurn, WITHOUT_DOCUMENT, 3),
			goal(`${AT_ONCE} at once`, together, WITH_DOCUMENT, 20),
			goal(`${AT_ONCE} at once`, together, WITHOUT_DOCUMENT, 20),
		],
	};
}

interface Extent {
	readonly rounds: number;
	/** How long each contender runs before the first round. */
	readonly warmUpMs: number;
	readonly count: number;
	readonly areTogether: boolean;
}

/** Each contender has a process of its own. */
async function measure(chainProcess: ChildProcess, chain: ColdChain, extent: Extent): Promise<Row[]> {
	const { count, areTogether } = extent;
	const task: ColdTask = { chain, rpcUrl: chain.rpcUrl, count, areTogether };
	const processes = CONTENDERS.map((_, index) =>
		fork(new URL("../cold-process.ts", import.meta.url), [String(index)], { execArgv: [] }),
	);
	for (const child of processes) await warmUp(child, task, extent.warmUpMs);
	const turns: ColdTurn[][] = CONTENDERS.map(() => []);
	for (let round = 0; round < extent.rounds; round++) {
		for (const [index, child] of processes.entries()) turns[index]?.push(await ask(child, task));
	}
	const rows: Row[] = [];
	for (const [index, { name, isOurs = false }] of CONTENDERS.entries()) {
		const child = processes[index] as ChildProcess;
		const { node, documents } = await countOf(chainProcess, child, { ...task, rpcUrl: chain.countedUrl });
		const own = turns[index] ?? [];
		const cells = {
			"CPU ms": formatFigure(median(own.map(({ cpuMs }) => cpuMs / count))),
			"requests to the node": formatFigure(node / count),
			documents: formatFigure(documents / count),
		};
		rows.push({ name, isOurs, figures: own.map(({ elapsedMs }) => elapsedMs / count), cells });
		child.disconnect();
	}
	return rows;
}

async function warmUp(child: ChildProcess, task: ColdTask, milliseconds: number): Promise<void> {
	const end = performance.now() + milliseconds;
	while (performance.now() < end) await ask(child, task);
}

async function ask<Answer = ColdTurn>(child: ChildProcess, message: ColdTask | "count"): Promise<Answer> {
	child.send(message);
	const [answer] = (await once(child, "message")) as [Answer];
	return answer;
}

/** The requests of a turn, without those that open the connection. */
async function countOf(chainProcess: ChildProcess, child: ChildProcess, task: ColdTask): Promise<RequestCounts> {
	const counts: RequestCounts[] = [];
	for (const count of [0, task.count]) {
		await ask(chainProcess, "count");
		await ask(child, { ...task, count });
		counts.push(await ask<RequestCounts>(chainProcess, "count"));
	}
	const [first, all] = counts as [RequestCounts, RequestCounts];
	return { node: all.node - first.node, documents: all.documents - first.documents };
}
