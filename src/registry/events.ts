/**
 * The events of a registry's log.
 * @module
 */
import { type Log, type LogDescription, Result } from "ethers";
import * as z from "zod/mini";
import type { OrgId } from "../did/did-url.js";
import { assertOptions } from "../options/assert-options.js";
import { optionsSchema, positiveSeconds } from "../options/schemas.js";
import { readBlockNumber } from "./block.js";
import type { BoundAdapter } from "./bound-adapter.js";
import { badResponse } from "./call-error.js";
import type { EventRange, RegistryEvent, WatchOptions } from "./registry.js";

/** A longer timer would fire immediately. */
const MAX_TIMER_MS = 2 ** 31 - 1;
const BLOCK = "a block number";
const blockNumber = z.int(BLOCK).check(z.nonnegative(BLOCK));

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
	const logs = await read(() => provider.getLogs({ address, fromBlock, toBlock }));
	const events = await Promise.all(logs.map((log) => toEvent(bound, log)));
	return events.filter((event) => event !== undefined);
}

/** Follows the events, block by block. */
export async function* watchEvents(bound: BoundAdapter, options: WatchOptions): AsyncGenerator<RegistryEvent> {
	assertOptions(watchSchema, options, "watchEvents");
	const { connection } = bound;
	const { pollingSeconds = 4, signal } = options;
	let next = options.fromBlock ?? (await readBlockNumber(connection, "latest")) + 1;
	const isOver = (): boolean => signal?.aborted === true;
	while (!isOver()) {
		const latest = await readBlockNumber(connection, "latest");
		if (latest >= next) {
			for (const event of await readEvents(bound, { fromBlock: next, toBlock: latest })) {
				if (isOver()) return;
				yield event;
			}
			next = latest + 1;
		}
		await pause(pollingSeconds, signal);
	}
}

async function toEvent(bound: BoundAdapter, log: Log): Promise<RegistryEvent | undefined> {
	const { adapter, reader } = bound;
	const event = parseLog(bound, log);
	if (event === null) return undefined;
	const entries = event.fragment.inputs.map(({ name }, index) => [name, readArg(event.args, index)]);
	const args: Readonly<Record<string, unknown>> = Object.freeze(Object.fromEntries(entries));
	const orgId = adapter.findOrgId === undefined ? args["orgId"] : await adapter.findOrgId(reader, args);
	if (typeof orgId !== "string") throw badResponse();
	return Object.freeze({
		name: event.name,
		orgId: orgId as OrgId,
		args,
		blockNumber: log.blockNumber,
		blockHash: log.blockHash as `0x${string}`,
		transactionHash: log.transactionHash as `0x${string}`,
		logIndex: log.index,
	});
}

function parseLog({ contract }: BoundAdapter, log: Log): LogDescription | null {
	try {
		return contract.interface.parseLog(log);
	} catch (cause) {
		throw badResponse(cause);
	}
}

/** ethers throws when it reads invalid UTF-8, which any owner can store; that must not stop the log. */
function readArg(values: Result, index: number): unknown {
	try {
		const value: unknown = values[index];
		if (!(value instanceof Result)) return value;
		return Object.freeze(Array.from({ length: value.length }, (_, at) => readArg(value, at)));
	} catch {
		return "";
	}
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
