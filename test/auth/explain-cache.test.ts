/** What `explain` knows without a request: all that `verify` would use, also while a node or a host is down. */
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { createVerifier, type Verifier } from "../../src/auth/create-verifier.ts";
import type { Explanation } from "../../src/auth/explain/explanation.ts";
import type { RegistryKind } from "../../src/registry/adapters/adapter.ts";
import type { OrgIdResolver } from "../../src/resolver/resolver.ts";
import type { OrgIdResolverOptions } from "../../src/resolver/resolver-options.ts";
import { orgid } from "../../src/tokens/orgid/orgid.ts";
import { AUDIENCE, codeOf, type DocumentStage, startDocumentStage } from "../support/document-stage.ts";
import { stepOf, verdictOf } from "../support/explanations.ts";
import { type RpcCounter, startRpcCounter } from "../support/rpc-counter.ts";

let stage: DocumentStage;
beforeAll(async () => {
	stage = await startDocumentStage(["orgpass", "orgid-v1", "orgid-v3"]);
});
afterAll(() => stage.close());

interface Known {
	readonly resolver: OrgIdResolver;
	readonly verifier: Verifier;
	/** What the resolver asks. */
	readonly node: RpcCounter;
}

/** A verifier on a node of its own, which a test can close. */
async function fresh(kind: RegistryKind, cache: OrgIdResolverOptions["cache"] = {}): Promise<Known> {
	const node = await startRpcCounter(stage.network.rpcUrl);
	const networks = [{ chainId: stage.network.chainId, rpcUrl: node.url, registry: stage.address(kind) }];
	const resolver = stage.resolver(kind, { networks, cache });
	const profiles = [orgid({ audience: AUDIENCE, resolver })];
	onTestFinished(() => node.close());
	return { resolver, verifier: createVerifier({ profiles, now: () => stage.clock.now }), node };
}

/** Explains first, because `verify` adds to the caches. */
async function explainAndVerify(verifier: Verifier, token: string, expected: string): Promise<Explanation> {
	const explanation = await verifier.explain(token);
	expect([verdictOf(explanation), await codeOf(verifier.verify(token))]).toEqual([expected, expected]);
	return explanation;
}

/** Longer than a record is valid. */
function expireRecords(): void {
	stage.clock.now += 61;
}

describe("explain knows what verify knows", () => {
	it("of a key in a document: no request asks again whether it was revoked", async () => {
		const organization = await stage.create("orgpass");
		const { verifier, node } = await fresh("orgpass");
		const token = await organization.mint();
		await verifier.verify(token);
		node.reset();
		await explainAndVerify(verifier, token, "accepted");
		expect(node.requests()).toBe(0);
	});

	it("of a document that it has by its hash, while the host is down and the record has expired", async () => {
		const organization = await stage.create("orgpass");
		const { verifier } = await fresh("orgpass");
		const token = await organization.mint();
		await verifier.verify(token);
		organization.serve("gone", 503);
		expireRecords();
		const explanation = await explainAndVerify(verifier, token, "accepted");
		expect(stepOf(explanation, "record").source).toBe("node");
		expect(stepOf(explanation, "document")).toMatchObject({ outcome: "passed", source: "cache" });
	});

	it("of an organization that its document deactivated, while the host is down", async () => {
		const organization = await stage.create("orgid-v1");
		const { verifier } = await fresh("orgid-v1");
		const token = await organization.mint();
		await organization.publish({ members: { deactivated: "2026-01-01T00:00:00Z" } });
		expect(await codeOf(verifier.verify(token))).toBe("did/deactivated");
		organization.serve("gone", 503);
		expireRecords();
		await explainAndVerify(verifier, token, "did/deactivated");
	});

	it("of a document without a hash that is used although its host is down", async () => {
		const organization = await stage.create("orgid-v3");
		const { verifier } = await fresh("orgid-v3", { staleIfErrorSeconds: 600 });
		const token = await organization.mint();
		await verifier.verify(token);
		organization.serve("gone", 503);
		expireRecords();
		await explainAndVerify(verifier, token, "accepted");
	});

	it("of a document whose delegate's record is outdated", async () => {
		const [one, delegate] = [await stage.create("orgid-v3"), await stage.create("orgid-v3")];
		await stage.registry("orgid-v3").addDelegates(one.orgId, [delegate.issuer]);
		await one.publish({
			members: { capabilityDelegation: [delegate.issuer] },
			sign: { verificationMethod: delegate.issuer, key: delegate.key },
		});
		const { verifier, node } = await fresh("orgid-v3", { staleIfErrorSeconds: 600, negativeTtlSeconds: 300 });
		await verifier.verify(await delegate.mint());
		stage.clock.now += 30;
		const token = await one.mint();
		await verifier.verify(token);
		stage.clock.now += 35;
		await node.close();
		for (let time = 0; time < 2; time++) expect(await verifier.verify(token)).toMatchObject({ stale: true });
		expect(await verifier.explain(token)).toMatchObject({ outcome: "accepted", token: { stale: true } });
	});

	it("of the block that it must have seen", async () => {
		const organization = await stage.create("orgpass");
		const { resolver, verifier } = await fresh("orgpass");
		const token = await organization.mint();
		await verifier.verify(token);
		resolver.invalidate(organization.did, { minBlock: 10_000 });
		const explanation = await explainAndVerify(verifier, token, "registry/outdated");
		expect(explanation).toMatchObject({ outcome: "failed", step: "record" });
	});
});
