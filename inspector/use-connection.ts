/** @module */
import { useEffect, useMemo, useState } from "preact/hooks";
import { type Connection, connect, type Network } from "./network.ts";

/** The network that a page asks. */
export interface NetworkState {
	readonly network: Network | undefined;
	/** Undefined without a network, or if its settings are invalid. */
	readonly connection?: Connection;
	/** Why its settings are invalid. */
	readonly problem?: string;
	setNetwork(network: Network): void;
}

/** Connects to a network's registry. */
export function useConnection(initialNetwork: Network | undefined): NetworkState {
	const [network, setNetwork] = useState(initialNetwork);
	const connected = useMemo(() => {
		try {
			return network === undefined ? {} : { connection: connect(network) };
		} catch (error) {
			return { problem: error instanceof Error ? error.message : String(error) };
		}
	}, [network]);
	useEffect(() => () => connected.connection?.reader.close(), [connected]);
	return { network, setNetwork, ...connected };
}
