/**
 * Polls that a node's announcements bring forward. Announcements aren't believed: all they can cause is polls, and these
 * are limited, because a node can announce anything.
 * @module
 */
import type { LogListener, LogUpdate } from "./log-follower.js";
import type { PollTimer } from "./poll-timer.js";

/** Blocks cause four times as many polls at most. */
const POLLS_PER_INTERVAL = 4;

/** The shortest time between the starts of two polls. */
const MIN_INTERVAL_MS = 100;

/** Other announcements may cause so many polls at once, and then one per interval. Those that find a change don't count. */
const BURST = 10;
const MAX_REFILL_MS = 4_000;

/** Brings polls forward. */
export interface EarlyPolls extends LogListener {
	/** A poll begins. */
	begin(): void;
	/** A poll succeeded. */
	end(update: LogUpdate): void;
}

/** Ends the pauses of a timer early. */
export function createEarlyPolls(timer: PollTimer, pollingSeconds: number): EarlyPolls {
	const intervalMs = pollingSeconds * 1_000;
	let startedAtMs = 0;
	/** Whether the next poll has been paid for. */
	let isPaid = false;
	let tokens = BURST;
	let refilledAtMs = performance.now();
	/** The highest block announced, until a poll reaches it; how many polls haven't. */
	let announced = 0;
	let misses = 0;
	return { begin, end, onChange: () => void pay(), onBlock, onLog };

	function begin(): void {
		startedAtMs = performance.now();
		isPaid = false;
	}

	/** The node that is polled may have an announced block a little later. */
	function end({ added, removed, head }: LogUpdate): void {
		if (added.length + removed.length > 0) tokens = Math.min(tokens + 1, BURST);
		if (head < announced && pay(MIN_INTERVAL_MS * 2 ** misses)) misses += 1;
		else [announced, misses] = [0, 0];
	}

	function onLog(blockNumber: number): void {
		announced = Math.max(announced, blockNumber);
		if (!pay()) onBlock();
	}

	function onBlock(): void {
		pollWithin(Math.max(intervalMs / POLLS_PER_INTERVAL, MIN_INTERVAL_MS));
	}

	/** Whether the next poll is a token's. */
	function pay(milliseconds = MIN_INTERVAL_MS): boolean {
		const now = performance.now();
		tokens = Math.min(tokens + (now - refilledAtMs) / Math.min(intervalMs, MAX_REFILL_MS), BURST);
		refilledAtMs = now;
		if (!isPaid && tokens < 1) return false;
		if (!isPaid) tokens -= 1;
		isPaid = true;
		pollWithin(milliseconds);
		return true;
	}

	/** At the earliest so long after the start of the last poll. */
	function pollWithin(milliseconds: number): void {
		timer.hasten(startedAtMs + milliseconds - performance.now());
	}
}
