/**
 * Winding Tree's registries: the deployments listed in its repositories, on chains that are still running.
 * @module
 */
import type { RegistryKind } from "./adapters/adapter.js";
import type { Address } from "./org-record.js";

/** The names of the known networks' chains. */
export type KnownNetworkName = "mainnet" | "gnosis" | "polygon" | "columbus" | "chiado";

/** A chain with an ORGiD registry on it. */
export interface KnownNetwork {
	/** EIP-155 chain id. */
	readonly chainId: number;
	readonly registry: Address;
	readonly kind: RegistryKind;
	/** A public node. */
	readonly rpcUrl?: string;
}

/**
 * The known deployments by the name of their chain, each a network for `createOrgIdResolver`. Their `rpcUrl` is a
 * public node recommended by the chain's developers, without guarantees: prefer your own.
 */
export const KNOWN_NETWORKS: Readonly<Record<KnownNetworkName, KnownNetwork>> = Object.freeze({
	mainnet: known(1, "0x6434DEC2f4548C2aA9D88E8Ff821f387be3D7F0D", "orgid-v1", "cloudflare-eth.com"),
	gnosis: known(100, "0xb63d48e9d1e51305a17F4d95aCa3637BBC181b44", "orgid-v3", "rpc.gnosischain.com"),
	polygon: known(137, "0x8a093Cb94663994d19a778c7EA9161352a434c64", "orgid-v3", "polygon-rpc.com"),
	columbus: known(502, "0xd8b75be9a47fFab0b5C27A143B911AF7a7Bf4076", "orgid-v3"),
	chiado: known(10_200, "0xaa727223949Bf082a8AFcb29B34B358d9bad8736", "orgid-v3", "rpc.chiadochain.net"),
});

function known(chainId: number, registry: Address, kind: RegistryKind, host?: string): KnownNetwork {
	return Object.freeze({ chainId, registry, kind, ...(host && { rpcUrl: `https://${host}` }) });
}

/** The names of the known networks. */
export const NETWORK_NAMES: readonly string[] = Object.keys(KNOWN_NETWORKS);

/** The chain id of every local chain. */
export const LOCAL_CHAIN_ID = 31_337;
