/**
 * How much a test does. In a file named `*.thorough.test.ts`: all of it in the project `slow`, a part by default.
 * @module
 */
import { inject } from "vitest";

declare module "vitest" {
	interface ProvidedContext {
		readonly isThorough?: true;
	}
}

/** The full number in the project `slow`, the other by default. */
export function thorough(full: number, byDefault: number): number {
	return inject("isThorough") === true ? full : byDefault;
}

/** All rows of a table in the project `slow`; by default every so many-th of them, from the one at `first`. */
export function someRows<Row>(rows: readonly Row[], every: number, first = 0): readonly Row[] {
	return inject("isThorough") === true ? rows : rows.filter((_, index) => index % every === first % every);
}

/** All rows of a table with ORGPASS_THOROUGH=1, otherwise the first: for what takes long even in the project `slow`. */
export function allOrFirst<Row>(rows: readonly Row[]): readonly Row[] {
	return process.env["ORGPASS_THOROUGH"] === "1" ? rows : rows.slice(0, 1);
}
