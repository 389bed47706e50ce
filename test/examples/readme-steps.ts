/**
 * The commands of an example's README and what it says they print, so that the tests run what people read.
 * @module
 */

/** A block of commands, with the block of output that follows it. */
export interface ReadmeStep {
	readonly commands: string;
	/** Lines that the output contains, in any order; `…` stands for anything. */
	readonly shows: readonly RegExp[];
}

const BLOCK = /^```(\w+)\n([\s\S]*?)^```$/gm;

/** Reads the blocks `sh` and `text` of a README. */
export function readSteps(readme: string): ReadmeStep[] {
	const steps: { commands: string; shows: RegExp[] }[] = [];
	for (const [, language, content = ""] of readme.matchAll(BLOCK)) {
		if (language === "sh") steps.push({ commands: content, shows: [] });
		if (language === "text") steps.at(-1)?.shows.push(...content.trimEnd().split("\n").map(toPattern));
	}
	return steps;
}

/** On a busy machine, any step of `token explain` says how long it took. */
const DURATION = "(?: \\([\\d.]+ m?s\\))?";

function toPattern(line: string): RegExp {
	const parts = line.split("…").map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&"));
	return new RegExp(`^${parts.join(".*")}${DURATION}$`, "m");
}
