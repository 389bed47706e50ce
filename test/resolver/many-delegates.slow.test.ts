/** T56 at its limit: the longest list of delegates. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { codeOf, type DocumentStage, startDocumentStage } from "../support/document-stage.ts";
import { startRpcCounter } from "../support/rpc-counter.ts";

const V3 = "orgid-v3";

let stage: DocumentStage;
beforeAll(async () => {
	stage = await startDocumentStage([V3]);
});
afterAll(() => stage.close());

it("T56: finds a delegate among 1,000, and rejects a document with one more", async () => {
	const counter = await startRpcCounter(stage.network.rpcUrl);
	const networks = [{ chainId: 31337, rpcUrl: counter.url, registry: stage.address(V3) }];
	const organization = await stage.create(V3);
	const names = Array.from({ length: 999 }, (_, i) => `${organization.did}#delegate${i}`);
	const all = [...names, organization.issuer];
	for (let at = 0; at < all.length; at += 100)
		await stage.registry(V3).addDelegates(organization.orgId, all.slice(at, at + 100));
	const verdictFor = async (capabilityDelegation: readonly string[]): Promise<string> => {
		const sign = { verificationMethod: organization.issuer, key: organization.key };
		await organization.publish({ members: { capabilityDelegation }, sign });
		counter.reset();
		return codeOf(stage.verify(organization.mint(), stage.resolver(V3, { networks })));
	};
	expect(await verdictFor(all)).toBe("accepted");
	expect(counter.count("eth_call")).toBe(3);
	expect(await verdictFor([...all, `${organization.did}#one-more`])).toBe("document/malformed");
	await counter.close();
});
