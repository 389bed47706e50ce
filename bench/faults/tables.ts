/**
 * Runs the trials of one kind of host, and writes their table.
 * @module
 */
import type { Outcome, State, TrialResult } from "./fault.ts";
import { runAll } from "./run-all.ts";

const AT_ONCE = 24;

/** The trials of one kind of host. */
export interface TableOptions<F> {
	readonly states: readonly State[];
	/** The faults by group. */
	readonly groups: Readonly<Record<string, readonly F[]>>;
	/** Refusals of honest tokens that are decisions about what the host serves. */
	readonly decisions?: RegExp;
	readonly run: (fault: F, state: State) => Promise<TrialResult>;
}

/** The outcomes of one fault, in the order of the states. */
interface Row {
	readonly name: string;
	readonly refusal: string | undefined;
	readonly results: readonly TrialResult[];
}

/** A table. */
export interface Table {
	readonly markdown: string;
	readonly faults: number;
	/** False acceptances and unexplained refusals. */
	readonly failures: readonly string[];
}

const HEADINGS: Readonly<Record<State, string>> = {
	cold: "cold",
	warm: "warm",
	"past TTL": "past TTL",
	stale: "past TTL, `staleIfErrorSeconds`",
	watched: "watched",
};

/** Runs all trials. */
export async function runTable<F extends { readonly name: string; readonly refusal?: string }>({
	states,
	groups,
	decisions,
	run,
}: TableOptions<F>): Promise<Table> {
	const faults = Object.values(groups).flat();
	const trials = states.flatMap((state) => faults.map((fault) => ({ state, fault })));
	const results = await runAll(trials, AT_ONCE, ({ state, fault }) => run(fault, state));
	const rows = faults.map(({ name, refusal }, row): Row => {
		return { name, refusal, results: states.map((_state, column) => results[column * faults.length + row] as TrialResult) };
	});
	const byName = new Map(faults.map((fault, index) => [fault, rows[index] as Row]));
	const parts = Object.entries(groups).map(([group, members]) => {
		const lines = members.map((fault) => format(byName.get(fault) as Row, states));
		return [`| ${group} | ${states.map((state) => HEADINGS[state]).join(" | ")} |`, `|---|${"---|".repeat(states.length)}`, ...lines].join("\n");
	});
	return { markdown: parts.join("\n\n"), faults: faults.length, failures: rows.flatMap((row) => judge(row, states, decisions)) };
}

function format({ name, refusal, results }: Row, states: readonly State[]): string {
	const cells = results.map(({ honest }, column) => formatOutcome(honest, states[column] as State));
	return `| ${name}${refusal === undefined ? "" : ` *(${refusal})*`} | ${cells.join(" | ")} |`;
}

/** The polls of a watcher share requests with verifications, so that their number isn't always the same. */
function formatOutcome({ result, deadlines, requests }: Outcome, state: State): string {
	const isShared = state === "watched" && requests > 0;
	const time = deadlines === 0 || state === "watched" ? "" : `, ${deadlines} ${deadlines === 1 ? "limit" : "limits"}`;
	const count = state === "watched" && !result.startsWith("accepted") ? "" : ` (${isShared ? "read" : requests})`;
	return `${result}${count}${time}`;
}

function judge({ name, refusal, results }: Row, states: readonly State[], decisions?: RegExp): readonly string[] {
	return results.flatMap(({ honest, bad }, column) => {
		const where = `${name}, ${states[column]}`;
		const accepted = Object.entries(bad).filter(([, result]) => result.startsWith("accepted"));
		const isFair = /^(?:accepted|503 )/.test(honest.result) || decisions?.test(honest.result) === true;
		return [
			...accepted.map(([what]) => `${where}: ${what} was accepted`),
			...(isFair || refusal !== undefined ? [] : [`${where}: an honest token was refused: ${honest.result}`]),
		];
	});
}
