/**
 * The events of a registry's log, of a range of blocks or as they happen.
 * @module
 */
import * as v from "valibot";
import { isOrgpassError } from "../../errors/errors.js";
import { assertOptions } from "../../options/assert-options.js";
import { optionsSchema } from "../../options/schemas.js";
import { blockNumber, positiveSeconds } from "../../options/value-schemas.js";
import { readBlockNumber } from "../block.js";
import type { BoundAdapter } from "../bound-adapter.js";
import { readLogs } from "../chain-reads.js";
import type { EventRange, WatchOptions } from "../registry.js";
import { parseLog } from "./contract-log.js";
import { createEarlyPolls } from "./early-polls.js";
import { createLogFollower, type LogFollower, type LogSource, type LogUpdate } from "./log-follower.js";
import { createPollTimer } from "./poll-timer.js";
import { type LogEntry, type RegistryEvent, toEvent } from "./registry-event.js";

const POLL_TIMEOUT_MS = 5_000;

const rangeSchema = optionsSchema<EventRange>({ fromBlock: blockNumber, toBlock: v.optional(blockNumber) });

const watchSchema = optionsSchema<WatchOptions>({
	fromBlock: v.optional(blockNumber),
	pollingSeconds: v.optional(positiveSeconds),
	signal: v.optional(v.instance(AbortSignal, "an AbortSignal")),
});

/** Reads the events of a range of blocks. */
export async function readEvents(
	open: () => Promise<BoundAdapter>,
	range: EventRange,
): Promise<readonly RegistryEvent[]> {
	assertOptions(rangeSchema, range, "readEvents");
	const { fromBlock, toBlock = "latest" } = range;
	const bound = await open();
	const { address, provider, read } = bound.connection;
	const found = await read(() => readLogs(provider, { address, fromBlock, toBlock }));
	const logs = found.map((log) => parseLog(log, address));
	const events = await Promise.all(logs.map((log) => toEvent(bound, log)));
	return events.filter((event) => event !== undefined);
}

/** Follows the events, block by block. */
export async function* watchEvents(source: LogSource, options: WatchOptions): AsyncGenerator<RegistryEvent> {
	assertOptions(watchSchema, options, "watchEvents");
	const { pollingSeconds = 4, signal } = options;
	const { connection } = await source.open();
	const fromBlock = options.fromBlock ?? (await readBlockNumber(connection, "latest")) + 1;
	const follower = createLogFollower(source, { fromBlock });
	const timer = createPollTimer({ isInBackground: false });
	const early = createEarlyPolls(timer, pollingSeconds);
	const aborted = (): void => timer.hasten(0);
	signal?.addEventListener("abort", aborted);
	const disconnect = follower.listen(early);
	try {
		while (signal?.aborted !== true) {
			early.begin();
			const update = await pollThroughOutages(follower);
			if (update !== undefined) early.end(update);
			for (const event of update === undefined ? [] : eventsOf(update)) {
				if (signal?.aborted) return;
				yield event;
			}
			await timer.wait(update?.hasMore === true ? 0 : pollingSeconds * 1_000);
		}
	} finally {
		disconnect?.();
		signal?.removeEventListener("abort", aborted);
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
