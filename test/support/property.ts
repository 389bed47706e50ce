/**
 * How often properties are tried, and with what seed. A setup file: the seed applies to every property.
 * @module
 */
import { thorough } from "./thorough.ts";

const DEFAULT_RUNS = 100;

const seed = readNumber("ORGPASS_SEED");
const factor = readNumber("ORGPASS_RUNS") ?? 1;
// Only then: most test files don't need fast-check.
if (seed !== undefined || factor !== 1) {
	const { default: fc } = await import("fast-check");
	fc.configureGlobal({ numRuns: scale(DEFAULT_RUNS), ...(seed === undefined ? {} : { seed }) });
}

/**
 * The number of runs: the full one in the project `slow`, the other by default; both times ORGPASS_RUNS. Examples, such as
 * inputs for which the property failed once, are tried first. fast-check counts them as runs.
 */
export function runs<Input>(
	full: number,
	byDefault = full,
	examples: Input[] = [],
): { readonly numRuns: number; readonly examples: Input[] } {
	return { numRuns: scale(thorough(full, byDefault)) + examples.length, examples };
}

function scale(count: number): number {
	return Math.max(1, Math.ceil(count * factor));
}

function readNumber(name: string): number | undefined {
	const text = process.env[name];
	if (text === undefined || text === "") return undefined;
	if (!Number.isFinite(Number(text))) throw new Error(`${name} must be a number, got ${JSON.stringify(text)}`);
	return Number(text);
}
