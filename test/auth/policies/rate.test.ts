/** The rate of an organization's requests, with the limiters of rate-limiter-flexible. */
import {
	type RateLimiterAbstract,
	RateLimiterMemory,
	type RateLimiterQueue,
	RateLimiterRedis,
} from "rate-limiter-flexible";
import { describe, expect, expectTypeOf, it } from "vitest";
import { not } from "../../../src/auth/policies/combine.ts";
import { limitRate, type RateLimiter } from "../../../src/auth/policies/rate.ts";
import { createBearer } from "../../../src/http/bearer.ts";
import { policyToken } from "../../support/policy-token.ts";
import { expectRefusal } from "../../support/refusal.ts";

describe("limitRate", () => {
	it("refuses what exceeds an organization's budget, whichever of its keys it uses, and says when to retry", async () => {
		const policy = limitRate(new RateLimiterMemory({ points: 2, duration: 60 }));
		await policy(policyToken());
		await policy(policyToken({ profile: "orgid-account", keyId: "another" }));
		const error = await expectRefusal(() => policy(policyToken()), "policy/rate");
		expect(error.details).toEqual({ retryAfterSeconds: 60 });
	});

	it("counts each issuer alone, and apps of different kinds with the same id", async () => {
		const policy = limitRate(new RateLimiterMemory({ points: 1, duration: 60 }));
		await policy(policyToken({ issuer: "7", profile: "github-app" }));
		await policy(policyToken({ issuer: "7", profile: "icr-app" }));
		await policy(policyToken());
		await expectRefusal(() => policy(policyToken({ issuer: "7", profile: "icr-app" })), "policy/rate");
	});

	it("ends in 429 with Retry-After and without a challenge", async () => {
		const policy = limitRate(new RateLimiterMemory({ points: 1, duration: 30 }));
		const bearer = createBearer({ verifier: { verify: async () => policyToken() } });
		const mayBook = bearer.requires({ policy });
		const authenticated = await bearer("Bearer token");
		expect((await mayBook(authenticated)).granted).toBe(true);
		const denied = await mayBook(authenticated);
		if (denied.granted) expect.fail("a denial expected");
		expect(denied).toMatchObject({ status: 429, isAnonymous: false });
		expect(denied.headers).toEqual({
			"content-type": "application/problem+json",
			"cache-control": "no-store",
			"retry-after": "30",
		});
		expect(JSON.parse(denied.body)).toMatchObject({ status: 429, code: "policy/rate", title: "Too many requests" });
	});

	it("a limiter in Redis that is down is an outage, never a refusal", async () => {
		const storeClient = {
			status: "end",
			defineCommand: () => undefined,
			rlflxIncr: () => Promise.reject(new Error("connection closed")),
		};
		const policy = limitRate(new RateLimiterRedis({ storeClient, points: 1, duration: 60 }));
		for (const asked of [policy, not(policy)]) {
			const error = await expectRefusal(() => asked(policyToken()), "policy/unavailable");
			expect(error.cause).toBeInstanceOf(Error);
		}
	});

	it.each<[string, unknown]>([
		["an error", Object.assign(new Error("down"), { msBeforeNext: 5 })],
		["a text", "down"],
		["nothing", undefined],
		["null", null],
		["an object that doesn't say when to retry", {}],
		["an object that says it as text", { msBeforeNext: "5" }],
		["an object that never lets it retry", { msBeforeNext: Number.POSITIVE_INFINITY }],
	])("a limiter that rejects with %s has failed", async (_what, reason) => {
		for (const consume of [
			() => Promise.reject(reason),
			() => {
				throw reason;
			},
		]) {
			await expectRefusal(() => limitRate({ consume })(policyToken()), "policy/unavailable");
		}
	});

	it.each([
		[0, 1],
		[-5, 1],
		[1, 1],
		[1_001, 2],
	])("a budget that is back in %i ms can be used in %i s", async (msBeforeNext, retryAfterSeconds) => {
		const policy = limitRate({ consume: () => Promise.reject({ msBeforeNext }) });
		const error = await expectRefusal(() => policy(policyToken()), "policy/rate");
		expect(error.details).toEqual({ retryAfterSeconds });
	});

	it.each([undefined, null, {}, { consume: 1 }, () => undefined])("%o isn't a limiter", async (limiter) => {
		await expectRefusal(() => limitRate(limiter as never), "config/invalid-option");
	});

	it("takes any limiter of rate-limiter-flexible", () => {
		expectTypeOf<RateLimiterAbstract>().toExtend<RateLimiter>();
		expectTypeOf<RateLimiterMemory>().toExtend<RateLimiter>();
		expectTypeOf<RateLimiterRedis>().toExtend<RateLimiter>();
		expectTypeOf<RateLimiterQueue>().not.toExtend<RateLimiter>();
	});
});
