/**
 * Plants faults (mutants) in sources with Stryker's instrumenter: each is off until it is switched on while the code runs.
 * @module
 */
import { readFileSync } from "node:fs";
import { Instrumenter } from "@stryker-mutator/instrumenter";
import { listFiles, root } from "../sources.ts";
import { EQUIVALENT } from "./equivalent.ts";

/** One fault. */
export interface Mutant {
	readonly id: string;
	/** Relative to the repository. */
	readonly file: string;
	/** From 1. */
	readonly line: number;
	/** Stryker's name of what it does. */
	readonly mutator: string;
	readonly from: string;
	readonly to: string;
	/** Why no test can tell it from the original. */
	readonly equivalent?: string;
}

export interface Planted {
	/** Instrumented code by absolute path. */
	readonly sources: Readonly<Record<string, string>>;
	readonly mutants: readonly Mutant[];
}

/** The start of Stryker's function that counts what is reached, which takes longer than most tests. */
const COUNTING = "function cover() {";

/** Texts for people: another wording isn't a fault. */
const PROSE = /\S \S/;

export async function plant(layers: readonly string[]): Promise<Planted> {
	const files = layers
		.flatMap(listSources)
		.map((file) => ({ name: `${root}/${file}`, content: readFileSync(`${root}/${file}`, "utf8"), mutate: true }));
	const options = { ignorers: [], plugins: null, excludedMutations: [] };
	const instrumented = await new Instrumenter(silent()).instrument(files, options);
	const texts = new Map(files.map(({ name, content }) => [name, content.split("\n")]));
	const mutants = instrumented.mutants
		.map(({ id, fileName, location, mutatorName: mutator, replacement: to }): Mutant => {
			const from = cut(texts.get(fileName) as string[], location);
			const mutant = { id, file: fileName.slice(root.length + 1), line: location.start.line + 1, mutator, from, to };
			const equivalent = EQUIVALENT.find((known) => isKnown(known, mutant))?.why;
			return equivalent === undefined ? mutant : { ...mutant, equivalent };
		})
		.filter(({ mutator, from }) => !(mutator === "StringLiteral" && PROSE.test(from)));
	const sources = instrumented.files.map(({ name, content }) => [
		name,
		content.replace(COUNTING, `${COUNTING} if (ns.isIdle) return;`),
	]);
	return { sources: Object.fromEntries(sources), mutants };
}

/** Those of a folder, or a file such as `cli/files`. */
function listSources(layer: string): string[] {
	const files = listFiles(`src/${layer}`, ".ts");
	return files.length > 0 ? files : [`src/${layer}.ts`];
}

function isKnown(known: (typeof EQUIVALENT)[number], { file, from, to }: Mutant): boolean {
	return (
		`src/${known.file}` === file && known.from === squeeze(from) && (known.to === undefined || known.to === squeeze(to))
	);
}

/** In one line. */
export function squeeze(code: string): string {
	return code.replace(/\s+/g, " ");
}

interface Place {
	readonly line: number;
	readonly column: number;
}

function cut(lines: readonly string[], { start, end }: { readonly start: Place; readonly end: Place }): string {
	const part = lines.slice(start.line, end.line + 1);
	part.push((part.pop() as string).slice(0, end.column));
	part[0] = (part[0] as string).slice(start.column);
	return part.join("\n");
}

type Logger = ConstructorParameters<typeof Instrumenter>[0];

function silent(): Logger {
	const no = (): false => false;
	const nothing = (): void => {};
	return {
		...{
			isTraceEnabled: no,
			isDebugEnabled: no,
			isInfoEnabled: no,
			isWarnEnabled: no,
			isErrorEnabled: no,
			isFatalEnabled: no,
		},
		...{ trace: nothing, debug: nothing, info: nothing, warn: nothing, error: nothing, fatal: nothing },
	};
}
