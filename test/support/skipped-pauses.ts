/**
 * Pauses that take no time, or never end. Undone by `vi.restoreAllMocks`.
 * @module
 */
import { vi } from "vitest";

/** Timers that call the function of this name end at once. Returns how long they would have taken, in milliseconds. */
export function skipPausesBefore(name: string): readonly number[] {
	return replaceTimers(
		(run) => run.name === name,
		(run) => run(),
	);
}

/** Timers that call the function of this name never end. */
export function keepPausesBefore(name: string): void {
	replaceTimers(
		(run) => run.name === name,
		() => undefined,
	);
}

/** Timers that are as long as this, or longer, never end. */
export function keepPausesFrom(shortestMs: number): void {
	replaceTimers(
		(_, ms) => ms >= shortestMs,
		() => undefined,
	);
}

function replaceTimers(
	isReplaced: (run: () => void, ms: number) => boolean,
	end: (run: () => void) => void,
): readonly number[] {
	const pauses: number[] = [];
	const { setTimeout } = globalThis;
	const replace = (run: () => void, ms = 0): NodeJS.Timeout => {
		if (!isReplaced(run, ms)) return setTimeout(run, ms);
		pauses.push(ms);
		return setTimeout(() => end(run), 1);
	};
	vi.spyOn(globalThis, "setTimeout").mockImplementation(replace as typeof setTimeout);
	return pauses;
}
