/**
 * A page's deadlines, such as the five seconds of a node, last eight times as long: on a busy machine what works may miss
 * them. Patient timers for the browser.
 * @module
 */
import type { Page } from "playwright-core";

/** Shorter ones are pauses. */
const SHORTEST_MS = 5_000;
const PATIENCE = 8;

/** Prolongs the deadlines in every document that the page loads from now on. */
export async function prolongDeadlines(page: Page): Promise<void> {
	await page.addInitScript(
		({ shortestMs, patience }) => {
			const { setTimeout: set } = globalThis;
			const { timeout } = AbortSignal;
			const prolong = (ms = 0): number => (ms >= shortestMs ? ms * patience : ms);
			const setPatiently = (run: () => void, ms?: number) => set(run, prolong(ms));
			Object.assign(globalThis, { setTimeout: setPatiently });
			AbortSignal.timeout = (ms) => timeout.call(AbortSignal, prolong(ms));
		},
		{ shortestMs: SHORTEST_MS, patience: PATIENCE },
	);
}
