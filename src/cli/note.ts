/** @module */
import type { CliContext } from "./context.js";

/** Prints a note on standard error, unless --quiet is given. Warnings are printed anyway. */
export function printNote({ stderr, isQuiet = false }: CliContext, text: string): void {
	if (!isQuiet) stderr(`${text}\n`);
}
