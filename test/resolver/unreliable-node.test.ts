import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createVerifier } from "../../src/auth/create-verifier.js";
import { createOrgIdResolver, type OrgIdResolver } from "../../src/resolver/resolver.js";
import { startTestNetwork, type TestNetwork } from "../../src/testing/test-network.js";
import { orgid } from "../../src/tokens/orgid/orgid.js";
import { type Answer, type FakeNode, passOn, startFakeNode } from "../support/fake-node.js";

let network: Awaited<ReturnType<typeof startTestNetwork<2>>>;
let node: FakeNode;
beforeAll(async () => {
	network = await startTestNetwork({ organizations: 2 });
	node = await startFakeNode(honest);
});
afterAll(async () => {
	await node.close();
	await network.close();
});

const honest = (method: string, params: readonly unknown[]): Promise<Answer> => passOn(network.rpcUrl, method, params);

/** A resolver with a manual clock, over a node that can be made to lie. */
function resolverAt(clock: { seconds: number }): OrgIdResolver {
	const { chainId, registry } = network as TestNetwork;
	return createOrgIdResolver({
		networks: [{ chainId, rpcUrl: node.url, registry: registry.address }],
		now: () => clock.seconds,
	});
}

describe("a node that lags behind another", () => {
	it("T54: doesn't bring back a key that the resolver has seen revoked", async () => {
		const [airline, hotel] = network.organizations;
		const clock = { seconds: 0 };
		const resolver = resolverAt(clock);
		const verifier = createVerifier({
			profiles: [orgid({ audience: hotel.did, resolver })],
			now: network.now,
		});
		const token = await airline.minter({ audience: hotel.did }).mint();
		const answers: Answer[] = [];
		node.answer = async (method, params) => {
			const answer = await honest(method, params);
			if (method === "eth_call") answers.push(answer);
			return answer;
		};
		await verifier.verify(token);
		const [old] = answers;

		node.answer = honest;
		await airline.revokeKey();
		clock.seconds += 61;
		await expect(verifier.verify(token)).rejects.toMatchObject({ code: "did/key-revoked" });

		node.answer = async (method, params) => (method === "eth_call" ? (old as Answer) : honest(method, params));
		clock.seconds += 61;
		await expect(verifier.verify(token)).rejects.toMatchObject({ code: "did/key-revoked" });
		resolver.close();
		node.answer = honest;
	});
});
