/**
 * A network of two organizations behind a node that can be made to lie.
 * @module
 */
import { afterAll, beforeAll } from "vitest";
import { createOrgIdResolver, type OrgIdResolver } from "../../src/resolver/resolver.ts";
import type { ResolverCacheOptions } from "../../src/resolver/resolver-options.ts";
import { startTestNetwork, type TestNetwork } from "../../src/testing/test-network.ts";
import { type Answer, type FakeNode, passOn, startFakeNode } from "./fake-node.ts";

/** A network, and what stands in front of it. */
export interface UnreliableNetwork {
	readonly network: Awaited<ReturnType<typeof startTestNetwork<2>>>;
	readonly node: FakeNode;
	/** The network's own answer; what the node gives until told otherwise. */
	readonly honest: (method: string, params: readonly unknown[]) => Promise<Answer>;
	/** A resolver with a manual clock that asks the node. */
	readonly resolverAt: (clock: { seconds: number }, cache?: ResolverCacheOptions) => OrgIdResolver;
}

/** A network for the tests of this file: set before them, ended after them. */
export function useUnreliableNetwork(): UnreliableNetwork {
	const unreliable = {
		honest: (method, params) => passOn(unreliable.network.rpcUrl, method, params),
		resolverAt(clock, cache) {
			const { chainId, registry } = unreliable.network as TestNetwork;
			return createOrgIdResolver({
				networks: [{ chainId, rpcUrl: unreliable.node.url, registry: registry.address }],
				cache,
				now: () => clock.seconds,
			});
		},
	} as UnreliableNetwork;
	beforeAll(async () => {
		const network = await startTestNetwork({ organizations: 2 });
		Object.assign(unreliable, { network, node: await startFakeNode(unreliable.honest) });
	});
	afterAll(async () => {
		await unreliable.node.close();
		await unreliable.network.close();
	});
	return unreliable;
}
