/**
 * The node and the registry that the page asks.
 * @module
 */
import { createRegistry, type Registry, type RegistryKind } from "orgpass/registry";

/** The chain of `orgpass chain`. */
export const LOCAL_CHAIN_ID = 31_337;

/** As `orgpass inspector` writes it to settings.json. */
export interface Network {
	readonly chainId: number;
	readonly rpcUrl: string;
	readonly registry: string;
	readonly kind?: RegistryKind;
	/** Whether it is the chain of `orgpass chain`. */
	readonly isLocal: boolean;
}

/** A network, and its registry. */
export interface Connection extends Network {
	readonly reader: Registry;
}

/** Returns the network of the server's settings; undefined on a static host, which has none. */
export async function loadNetwork(): Promise<Network | undefined> {
	try {
		const response = await fetch("./settings.json");
		if (!response.ok) return undefined;
		const { network } = (await response.json()) as { readonly network?: Network };
		return network;
	} catch {
		return undefined;
	}
}

/** Throws a coded error if the network's settings are invalid; asks nothing. */
export function connect(network: Network): Connection {
	const { chainId, rpcUrl, registry: address, kind } = network;
	return { ...network, reader: createRegistry({ chainId, rpcUrl, address, kind }) };
}
