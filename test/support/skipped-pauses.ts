/**
 * Pauses that take no time, or never end. Undone by `vi.restoreAllMocks`.
 * @module
 */
import { vi } from "vitest";

/** Timers that call the function of this name end at once. Returns how long they would have taken, in milliseconds. */
export function skipPausesBefore(name: string): readonly number[] {
	return replaceTimersOf(name, (run) => run());
}

/** Timers that call the function of this name never end. */
export function keepPausesBefore(name: string): void {
	replaceTimersOf(name, () => undefined);
}

function replaceTimersOf(name: string, end: (run: () => void) => void): readonly number[] {
	const pauses: number[] = [];
	const { setTimeout } = globalThis;
	const replace = (run: () => void, ms?: number): NodeJS.Timeout => {
		if (run.name !== name) return setTimeout(run, ms);
		pauses.push(ms ?? 0);
		return setTimeout(() => end(run), 1);
	};
	vi.spyOn(globalThis, "setTimeout").mockImplementation(replace as typeof setTimeout);
	return pauses;
}
