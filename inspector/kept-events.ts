/**
 * The events that a page keeps of an organization. Anyone can cause any number of events of an organization of their own,
 * and all that are kept are shown again every second.
 * @module
 */
import type { OrgId } from "orgpass/did";
import type { LogEntry, LogUpdate, RegistryEvent } from "orgpass/registry";

/** How many of the latest events are kept. */
export const MAX_EVENTS = 200;

/** Adds an organization's new events, and takes away those whose blocks are no longer part of the chain. */
export function applyUpdate(
	events: readonly RegistryEvent[],
	{ added, removed }: Pick<LogUpdate, "added" | "removed">,
	orgId: OrgId,
): readonly RegistryEvent[] {
	const gone = new Set(removed.map(keyOf));
	return [...events.filter((event) => !gone.has(keyOf(event))), ...eventsOf(added, orgId)].slice(-MAX_EVENTS);
}

export function eventsOf(entries: readonly LogEntry[], orgId: OrgId): readonly RegistryEvent[] {
	return entries.flatMap(({ event }) => (event?.orgId === orgId ? [event] : []));
}

function keyOf({ blockHash, logIndex }: LogEntry | RegistryEvent): string {
	return `${blockHash} ${logIndex}`;
}
