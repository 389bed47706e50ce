/** The option `replay` of a verifier: when it asks the store, with what, and what it makes of the answer. */
import { beforeAll, describe, expect, it, vi } from "vitest";
import { createMemoryReplayStore } from "../../../src/auth/replay/memory-store.ts";
import type { ReplayStore } from "../../../src/auth/replay/replay-store.ts";
import type { ErrorCode } from "../../../src/errors/codes.ts";
import { ReplayError } from "../../../src/errors/errors.ts";
import { toFailure } from "../../../src/http/denial.ts";
import type { Profile } from "../../../src/tokens/token-kind.ts";
import { pass, until } from "../../support/patient-timers.ts";
import { recordOperations } from "../../support/recording-observer.ts";
import { expectRefusal } from "../../support/refusal.ts";
import { createOfflineStage, type TokenStage } from "../../support/token-stage.ts";

let stage: TokenStage;
beforeAll(async () => {
	stage = await createOfflineStage();
});

/** A store that notes its calls. */
function recordingStore(spend: ReplayStore["spend"] = async () => true) {
	return { spend: vi.fn(spend) };
}

describe("a verifier with a store of used tokens", () => {
	it("passes on a key of 43 characters, the time to keep it until, and its clock", async () => {
		const replay = recordingStore();
		const [now, exp] = [stage.now(), stage.now() + 600];
		const token = await stage.forge({ payload: stage.claims({ jti: "1", exp }) });
		const verified = await stage.verifierWith({ replay, now: () => now }).verify(token);
		expect(verified).toEqual(await stage.verify(token));
		expect(replay.spend.mock.calls).toEqual([[expect.stringMatching(/^[\w-]{43}$/), exp + 300, now]]);
	});

	it("keeps a token for the largest tolerance, whatever its own, so that others can share the store", async () => {
		const replay = createMemoryReplayStore({ maxEntries: 1 });
		const [now, exp] = [stage.now(), stage.now() + 60];
		const token = await stage.forge({ payload: stage.claims({ exp }) });
		await stage.verifierWith({ replay, clockToleranceSeconds: 0, now: () => now }).verify(token);
		const tolerant = (at: number) => stage.verifierWith({ replay, clockToleranceSeconds: 300, now: () => at });
		await expectRefusal(() => tolerant(exp + 299.999).verify(token), "replay/seen");
		await expectRefusal(() => tolerant(exp + 300).verify(token), "token/expired");
	});

	it("doesn't accept a token again after its clock was set back", async () => {
		const replay = createMemoryReplayStore();
		let now = stage.now();
		const verifier = stage.verifierWith({ replay, now: () => now });
		const token = await stage.forge({ payload: stage.claims({ iat: now, exp: now + 60 }) });
		await verifier.verify(token);
		now += 10_000;
		await verifier.verify(await stage.forge({ payload: stage.claims({ iat: now, exp: now + 60 }) }));
		now -= 10_000;
		await expectRefusal(() => verifier.verify(token), "replay/unavailable");
	});

	it("remembers a token for as long as its exp says, however far away", async () => {
		const replay = createMemoryReplayStore();
		const exp = 253_402_300_799;
		const verifierAt = (now: number) => stage.verifierWith({ replay, maxLifetimeSeconds: 1e12, now: () => now });
		const token = await stage.forge({ payload: stage.claims({ exp }) });
		await verifierAt(stage.now()).verify(token);
		await expectRefusal(() => verifierAt(exp - 1).verify(token), "replay/seen");
	});

	it("asks last: a token that is refused isn't spent", async () => {
		const replay = recordingStore();
		const token = await stage.forge({ payload: stage.claims({ scope: "book" }) });
		const verifier = stage.verifierWith({ replay });
		await expectRefusal(() => verifier.verify(token, { scope: "pay" }), "policy/scope");
		await expectRefusal(() => stage.verifierWith({ replay, policies: [() => false] }).verify(token), "policy/refused");
		await expectRefusal(() => verifier.verify(`${token}A`), ["token/signature", "token/malformed"]);
		expect(replay.spend).not.toHaveBeenCalled();
		await verifier.verify(token, { scope: "book" });
		expect(replay.spend).toHaveBeenCalledOnce();
	});

	it("doesn't spend a token whose policies decide too late", async () => {
		const replay = recordingStore();
		let decide: ((isGood: boolean) => void) | undefined;
		const policies = [() => new Promise((resolve) => (decide = resolve))];
		const verifying = stage.verifierWith({ replay, policies }).verify(await stage.forge());
		const failing = expectRefusal(() => verifying, "did/resolution");
		await until(() => decide !== undefined);
		await pass(15_000);
		await failing;
		decide?.(true);
		await new Promise(setImmediate);
		expect(replay.spend).not.toHaveBeenCalled();
	});

	it.each<[string, unknown]>([
		["undefined", undefined],
		["null", null],
		["1", 1],
		["OK", "OK"],
		["a Boolean", Object(true)],
		["an object", { isFirst: true }],
		["a function", () => true],
	])("doesn't take %s for true", async (_what, answer) => {
		const replay = { spend: async () => answer as boolean };
		const token = await stage.forge();
		const error = await expectRefusal(() => stage.verifierWith({ replay }).verify(token), "replay/unavailable");
		expect(error.message).toMatch(/return true or false/);
		expect(toFailure(error)).toMatchObject({ status: 503 });
	});

	it.each<[string, () => Promise<boolean>]>([
		["rejects", () => Promise.reject(new Error("disk full"))],
		[
			"throws",
			() => {
				throw new Error("disk full");
			},
		],
	])("fails with an outage if the store %s", async (_what, spend) => {
		const token = await stage.forge();
		const error = await expectRefusal(
			() => stage.verifierWith({ replay: { spend } }).verify(token),
			"replay/unavailable",
		);
		expect(error).toMatchObject({ name: "ReplayError", cause: new Error("disk full") });
	});

	it("passes on a store's own replay/unavailable, with its Retry-After", async () => {
		const own = new ReplayError("replay/unavailable", "later", { details: { retryAfterSeconds: 7 } });
		const replay = { spend: () => Promise.reject(own) };
		const token = await stage.forge();
		expect(await expectRefusal(() => stage.verifierWith({ replay }).verify(token), "replay/unavailable")).toBe(own);
	});

	it("fails with an outage after its time limit if the store hangs, and what comes later changes nothing", async () => {
		let answer: ((isFirst: boolean) => void) | undefined;
		const replay = { spend: () => new Promise<boolean>((resolve) => (answer = resolve)) };
		const verifying = stage.verifierWith({ replay }).verify(await stage.forge());
		const failing = expectRefusal(() => verifying, "replay/unavailable");
		await until(() => answer !== undefined);
		await pass(15_000);
		expect((await failing).cause).toMatchObject({ name: "TimeoutError" });
		answer?.(true);
		await new Promise(setImmediate);
	});

	it.each<[string, number | undefined, ErrorCode]>([
		["don't expire", undefined, "token/claim-missing"],
		["expire at no time", Number.NaN, "token/claim-missing"],
		["never expire", Number.POSITIVE_INFINITY, "token/claim-missing"],
		["have expired, by the rules of another kind", 1_000, "token/expired"],
	])("refuses tokens that %s, before it asks the store", async (_what, expiresAt, code) => {
		const replay = recordingStore();
		const profile: Profile = {
			name: "other",
			recognizes: () => true,
			parseIssuer: () => ({
				issuer: "7",
				signer: "anybody",
				resolve: async () => ({ findSigner: async () => "key" }),
			}),
			verifyClaims: () => ({ expiresAt, scopes: [] }),
		};
		const token = await stage.forge();
		await stage.verifierWith({ profiles: [profile] }).verify(token);
		await expectRefusal(() => stage.verifierWith({ profiles: [profile], replay }).verify(token), code);
		expect(replay.spend).not.toHaveBeenCalled();
	});

	it.each([{}, { spend: true }, "memory", null])("doesn't take %j as a store", async (replay) => {
		await expectRefusal(() => stage.verifierWith({ replay } as object), "config/invalid-option");
	});
});

describe("an observer", () => {
	it("sees the time that the store took, and that a token was used before", async () => {
		const { observer, of } = recordOperations();
		const verifier = stage.verifierWith({ observer, replay: createMemoryReplayStore() });
		const token = await stage.forge();
		await verifier.verify(token);
		await expectRefusal(() => verifier.verify(token), "replay/seen");
		const issuer = stage.sender.did;
		const steps = expect.objectContaining({ policies: expect.any(Number), replay: expect.any(Number) });
		expect(of("verify")).toMatchObject([
			{ outcome: "accepted", issuer, steps },
			{ outcome: "denied", code: "replay/seen", issuer, steps },
		]);
	});

	it("sees an outage of the store as a failure", async () => {
		const { observer, of } = recordOperations();
		const verifier = stage.verifierWith({ observer, replay: { spend: () => Promise.reject(new Error("gone")) } });
		await expectRefusal(async () => verifier.verify(await stage.forge()), "replay/unavailable");
		expect(of("verify")).toMatchObject([{ outcome: "failed", code: "replay/unavailable" }]);
	});

	it.each([
		["that throws", () => expect.fail("no")],
		["that calls run twice", (run: () => Promise<unknown>) => Promise.all([run(), run()])],
		["that never calls run", () => undefined],
	])("%s has a token accepted once", async (_what, observer) => {
		const verifier = stage.verifierWith({ observer: observer as never, replay: createMemoryReplayStore() });
		const token = await stage.forge();
		const results = await Promise.allSettled([verifier.verify(token), verifier.verify(token)]);
		expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
	});
});
