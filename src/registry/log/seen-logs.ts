/**
 * The logs of the last blocks, to tell new ones from those that a reorganization removed.
 * @module
 */
import type { OrgId } from "../../did/did-url.js";
import { keyOf } from "./contract-log.js";
import type { LogEntry } from "./registry-event.js";

/** The logs that have been read, of blocks that are read again. */
export interface SeenLogs {
	has(log: Pick<LogEntry, "blockHash" | "logIndex">): boolean;
	add(entries: readonly LogEntry[]): void;
	/** Removes those of the blocks `from` to `to` that aren't in `keys` (see {@link keyOf}), and returns them. */
	retain(from: number, to: number, keys: ReadonlySet<string>): readonly LogEntry[];
	/** Forgets all blocks up to `block`. */
	forget(block: number): void;
	/** Whether any of those remembered, or of those removed lately, may have changed an organization. */
	mayHaveChanged(orgId: OrgId): boolean;
	clear(): void;
}

/** A node that keeps replacing its logs must not fill the memory: with more, any organization may have changed. */
const MAX_UNDONE = 10_000;

export function createSeenLogs(): SeenLogs {
	const entries = new Map<string, LogEntry>();
	/** The organizations of removed logs, with the last block that was known then: a node may still be on their branch. */
	const undone = new Map<OrgId | "", number>();
	let highest = 0;
	/** The organizations of these logs; the empty name for those that may have changed any. */
	let changed: Set<OrgId | ""> | undefined;
	return { has: (log) => entries.has(keyOf(log)), add, retain, forget, mayHaveChanged, clear };

	function add(added: readonly LogEntry[]): void {
		for (const entry of added) entries.set(keyOf(entry), entry);
		changed = undefined;
	}

	function retain(from: number, to: number, keys: ReadonlySet<string>): readonly LogEntry[] {
		const isGone = (entry: LogEntry): boolean =>
			entry.blockNumber >= from && entry.blockNumber <= to && !keys.has(keyOf(entry));
		const removed = remove(isGone);
		highest = Math.max(highest, to);
		for (const entry of removed) undone.set(organizationOf(entry), highest);
		if (undone.size > MAX_UNDONE) {
			undone.clear();
			undone.set("", highest);
		}
		return removed;
	}

	function forget(block: number): void {
		for (const [name, until] of undone) if (until <= block) undone.delete(name);
		remove(({ blockNumber }) => blockNumber <= block);
	}

	function clear(): void {
		entries.clear();
		undone.clear();
		highest = 0;
		changed = undefined;
	}

	function remove(isRemoved: (entry: LogEntry) => boolean): readonly LogEntry[] {
		const removed = [...entries.values()].filter(isRemoved);
		for (const entry of removed) entries.delete(keyOf(entry));
		changed = undefined;
		return removed;
	}

	function mayHaveChanged(orgId: OrgId): boolean {
		changed ??= new Set([...[...entries.values()].map(organizationOf), ...undone.keys()]);
		return changed.has(orgId) || changed.has("");
	}
}

/** The empty name for a log that may be about any of them. */
function organizationOf({ event }: LogEntry): OrgId | "" {
	return event?.orgId ?? "";
}
