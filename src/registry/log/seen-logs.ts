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
	/** The last block of the ones remembered that may have changed an organization. */
	lastChange(orgId: OrgId): number;
	clear(): void;
}

export function createSeenLogs(): SeenLogs {
	const entries = new Map<string, LogEntry>();
	/** By organization; under the empty name, those that may have changed any. */
	let changes: Map<OrgId | "", number> | undefined;
	return { has: (log) => entries.has(keyOf(log)), add, retain, forget, lastChange, clear };

	function add(added: readonly LogEntry[]): void {
		for (const entry of added) entries.set(keyOf(entry), entry);
		changes = undefined;
	}

	function retain(from: number, to: number, keys: ReadonlySet<string>): readonly LogEntry[] {
		const isGone = (entry: LogEntry): boolean =>
			entry.blockNumber >= from && entry.blockNumber <= to && !keys.has(keyOf(entry));
		return remove(isGone);
	}

	function forget(block: number): void {
		remove(({ blockNumber }) => blockNumber <= block);
	}

	function clear(): void {
		entries.clear();
		changes = undefined;
	}

	function remove(isRemoved: (entry: LogEntry) => boolean): readonly LogEntry[] {
		const removed = [...entries.values()].filter(isRemoved);
		for (const entry of removed) entries.delete(keyOf(entry));
		changes = undefined;
		return removed;
	}

	function lastChange(orgId: OrgId): number {
		changes ??= findChanges();
		return Math.max(changes.get(orgId) ?? 0, changes.get("") ?? 0);
	}

	function findChanges(): Map<OrgId | "", number> {
		const found = new Map<OrgId | "", number>();
		for (const { event, blockNumber } of entries.values()) {
			const orgId = event?.orgId ?? "";
			found.set(orgId, Math.max(found.get(orgId) ?? 0, blockNumber));
		}
		return found;
	}
}
