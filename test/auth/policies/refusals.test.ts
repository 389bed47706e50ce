/** What the errors of policies say, and values that only look right. */
import { expect, it } from "vitest";
import { anyOf } from "../../../src/auth/policies/combine.ts";
import { denyIssuer, requireIssuer } from "../../../src/auth/policies/issuer.ts";
import { limitLifetime } from "../../../src/auth/policies/lifetime.ts";
import { requireOrganization } from "../../../src/auth/policies/organization.ts";
import type { AssertToken } from "../../../src/auth/policies/policy.ts";
import { requireAnyScope, requireScope } from "../../../src/auth/policies/scope.ts";
import type { ErrorCode } from "../../../src/errors/codes.ts";
import { PolicyError } from "../../../src/errors/errors.ts";
import { policyRecord, policyToken } from "../../support/policy-token.ts";
import { expectRefusal } from "../../support/refusal.ts";

const OTHER = `0x${"0c".repeat(20)}` as const;

it.each<[string, () => AssertToken, object, ErrorCode, object]>([
	["a lifetime", () => limitLifetime(60), { claims: { iat: 0, exp: 61 } }, "policy/lifetime", { maxSeconds: 60 }],
	["exp as text", () => limitLifetime(60), { claims: { iat: 1, exp: "2" } }, "policy/lifetime", { maxSeconds: 60 }],
	["iat as text", () => limitLifetime(60), { claims: { iat: "1", exp: 2 } }, "policy/lifetime", { maxSeconds: 60 }],
	["both as text", () => limitLifetime(60), { claims: { iat: "1", exp: "2" } }, "policy/lifetime", { maxSeconds: 60 }],
	["any scope", () => requireAnyScope("a b"), { scopes: ["c"] }, "policy/scope", { allowed: ["a", "b"] }],
	[
		"all scopes",
		() => requireScope("a b"),
		{ scopes: ["b"] },
		"policy/scope",
		{ required: ["a", "b"], missing: ["a"] },
	],
	["an issuer", () => requireIssuer(["7", "did"]), { issuer: "8" }, "policy/issuer", {}],
	["a denied issuer", () => denyIssuer("7"), { issuer: "7" }, "policy/issuer-denied", {}],
])("a policy about %s says what it requires", async (_what, create, members, code, details) => {
	const error = await expectRefusal(() => create()(policyToken(members)), code);
	expect(error.details).toEqual(details);
});

it("says which scopes a token has, also if it has none", () => {
	expect(() => requireScope("pay")(policyToken({ scopes: ["book", "cancel"] }))).toThrow(
		'expected the scope pay, got "book cancel"',
	);
	expect(() => requireScope("pay")(policyToken({ scopes: [] }))).toThrow("expected the scope pay, got none");
});

it.each(["owner", "director", "registry"] as const)("addresses of the %s are the same in any case", async (name) => {
	const organization = policyRecord({ [name]: `0x${"Ab".repeat(20)}` });
	const policy = requireOrganization({ [name]: [OTHER, `0x${"ab".repeat(20)}`] });
	expect(policy(policyToken({ organization }))).toBeUndefined();
	const error = await expectRefusal(
		() => policy(policyToken({ organization: policyRecord({ [name]: `0x${"0d".repeat(20)}` }) })),
		"policy/organization",
	);
	expect(error.details).toEqual({ member: name });
});

it.each(["hash", "proof"] as const)("a document may be required to be verified by its %s", async (documentEvidence) => {
	const policy = requireOrganization({ documentEvidence });
	expect(policy(policyToken({ organization: policyRecord({ documentEvidence }) }))).toBeUndefined();
	const other = policyRecord({ documentEvidence: documentEvidence === "hash" ? "proof" : "hash" });
	await expectRefusal(() => policy(policyToken({ organization: other })), "policy/organization");
});

it("of alternatives that a better token would satisfy, the last one's refusal counts", async () => {
	const refusals = [401, 401, 401].map((status) => new PolicyError("policy/refused", "no", { details: { status } }));
	const throwing = (error: Error) => () => {
		throw error;
	};
	await expect(anyOf(...refusals.map(throwing))(policyToken())).rejects.toBe(refusals[2]);
	const forbidden = throwing(new PolicyError("policy/scope", "no"));
	const mixed = anyOf(forbidden, throwing(refusals[0] as Error));
	await expectRefusal(() => mixed(policyToken()), "policy/no-alternative");
});
