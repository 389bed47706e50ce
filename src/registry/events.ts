/**
 * What a registry's log tells of its organizations.
 * @module
 */
import { type Log, type LogDescription, Result } from "ethers";
import * as z from "zod/mini";
import type { OrgId } from "../did/did-url.js";
import { checkOptions } from "../options/check-options.js";
import { positiveSeconds } from "../options/schemas.js";
import type { Kind } from "./adapters/kind.js";
import { readBlockNumber } from "./block.js";
import { badResponse, type Connection } from "./connection.js";
import type { EventRange, RegistryEvent, WatchOptions } from "./registry.js";

/** Timers that are set for longer go off at once. */
const MAX_TIMER_MS = 2 ** 31 - 1;
const BLOCK = "a block number";
const blockNumber = z.int(BLOCK).check(z.nonnegative(BLOCK));

const rangeSchema = z.strictObject({ fromBlock: blockNumber, toBlock: z.optional(blockNumber) }, "an object");

const watchSchema = z.strictObject(
	{
		fromBlock: z.optional(blockNumber),
		pollingSeconds: z.optional(positiveSeconds),
		signal: z.optional(z.instanceof(AbortSignal, { error: "an AbortSignal" })),
	},
	"an object",
);

/** Reads the events of some blocks. */
export async function readEvents(
	connection: Connection,
	kind: Kind,
	range: EventRange,
): Promise<readonly RegistryEvent[]> {
	checkOptions(rangeSchema, range, "readEvents");
	const { fromBlock, toBlock = "latest" } = range;
	const filter = { address: kind.contract.target as string, fromBlock, toBlock };
	const logs = await connection.read(() => connection.provider.getLogs(filter));
	const events = await Promise.all(logs.map((log) => toEvent(kind, log)));
	return events.filter((event) => event !== undefined);
}

/** Follows the events, block by block. */
export async function* watchEvents(
	connection: Connection,
	kind: Kind,
	options: WatchOptions,
): AsyncGenerator<RegistryEvent> {
	checkOptions(watchSchema, options, "watchEvents");
	const { pollingSeconds = 4, signal } = options;
	let next = options.fromBlock ?? (await readBlockNumber(connection, "latest")) + 1;
	const isOver = (): boolean => signal?.aborted === true;
	while (!isOver()) {
		const latest = await readBlockNumber(connection, "latest");
		if (latest >= next) {
			for (const event of await readEvents(connection, kind, { fromBlock: next, toBlock: latest })) {
				if (isOver()) return;
				yield event;
			}
			next = latest + 1;
		}
		await pause(pollingSeconds, signal);
	}
}

async function toEvent(kind: Kind, log: Log): Promise<RegistryEvent | undefined> {
	const event = parse(kind, log);
	if (event === null) return undefined;
	const args = readArgs(event);
	const { orgId = args["unitOrgId"], tokenId } = args;
	const subject = orgId ?? (await kind.orgIdOfToken?.(tokenId as bigint));
	if (typeof subject !== "string") throw badResponse();
	const { blockNumber: number, blockHash, transactionHash, index } = log;
	return Object.freeze({
		name: event.name,
		orgId: subject as OrgId,
		args,
		blockNumber: number,
		blockHash: blockHash as `0x${string}`,
		transactionHash: transactionHash as `0x${string}`,
		logIndex: index,
	});
}

function parse(kind: Kind, log: Log): LogDescription | null {
	try {
		return kind.contract.interface.parseLog(log);
	} catch (cause) {
		throw badResponse(cause);
	}
}

function readArgs({ fragment, args }: LogDescription): Readonly<Record<string, unknown>> {
	const entries = fragment.inputs.map(({ name }, index) => [name, readArg(args, index)] as const);
	return Object.freeze(Object.fromEntries(entries));
}

/** An owner may store bytes that are no UTF-8, and ethers throws on reading them: the log must not end there. */
function readArg(values: Result, index: number): unknown {
	try {
		const value: unknown = values[index];
		if (!(value instanceof Result)) return value;
		return Object.freeze(Array.from({ length: value.length }, (_, at) => readArg(value, at)));
	} catch {
		return "";
	}
}

/** At once where the signal was aborted before: it tells of that only once. */
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
