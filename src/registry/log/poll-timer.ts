/** @module */

/** A longer timer would fire immediately. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** The pause between two polls. */
export interface PollTimer {
	/** Waits, once at a time. */
	wait(milliseconds: number): Promise<void>;
	/** Ends this wait, or the next one if there is none, within so many milliseconds. */
	hasten(milliseconds: number): void;
}

/** In Node.js, a timer in the background doesn't keep the process running. */
export function createPollTimer({ isInBackground }: { readonly isInBackground: boolean }): PollTimer {
	let timer: ReturnType<typeof setTimeout> | undefined;
	let end: (() => void) | undefined;
	let endsAt = Infinity;
	return { wait, hasten };

	function wait(milliseconds: number): Promise<void> {
		return new Promise((resolve) => {
			end = () => {
				end = undefined;
				endsAt = Infinity;
				resolve();
			};
			hasten(milliseconds);
		});
	}

	function hasten(milliseconds: number): void {
		endsAt = Math.min(endsAt, performance.now() + milliseconds);
		if (end === undefined) return;
		clearTimeout(timer);
		timer = setTimeout(end, Math.min(Math.max(endsAt - performance.now(), 0), MAX_TIMER_MS));
		if (isInBackground) timer.unref?.();
	}
}
