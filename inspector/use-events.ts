/** @module */
import type { OrgRecord } from "orgpass/auth";
import type { RegistryEvent } from "orgpass/registry";
import { useEffect, useRef, useState } from "preact/hooks";
import type { Connection } from "./network.ts";

/** On public chains, nodes limit how far back they search. */
export const PAST_BLOCKS = 5_000;
const LOCAL_POLLING_SECONDS = 1;
const PUBLIC_POLLING_SECONDS = 4;

/** An organization's events. */
export interface Events {
	/** In order. */
	readonly events: readonly RegistryEvent[];
	/** Whether the log can't be read. */
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
		const follow = async (): Promise<void> => {
			const fromBlock = isLocal ? 0 : Math.max(0, knownBlock.current - PAST_BLOCKS);
			const pollingSeconds = isLocal ? LOCAL_POLLING_SECONDS : PUBLIC_POLLING_SECONDS;
			for await (const event of reader.watchEvents({ fromBlock, pollingSeconds, signal: stop.signal })) {
				if (stop.signal.aborted) return;
				if (event.orgId !== orgId) continue;
				setFollowed(({ events }) => ({ events: addEvent(events, event), isBroken: false }));
				if (event.removed || event.blockNumber > knownBlock.current) changed.current();
			}
		};
		follow().catch(() => {
			if (!stop.signal.aborted) setFollowed(({ events }) => ({ events, isBroken: true }));
		});
		return () => stop.abort();
	}, [connection, orgId]);
	return followed;
}

/** A removed event is the one that was yielded before. */
function addEvent(events: readonly RegistryEvent[], event: RegistryEvent): readonly RegistryEvent[] {
	const { removed, blockHash, logIndex } = event;
	if (!removed) return [...events, event];
	return events.filter((other) => other.blockHash !== blockHash || other.logIndex !== logIndex);
}
