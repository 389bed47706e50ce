/**
 * Time that passes at once, for what counts its ages by `performance.now`. Undone by `vi.restoreAllMocks`.
 * @module
 */
import { vi } from "vitest";

/** Puts the monotonic clock ahead; it goes on from there. */
export function passSeconds(seconds: number): void {
	const before = performance.now.bind(performance);
	vi.restoreAllMocks();
	const real = performance.now.bind(performance);
	const ahead = before() - real() + seconds * 1_000;
	vi.spyOn(performance, "now").mockImplementation(() => real() + ahead);
}
