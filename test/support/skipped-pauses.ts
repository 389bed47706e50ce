/**
 * Pauses that take no time. Undone by `vi.restoreAllMocks`.
 * @module
 */
import { vi } from "vitest";

/** Timers that call the function of this name end at once. Returns how long they would have taken, in milliseconds. */
export function skipPausesBefore(name: string): readonly number[] {
	const pauses: number[] = [];
	const { setTimeout } = globalThis;
	const skip = (run: () => void, ms?: number): NodeJS.Timeout => {
		if (run.name !== name) return setTimeout(run, ms);
		pauses.push(ms ?? 0);
		return setTimeout(run, 1);
	};
	vi.spyOn(globalThis, "setTimeout").mockImplementation(skip as typeof setTimeout);
	return pauses;
}
