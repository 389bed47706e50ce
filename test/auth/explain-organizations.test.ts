/** What `explain` says about organizations: nothing that wasn't read, and nothing about others. */
import type { Resolvable } from "did-resolver";
import { afterAll, beforeAll, expect, it, onTestFinished } from "vitest";
import { createVerifier, type Verifier } from "../../src/auth/create-verifier.ts";
import { generateKeyPair } from "../../src/keys/generate.ts";
import type { OrgIdResolverOptions } from "../../src/resolver/resolver-options.ts";
import { orgid } from "../../src/tokens/orgid/orgid.ts";
import { orgidAccount } from "../../src/tokens/orgid-account/orgid-account.ts";
import type { Profile } from "../../src/tokens/token-kind.ts";
import { AUDIENCE, codeOf, type DocumentStage, LOCAL, startDocumentStage } from "../support/document-stage.ts";
import { namesOf, outcomesOf, stepOf } from "../support/explanations.ts";
import { createMinter } from "../support/minters.ts";
import { startRpcCounter } from "../support/rpc-counter.ts";
import { nowSeconds } from "../support/system-clock.ts";
import { forgeKind, profileOfKind, RSA_KEYS } from "../support/token-kinds.ts";
import { unlock } from "../support/unlocked-wallet.ts";

let stage: DocumentStage;
beforeAll(async () => {
	stage = await startDocumentStage(["orgpass"]);
});
afterAll(() => stage.close());

const now = (): number => stage.clock.now;

function verifierOf(resolver: Resolvable, kind: (options: never) => Profile = orgid): Verifier {
	return createVerifier({ profiles: [kind({ audience: AUDIENCE, resolver } as never)], now });
}

/** An organization whose document nobody serves. */
function createWithoutDocument() {
	return stage.create("orgpass", { uris: () => [stage.server.url("/none.json")] });
}

it.each<[string, OrgIdResolverOptions["documents"]]>([
	["isn't fetched", false],
	["can't be fetched", LOCAL],
])("an account's token skips a document that %s, whether or not the record is known", async (_what, documents) => {
	const { did } = await createWithoutDocument();
	const verifier = verifierOf(stage.resolver("orgpass", { documents }), orgidAccount);
	const registry = stage.address("orgpass");
	const key = unlock(stage.network.accounts[0]);
	const token = await createMinter({
		...{ profile: "orgid-account" as const, key, registry, issuer: did, audience: AUDIENCE, now },
	}).mint();
	for (const source of ["node", "cache"]) {
		const explanation = await verifier.explain(token);
		expect(explanation.outcome).toBe("accepted");
		expect(stepOf(explanation, "record").source).toBe(source);
		expect(outcomesOf(explanation)).toContain("document skipped");
		await verifier.verify(token);
	}
});

it("a document that can't be fetched is the step that failed, after the record that was read", async () => {
	const organization = await createWithoutDocument();
	const explanation = await verifierOf(stage.resolver("orgpass")).explain(await organization.mint());
	expect(explanation).toMatchObject({ step: "document", organization: { did: organization.did } });
	expect(stepOf(explanation, "record")).toMatchObject({ outcome: "passed", facts: { did: organization.did } });
});

it("a key that was seen revoked is refused while the node is down, without a record", async () => {
	const { did, orgId, mint } = await stage.create("orgpass");
	const { publicKey, privateKey } = await generateKeyPair();
	await stage.registry("orgpass").addKey(orgId, { fragment: "chain", publicKey });
	const token = await mint(privateKey, `${did}#chain`);
	const node = await startRpcCounter(stage.network.rpcUrl);
	onTestFinished(() => node.close());
	const networks = [{ chainId: stage.network.chainId, rpcUrl: node.url, registry: stage.address("orgpass") }];
	const resolver = stage.resolver("orgpass", { networks });
	const verifier = verifierOf(resolver);
	await verifier.verify(token);
	await stage.registry("orgpass").revokeKey(orgId, "chain");
	resolver.invalidate(did);
	expect(await codeOf(verifier.verify(token))).toBe("did/key-revoked");
	resolver.invalidate(did);
	await node.close();
	const explanation = await verifier.explain(token);
	expect(explanation).toMatchObject({ outcome: "denied", step: "key", error: { code: "did/key-revoked" } });
	expect(namesOf(explanation)).not.toContain("record");
	expect(namesOf(explanation)).not.toContain("organization");
	expect(explanation).not.toHaveProperty("organization");
});

it("the record of another organization, from another resolver, isn't said to be the issuer's", async () => {
	const [one, other] = [await stage.create("orgpass"), await stage.create("orgpass")];
	const resolver = stage.resolver("orgpass");
	const lying: Resolvable = {
		async resolve(did, options) {
			const { didDocumentMetadata: wrong } = await resolver.resolve(other.did);
			const result = await resolver.resolve(did, options);
			const organization = wrong["organization"];
			return { ...result, didDocumentMetadata: { ...result.didDocumentMetadata, organization } };
		},
	};
	const token = await one.mint();
	const explanation = await verifierOf(lying).explain(token);
	expect([undefined, one.did]).toContain(explanation.organization?.did);
	expect(JSON.stringify(explanation.steps)).not.toContain(other.did);
	expect(JSON.stringify(explanation.token ?? null)).not.toContain(other.did);
});

it("an expired token of the second of two profiles has one fault", async () => {
	const other = { "00000000-0000-4000-8000-000000000000": RSA_KEYS.publicKey };
	const profiles = [profileOfKind("github-app", other), profileOfKind("icr-app")];
	const times = { iat: nowSeconds() - 2_000, exp: nowSeconds() - 1_500 };
	const explanation = await createVerifier({ profiles }).explain(await forgeKind("icr-app", times));
	expect(explanation).toMatchObject({ step: "claims", error: { code: "token/expired" } });
	const faults = explanation.steps.filter(({ outcome }) => outcome === "denied" || outcome === "failed");
	expect(faults.map(({ name }) => name)).toEqual(["claims"]);
});

it("a deactivated organization's document is a step after the refusal", async () => {
	const organization = await stage.create("orgpass");
	await stage.registry("orgpass").setActive(organization.orgId, false);
	const explanation = await verifierOf(stage.resolver("orgpass")).explain(await organization.mint());
	expect(explanation).toMatchObject({ step: "organization", error: { code: "did/deactivated" } });
	expect(outcomesOf(explanation).slice(-2)).toEqual(["organization denied", "document passed later"]);
});
