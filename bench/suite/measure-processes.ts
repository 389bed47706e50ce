/**
 * Measures programs in turns, each in a process of its own, from its start to its exit.
 * @module
 */
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Row, Settings } from "./report.ts";

/** One of those that are compared. */
export interface Program {
	readonly name: string;
	readonly isOurs?: boolean;
	/** What Node is started with, in this repository's folder. */
	readonly args: readonly string[];
	/** Runs before each of its turns and isn't measured. */
	prepare?(): void;
}

/** What a program's runs took, and what they printed. */
export interface ProgramRow extends Row {
	readonly outputs: readonly string[];
}

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const ROUNDS = 15;

/** Returns each program's real time in milliseconds, for each round. */
export function measureProcesses(programs: readonly Program[], { isQuick }: Settings): readonly ProgramRow[] {
	const rows = programs.map(({ name, isOurs = false }) => ({
		...{ name, isOurs },
		...{ figures: [] as number[], outputs: [] as string[] },
	}));
	// The first round isn't counted: its files may have to be read from the disk.
	for (let round = isQuick ? 0 : -1; round < (isQuick ? 1 : ROUNDS); round++) {
		for (const [index, { args, prepare }] of programs.entries()) {
			prepare?.();
			const startedAt = performance.now();
			const output = execFileSync(process.execPath, args, { cwd: ROOT, encoding: "utf8" });
			if (round < 0) continue;
			rows[index]?.figures.push(performance.now() - startedAt);
			rows[index]?.outputs.push(output);
		}
	}
	return rows;
}
