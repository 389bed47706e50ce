/**
 * Colours on terminals, unless NO_COLOR or TERM=dumb says otherwise; FORCE_COLOR also colours files and pipes.
 * @module
 */
import type { CliContext, Meaning, Paint } from "./context.js";

const FORMATS = {
	good: "green",
	bad: "red",
	caution: "yellow",
	title: "bold",
	name: "cyan",
	aside: "dim",
} as const satisfies Record<Meaning, string>;

/** Creates the function that colours text for a stream, which is looked at when there is something to colour. */
export function createPaint(env: CliContext["env"], isTerminal: () => boolean): Paint {
	let isColored: boolean | undefined;
	return (meaning, text) => {
		isColored ??= hasColors(env, isTerminal());
		if (!isColored) return text;
		const { styleText } = process.getBuiltinModule("node:util");
		return styleText(FORMATS[meaning], text, { validateStream: false });
	};
}

export function leavePlain(_meaning: Meaning, text: string): string {
	return text;
}

/** The verdict of a check, in a column. */
export function formatVerdict(paint: Paint, isOk: boolean): string {
	return isOk ? paint("good", "ok  ") : paint("bad", "FAIL");
}

/** Node's own rules, of which FORCE_COLOR takes precedence. */
function hasColors(env: CliContext["env"], isTerminal: boolean): boolean {
	const { FORCE_COLOR } = env;
	if (FORCE_COLOR === undefined && !isTerminal) return false;
	const { WriteStream } = process.getBuiltinModule("node:tty");
	return WriteStream.prototype.getColorDepth(FORCE_COLOR === undefined ? env : { FORCE_COLOR }) > 1;
}
