/**
 * Winding Tree's registries: the deployments that its repositories record, on chains that still run.
 * @module
 */
import type { RegistryKind } from "./adapters/registry-kind.js";
import type { Address } from "./org-record.js";

/** The names of the chains in {@link KNOWN_NETWORKS}. */
export type KnownNetworkName = "mainnet" | "gnosis" | "polygon" | "columbus" | "chiado";

/** A chain with an ORGiD registry on it. */
export interface KnownNetwork {
	/** EIP-155 chain id. */
	readonly chainId: number;
	/** The registry contract. */
	readonly registry: Address;
	/** Its generation. */
	readonly kind: RegistryKind;
	/** A public node. */
	readonly rpcUrl?: string;
}

/**
 * The known deployments by the name of their chain, each a network for `createOrgIdResolver`. Their `rpcUrl` is a
 * public node that the chain's makers name, without guarantees: prefer one of your own.
 */
export const KNOWN_NETWORKS: Readonly<Record<KnownNetworkName, KnownNetwork>> = Object.freeze({
	mainnet: Object.freeze({
		chainId: 1,
		registry: "0x6434DEC2f4548C2aA9D88E8Ff821f387be3D7F0D",
		kind: "orgid-v1",
		rpcUrl: "https://cloudflare-eth.com",
	}),
	gnosis: Object.freeze({
		chainId: 100,
		registry: "0xb63d48e9d1e51305a17F4d95aCa3637BBC181b44",
		kind: "orgid-v3",
		rpcUrl: "https://rpc.gnosischain.com",
	}),
	polygon: Object.freeze({
		chainId: 137,
		registry: "0x8a093Cb94663994d19a778c7EA9161352a434c64",
		kind: "orgid-v3",
		rpcUrl: "https://polygon-rpc.com",
	}),
	columbus: Object.freeze({
		chainId: 502,
		registry: "0xd8b75be9a47fFab0b5C27A143B911AF7a7Bf4076",
		kind: "orgid-v3",
	}),
	chiado: Object.freeze({
		chainId: 10_200,
		registry: "0xaa727223949Bf082a8AFcb29B34B358d9bad8736",
		kind: "orgid-v3",
		rpcUrl: "https://rpc.chiadochain.net",
	}),
});
