/** @module */
import { parseDidUrl, toCanonicalDidUrl } from "orgpass/did";
import type { OrgRecord, RegistryAdapter } from "orgpass/registry";
import { useEffect, useState } from "preact/hooks";
import type { Connection } from "../network.ts";
import { useDid } from "./use-did.ts";

/** The organization to change, and what its registry is able to do. */
export interface OrganizationState {
	/** Empty if none is chosen. */
	readonly did: string;
	readonly record: OrgRecord | undefined;
	/** That of the registry's generation. */
	readonly adapter: RegistryAdapter | undefined;
	readonly error: Error | undefined;
	setDid(did: string): void;
	/** Reads it again. */
	reload(): void;
}

/** Reads the organization that the page's address names. */
export function useOrganization(connection: Connection | undefined): OrganizationState {
	const [did, setDid] = useDid();
	const [round, setRound] = useState(0);
	const [record, recordError] = useResult([connection, did], round, () =>
		connection === undefined || did === "" ? undefined : readOrganization(connection, did),
	);
	const [adapter, adapterError] = useResult([connection], 0, () => connection?.reader.readAdapter());
	const reload = (): void => setRound((count) => count + 1);
	return { did, record, adapter, error: recordError ?? adapterError, setDid, reload };
}

/** Reads something whenever its inputs change, and again in each round; an error leaves the last result as it is. */
function useResult<T>(
	inputs: readonly unknown[],
	round: number,
	read: () => Promise<T> | undefined,
): readonly [result: T | undefined, error: Error | undefined] {
	const [state, setState] = useState<{ readonly result?: T; readonly error?: Error }>({});
	useEffect(() => setState({}), inputs);
	useEffect(() => {
		let isCurrent = true;
		read()?.then(
			(result) => isCurrent && setState({ result }),
			(error: Error) => isCurrent && setState((last) => ({ ...last, error })),
		);
		return () => {
			isCurrent = false;
		};
	}, [...inputs, round]);
	return [state.result, state.error];
}

async function readOrganization({ reader, chainId }: Connection, did: string): Promise<OrgRecord> {
	const organization = toCanonicalDidUrl(parseDidUrl(did), chainId);
	if (organization.chainId !== chainId) {
		throw new Error(`This organization is on the chain ${organization.chainId}, but the node's chain is ${chainId}.`);
	}
	const record = await reader.read(organization.orgId);
	if (record === undefined) throw new Error(`The registry has no organization ${organization.did}.`);
	return record;
}
