/**
 * Time that passes at once, for what counts its ages by `performance.now`. Undone by `vi.restoreAllMocks`.
 * @module
 */
import { vi } from "vitest";

/** Moves the monotonic clock forward; it continues from there. */
export function passSeconds(seconds: number): void {
	const before = performance.now.bind(performance);
	vi.restoreAllMocks();
	const real = performance.now.bind(performance);
	const ahead = before() - real() + seconds * 1_000;
	vi.spyOn(performance, "now").mockImplementation(() => real() + ahead);
}
