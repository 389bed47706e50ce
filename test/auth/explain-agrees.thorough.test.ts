/** `explain` says what `verify` does, for any token, organization, policy and requirement, and changes nothing about it. */
import fc from "fast-check";
import { expect, it } from "vitest";
import { createVerifier, type Verifier } from "../../src/auth/create-verifier.ts";
import type { Explanation } from "../../src/auth/explain/explanation.ts";
import type { Policy } from "../../src/auth/policies/policy.ts";
import { createMemoryReplayStore } from "../../src/auth/replay/memory-store.ts";
import { isOrgpassError, PolicyError, RegistryError } from "../../src/errors/errors.ts";
import { OUTAGE_CODES } from "../../src/errors/outage-codes.ts";
import { orgid } from "../../src/tokens/orgid/orgid.ts";
import type { RequiredGrant } from "../../src/tokens/token-kind.ts";
import type { VerifiedToken } from "../../src/tokens/verified-token.ts";
import { AUDIENCE, createStageResolver, NOW } from "../support/did-jwt-stage.ts";
import { mintTokensOf, organizationStates } from "../support/organization-states.ts";
import { runs } from "../support/property.ts";
import { nowSeconds } from "../support/system-clock.ts";
import { APP_ID, forgeKind, KINDS, type Kind, RESOURCE, verifierOfKinds } from "../support/token-kinds.ts";

const BUG = new TypeError("a bug");
/** What a policy may do; some of it is no decision. */
const POLICIES: readonly Policy[] = [
	() => true,
	() => undefined,
	async () => true,
	() => false,
	async () => false,
	() => null,
	() => 0,
	() => ({ ok: true }),
	() => {
		throw new PolicyError("policy/refused", "no");
	},
	async () => {
		throw new RegistryError("registry/unreachable", "an outage");
	},
	() => {
		throw BUG;
	},
];
const policies = fc.oneof(
	fc.constant([]),
	fc.array(fc.oneof(fc.constantFrom(...POLICIES.slice(0, 3)), fc.constantFrom(...POLICIES)), { maxLength: 4 }),
);
const required: fc.Arbitrary<RequiredGrant> = fc.oneof(
	fc.constant({}),
	fc.record(
		{
			scope: fc.constantFrom("read", "book", ["read", "Read"], "Read"),
			resource: fc.constantFrom(RESOURCE, "x"),
			operation: fc.constantFrom("Read", "Create"),
			request: fc.constantFrom({ method: "GET", path: "/v1/users" }, { method: "GET", path: "/v1/../x" }),
		},
		{ requiredKeys: [] },
	),
);
const rules = fc.record({ policies, required, isSpent: fc.boolean() });
type Rules = typeof rules extends fc.Arbitrary<infer T> ? T : never;

interface Ended {
	readonly token?: VerifiedToken;
	readonly error?: unknown;
}

async function verify(verifier: Verifier, token: string, required: RequiredGrant): Promise<Ended> {
	return verifier.verify(token, required).then(
		(verified) => ({ token: verified }),
		(error: unknown) => ({ error }),
	);
}

function expectSame({ outcome, step, steps, token, error }: Explanation, ended: Ended): void {
	if (ended.error === undefined) {
		expect({ outcome, step, token }).toEqual({ outcome: "accepted", step: undefined, token: ended.token });
		expect(steps.filter((one) => one.isAfterRefusal || !["passed", "skipped"].includes(one.outcome))).toEqual([]);
		return;
	}
	const isDecision = isOrgpassError(ended.error) && !OUTAGE_CODES.has(ended.error.code);
	expect([outcome, token]).toEqual([isDecision ? "denied" : "failed", undefined]);
	const { code, message } = ended.error as { readonly code?: string; readonly message: string };
	expect(error).toMatchObject(code === undefined ? { message } : { code, message });
	// It ends at the step that is named, and nothing before that was refused.
	const last = steps.findIndex((one) => one.error === error && one.outcome === outcome);
	expect(steps[last]).toMatchObject({ name: step, isAfterRefusal: false });
	for (const before of steps.slice(0, last)) {
		expect(["passed", "skipped"]).toContain(before.outcome);
		expect(before.isAfterRefusal).toBe(false);
	}
	for (const after of steps.slice(last + 1)) expect(after.isAfterRefusal || after.outcome === "skipped").toBe(true);
}

/** Twice: the second time the issuer is known, and the token may be remembered or spent. */
async function compare(verifier: Verifier, token: string, { required }: Pick<Rules, "required">): Promise<void> {
	for (let time = 0; time < 2; time++) {
		const explanation = await verifier.explain(token, required);
		const ended = await verify(verifier, token, required);
		expectSame(explanation, ended);
	}
}

it("about every change of a token's claims, header and signature", async () => {
	const now = nowSeconds();
	const claims = fc.record(
		{
			exp: fc.constantFrom(0, now - 100, now + 100, 1e12, "x"),
			iat: fc.constantFrom(0, now, now + 1_000),
			aud: fc.constantFrom("x", AUDIENCE, []),
			iss: fc.constantFrom("x", "did:orgid:1:0x00#a", APP_ID, undefined),
			scope: fc.constantFrom("read", "read book", "Read", 7),
		},
		{ requiredKeys: [] },
	);
	const header = fc.record(
		{ alg: fc.constantFrom("none", "RS256", "ES256K"), kid: fc.constantFrom("x") },
		{ requiredKeys: [] },
	);
	const kinds = fc.oneof(fc.constant(KINDS), fc.subarray([...KINDS], { minLength: 1, maxLength: 2 }));
	const cut = fc.oneof({ weight: 5, arbitrary: fc.constant(0) }, fc.integer({ min: 1, max: 100 }));
	await fc.assert(
		fc.asyncProperty(
			fc.constantFrom<Kind>(...KINDS),
			kinds,
			fc.oneof(fc.constant({}), claims),
			fc.oneof(fc.constant({}), header),
			cut,
			rules,
			async (kind, accepted, members, head, cut, { policies, required, isSpent }) => {
				const replay = isSpent ? { replay: createMemoryReplayStore() } : {};
				const token = await forgeKind(kind, members, head);
				const verifier = verifierOfKinds(accepted.includes(kind) ? accepted : [kind, ...accepted], {
					policies,
					...replay,
				});
				await compare(verifier, cut === 0 ? token : token.slice(0, -cut), { required });
			},
		),
		runs(2_000, 40),
	);
});

it("about organizations in any state, at any time", async () => {
	const resolver = createStageResolver();
	const clock = { now: NOW };
	await fc.assert(
		fc.asyncProperty(organizationStates, rules, fc.constantFrom(0, 0, -1_500, 1_500), async (state, rules, later) => {
			clock.now = NOW + later;
			const verifier = createVerifier({
				profiles: [orgid({ audience: AUDIENCE, resolver })],
				policies: rules.policies,
				now: () => clock.now,
				...(rules.isSpent && { replay: createMemoryReplayStore() }),
			});
			for (const token of await mintTokensOf(state)) await compare(verifier, token, rules);
		}),
		runs(300, 5),
	);
});
