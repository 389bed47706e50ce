/** What a policy's refusal means for the response. */
import { describe, expect, it, onTestFinished, vi } from "vitest";
import * as z from "zod";
import { limitLifetime } from "../../../src/auth/policies/lifetime.ts";
import { createRequirementsCheck } from "../../../src/auth/route-requirements.ts";
import { PolicyError } from "../../../src/errors/errors.ts";
import { createBearer } from "../../../src/http/bearer.ts";
import { isWaiting, pass, until } from "../../support/patient-timers.ts";
import { policyToken } from "../../support/policy-token.ts";
import { expectRefusal, refusalOf } from "../../support/refusal.ts";
import { createOfflineStage } from "../../support/token-stage.ts";

const refuse = (details: object) => () => {
	throw new PolicyError("policy/refused", "not now", { details: { ...details } });
};

describe("a policy of one's own", () => {
	it.each<[object, number, string | undefined, string | undefined]>([
		[{}, 403, "insufficient_scope", undefined],
		[{ status: 401 }, 401, "invalid_token", undefined],
		[{ status: 403 }, 403, "insufficient_scope", undefined],
		[{ status: 429, retryAfterSeconds: 7 }, 429, undefined, "7"],
		[{ status: 429 }, 429, undefined, "5"],
		[{ status: 503, retryAfterSeconds: 0.5 }, 503, undefined, "1"],
		[{ status: 503 }, 503, undefined, "5"],
		...[200, 204, 302, 400, 404, 500, "401", null, 401.5, [429]].map(
			(status) => [{ status }, 403, "insufficient_scope", undefined] as [object, number, string, undefined],
		),
	])("that throws with the details %j ends in %i", async (details, status, error, retryAfter) => {
		const bearer = createBearer({ verifier: { verify: async () => policyToken({ scopes: ["a"] }) } });
		const mayBook = bearer.requires({ scope: "a", policy: refuse(details) });
		const denied = await mayBook(await bearer("Bearer token"));
		if (denied.granted) expect.fail("a denial expected");
		expect(denied).toMatchObject({ status, isAnonymous: false });
		const challenge = `Bearer realm="orgpass", error="${error}", error_description="policy/refused", scope="a"`;
		expect(denied.headers["www-authenticate"]).toBe(error === undefined ? undefined : challenge);
		expect(denied.headers["retry-after"]).toBe(retryAfter);
	});

	it("decides the status in a verifier, too", async () => {
		const stage = await createOfflineStage();
		const bearer = createBearer({ verifier: stage.verifierWith({ policies: [refuse({ status: 429 })] }) });
		expect(await bearer(`Bearer ${await stage.forge()}`)).toMatchObject({ granted: false, status: 429 });
	});

	it("that no other code of a policy can pass for: a missing scope is always 403", async () => {
		const policy = () => {
			throw new PolicyError("policy/scope", "no", { details: { status: 401 } });
		};
		const bearer = createBearer({ verifier: { verify: async () => policyToken() } });
		expect(await bearer.requires({ policy })(await bearer("Bearer token"))).toMatchObject({ status: 403 });
	});
});

describe("a route's policy", () => {
	it("that never decides is an outage after 15 seconds", async () => {
		const assertMet = createRequirementsCheck({ policy: () => new Promise(() => {}) });
		const failing = refusalOf(() => assertMet(policyToken(), {}));
		await until(() => isWaiting(15_000));
		await pass(14_999);
		expect(await Promise.race([failing, "still waiting"])).toBe("still waiting");
		await pass(1);
		expect(await failing).toMatchObject({ name: "PolicyError", code: "policy/unavailable" });
	});

	it("that has decided leaves no timer behind", async () => {
		const set = vi.spyOn(globalThis, "setTimeout");
		const clear = vi.spyOn(globalThis, "clearTimeout");
		onTestFinished(() => void vi.restoreAllMocks());
		await createRequirementsCheck({ policy: async () => true })(policyToken(), {});
		const refusing = createRequirementsCheck({ policy: async () => false });
		await expectRefusal(() => refusing(policyToken(), {}), "policy/refused");
		const timers = set.mock.results.map(({ value }) => value);
		expect(timers).toHaveLength(2);
		expect(clear.mock.calls.map(([timer]) => timer)).toEqual(timers);
	});

	it("sees the claims as signed, even if the server's schema removes or replaces some", async () => {
		const claims = { iat: 0, exp: 60, sub: "room", tenant: "a" };
		const schema = z.object({ tenant: z.string(), sub: z.string().transform(() => "other") });
		const bearer = createBearer({ verifier: { verify: async () => policyToken({ claims }) }, claims: schema });
		const decision = await bearer("Bearer token");
		expect(decision).toMatchObject({ granted: true, auth: { claims: { tenant: "a", sub: "other" } } });
		expect((await bearer.requires({ policy: limitLifetime(60), resource: "room" })(decision)).granted).toBe(true);
		expect((await bearer.requires({ resource: "other" })(decision)).granted).toBe(false);
	});
});
