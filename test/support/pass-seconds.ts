/**
 * Time that passes only when a test says so, for what counts its ages by `performance.now`. Undone by `vi.restoreAllMocks`.
 * @module
 */
import { vi } from "vitest";

/** Moves the monotonic clock forward, and stops it there. With 0, before anything that a busy machine may take long for. */
export function passSeconds(seconds: number): void {
	// Whole milliseconds, so that sums are exact.
	const now = Math.ceil(performance.now()) + seconds * 1_000;
	vi.restoreAllMocks();
	vi.spyOn(performance, "now").mockReturnValue(now);
}
