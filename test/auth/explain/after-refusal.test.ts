/** What is judged after the step that refused a token, and what isn't asked again. */
import { expect, it } from "vitest";
import { createVerifier } from "../../../src/auth/create-verifier.ts";
import type { ExplainedStep } from "../../../src/auth/explain/explanation.ts";
import { PolicyError } from "../../../src/errors/errors.ts";
import { orgid } from "../../../src/tokens/orgid/orgid.ts";
import { AUDIENCE, DID, profileOf, recordOf } from "../../support/account-stage.ts";
import { countCalls } from "../../support/counting-resolver.ts";
import { issuerWith, verifierOfCustom } from "../../support/custom-kind.ts";
import { namesOf, outcomesOf, stepOf } from "../../support/explanations.ts";
import { withSignature } from "../../support/forge-token.ts";
import { isWaiting, pass, until } from "../../support/patient-timers.ts";
import { reportingResolver } from "../../support/reporting-resolver.ts";
import { documentWith, failureOf, resolverWith, resultOf } from "../../support/static-resolver.ts";
import { nowSeconds } from "../../support/system-clock.ts";
import { CURVE_KEY, forgeKind, verifierOfKinds } from "../../support/token-kinds.ts";

const EXPIRED = { iat: nowSeconds() - 5_000, exp: nowSeconds() - 4_500 };
const FORGED = new Uint8Array(64).fill(7);
const refuse = (): never => {
	throw new PolicyError("policy/refused", "no");
};
const result = resultOf(documentWith(DID, CURVE_KEY.publicKey), { organization: recordOf() });

it("an expired token's keys and signature are judged, and nobody is asked what it grants", async () => {
	let asked = 0;
	const ask = (): void => {
		asked += 1;
	};
	const verifier = verifierOfCustom({ assertGrant: ask }, { policies: [ask] });
	const explanation = await verifier.explain(withSignature(await forgeKind("ioctl", EXPIRED), FORGED));
	expect(outcomesOf(explanation).slice(4)).toEqual([
		...["claims denied", "key passed later", "signature denied later", "policy skipped later", "grant skipped later"],
	]);
	expect(asked).toBe(0);
});

it("a forged token's key is judged by its time, and whoever is named signed it for that", async () => {
	let asked = 0;
	const assertValidity = (): never => {
		asked += 1;
		return refuse();
	};
	const verifier = verifierOfCustom(issuerWith(() => ({ findSigner: () => undefined, assertValidity })));
	const explanation = await verifier.explain(await forgeKind("ioctl"));
	expect(outcomesOf(explanation).slice(-3)).toEqual([
		"signature denied",
		"validity denied later",
		"grant skipped later",
	]);
	expect(stepOf(explanation, "signature")).toMatchObject({
		error: { code: "token/signature" },
		facts: { signer: "a signer" },
	});
	expect(asked).toBe(1);
});

it("a key that isn't valid now keeps policies from being asked", async () => {
	const policies = [() => expect.fail("a policy was asked")];
	const members = issuerWith(() => ({ findSigner: () => "key", assertValidity: refuse }));
	const explanation = await verifierOfCustom(members, { policies }).explain(await forgeKind("ioctl"));
	expect(outcomesOf(explanation).slice(-3)).toEqual(["validity denied", "policy skipped later", "grant skipped later"]);
});

it("a kind's own rules that refuse are asked once, and the policies after them", async () => {
	let asked = 0;
	const assertGrant = (): never => {
		asked += 1;
		return refuse();
	};
	const verifier = verifierOfCustom({ assertGrant }, { policies: [() => true] });
	const explanation = await verifier.explain(await forgeKind("ioctl"));
	expect(outcomesOf(explanation).slice(-2)).toEqual(["grant denied", "policy passed later"]);
	expect(asked).toBe(1);
});

it("each policy is asked once, whatever others decide, and so is the resolver", async () => {
	const asked: number[] = [];
	const policies = [true, false, null, true, false].map((verdict, at) => () => {
		asked.push(at);
		return verdict;
	});
	const resolver = countCalls(resolverWith(result));
	const verifier = createVerifier({ profiles: [orgid({ audience: AUDIENCE, resolver })], policies });
	const seen: ExplainedStep[] = [];
	const explanation = await verifier.explain(await forgeKind("orgid"), {}, (step) => seen.push(step));
	expect(outcomesOf(explanation).filter((step) => step.startsWith("policy"))).toEqual([
		...["policy passed", "policy denied", "policy denied later", "policy passed later", "policy denied later"],
	]);
	expect([asked, resolver.calls()]).toEqual([[0, 1, 2, 3, 4], 1]);
	expect(seen.map(({ name }) => name)).toEqual(namesOf(explanation).filter((name) => name !== "document"));
	expect(explanation.organization).toEqual(recordOf());
});

it("a store of used tokens isn't asked about a token that was refused", async () => {
	const ask = (): Promise<boolean> => expect.fail("the store was asked");
	const verifier = verifierOfKinds(["ioctl"], { policies: [() => false], replay: { spend: ask, peek: ask } });
	expect(namesOf(await verifier.explain(await forgeKind("ioctl")))).not.toContain("replay");
});

it("claims that expire while the issuer is looked up are refused, although they were good before", async () => {
	let now = nowSeconds();
	const resolve = async () => {
		now += 10_000;
		return { findSigner: () => "key" };
	};
	const verifier = verifierOfCustom(issuerWith(resolve), { now: () => now });
	const explanation = await verifier.explain(await forgeKind("ioctl"));
	expect(explanation).toMatchObject({ outcome: "denied", step: "claims", error: { code: "token/expired" } });
	expect(outcomesOf(explanation).filter((step) => step.startsWith("claims"))).toEqual(["claims denied"]);
});

it("a document is a step after a look-up that failed", async () => {
	const record = recordOf({ document: { uris: [] } });
	const failure = failureOf({ error: "internalError", code: "registry/unreachable" });
	const resolver = reportingResolver({ result: failure, record });
	const verifier = createVerifier({ profiles: [orgid({ audience: AUDIENCE, resolver })] });
	const explanation = await verifier.explain(await forgeKind("orgid"));
	expect(outcomesOf(explanation).slice(-2)).toEqual(["record failed", "document skipped later"]);
});

it("an account's token needs no document", async () => {
	const record = recordOf({ document: { uris: [] } });
	const resolver = reportingResolver({ result: resultOf({ id: DID }, { organization: record }), record });
	for (const kind of ["orgid-eth", "orgid-account"] as const) {
		const profiles = [profileOf(kind, { resolver })];
		const explanation = await createVerifier({ profiles }).explain(await forgeKind(kind));
		expect([explanation.outcome, stepOf(explanation, "document").outcome]).toEqual(["accepted", "skipped"]);
	}
});

it("an organization whose look-up takes too long fails at the record", async () => {
	const never = new Promise<never>(() => {});
	const resolver = { resolve: () => never };
	const verifier = createVerifier({ profiles: [orgid({ audience: AUDIENCE, resolver })], timeoutSeconds: 2 });
	const explaining = verifier.explain(await forgeKind("orgid"));
	await until(() => isWaiting(2_000));
	await pass(2_000);
	expect(await explaining).toMatchObject({ outcome: "failed", step: "record", error: { code: "did/resolution" } });
});

it("what isn't an error is kept as the cause of one", async () => {
	const verifier = verifierOfKinds(["ioctl"], { policies: [() => Promise.reject("a text")] });
	const { error } = await verifier.explain(await forgeKind("ioctl"));
	expect(error).toMatchObject({ cause: "a text" });
});

it("a token of a cached organization used during an outage is marked as stale", async () => {
	const stale = { ...result, didResolutionMetadata: { stale: true } };
	const profiles = [orgid({ audience: AUDIENCE, resolver: resolverWith(stale) })];
	const token = await forgeKind("orgid");
	const explanation = await createVerifier({ profiles }).explain(token);
	expect(explanation.token).toEqual(await createVerifier({ profiles }).verify(token));
	expect(explanation.token).toMatchObject({ stale: true });
});
