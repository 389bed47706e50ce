import { toQuantity } from "ethers";
import { describe, expect, it } from "vitest";
import { createOrgIdResolver } from "../../src/resolver/resolver.ts";
import type { OrgIdNetwork } from "../../src/resolver/resolver-options.ts";
import type { FakeNode } from "../support/fake-node.ts";
import { useNodeCluster } from "../support/node-cluster.ts";

const cluster = useNodeCluster(2);

/** A node whose safe and finalized block is at a height of its own. */
function withTag(blockTag: string, height: () => number): FakeNode["answer"] {
	return (method, params) => {
		const pinned = params.map((value) => (value === blockTag ? toQuantity(height()) : value));
		return cluster.honest(method, pinned);
	};
}

describe.each<[string, () => Partial<OrgIdNetwork>]>([
	["one node", () => ({ rpcUrl: cluster.urls[0] })],
	["nodes that agree", () => ({ rpcUrl: cluster.urls, agreement: 2 })],
])("T55: a resolver of %s", (_what, nodes) => {
	it.each(["safe", "finalized"] as const)("reads organizations and keys at the block %s", async (blockTag) => {
		const { chainId, registry, organizations, provider } = cluster.network;
		const [airline] = organizations;
		const before = airline.issuer;
		let height = await provider.getBlockNumber();
		for (const node of cluster.nodes) node.answer = withTag(blockTag, () => height);
		await airline.rotateKey();
		const [, fragment = ""] = airline.issuer.split("#");
		const [, oldFragment = ""] = before.split("#");
		const resolver = createOrgIdResolver({
			networks: [{ chainId, registry: registry.address, blockTag, ...nodes() }],
			documents: false,
		});
		const idsFor = async (name: string): Promise<readonly unknown[]> => {
			resolver.invalidateAll();
			const { didDocument } = await resolver.resolve(airline.did, { fragment: name });
			return didDocument?.verificationMethod?.map(({ id }) => id) ?? [];
		};
		expect(await idsFor(oldFragment)).toContain(before);
		expect(await idsFor(fragment)).not.toContain(airline.issuer);

		height = await provider.getBlockNumber();
		expect(await idsFor(fragment)).toContain(airline.issuer);
		expect(await idsFor(oldFragment)).not.toContain(before);
		resolver.close();
	});

	it("of which no node knows the block is an outage", async () => {
		const { chainId, registry, organizations } = cluster.network;
		for (const node of cluster.nodes) {
			node.answer = (method, params) => {
				const unknown = params.includes("finalized");
				return unknown ? { error: { code: -32_000, message: "unknown block" } } : cluster.honest(method, params);
			};
		}
		const resolver = createOrgIdResolver({
			networks: [{ chainId, registry: registry.address, blockTag: "finalized", ...nodes() }],
		});
		const { didResolutionMetadata } = await resolver.resolve(organizations[1].did);
		expect(didResolutionMetadata).toMatchObject({ error: "internalError", code: "registry/bad-response" });
		resolver.close();
	});
});

it("T55: the block of a registry object can be chosen, too, and only by its name", async () => {
	const { chainId, registry } = cluster.network;
	const create = (blockTag: unknown): unknown =>
		createOrgIdResolver({ networks: [{ chainId, registry, blockTag } as OrgIdNetwork] });
	expect(() => create("finalized")).not.toThrow();
	for (const wrong of [5, "pending", "earliest"]) {
		expect(() => create(wrong)).toThrow(expect.objectContaining({ code: "config/invalid-option" }));
	}
});
