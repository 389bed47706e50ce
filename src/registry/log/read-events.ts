/**
 * The events of a registry's log, of a range of blocks or as they happen.
 * @module
 */
import * as z from "zod/mini";
import { isOrgpassError } from "../../errors/errors.js";
import { assertOptions } from "../../options/assert-options.js";
import { blockNumber, optionsSchema, positiveSeconds } from "../../options/schemas.js";
import { readBlockNumber } from "../block.js";
import type { BoundAdapter } from "../bound-adapter.js";
import type { EventRange, WatchOptions } from "../registry.js";
import { parseLog } from "./contract-log.js";
import { createLogFollower, type LogFollower, type LogUpdate } from "./log-follower.js";
import { type LogEntry, type RegistryEvent, toEvent } from "./registry-event.js";

/** A longer timer would fire immediately. */
const MAX_TIMER_MS = 2 ** 31 - 1;
const POLL_TIMEOUT_MS = 5_000;

const rangeSchema = optionsSchema<EventRange>({ fromBlock: blockNumber, toBlock: z.optional(blockNumber) });

const watchSchema = optionsSchema<WatchOptions>({
	fromBlock: z.optional(blockNumber),
	pollingSeconds: z.optional(positiveSeconds),
	signal: z.optional(z.instanceof(AbortSignal, { error: "an AbortSignal" })),
});

/** Reads the events of a range of blocks. */
export async function readEvents(bound: BoundAdapter, range: EventRange): Promise<readonly RegistryEvent[]> {
	assertOptions(rangeSchema, range, "readEvents");
	const { fromBlock, toBlock = "latest" } = range;
	const { address, provider, read } = bound.connection;
	const found = await read(() => provider.getLogs({ address, fromBlock, toBlock }));
	const logs = found.map(({ index, ...log }) => parseLog({ ...log, logIndex: index }, address));
	const events = await Promise.all(logs.map((log) => toEvent(bound, log)));
	return events.filter((event) => event !== undefined);
}

/** Follows the events, block by block. */
export async function* watchEvents(
	open: () => Promise<BoundAdapter>,
	options: WatchOptions,
): AsyncGenerator<RegistryEvent> {
	assertOptions(watchSchema, options, "watchEvents");
	const { pollingSeconds = 4, signal } = options;
	const { connection } = await open();
	const fromBlock = options.fromBlock ?? (await readBlockNumber(connection, "latest")) + 1;
	const follower = createLogFollower(open, { fromBlock });
	const isOver = (): boolean => signal?.aborted === true;
	while (!isOver()) {
		const update = await pollThroughOutages(follower);
		for (const event of update === undefined ? [] : eventsOf(update)) {
			if (isOver()) return;
			yield event;
		}
		if (update?.hasMore !== true) await pause(pollingSeconds, signal);
	}
}

async function pollThroughOutages(follower: LogFollower): Promise<LogUpdate | undefined> {
	try {
		return await follower.poll(POLL_TIMEOUT_MS);
	} catch (error) {
		if (isOrgpassError(error) && error.code === "registry/unreachable") return undefined;
		throw error;
	}
}

/** What was removed comes first, the last event before the others. */
function eventsOf({ added, removed }: LogUpdate): readonly RegistryEvent[] {
	const undone = toEvents(removed).map((event) => Object.freeze({ ...event, removed: true as const }));
	return [...undone.reverse(), ...toEvents(added)];
}

function toEvents(entries: readonly LogEntry[]): readonly RegistryEvent[] {
	return entries.map(({ event }) => event).filter((event) => event !== undefined);
}

/** An already aborted signal fires no event, so it is checked first. */
function pause(seconds: number, signal: AbortSignal | undefined): Promise<void> {
	if (signal?.aborted === true) return Promise.resolve();
	return new Promise((resolve) => {
		const done = (): void => {
			clearTimeout(timer);
			signal?.removeEventListener("abort", done);
			resolve();
		};
		const timer = setTimeout(done, Math.min(seconds * 1_000, MAX_TIMER_MS));
		signal?.addEventListener("abort", done);
	});
}
