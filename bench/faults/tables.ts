/**
 * Runs the trials of one kind of host, and writes their tables.
 * @module
 */
import type { Outcome, State, TrialResult } from "./fault.ts";
import { runAll } from "./run-all.ts";

/** A fault of any kind of host, as far as tables need to know. */
interface NamedFault {
	readonly name: string;
	readonly isSlow?: boolean;
	readonly isStatement?: boolean;
	readonly refusal?: string;
}

/** The trials of one kind of host. */
export interface TableOptions<F> {
	readonly states: readonly State[];
	/** The faults by the heading of their table. */
	readonly groups: Readonly<Record<string, readonly F[]>>;
	/** Refusals of honest tokens that are decisions about what the host says; an outage causes none of them. */
	readonly decisions?: RegExp;
	readonly run: (fault: F, state: State) => Promise<TrialResult>;
}

/** The tables of one kind of host. */
export interface Table {
	readonly markdown: string;
	readonly faults: number;
	/** False acceptances and unexplained refusals. */
	readonly failures: readonly string[];
}

interface Trial<F> {
	readonly fault: F;
	readonly state: State;
	/** Two if the first took longer than the fault explains. */
	readonly results: TrialResult[];
}

const AT_ONCE = 24;

/** No fault: also compiles everything, so that the first faults don't take longer. */
const CONTROL = { name: "nothing fails" };

const HEADINGS: Readonly<Record<State, string>> = {
	cold: "cold",
	warm: "warm",
	"past TTL": "past TTL",
	stale: "past TTL, `staleIfErrorSeconds`",
	watched: "past TTL, watched",
};

/** Runs all trials. Those that took too long are repeated, because the machine may have been busy. */
export async function runTable<F extends NamedFault>(options: TableOptions<F>): Promise<Table> {
	const { states, groups, decisions, run } = options;
	const faults = Object.values(groups).flat();
	const trials = states.flatMap((state) => faults.map((fault): Trial<F> => ({ fault, state, results: [] })));
	const runTrial = async ({ fault, state, results }: Trial<F>) => results.push(await run(fault, state));
	await assertWorking(options);
	await runAll(trials, AT_ONCE, runTrial);
	await runAll(trials.filter(isTooSlow), AT_ONCE, runTrial);
	const tables = Object.entries(groups).map(([heading, members]) => {
		const rows = members.map((fault) => formatRow(trials.filter((trial) => trial.fault === fault)));
		return [`| ${[heading, ...states.map((state) => HEADINGS[state])].join(" | ")} |`, divider(states), ...rows].join(
			"\n",
		);
	});
	const failures = trials.flatMap((trial) => trial.results.flatMap((result) => judge(trial, result, decisions)));
	return { markdown: tables.join("\n\n"), faults: faults.length, failures };
}

async function assertWorking<F extends NamedFault>({ states, run }: TableOptions<F>): Promise<void> {
	const results = await Promise.all(states.map((state) => run(CONTROL as F, state)));
	const broken = results.find(({ honest }) => honest.result !== "accepted");
	if (broken !== undefined)
		throw new Error(`expected tokens to be accepted while ${CONTROL.name}, got ${broken.honest.result}`);
}

/** The time isn't shown of trials that wait for polls. */
function isTooSlow({ fault, state, results }: Trial<NamedFault>): boolean {
	return fault.isSlow !== true && state !== "watched" && results.some(({ honest }) => honest.deadlines > 0);
}

function divider(states: readonly State[]): string {
	return `|---|${"---|".repeat(states.length)}`;
}

/** The row of a fault's trials. */
function formatRow(trials: readonly Trial<NamedFault>[]): string {
	const { name, refusal } = (trials[0] as Trial<NamedFault>).fault;
	const cells = trials.map(({ state, results }) => {
		const [first, second] = results.map(({ honest }) => honest) as [Outcome, Outcome?];
		return formatOutcome(second !== undefined && second.deadlines < first.deadlines ? second : first, state);
	});
	return `| ${[refusal === undefined ? name : `${name} (${refusal})`, ...cells].join(" | ")} |`;
}

/** The polls of a watcher share requests with verifications, so that their number isn't always the same. */
function formatOutcome({ result, deadlines, requests }: Outcome, state: State): string {
	if (state === "watched") return result.startsWith("accepted") ? `${result} (${requests > 0 ? "read" : 0})` : result;
	const time = deadlines === 0 ? "" : `, ${deadlines} ${deadlines === 1 ? "limit" : "limits"}`;
	return `${result} (${requests})${time}`;
}

/** What a host says counts if there can be decisions about it; then nothing earlier may be used instead. */
function judge(
	{ fault: { name, refusal, isStatement = false }, state }: Trial<NamedFault>,
	{ honest: { result }, bad }: TrialResult,
	decisions?: RegExp,
): readonly string[] {
	const accepted = Object.entries(bad).filter(([, other]) => other.startsWith("accepted"));
	const isDecision = isStatement && decisions?.test(result) === true;
	const isFair = /^(?:accepted|503 )/.test(result) || isDecision || refusal !== undefined;
	const isIgnored = isStatement && decisions !== undefined && result === "accepted, stale";
	return [
		...accepted.map(([what]) => `${name}, ${state}: ${what} was accepted`),
		...(isFair ? [] : [`${name}, ${state}: an honest token was refused: ${result}`]),
		...(isIgnored ? [`${name}, ${state}: what the host says was ignored`] : []),
	];
}
