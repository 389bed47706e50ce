import { getAddress } from "ethers";
import { describe, expect, it } from "vitest";
import { REGISTRY_KINDS } from "../../src/registry/adapters/adapter.ts";
import { KNOWN_NETWORKS, NETWORK_NAMES } from "../../src/registry/known-networks.ts";

const networks = Object.entries(KNOWN_NETWORKS);

it("the known networks are chains of Winding Tree's registries, by their EIP-155 ids", () => {
	expect(Object.fromEntries(networks.map(([name, { chainId }]) => [name, chainId]))).toEqual({
		...{ mainnet: 1, gnosis: 100, polygon: 137, columbus: 502, chiado: 10_200 },
	});
	expect(NETWORK_NAMES).toEqual(Object.keys(KNOWN_NETWORKS));
	expect(Object.isFrozen(KNOWN_NETWORKS)).toBe(true);
});

it("only that of mainnet is ORGiD 1.x", () => {
	for (const [name, { kind }] of networks) {
		expect(REGISTRY_KINDS).toContain(kind);
		expect(kind).toBe(name === "mainnet" ? "orgid-v1" : "orgid-v3");
	}
});

it("each has a registry of its own", () => {
	expect(new Set(networks.map(([, { registry }]) => registry)).size).toBe(networks.length);
});

describe.each(networks)("%s", (name, network) => {
	it("has an address with a valid checksum", () => {
		expect(network.registry).toBe(getAddress(network.registry.toLowerCase()));
	});

	it("has a public node over TLS, or none", () => {
		if (name === "columbus") expect(network).not.toHaveProperty("rpcUrl");
		else expect(network.rpcUrl).toMatch(/^https:\/\/[a-z-]+(\.[a-z]+)+$/);
	});

	it("can't be changed", () => {
		expect(Object.isFrozen(network)).toBe(true);
	});
});
