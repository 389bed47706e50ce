/** Policies about what the token and the organization's record say. */
import { describe, expect, it } from "vitest";
import { not } from "../../../src/auth/policies/combine.ts";
import { denyIssuer, requireIssuer } from "../../../src/auth/policies/issuer.ts";
import { limitLifetime } from "../../../src/auth/policies/lifetime.ts";
import { type OrganizationRequirements, requireOrganization } from "../../../src/auth/policies/organization.ts";
import type { AssertToken } from "../../../src/auth/policies/policy.ts";
import { requireAnyScope } from "../../../src/auth/policies/scope.ts";
import type { ErrorCode } from "../../../src/errors/codes.ts";
import { toFailure } from "../../../src/http/denial.ts";
import { DID, policyRecord, policyToken } from "../../support/policy-token.ts";
import { expectRefusal } from "../../support/refusal.ts";
import { startChainStage } from "../../support/token-stage.ts";

const OTHER = `did:orgid:31337:0x${"0b".repeat(32)}`;
const OWNER = policyRecord().owner;
const DIRECTOR = `0x${"D1".repeat(20)}` as const;

describe("a policy accepts and refuses", () => {
	it.each<[string, AssertToken, object, object, ErrorCode, number]>([
		["issuers", requireIssuer([DID, "7"]), { issuer: "7" }, { issuer: OTHER }, "policy/issuer", 403],
		["one issuer", requireIssuer(DID), { issuer: DID }, { issuer: `${DID}0` }, "policy/issuer", 403],
		["denied issuers", denyIssuer([OTHER, "7"]), { issuer: DID }, { issuer: "7" }, "policy/issuer-denied", 403],
		["any scope", requireAnyScope("book cancel"), { scopes: ["cancel"] }, { scopes: ["boo"] }, "policy/scope", 403],
		["any scope", requireAnyScope(["a"]), { scopes: ["b", "a"] }, { scopes: [] }, "policy/scope", 403],
		[
			"lifetimes",
			limitLifetime(300),
			{ claims: { iat: 1, exp: 301 } },
			{ claims: { iat: 1, exp: 301.5 } },
			"policy/lifetime",
			401,
		],
		[
			"tokens without iat",
			limitLifetime(1),
			{ claims: { iat: 5, exp: 6 } },
			{ claims: { exp: 6 } },
			"policy/lifetime",
			401,
		],
		[
			"tokens without exp",
			limitLifetime(9),
			{ claims: { iat: 5, exp: 5 } },
			{ claims: { iat: 5 } },
			"policy/lifetime",
			401,
		],
	])("%s", async (_what, policy, good, bad, code, status) => {
		expect(policy(policyToken(good))).toBeUndefined();
		const error = await expectRefusal(() => policy(policyToken(bad)), code);
		expect(toFailure(error)).toMatchObject({ status, code });
		await not(policy)(policyToken(bad));
		await expectRefusal(() => not(policy)(policyToken(good)), "policy/excluded");
	});

	it.each<[OrganizationRequirements, object]>([
		[{ owner: OWNER }, { owner: DIRECTOR }],
		[{ owner: [DIRECTOR, OWNER.toLowerCase()] }, { owner: `0x${"00".repeat(20)}` }],
		[{ director: DIRECTOR }, { director: OWNER }],
		[{ director: DIRECTOR.toLowerCase() }, { director: undefined }],
		[{ kind: "orgpass" }, { kind: "orgid-v1" }],
		[{ kind: ["orgid-v3", "orgpass"] }, { kind: "Orgpass" }],
		[{ registry: `0x${"5e".repeat(20)}` }, { registry: OWNER }],
		[{ documentEvidence: "hash" }, { documentEvidence: "proof" }],
		[{ kind: "orgpass", owner: OWNER }, { owner: DIRECTOR }],
	])("organizations with %j", async (requirements, change) => {
		const policy = requireOrganization(requirements);
		const record = policyRecord({ director: DIRECTOR });
		expect(policy(policyToken({ organization: record }))).toBeUndefined();
		const bad = policyToken({ organization: { ...record, ...change } });
		const error = await expectRefusal(() => policy(bad), "policy/organization");
		expect(error.details).toEqual({ member: Object.keys(change)[0] });
		await not(policy)(bad);
	});

	it("may be required by a getter, or by inheritance", async () => {
		const inherited: OrganizationRequirements = Object.create({ owner: DIRECTOR }, { kind: { value: "orgpass" } });
		const token = policyToken({ organization: policyRecord() });
		await expectRefusal(() => requireOrganization(inherited)(token), "policy/organization");
		const { details } = await expectRefusal(
			() => requireOrganization({ owner: DIRECTOR })(token),
			"policy/organization",
		);
		expect(details).toEqual({ member: "owner" });
	});

	it("no token without a record, not even inverted", async () => {
		const policy = requireOrganization({ kind: "orgpass" });
		for (const asked of [policy, not(policy), not(not(policy))]) {
			await expectRefusal(() => asked(policyToken()), "policy/organization");
		}
	});

	it.each<OrganizationRequirements>([
		{ owner: OWNER },
		{ kind: "orgpass" },
		{ registry: OWNER },
		{ documentEvidence: "hash" },
	])("no record without the member of %j, not even inverted", async (requirements) => {
		const organization = { ...policyRecord(), [Object.keys(requirements)[0] as string]: undefined };
		const policy = requireOrganization(requirements);
		for (const asked of [policy, not(policy), not(not(policy))]) {
			await expectRefusal(() => asked(policyToken({ organization })), "policy/organization");
		}
	});

	it("organizations by what a real registry records", async () => {
		const stage = await startChainStage();
		try {
			const { owner, address } = { owner: stage.sender.owner, address: stage.network.registry.address };
			const requirements = { owner: await owner.getAddress(), registry: address, kind: "orgpass" };
			const verifier = stage.verifierWith({ policies: [requireOrganization(requirements)] });
			expect(await verifier.verify(await stage.forge())).toMatchObject({ issuer: stage.sender.did });
			const other = stage.verifierWith({ policies: [requireOrganization({ owner: DIRECTOR })] });
			await expectRefusal(async () => other.verify(await stage.forge()), "policy/organization");
		} finally {
			await stage.close();
		}
	});
});

describe("invalid options are rejected by", () => {
	it.each<[string, () => unknown]>([
		...[[], [""], [null], 7, "", undefined, `${DID}#key`, DID.toUpperCase(), DID.replace("31337:", "")].flatMap(
			(issuers): [string, () => unknown][] => [
				[`requireIssuer ${JSON.stringify(issuers)}`, () => requireIssuer(issuers as never)],
				[`denyIssuer ${JSON.stringify(issuers)}`, () => denyIssuer(issuers as never)],
			],
		),
		...["", [], ["a b"], 'a"b'].map((scope): [string, () => unknown] => [
			`requireAnyScope ${JSON.stringify(scope)}`,
			() => requireAnyScope(scope),
		]),
		...[0, -1, Number.NaN, Number.POSITIVE_INFINITY, "60", 60n, undefined].map((seconds): [string, () => unknown] => [
			`limitLifetime ${String(seconds)}`,
			() => limitLifetime(seconds as never),
		]),
		...[
			{},
			{ owner: undefined },
			{ owner: [] },
			{ owner: "alice" },
			{ owner: "io1r8n7xah8cgfm0el8u3kvwzja6zrd4le2zce7sk" },
			{ registry: "0x5E" },
			{ kind: "" },
			{ documentEvidence: "none" },
		].map((requirements): [string, () => unknown] => [
			`requireOrganization ${JSON.stringify(requirements)}`,
			() => requireOrganization(requirements as never),
		]),
	])("%s", async (_what, create) => {
		await expectRefusal(create, "config/invalid-option");
	});

	it("requireOrganization, if a member is unknown", async () => {
		await expectRefusal(() => requireOrganization({ active: true } as never), "config/unknown-option");
	});
});

it("later changes to the arrays change nothing", async () => {
	const issuers = [OTHER];
	const [allow, deny] = [requireIssuer(issuers), denyIssuer(issuers)];
	issuers[0] = DID;
	await expectRefusal(() => allow(policyToken()), "policy/issuer");
	expect(deny(policyToken())).toBeUndefined();
});
