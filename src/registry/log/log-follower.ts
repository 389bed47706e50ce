/**
 * Follows a contract's log by reading its end again and again. Every poll reads at least the last 32 blocks, so that
 * what a lagging node didn't have yet is found later, and what a reorganization removed is noticed. Before them is the
 * anchor, a block whose hash is compared at every poll: as long as it is the same, so are all blocks before it.
 * @module
 */
import * as v from "valibot";
import type { OrgId } from "../../did/did-url.js";
import { RegistryError } from "../../errors/errors.js";
import { assertOptions } from "../../options/assert-options.js";
import { optionsSchema } from "../../options/schemas.js";
import { blockNumber, positiveInteger } from "../../options/value-schemas.js";
import { hashText } from "../abi/contract-abi.js";
import type { BoundAdapter } from "../bound-adapter.js";
import { badResponse } from "../call-error.js";
import type { Address } from "../org-record.js";
import { type BlockId, type ContractLog, keyOf } from "./contract-log.js";
import { openLogSocket } from "./log-socket.js";
import { type LogPage, type PageRequest, type RefusedPage, readHead, readPage } from "./read-page.js";
import { type LogEntry, toEntry } from "./registry-event.js";
import { createSeenLogs } from "./seen-logs.js";

/** How to follow a log. */
export interface FollowOptions {
	/** The first block to report; by default, 32 blocks before the latest. */
	readonly fromBlock?: number | undefined;
	/** The last block to follow the log to; `latest` by default. */
	readonly blockTag?: PageRequest["blockTag"] | undefined;
	/**
	 * If the rest of the log is longer than this many blocks and can't be read at once, or can't be read at all, it is
	 * skipped ({@link LogUpdate.isReset}). By default nothing is skipped: an unreadable log is an error.
	 */
	readonly maxBacklog?: number | undefined;
}

/** What a poll has found. */
export interface LogUpdate {
	/** New logs, in order. */
	readonly added: readonly LogEntry[];
	/** Logs reported before, of blocks that are no longer part of the chain. */
	readonly removed: readonly LogEntry[];
	/** Whether blocks were skipped or may have been missed, so that anything may have changed. */
	readonly isReset: boolean;
	/** Whether the chain was reorganized; its last block may have a lower number than before. */
	readonly isReorganized: boolean;
	/** The node's last block. */
	readonly head: number;
	/** The last block up to which everything is known. */
	readonly covered: number;
	/** No block up to this one has been replaced since the last poll; before `head` if that is unknown of later ones. */
	readonly unreplaced: number;
	/** Whether the log was read up to the highest block known; false if the node is behind it, or if `hasMore`. */
	readonly isComplete: boolean;
	/** Whether more can be read at once. */
	readonly hasMore: boolean;
}

/** Reads a log step by step. Polls must not overlap. */
export interface LogFollower {
	/** Reads what is new. Rejects with `registry/*` codes; then nothing is lost, and the next poll tries again. */
	poll(timeoutMs: number): Promise<LogUpdate>;
	/**
	 * Whether the log is known to contain no change of an organization since a block, one of the last ones. False if it
	 * changed in one of these: its state may have been read on another branch of the chain than the log.
	 */
	isUnchanged(orgId: OrgId, blockNumber: number): boolean;
	/** Connects to the registry's `webSocketUrl`; returns the function that disconnects, undefined without that URL. */
	listen(listener: LogListener): (() => void) | undefined;
}

/** What a node announces over a WebSocket, at the earliest possible time. It isn't checked: the log has to be polled. */
export interface LogListener {
	/** Announcements arrive from now on, or no longer; then the connection is tried again. */
	onChange(isLive: boolean): void;
	/** A new block, or anything else that makes a poll worthwhile. */
	onBlock(): void;
	/** A new log, or one whose block is no longer part of the chain. */
	onLog(blockNumber: number): void;
}

/** How many blocks are read again, at least. */
const REORG_DEPTH = 32;

/** Logs are ignored if their blocks are further ahead of the last block that the same response contains. */
const MAX_AHEAD = 16;

/** How long a range that was refused limits the next ones. */
const REFUSAL_MS = 600_000;

interface Anchor {
	readonly number: number;
	/** Not known before the first poll. */
	readonly hash?: `0x${string}`;
}

interface Position {
	anchor: Anchor;
	/** The next block to read. */
	next: number;
	covered: number;
	/** The highest block that a response contained. */
	highest: number;
	head: BlockId | undefined;
	/** Whether the last block has more than one successor at the next poll, so that it has to be read again. */
	isFast: boolean;
	isFromOneNode: boolean;
}

type Page = LogPage & { readonly from: number; readonly to: number | undefined };

/** How to reach the contract. */
export interface LogSource {
	readonly chainId: number;
	readonly address: Address;
	/** Connects on the first call. */
	readonly open: () => Promise<BoundAdapter>;
	readonly webSocketUrl?: string | undefined;
}

const followSchema = optionsSchema<FollowOptions>({
	fromBlock: v.optional(blockNumber),
	blockTag: v.optional(v.picklist(["latest", "safe", "finalized"], '"latest", "safe" or "finalized"')),
	maxBacklog: v.optional(positiveInteger),
});

/** Creates a follower of a contract's log. */
export function createLogFollower(source: LogSource, options: FollowOptions): LogFollower {
	assertOptions(followSchema, options, "followLog");
	const { fromBlock, blockTag = "latest", maxBacklog } = options;
	const { open, webSocketUrl, chainId, address } = source;
	const seen = createSeenLogs();
	let position: Position | undefined;
	let isReset = false;
	/** The maximum number of blocks of a range. */
	let span = Infinity;
	let refusedAt = 0;

	return {
		poll,
		isUnchanged(orgId, block) {
			if (position === undefined || !position.isFromOneNode) return false;
			const { anchor, covered } = position;
			return block >= anchor.number && block <= covered && !seen.mayHaveChanged(orgId);
		},
		listen(listener) {
			if (webSocketUrl === undefined) return undefined;
			return openLogSocket({ url: webSocketUrl, chainId, address, ...listener }).close;
		},
	};

	async function poll(timeoutMs: number): Promise<LogUpdate> {
		const bound = await open();
		const at = position ?? (await start(bound));
		const page = await readNext(bound, at, timeoutMs);
		if (page === undefined || isUprooted(at, page)) {
			restart();
			return poll(timeoutMs);
		}
		const entries = await toEntries(bound, page);
		return apply(at, page, entries);
	}

	async function start({ connection }: BoundAdapter): Promise<Position> {
		const { number: highest } = await readHead(connection, blockTag);
		const first = Math.min(fromBlock ?? Infinity, highest + 1);
		const anchor = { number: Math.max(0, first - 1 - REORG_DEPTH) };
		const { number } = anchor;
		position = {
			anchor,
			next: number + 1,
			covered: number,
			highest,
			head: undefined,
			isFast: false,
			isFromOneNode: false,
		};
		return position;
	}

	/** Skips what can't be read, or throws. */
	function restart(): void {
		if (maxBacklog === undefined) {
			const message = "the log can't be continued: it was reorganized too far, or the node doesn't have it";
			throw new RegistryError("registry/bad-response", message);
		}
		isReset = true;
		position = undefined;
		span = Infinity;
		seen.clear();
	}

	/** Reads the next range, halved until the node accepts it; undefined if that is impossible or takes too long. */
	async function readNext({ connection }: BoundAdapter, at: Position, timeoutMs: number): Promise<Page | undefined> {
		if (performance.now() - refusedAt > REFUSAL_MS) span = Infinity;
		while (true) {
			const { next: from } = at;
			const to = at.highest - from < (span - 1) / 2 ? undefined : Math.min(from + span - 1, at.highest);
			const blocks = [at.anchor.number, ...nextAnchor(at, to), ...(at.isFast && at.head ? [at.head.number] : [])];
			const read = await readPage(connection, { blockTag, from, to, blocks, timeoutMs });
			if (!("refusal" in read)) return { ...read, from, to };
			if (read.head !== undefined && read.head.number < (to ?? from)) {
				// The node is behind: it doesn't have the range yet.
				return { head: read.head, blocks: [], logs: [], isFromOneNode: at.isFromOneNode, from, to: from - 1 };
			}
			at.highest = Math.max(at.highest, read.head?.number ?? 0);
			if (to === from) return giveUp(at, read);
			shrink((to ?? at.highest) - from + 1);
			if (at.highest - from > (maxBacklog ?? Infinity)) return giveUp(at, read);
		}
	}

	function shrink(refused: number): void {
		span = Math.max(1, refused >> 1);
		refusedAt = performance.now();
	}

	/** Before the first page, there is nothing to skip. */
	function giveUp({ head }: Position, { refusal: cause }: RefusedPage): undefined {
		if (head === undefined)
			throw new RegistryError("registry/bad-response", "the node refuses to read its log", { cause });
	}

	/** Whether blocks before the ones that are read again have been replaced. */
	function isUprooted({ anchor }: Position, page: Page): boolean {
		const [block] = page.blocks;
		if (block !== undefined) return anchor.hash !== undefined && anchor.hash !== block.hash;
		if (endOf(page) >= page.from) throw badResponse();
		return false;
	}

	async function toEntries(bound: BoundAdapter, { head, logs, from, to }: Page): Promise<readonly LogEntry[]> {
		const isOutside = ({ blockNumber }: ContractLog): boolean =>
			blockNumber < from || blockNumber > (to ?? head.number + MAX_AHEAD);
		if (logs.some(isOutside)) throw badResponse();
		const isNew = (log: ContractLog): boolean =>
			log.blockNumber >= (fromBlock ?? 0) && !isUnrelated(bound, log) && !seen.has(log);
		const entries = await Promise.all(logs.filter(isNew).map((log) => toEntry(bound, log)));
		return entries.sort((a, b) => a.blockNumber - b.blockNumber || a.logIndex - b.logIndex);
	}

	/** From here on nothing fails, so that nothing is remembered that wasn't reported. */
	function apply(at: Position, page: Page, added: readonly LogEntry[]): LogUpdate {
		const { head, from, isFromOneNode } = page;
		const end = endOf(page);
		const removed = seen.retain(from, end, new Set(page.logs.map(keyOf)));
		seen.add(added);
		const isSame = isSameBranch(at.head, page);
		const isReorganized = removed.length > 0 || isSame === false;
		if (isReorganized) Object.assign(at, { covered: Math.min(at.covered, head.number), highest: head.number });
		const isBehind = head.number < at.highest;
		const isAtEnd = end === head.number;
		if (!isBehind) {
			const isFast = head.number > (at.head?.number ?? Infinity) + 1;
			Object.assign(at, { head, isFast, highest: head.number });
		}
		// From now on, the logs may be those of a node that is behind the one that reported the last block.
		if (at.isFromOneNode && !isFromOneNode) isReset = true;
		const sure = isFromOneNode ? end : end - REORG_DEPTH;
		Object.assign(at, { covered: Math.max(at.covered, sure), isFromOneNode });
		const unreplaced = isReorganized || isSame === undefined ? at.anchor.number : head.number;
		moveAnchor(at, page);
		at.next = isAtEnd ? at.anchor.number + 1 : end + 1;
		const update = { added, removed, isReset, isReorganized, head: head.number, covered: at.covered, unreplaced };
		isReset = false;
		return Object.freeze({ ...update, isComplete: isAtEnd && !isBehind, hasMore: !isAtEnd && end >= from });
	}

	function moveAnchor(at: Position, { blocks: [current, later], head }: Page): void {
		const isDeep = later !== undefined && later.number <= head.number - REORG_DEPTH;
		if (current !== undefined) at.anchor = isDeep ? later : current;
		seen.forget(at.anchor.number);
	}
}

function isUnrelated({ adapter: { unrelatedEvents = [] } }: BoundAdapter, { topics: [topic] }: ContractLog): boolean {
	return unrelatedEvents.some((signature) => hashText(signature) === topic);
}

/** The last block of a page; before its first if the node doesn't have any of them. */
function endOf({ head, to }: Page): number {
	return Math.min(to ?? head.number, head.number);
}

/** The anchor follows the last block at a distance of once to twice the depth. */
function nextAnchor({ anchor, highest }: Position, to = highest): readonly number[] {
	const number = to - REORG_DEPTH;
	return number >= anchor.number + REORG_DEPTH ? [number] : [];
}

/** Whether the last block is on the branch of the one before; undefined if it can't be told. A node may be behind. */
function isSameBranch(before: BlockId | undefined, { head, blocks }: Page): boolean | undefined {
	if (before === undefined || head.number < before.number) return true;
	if (head.number === before.number) return head.hash === before.hash;
	if (head.number === before.number + 1) return head.parentHash === before.hash;
	const again = blocks.find((block) => block?.number === before.number);
	return again && again.hash === before.hash;
}
