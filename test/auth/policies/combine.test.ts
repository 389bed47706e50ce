/** Policies made of others. */
import fc from "fast-check";
import { describe, expect, expectTypeOf, it } from "vitest";
import { allOf, anyOf, type CombinedPolicy, not } from "../../../src/auth/policies/combine.ts";
import type { Policy } from "../../../src/auth/policies/policy.ts";
import { requireAnyScope, requireScope } from "../../../src/auth/policies/scope.ts";
import { ConfigError, PolicyError, RegistryError, TokenError } from "../../../src/errors/errors.ts";
import { toFailure } from "../../../src/http/denial.ts";
import { policyToken } from "../../support/policy-token.ts";
import { expectRefusal } from "../../support/refusal.ts";

const token = policyToken({ scopes: ["a"] });
const REQUIRED = Object.freeze({ resource: "room" });

const refusal = (status?: number): Error => new PolicyError("policy/refused", "no", { details: { status } });
const rate = new PolicyError("policy/rate", "slower", { details: { retryAfterSeconds: 9 } });
const outage = new RegistryError("registry/unreachable", "down");

/** Policies by what they decide. */
const ACCEPTING: readonly Policy[] = [
	() => true,
	() => undefined,
	async () => true,
	async () => undefined,
	// biome-ignore lint/suspicious/noThenProperty: a thenable that isn't a promise
	() => ({ then: (resolve: (value: unknown) => void) => resolve(true) }),
];
const REFUSING: readonly Policy[] = [
	() => false,
	async () => false,
	throwing(refusal()),
	throwing(refusal(401)),
	throwing(refusal(500)),
	throwing(rate),
	async () => Promise.reject(new PolicyError("policy/scope", "no")),
	// biome-ignore lint/suspicious/noThenProperty: a thenable that isn't a promise
	() => ({ then: (resolve: (value: unknown) => void) => resolve(false) }),
];
/** Neither accepts nor refuses. */
const FAILING: readonly Policy[] = [
	...[null, 0, 1, "", "true", Number.NaN, [], { ok: false }, { ok: true }, () => true, Symbol("x"), 0n].map(
		(value): Policy =>
			() =>
				value,
	),
	async () => null,
	throwing("a string"),
	throwing(undefined),
	throwing(new Error("a bug")),
	throwing({ code: "policy/refused" }),
	throwing(outage),
	throwing(refusal(503)),
	throwing(new PolicyError("policy/unavailable", "later")),
	throwing(new ConfigError("config/missing", "no setting")),
	throwing(new TokenError("token/claim-invalid", "no tenant")),
	async () => Promise.reject("a string"),
	// biome-ignore lint/suspicious/noThenProperty: a thenable that isn't a promise
	() => ({ then: (_: unknown, reject: (error: unknown) => void) => reject(outage) }),
];

function throwing(error: unknown): Policy {
	return () => {
		throw error;
	};
}

type Verdict = "accepted" | "refused" | "failed";
const verdictOf = (policy: Policy): Verdict => {
	if (ACCEPTING.includes(policy)) return "accepted";
	return REFUSING.includes(policy) ? "refused" : "failed";
};

const isAccepted = (policy: CombinedPolicy): Promise<boolean> =>
	policy(token, REQUIRED).then(
		() => true,
		() => false,
	);

const onePolicy = fc.constantFrom(...ACCEPTING, ...REFUSING, ...FAILING);
const someRefusals = fc.array(fc.constantFrom(...REFUSING), { minLength: 1, maxLength: 4 });
const somePolicies = fc.array(onePolicy, { minLength: 1, maxLength: 4 });

describe("laws of combined policies", () => {
	it("allOf accepts only what all accept", () =>
		check(somePolicies, async (policies) => {
			expect(await isAccepted(allOf(...policies))).toBe(policies.every((one) => verdictOf(one) === "accepted"));
		}));

	it("anyOf accepts only what one accepts", () =>
		check(somePolicies, async (policies) => {
			expect(await isAccepted(anyOf(...policies))).toBe(policies.some((one) => verdictOf(one) === "accepted"));
		}));

	it("not accepts only what is refused", () =>
		check(onePolicy, async (policy) => {
			expect(await isAccepted(not(policy))).toBe(verdictOf(policy) === "refused");
		}));

	it("not(not(p)) decides as p does", () =>
		check(onePolicy, async (policy) => {
			expect(await isAccepted(not(not(policy)))).toBe(verdictOf(policy) === "accepted");
		}));

	it("De Morgan: not(anyOf(…)) is allOf(not(…)), whatever fails", () =>
		check(somePolicies, async (policies) => {
			const inverted = policies.map((policy) => not(policy));
			expect(await isAccepted(not(anyOf(...policies)))).toBe(await isAccepted(allOf(...inverted)));
		}));

	it("no combination of failures alone is ever accepted", () =>
		check(fc.array(fc.constantFrom(...FAILING), { minLength: 1, maxLength: 3 }), async (policies) => {
			for (const combined of [allOf(...policies), anyOf(...policies), not(allOf(...policies))]) {
				for (const one of [combined, not(combined), not(not(combined)), anyOf(not(combined))]) {
					expect(await isAccepted(one)).toBe(false);
				}
			}
		}));

	it("anyOf of refusals is a refusal", () =>
		check(someRefusals, async (policies) => {
			expect(await isAccepted(not(anyOf(...policies)))).toBe(true);
		}));
});

describe("allOf", () => {
	it("asks in order, until one refuses", async () => {
		const asked: string[] = [];
		const ask =
			(name: string, result: boolean): Policy =>
			() =>
				asked.push(name) > 0 && result;
		const error = await expectRefusal(
			() => allOf(ask("first", true), allOf(ask("second", false)), ask("third", true))(token),
			"policy/refused",
		);
		expect(asked).toEqual(["first", "second"]);
		expect(error.message).toBe("a policy refused the token");
	});

	it("passes on the token and what the call requires", async () => {
		const seen: unknown[][] = [];
		const policy: Policy = (...args) => seen.push(args) < 0;
		for (const combined of [allOf(policy), anyOf(policy), not(policy)]) await isAccepted(combined);
		expect(seen).toEqual(Array.from({ length: 3 }, () => [token, REQUIRED]));
	});
});

describe("anyOf", () => {
	it("asks in order, until one accepts", async () => {
		const asked: string[] = [];
		const ask =
			(name: string, result: boolean): Policy =>
			() =>
				asked.push(name) > 0 && result;
		await anyOf(ask("first", false), ask("second", true), ask("third", true))(token);
		expect(asked).toEqual(["first", "second"]);
	});

	it("reports the reasons of all refusals", async () => {
		const policy = anyOf(requireScope("b"), requireAnyScope("c d"), () => false);
		const error = await expectRefusal(() => policy(token), "policy/no-alternative");
		expect(error.details["reasons"]).toEqual(["policy/scope", "policy/scope", "policy/refused"]);
		expect(error.cause).toMatchObject({ errors: [{ details: { missing: ["b"] } }, {}, {}] });
		expect(error.message).toContain("expected one of the scopes c d");
		expect(toFailure(error)).toMatchObject({ status: 403, error: "insufficient_scope" });
	});

	it.each<[string, readonly Error[], number]>([
		["an outage outweighs refusals", [refusal(), outage, rate], 503],
		["a policy's own outage outweighs refusals", [refusal(), refusal(503), refusal(401)], 503],
		["a limit on the rate outweighs other refusals", [refusal(401), rate, refusal()], 429],
		["a better token is asked for only if it is enough", [refusal(401), refusal()], 403],
		["a better token is asked for if it is enough", [refusal(401), refusal(401)], 401],
		["a bug outweighs refusals", [refusal(), new Error("a bug"), rate], 500],
	])("%s", async (_what, errors, status) => {
		const error = await anyOf(...errors.map(throwing))(token).catch((thrown: unknown) => thrown);
		expect(toFailure(error).status).toBe(status);
		await anyOf(...errors.map(throwing), () => true)(token);
	});
});

it.each<[string, () => unknown]>([
	["allOf()", () => allOf()],
	["anyOf()", () => anyOf()],
	["allOf([])", () => allOf([] as never)],
	["anyOf(undefined)", () => anyOf(undefined as never)],
	["not(undefined)", () => not(undefined as never)],
	["not({})", () => not({} as never)],
])("%s is an invalid option", async (_what, create) => {
	await expectRefusal(create, "config/invalid-option");
});

it("combined policies are policies, and can be called with a token alone", () => {
	expectTypeOf<CombinedPolicy>().toExtend<Policy>();
	expectTypeOf(allOf(() => true, requireScope("a"), not(anyOf(requireScope("b"))))).toEqualTypeOf<CombinedPolicy>();
	expectTypeOf(not).parameter(0).toEqualTypeOf<Policy>();
	expectTypeOf<CombinedPolicy>().toBeCallableWith(token);
});

function check<T>(values: fc.Arbitrary<T>, property: (value: T) => Promise<void>): Promise<void> {
	return fc.assert(fc.asyncProperty(values, property)) as Promise<void>;
}
