/** Explanations of verifiers of several kinds of token: of the steps, those of the kind that counts. */
import { expect, it } from "vitest";
import { createVerifier, type Verifier } from "../../../src/auth/create-verifier.ts";
import type { ExplainedStep, Explanation } from "../../../src/auth/explain/explanation.ts";
import { OrgpassError } from "../../../src/errors/errors.ts";
import type { Profile, ResolvedIssuer } from "../../../src/tokens/token-kind.ts";
import { namesOf, outcomesOf, stepOf } from "../../support/explanations.ts";
import { idle, isWaiting, pass, until } from "../../support/patient-timers.ts";
import { nowSeconds } from "../../support/system-clock.ts";
import { forgeKind, profileOfKind, RSA_KEYS, verifierOfKinds } from "../../support/token-kinds.ts";

const EXPIRED = { iat: nowSeconds() - 5_000, exp: nowSeconds() - 4_500 };
const LIMIT_MS = 15_000;

/** Two kinds of app, the second of which knows the token's issuer. */
function verifierOfApps(policies: readonly (() => boolean)[] = []): Verifier {
	const other = { "00000000-0000-4000-8000-000000000000": RSA_KEYS.publicKey };
	return createVerifier({ profiles: [profileOfKind("github-app", other), profileOfKind("icr-app")], policies });
}

/** Explains a token, and expects that whoever watches sees the same steps. */
async function explain(verifier: Verifier, token: string, required = {}): Promise<Explanation> {
	const seen: ExplainedStep[] = [];
	const explanation = await verifier.explain(token, required, (step) => seen.push(step));
	expect(seen.map(({ name }) => name).toSorted()).toEqual(namesOf(explanation).toSorted());
	expect(new Set(seen)).toEqual(new Set(explanation.steps));
	return explanation;
}

/** A kind that says it recognizes every token. */
function customKind(name: string, members: Partial<Profile>): Profile {
	return { ...profileOfKind("ioctl"), name, recognizes: () => true, ...members };
}

it("a kind's own rules are a step of its tokens alone", async () => {
	const verifier = verifierOfKinds(["orgid", "ioctl"]);
	const [organization, device] = [await forgeKind("orgid", { scope: "book" }), await forgeKind("ioctl")];
	expect(outcomesOf(await explain(verifier, device))).toContain("grant passed");
	expect(namesOf(await explain(verifier, organization))).not.toContain("grant");
	for (const required of [{ scope: "book" }, { operation: "book" }]) {
		expect(outcomesOf(await explain(verifier, organization, required))).toContain("grant passed");
	}
	const forRoom = await forgeKind("orgid", { sub: "room" });
	expect(outcomesOf(await explain(verifier, forRoom, { resource: "room" }))).toContain("grant passed");
});

it("an expired token of the only kind that recognizes it is judged further", async () => {
	const explanation = await explain(verifierOfKinds(["orgid", "ioctl"]), await forgeKind("ioctl", EXPIRED));
	expect(outcomesOf(explanation).slice(-4)).toEqual([
		"claims denied",
		"key passed later",
		"signature passed later",
		"grant skipped later",
	]);
});

it("an expired token that two kinds recognize isn't: which keys count isn't known", async () => {
	const explanation = await explain(verifierOfApps(), await forgeKind("icr-app", EXPIRED));
	expect(outcomesOf(explanation)).toEqual([
		...["syntax passed", "kind passed", "header passed", "issuer passed", "claims denied"],
	]);
});

it("policies after one that refused are asked about a token that two kinds recognize", async () => {
	const explanation = await explain(verifierOfApps([() => false, () => true]), await forgeKind("icr-app"));
	expect(stepOf(explanation, "kind").facts).toEqual({ profile: "icr-app" });
	expect(outcomesOf(explanation).slice(-2)).toEqual(["policy denied", "policy passed later"]);
});

it("a scope that is missing is denied at the grant of the kind that counts, whatever its place", async () => {
	const required = { scope: "admin" };
	const explanations = [
		await explain(verifierOfKinds(["orgid", "ioctl"]), await forgeKind("ioctl"), required),
		await explain(verifierOfApps(), await forgeKind("icr-app"), required),
	];
	for (const explanation of explanations) {
		expect(explanation).toMatchObject({ outcome: "denied", step: "grant", error: { code: "policy/scope" } });
		expect(outcomesOf(explanation).slice(-2)).toEqual(["signature passed", "grant denied"]);
	}
});

it("the step that failed is one of the kind that threw", async () => {
	const error = new OrgpassError("key/unreachable", "down");
	const fail = async (): Promise<ResolvedIssuer> => Promise.reject(error);
	const known = async (): Promise<ResolvedIssuer> => ({ findSigner: () => "key" });
	const kinds = [
		customKind("good", { parseIssuer: () => ({ issuer: "1", signer: "1", resolve: known }) }),
		customKind("bad", { parseIssuer: () => ({ issuer: "2", signer: "2", resolve: fail }) }),
	];
	const explanation = await explain(createVerifier({ profiles: kinds }), await forgeKind("ioctl"));
	expect(explanation).toMatchObject({ outcome: "failed", step: "key" });
	expect(stepOf(explanation, "kind").facts).toEqual({ profile: "bad" });
	expect(stepOf(explanation, "key").error).toBe(error);
});

it("steps are passed on while the token is verified, as soon as one kind alone recognizes it", async () => {
	const seen: string[] = [];
	let before: string[] = [];
	const note = (): void => {
		before = [...seen];
	};
	const verifier = verifierOfKinds(["orgid", "ioctl"], { policies: [note] });
	await verifier.explain(await forgeKind("ioctl"), {}, ({ name }) => seen.push(name));
	expect(before).toEqual(["syntax", "kind", "header", "issuer", "claims", "key", "signature"]);
});

it("steps are passed on before the policies are asked, if all other kinds have refused the token's issuer", async () => {
	const parseIssuer = (): never => {
		throw new OrgpassError("token/issuer", "not mine");
	};
	for (const order of [(all: Profile[]) => all, (all: Profile[]) => all.toReversed()]) {
		const seen: string[] = [];
		let before: string[] = [];
		const note = (): void => {
			before = [...seen];
		};
		const profiles = order([profileOfKind("ioctl"), customKind("other", { parseIssuer })]);
		const verifier = createVerifier({ profiles, policies: [note] });
		await verifier.explain(await forgeKind("ioctl"), {}, ({ name }) => seen.push(name));
		expect(before).toEqual(["syntax", "kind", "header", "issuer", "claims", "key", "signature"]);
	}
});

it("a signature that takes too long fails as a step of the kind that knows the issuer", async () => {
	const unknown = async (): Promise<ResolvedIssuer> =>
		Promise.reject(new OrgpassError("token/issuer-unknown", "expected a known issuer"));
	let asked = 0;
	const findSigner = (): Promise<string> => {
		asked += 1;
		return new Promise(() => undefined);
	};
	const profiles = [
		customKind("one", { parseIssuer: () => ({ issuer: "1", signer: "1", resolve: unknown }) }),
		customKind("other", { parseIssuer: () => ({ issuer: "1", signer: "1", resolve: () => ({ findSigner }) }) }),
	];
	const explaining = createVerifier({ profiles }).explain(await forgeKind("ioctl"));
	await until(() => asked === 1 && isWaiting(LIMIT_MS));
	await pass(LIMIT_MS);
	const explanation = await explaining;
	expect(explanation).toMatchObject({ outcome: "failed", step: "signature" });
	expect(stepOf(explanation, "kind").facts).toEqual({ profile: "other" });
});

it("nothing is passed on while two kinds recognize the token, nor what the other one does later", async () => {
	const { promise, resolve } = Promise.withResolvers<ResolvedIssuer>();
	let asked = 0;
	const look = (): Promise<ResolvedIssuer> => {
		asked += 1;
		return promise;
	};
	const parseIssuer = () => ({ issuer: "1", signer: "1", resolve: look });
	const profiles = ["one", "other"].map((name) => customKind(name, { parseIssuer }));
	const seen: string[] = [];
	const explaining = createVerifier({ profiles }).explain(await forgeKind("ioctl"), {}, ({ name }) => seen.push(name));
	await until(() => asked === 2 && isWaiting(LIMIT_MS));
	const before = seen.filter((name) => name !== "syntax");
	await pass(LIMIT_MS);
	const explanation = await explaining;
	expect([before, explanation.outcome]).toEqual([[], "failed"]);
	resolve({ findSigner: () => "key" });
	await idle(1);
	expect(seen).toEqual(namesOf(explanation));
});
