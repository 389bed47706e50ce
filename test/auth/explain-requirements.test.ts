/** What `explain` says about requirements, grants and policies. */
import { describe, expect, it } from "vitest";
import { allOf, anyOf, not } from "../../src/auth/policies/combine.ts";
import type { Policy } from "../../src/auth/policies/policy.ts";
import { limitRate } from "../../src/auth/policies/rate.ts";
import { PolicyError } from "../../src/errors/errors.ts";
import { outcomesOf, stepOf } from "../support/explanations.ts";
import { expectRefusal } from "../support/refusal.ts";
import { nowSeconds } from "../support/system-clock.ts";
import { forgeKind, verifierOfKinds } from "../support/token-kinds.ts";

class Requirements {
	get scope(): string {
		return "admin";
	}
}

describe("explain: what the call requires", () => {
	it.each<[string, object]>([
		["a getter of a class", new Requirements()],
		["an inherited property", Object.create({ scope: "admin" })],
		["a property that isn't enumerable", Object.defineProperty({}, "scope", { value: "admin" })],
	])("counts also as %s", async (_what, required) => {
		const verifier = verifierOfKinds(["ioctl"]);
		const token = await forgeKind("ioctl");
		await expectRefusal(() => verifier.verify(token, required), "policy/scope");
		expect(await verifier.explain(token, required)).toMatchObject({
			outcome: "denied",
			step: "grant",
			error: { code: "policy/scope" },
		});
	});

	it.each<[never]>([null, [], 5, "x", { scope: [] }, { scope: 5 }].map((required) => [required as never]))(
		"is refused as %j",
		async (required) => {
			const verifier = verifierOfKinds(["ioctl"]);
			const token = await forgeKind("ioctl");
			const refusal = await expectRefusal(() => verifier.verify(token, required), "config/invalid-option");
			const explained = await expectRefusal(() => verifier.explain(token, required), "config/invalid-option");
			expect(explained.message.replace("explain", "verify")).toBe(refusal.message);
		},
	);

	it.each([null, 5, "x", {}] as never[])("can't be watched by %j", async (onStep) => {
		const token = await forgeKind("ioctl");
		await expectRefusal(() => verifierOfKinds(["ioctl"]).explain(token, {}, onStep), "config/invalid-option");
	});

	it.each([{}, { request: undefined }])("is no step if it is nothing: %j", async (required) => {
		const token = await forgeKind("orgid", { scope: "book" });
		const explanation = await verifierOfKinds(["orgid"]).explain(token, required);
		expect(explanation.outcome).toBe("accepted");
		expect(outcomesOf(explanation)).not.toContain("grant passed");
	});

	it("is a step also if it is granted", async () => {
		const token = await forgeKind("orgid", { scope: "book" });
		const explanation = await verifierOfKinds(["orgid"]).explain(token, { scope: "book" });
		expect(explanation.outcome).toBe("accepted");
		expect(outcomesOf(explanation)).toContain("grant passed");
	});

	it.each([
		["orgid", "book"],
		["ioctl", "Read"],
	] as const)("isn't said to be missing in an expired token of the kind %s that has it", async (kind, scope) => {
		const times = { iat: nowSeconds() - 5_000, exp: nowSeconds() - 4_500 };
		const token = await forgeKind(kind, { scope, ...times });
		const explanation = await verifierOfKinds([kind]).explain(token, { scope });
		expect(explanation).toMatchObject({ step: "claims", error: { code: "token/expired" } });
		expect(outcomesOf(explanation).filter((step) => /^grant (?:denied|failed)/.test(step))).toEqual([]);
	});
});

it.each(["orgid-account", "orgid-eth", "orgid-eip712"] as const)(
	"policies after one that refused see who signed a token of the kind %s",
	async (kind) => {
		const token = await forgeKind(kind);
		const verified = await verifierOfKinds([kind]).verify(token);
		const seen: unknown[] = [];
		const policies: Policy[] = [() => false, (later) => void seen.push(later)];
		const explanation = await verifierOfKinds([kind], { policies }).explain(token);
		expect(outcomesOf(explanation).slice(-2)).toEqual(["policy denied", "policy passed later"]);
		expect(seen).toEqual([verified]);
	},
);

it.each([
	[401, "denied"],
	[403, "denied"],
	[429, "denied"],
	[503, "failed"],
])("a policy that refuses with the status %i has %s", async (status, outcome) => {
	const error = new PolicyError("policy/refused", "refused", { details: { status } });
	const verifier = verifierOfKinds(["ioctl"], { policies: [() => Promise.reject(error)] });
	const explanation = await verifier.explain(await forgeKind("ioctl"));
	expect(explanation).toMatchObject({ outcome, step: "policy" });
	expect(stepOf(explanation, "policy")).toMatchObject({ outcome, error });
});

describe("explain: policies that count requests", () => {
	/** A budget that is used up. */
	function usedUp(): { readonly policy: Policy; readonly consumed: () => number } {
		let consumed = 0;
		const consume = async (): Promise<never> => {
			consumed += 1;
			throw { msBeforeNext: 1_000 };
		};
		return { policy: limitRate({ consume }), consumed: () => consumed };
	}

	it.each<[string, (counting: Policy) => Policy, string]>([
		["alone", (counting) => counting, "policy/rate"],
		["in allOf", (counting) => allOf(() => true, counting), "policy/rate"],
		["in anyOf", (counting) => anyOf(counting, () => false), "policy/rate"],
		["in not", (counting) => not(counting), "accepted"],
		["in several", (counting) => anyOf(allOf(not(not(counting)), () => true)), "policy/no-alternative"],
	])("%s are skipped and consume nothing, whatever verify says", async (_where, combine, verdict) => {
		const { policy, consumed } = usedUp();
		const verifier = verifierOfKinds(["ioctl"], { policies: [combine(policy)] });
		const token = await forgeKind("ioctl");
		const explanation = await verifier.explain(token);
		expect(explanation.outcome).toBe("accepted");
		expect([stepOf(explanation, "policy").outcome, consumed()]).toEqual(["skipped", 0]);
		const code = await verifier.verify(token).then(
			() => "accepted",
			(error: { code: string }) => error.code,
		);
		expect([code, consumed()]).toEqual([verdict, 1]);
	});

	it("don't keep others from being asked, before or after a refusal", async () => {
		const { policy, consumed } = usedUp();
		const policies = [allOf(() => true), policy, () => false, not(policy), anyOf(() => true)];
		const explanation = await verifierOfKinds(["ioctl"], { policies }).explain(await forgeKind("ioctl"));
		expect(outcomesOf(explanation).filter((step) => step.startsWith("policy"))).toEqual([
			"policy passed",
			"policy skipped",
			"policy denied",
			"policy skipped later",
			"policy passed later",
		]);
		expect(consumed()).toBe(0);
	});
});
