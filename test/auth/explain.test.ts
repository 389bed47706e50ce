/** What `explain` tells about a token, on a chain with documents. That it agrees with `verify` is checked in explain-agrees.thorough.test.ts. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createVerifier, type Verifier, type VerifierOptions } from "../../src/auth/create-verifier.ts";
import type { ExplainedStep } from "../../src/auth/explain/explanation.ts";
import { limitRate } from "../../src/auth/policies/rate.ts";
import { createMemoryReplayStore } from "../../src/auth/replay/memory-store.ts";
import type { OrgpassError } from "../../src/errors/errors.ts";
import { createOrgIdResolver, type OrgIdResolver } from "../../src/resolver/resolver.ts";
import { orgid } from "../../src/tokens/orgid/orgid.ts";
import type { Profile } from "../../src/tokens/token-kind.ts";
import {
	AUDIENCE,
	type DocumentStage,
	LOCAL,
	type PublishedOrganization,
	startDocumentStage,
} from "../support/document-stage.ts";
import { namesOf, outcomesOf, stepOf } from "../support/explanations.ts";
import { withSignature } from "../support/forge-token.ts";
import { importWithoutChunks } from "../support/page-without-chunks.ts";
import { isWaiting, pass, until } from "../support/patient-timers.ts";
import { refusalOf } from "../support/refusal.ts";
import { type RpcCounter, startRpcCounter } from "../support/rpc-counter.ts";
import { nowSeconds } from "../support/system-clock.ts";
import { forgeKind, KINDS, profileOfKind, RSA_KEYS, verifierOfKinds } from "../support/token-kinds.ts";

let stage: DocumentStage;
let counter: RpcCounter;
let published: PublishedOrganization;
beforeAll(async () => {
	stage = await startDocumentStage(["orgpass", "orgid-v1"]);
	counter = await startRpcCounter(stage.network.rpcUrl);
	published = await stage.create("orgid-v1");
});
afterAll(async () => {
	await counter.close();
	await stage.close();
});
beforeEach(() => counter.reset());

/** A new resolver, whose requests are counted, and a verifier on it. */
function fresh(
	options: Partial<VerifierOptions> = {},
	limits: object = {},
): { readonly resolver: OrgIdResolver; readonly verifier: Verifier } {
	const { chainId } = stage.network;
	const networks = [{ chainId, rpcUrl: counter.url, registry: stage.address("orgid-v1") }];
	const resolver = createOrgIdResolver({ networks, documents: LOCAL, now: () => stage.clock.now, ...limits });
	const verifier = createVerifier({
		profiles: [orgid({ audience: AUDIENCE, resolver })],
		now: () => stage.clock.now,
		...options,
	});
	return { resolver, verifier };
}

describe("explain: a good token", () => {
	it("passes each step, in order, with its facts and where they are from", async () => {
		const { resolver, verifier } = fresh({ policies: [function isOpen() {}, () => true] });
		const token = await published.mint();
		const explanation = await verifier.explain(token);
		expect(explanation).toMatchObject({
			outcome: "accepted",
			token: { issuer: published.did },
			organization: { did: published.did },
		});
		expect(namesOf(explanation)).toEqual([
			"syntax",
			"kind",
			"header",
			"issuer",
			"claims",
			"chain",
			"record",
			"organization",
			"document",
			"key",
			"signature",
			"validity",
			"policy",
			"policy",
		]);
		expect(new Set(explanation.steps.map(({ outcome }) => outcome))).toEqual(new Set(["passed"]));
		expect(stepOf(explanation, "chain").facts).toEqual({ chainId: stage.network.chainId });
		expect(stepOf(explanation, "record")).toMatchObject({
			source: "node",
			facts: { did: published.did, kind: "orgid-v1" },
		});
		expect(stepOf(explanation, "document")).toMatchObject({ source: "document", facts: { uris: [published.url] } });
		expect(stepOf(explanation, "policy").facts).toEqual({ policy: "isOpen" });
		expect(explanation.steps.at(-1)?.facts).toEqual({ policy: "policy 2" });
		await verifier.verify(token);
		const known = await verifier.explain(token);
		expect(stepOf(known, "record").source).toBe("cache");
		expect(stepOf(known, "document").source).toBe("cache");
		expect(known.token).toEqual(await verifier.verify(token));
		resolver.close();
	});

	it("of a key in the registry doesn't depend on the document, but says what became of it", async () => {
		const organization = await stage.create("orgpass", { uris: () => [stage.server.url("/none.json")] });
		const { publicKey, key, did, orgId } = organization;
		await stage.registry("orgpass").addKey(orgId, { fragment: "chain", publicKey });
		const resolver = stage.resolver("orgpass");
		const verifier = createVerifier({
			profiles: [orgid({ audience: AUDIENCE, resolver })],
			now: () => stage.clock.now,
		});
		const explanation = await verifier.explain(await organization.mint(key, `${did}#chain`));
		expect(explanation.outcome).toBe("accepted");
		expect(stepOf(explanation, "document")).toMatchObject({
			outcome: "skipped",
			facts: { hosts: [{ code: "document/status" }] },
		});
		expect(stepOf(explanation, "key").facts).toMatchObject({ keyId: `${did}#chain`, addedAt: expect.any(Number) });
	});

	it("passes on each step as it is judged", async () => {
		const { resolver, verifier } = fresh({ policies: [() => true] });
		const seen: ExplainedStep[] = [];
		const { steps } = await verifier.explain(await published.mint(), {}, (step) => seen.push(step));
		const withoutDocument = seen.filter(({ name }) => name !== "document");
		expect(withoutDocument).toEqual(steps.filter(({ name }) => name !== "document"));
		expect(seen).toHaveLength(steps.length);
		resolver.close();
	});

	it.each(KINDS)(
		"of the kind %s is accepted alone, and among all kinds unless its issuer is ambiguous",
		async (kind) => {
			const token = await forgeKind(kind);
			const alone = verifierOfKinds([kind]);
			expect(await alone.explain(token)).toMatchObject({ outcome: "accepted", token: await alone.verify(token) });
			const all = verifierOfKinds(KINDS);
			const expected = await all.verify(token).then(
				(verified) => ({ outcome: "accepted", token: verified }),
				({ code }: OrgpassError) => ({ outcome: "denied", step: "key", error: { code } }),
			);
			expect(await all.explain(token)).toMatchObject(expected);
		},
	);
});

describe("explain: after a refusal", () => {
	it("judges an expired token's issuer, signature and key, but asks no policies", async () => {
		const asked: unknown[] = [];
		const { resolver, verifier } = fresh({ policies: [(token) => void asked.push(token)] });
		const token = await published.mint();
		stage.clock.now += 7_200;
		const explanation = await verifier.explain(token);
		stage.clock.now -= 7_200;
		expect(explanation).toMatchObject({ outcome: "denied", step: "claims", error: { code: "token/expired" } });
		expect(outcomesOf(explanation)).toEqual([
			"syntax passed",
			"kind passed",
			"header passed",
			"issuer passed",
			"claims denied",
			"chain passed later",
			"record passed later",
			"organization passed later",
			"document passed later",
			"key passed later",
			"signature passed later",
			"validity passed later",
			"policy skipped later",
		]);
		expect(asked).toEqual([]);
		resolver.close();
	});

	it("finds two faults of one token", async () => {
		const { resolver, verifier } = fresh();
		const token = withSignature(await published.mint(), new Uint8Array(64).fill(7));
		stage.clock.now += 7_200;
		const explanation = await verifier.explain(token);
		stage.clock.now -= 7_200;
		expect(explanation.step).toBe("claims");
		expect(stepOf(explanation, "signature")).toMatchObject({
			outcome: "denied",
			isAfterRefusal: true,
			error: { code: "token/signature" },
		});
		resolver.close();
	});

	it("asks the policies after one that refused, and each only once", async () => {
		const asked: number[] = [];
		const policy = (at: number, result: boolean) => () => {
			asked.push(at);
			return result;
		};
		const { resolver, verifier } = fresh({
			policies: [policy(1, true), policy(2, false), policy(3, true), policy(4, false)],
		});
		const explanation = await verifier.explain(await published.mint());
		expect(outcomesOf(explanation).slice(-4)).toEqual([
			"policy passed",
			"policy denied",
			"policy passed later",
			"policy denied later",
		]);
		expect(asked).toEqual([1, 2, 3, 4]);
		resolver.close();
	});

	it("says that a bug is no decision", async () => {
		const bug = new TypeError("a bug");
		const { resolver, verifier } = fresh({
			policies: [
				() => {
					throw bug;
				},
			],
		});
		const explanation = await verifier.explain(await published.mint());
		expect(explanation).toMatchObject({ outcome: "failed", step: "policy" });
		expect(explanation.error).toBe(bug);
		resolver.close();
	});

	it("shows what the call requires as the step grant", async () => {
		const { resolver, verifier } = fresh();
		const explanation = await verifier.explain(await published.mint(), { scope: "book" });
		expect(explanation).toMatchObject({ outcome: "denied", step: "grant", error: { code: "policy/scope" } });
		await refusalOf(() => verifier.explain("a.b.c", { scoope: "book" } as object));
		resolver.close();
	});

	it("names the step at which the time was over", async () => {
		const { resolver, verifier } = fresh({ timeoutSeconds: 2.5 });
		const held = Promise.withResolvers<void>();
		counter.before = held.promise;
		const explaining = verifier.explain(await published.mint());
		await until(() => isWaiting(2_500));
		await pass(2_500);
		const explanation = await explaining;
		held.resolve();
		counter.before = undefined;
		expect(explanation).toMatchObject({ outcome: "failed", step: "record", error: { code: "did/resolution" } });
		resolver.close();
	});

	it("chooses the profile as verify does if two recognize the token", async () => {
		const other = { "00000000-0000-4000-8000-000000000000": RSA_KEYS.publicKey };
		const profiles: Profile[] = [profileOfKind("github-app", other), profileOfKind("icr-app")];
		const verifier = createVerifier({ profiles });
		for (const claims of [{}, { exp: nowSeconds() - 1_000 }, { iss: "nobody" }] as const) {
			const token = await forgeKind("icr-app", claims);
			const seen: ExplainedStep[] = [];
			const explanation = await verifier.explain(token, {}, (step) => seen.push(step));
			const expected = await verifier.verify(token).then(
				(verified) => ({ outcome: "accepted", token: verified }),
				({ code, message }: OrgpassError) => ({ outcome: "denied", error: { code, message } }),
			);
			expect(explanation).toMatchObject(expected);
			expect(seen).toEqual(explanation.steps);
		}
	});
});

describe("explain uses nothing up", () => {
	it("adds no organization, key or document to the caches", async () => {
		const { resolver, verifier } = fresh();
		const token = await published.mint();
		const served = () => stage.server.requests(new URL(published.url).pathname);
		expect((await verifier.explain(token)).outcome).toBe("accepted");
		counter.reset();
		await verifier.explain(token);
		const [requests, before] = [counter.requests(), served()];
		expect(requests).toBeGreaterThan(0);
		counter.reset();
		await verifier.verify(token);
		expect([counter.requests(), served() - before]).toEqual([requests, 1]);
		counter.reset();
		await verifier.verify(token);
		await verifier.explain(token);
		expect([counter.requests(), served() - before]).toEqual([0, 1]);
		resolver.close();
	});

	it("neither spends a token nor counts a request", async () => {
		let consumed = 0;
		const limiter = {
			consume: async () => {
				consumed += 1;
			},
		};
		const { resolver, verifier } = fresh({ replay: createMemoryReplayStore(), policies: [limitRate(limiter)] });
		const token = await published.mint();
		for (let time = 0; time < 2; time++) {
			expect(outcomesOf(await verifier.explain(token)).slice(-2)).toEqual(["policy skipped", "replay passed"]);
		}
		expect(consumed).toBe(0);
		await verifier.verify(token);
		expect(await verifier.explain(token)).toMatchObject({
			outcome: "denied",
			step: "replay",
			error: { code: "replay/seen" },
		});
		expect(consumed).toBe(1);
		resolver.close();
	});

	it("can't tell whether a token was used if its store can't", async () => {
		const { spend } = createMemoryReplayStore();
		const { resolver, verifier } = fresh({ replay: { spend } });
		const explanation = await verifier.explain(await published.mint());
		expect([explanation.outcome, stepOf(explanation, "replay").outcome]).toEqual(["accepted", "skipped"]);
		resolver.close();
	});
});

it("a page that can't load what explains tokens reports an outage, and still verifies", async () => {
	const page = await importWithoutChunks<typeof import("../../src/index.ts")>("src/index.ts");
	const verifier = page.createVerifier({ profiles: [page.ioctl({ trustedIssuers: () => false })] });
	await expect(verifier.explain("a.b.c")).rejects.toMatchObject({ code: "did/resolution", cause: expect.any(Error) });
	await expect(verifier.verify("a.b.c")).rejects.toMatchObject({ code: "token/malformed" });
});
