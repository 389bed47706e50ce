/** @module */
import type { OrgRecord } from "orgpass/auth";
import type { OrgId } from "orgpass/did";
import type { LogUpdate, RegistryEvent } from "orgpass/registry";
import { useEffect, useRef, useState } from "preact/hooks";
import { applyUpdate, eventsOf } from "./kept-events.ts";
import type { Connection } from "./network.ts";

/** On public chains, nodes limit how far back they search. */
export const PAST_BLOCKS = 5_000;
const LOCAL_POLLING_SECONDS = 1;
const PUBLIC_POLLING_SECONDS = 4;
const POLL_TIMEOUT_MS = 10_000;

/** An organization's events. */
export interface Events {
	/** The latest ones, in order. */
	readonly events: readonly RegistryEvent[];
	/** Whether the last attempt to read the log failed, so that a change may not be known yet. */
	readonly isBroken: boolean;
}

const NONE: Events = { events: [], isBroken: false };

/** Follows the events of an organization; `onChange` is called if it has changed since its record was read. */
export function useEvents(
	connection: Connection | undefined,
	organization: OrgRecord | undefined,
	onChange: () => void,
): Events {
	const [followed, setFollowed] = useState(NONE);
	const orgId = organization?.orgId;
	const knownBlock = useRef(0);
	knownBlock.current = organization?.blockNumber ?? 0;
	const changed = useRef(onChange);
	changed.current = onChange;
	useEffect(() => {
		setFollowed(NONE);
		if (connection === undefined || orgId === undefined) return undefined;
		const { reader, isLocal } = connection;
		const stop = new AbortController();
		const fromBlock = isLocal ? 0 : Math.max(0, knownBlock.current - PAST_BLOCKS);
		const pollingMs = 1_000 * (isLocal ? LOCAL_POLLING_SECONDS : PUBLIC_POLLING_SECONDS);
		const follower = reader.followLog({ fromBlock });
		const poll = async (): Promise<void> => {
			const update = await follower.poll(POLL_TIMEOUT_MS).catch(() => undefined);
			if (stop.signal.aborted) return;
			setFollowed(({ events }) => ({
				events: update === undefined ? events : applyUpdate(events, update, orgId),
				isBroken: update === undefined,
			}));
			if (update !== undefined && isChange(update, orgId, knownBlock.current)) changed.current();
			setTimeout(() => void (stop.signal.aborted || poll()), update?.hasMore === true ? 0 : pollingMs);
		};
		void poll();
		return () => stop.abort();
	}, [connection, orgId]);
	return followed;
}

/** Whether an organization may have changed since a block. */
function isChange({ added, removed }: LogUpdate, orgId: OrgId, knownBlock: number): boolean {
	return (
		eventsOf(removed, orgId).length > 0 || eventsOf(added, orgId).some(({ blockNumber }) => blockNumber > knownBlock)
	);
}
