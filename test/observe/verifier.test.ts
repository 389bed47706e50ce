/** What an observer sees of verifications, and what it can't do to them. */
import { beforeAll, describe, expect, it, vi } from "vitest";
import { createVerifier } from "../../src/auth/create-verifier.ts";
import { requireScope } from "../../src/auth/policies/scope.ts";
import { PolicyError } from "../../src/errors/errors.ts";
import { combineObservers } from "../../src/observe/observe.ts";
import type { FinishedOperation, Observer } from "../../src/observe/observer.ts";
import { githubApp } from "../../src/tokens/app/github-app.ts";
import { icrApp } from "../../src/tokens/app/icr-app.ts";
import { SPKI } from "../keys/sample-rsa-keys.ts";
import { toSegment, withSignature } from "../support/forge-token.ts";
import { isWaiting, pass, until } from "../support/patient-timers.ts";
import { recordOperations } from "../support/recording-observer.ts";
import { expectRefusal } from "../support/refusal.ts";
import { createOfflineStage, type TokenStage } from "../support/token-stage.ts";

const METHODS = ["then", "catch", "finally", "constructor"];

let stage: TokenStage;
let token: string;
beforeAll(async () => {
	stage = await createOfflineStage();
	token = await stage.forge({ payload: stage.claims({ scope: "book", secret: "s3cret" }) });
});

describe("an accepted token", () => {
	it("is reported with its profile, its issuer and the duration of each step", async () => {
		const { observer, started, finished } = recordOperations();
		await stage.verifierWith({ observer }).verify(token);
		expect(started).toEqual([{ operation: "verify" }]);
		expect(finished).toEqual([
			{
				operation: "verify",
				outcome: "accepted",
				profile: "orgid",
				issuer: stage.sender.did,
				durationMs: expect.any(Number),
				steps: {
					...{ decode: expect.any(Number), claims: expect.any(Number), resolve: expect.any(Number) },
					...{ signature: expect.any(Number), policies: expect.any(Number) },
				},
			},
		]);
		const [event] = finished as [Extract<FinishedOperation, { operation: "verify" }>];
		const total = Object.values(event.steps).reduce((sum, ms) => sum + ms, 0);
		expect(total).toBeGreaterThan(0);
		expect(total).toBeLessThanOrEqual(event.durationMs);
	});

	it("is the same object as without an observer would return, and frozen events", async () => {
		const { observer, started, finished } = recordOperations();
		const verified = await stage.verifierWith({ observer }).verify(token, { scope: "book" });
		expect(verified).toEqual(await stage.verifier.verify(token, { scope: "book" }));
		expect([...started, ...finished].every(Object.isFrozen)).toBe(true);
	});
});

describe("a refused token", () => {
	const forged = (): string => withSignature(token, new Uint8Array(64).fill(1));

	it.each<[string, string, () => string | Promise<string>, Record<string, unknown>]>([
		["that can't be decoded names nobody", "token/malformed", () => "a.b.c", {}],
		[
			"that expired names the issuer, marked as unverified",
			"token/expired",
			() => stage.forge({ payload: stage.claims({ exp: 1_000_000_000, iat: 999_999_000 }) }),
			{ profile: "orgid", claimed: true },
		],
		["with a wrong signature names it likewise", "token/signature", forged, { profile: "orgid", claimed: true }],
		["by a policy names the verified issuer", "policy/scope", () => token, { profile: "orgid", verified: true }],
	])("%s", async (_what, code, make, { profile, claimed, verified }) => {
		const { observer, finished } = recordOperations();
		const verifier = stage.verifierWith({ observer, policies: [requireScope("pay")] });
		await expectRefusal(async () => verifier.verify(await make()), code as "token/expired");
		const { did } = stage.sender;
		expect(finished).toHaveLength(1);
		expect(finished[0]).toMatchObject({ outcome: "denied", code });
		expect({ issuer: undefined, claimedIssuer: undefined, profile: undefined, ...finished[0] }).toMatchObject({
			...{ profile, issuer: verified ? did : undefined, claimedIssuer: claimed ? did : undefined },
		});
	});
});

describe("a verification without a decision", () => {
	it.each<[string, Record<string, unknown>, object]>([
		["an outage", { resolver: { resolve: () => Promise.reject(new Error("s3cret")) } }, { code: "did/resolution" }],
		["a bug", { policies: [() => Promise.reject(new TypeError("s3cret"))] }, {}],
		[
			"a policy that asks for 503",
			{ policies: [() => Promise.reject(new PolicyError("policy/refused", "later", { details: { status: 503 } }))] },
			{ code: "policy/refused" },
		],
	])("is reported as failed: %s", async (_what, { resolver, policies }, expected) => {
		const { observer, finished } = recordOperations();
		const verifier = stage.verifierWith(
			{ observer, ...(policies === undefined ? {} : { policies: policies as [] }) },
			resolver === undefined ? {} : { resolver: resolver as never },
		);
		await expect(verifier.verify(token)).rejects.toThrow();
		const { outcome, code } = finished[0] as FinishedOperation;
		expect({ outcome, code }).toEqual({ outcome: "failed", code: undefined, ...expected });
		expect(JSON.stringify(finished)).not.toContain("s3cret");
	});

	it("that exceeds its time limit is reported once, with the step that it was in", async () => {
		const { observer, finished } = recordOperations();
		const { promise, resolve } = Promise.withResolvers<never>();
		const verifier = stage.verifierWith({ observer }, { resolver: { resolve: () => promise } });
		const refused = expectRefusal(() => verifier.verify(token), "did/resolution");
		await until(() => isWaiting(15_000));
		await pass(15_000);
		await refused;
		resolve({} as never);
		await promise;
		await until(() => finished.length > 0);
		expect(finished).toHaveLength(1);
		expect(finished[0]).toMatchObject({ outcome: "failed", code: "did/resolution", claimedIssuer: stage.sender.did });
		expect(Object.keys((finished[0] as { steps: object }).steps)).toEqual(["decode", "claims", "resolve"]);
	});
});

describe("T95: an observer changes no verdict", () => {
	const misbehaving: [string, Observer][] = [
		["throws at once", () => thrown()],
		["throws afterwards", async (run) => thrown(await run())],
		["rejects at once", () => Promise.reject(new Error("observer"))],
		["never runs the operation", () => undefined],
		["never ends", () => new Promise(() => {})],
		["runs it three times", (run) => Promise.all([run(), run(), run()])],
		["runs it later", (run) => setImmediate(run)],
		["returns an object whose members throw", () => new Proxy({}, { get: thrown })],
		["replaces the methods of what it waits for", (run) => METHODS.map((name) => Reflect.set(run(), name, thrown))],
		["writes to what it gets", async (run, started) => Object.assign(started, await run(), { outcome: "accepted" })],
		[
			"is a combination of such",
			combineObservers(
				() => thrown(),
				async (run) => thrown(await run()),
			),
		],
	];

	it.each(misbehaving)("if it %s", async (_what, observer) => {
		const verifier = stage.verifierWith({ observer });
		stage.resolver.reset();
		expect(await verifier.verify(token)).toEqual(await stage.verifier.verify(token));
		expect(stage.resolver.calls()).toBe(2);
		await expectRefusal(() => verifier.verify(withSignature(token, new Uint8Array(64).fill(1))), "token/signature");
		await expectRefusal(() => verifier.verify("a.b.c"), "token/malformed");
	});

	function thrown(..._ignored: unknown[]): never {
		throw new Error("observer");
	}
});

it("a token of two kinds is reported with the profile that knows its issuer, if there is one", async () => {
	const { observer, finished } = recordOperations();
	const profiles = [githubApp({ keys: { 7: SPKI } }), icrApp({ keys: { 8: SPKI } })];
	const verifier = createVerifier({ profiles, observer });
	const now = stage.now();
	const tokenOf = (iss: string) =>
		[{ alg: "RS256", typ: "JWT" }, { iat: now, exp: now + 60, iss }, new Uint8Array(256)].map(toSegment).join(".");
	await expectRefusal(() => verifier.verify(tokenOf("8")), "token/signature");
	await expectRefusal(() => verifier.verify(tokenOf("9")), "token/issuer-unknown");
	expect(finished).toMatchObject([
		{ outcome: "denied", profile: "icr-app", claimedIssuer: "8" },
		{ outcome: "denied", code: "token/issuer-unknown", steps: { resolve: expect.any(Number) } },
	]);
	expect(finished[1]).not.toHaveProperty("profile");
});

it("combined observers see each operation once, the first outside the others", async () => {
	const [first, second] = [recordOperations(), recordOperations()];
	const order: string[] = [];
	const trace =
		(name: string): Observer =>
		async (run) => {
			order.push(`${name} starts`);
			await run();
			order.push(`${name} ends`);
		};
	const observer = combineObservers(first.observer, trace("outer"), trace("inner"), second.observer);
	await stage.verifierWith({ observer }).verify(token);
	expect(order.slice(0, 2)).toEqual(["outer starts", "inner starts"]);
	await until(() => order.length === 4);
	expect(first.finished).toHaveLength(1);
	expect(second.finished).toEqual(first.finished);
});

it("without an observer, no clock is read", async () => {
	const verifier = stage.verifierWith();
	const read = vi.spyOn(performance, "now");
	try {
		await verifier.verify(token);
		expect(read).not.toHaveBeenCalled();
	} finally {
		read.mockRestore();
	}
});

it("an observer that isn't a function is refused", async () => {
	await expectRefusal(() => stage.verifierWith({ observer: {} as never }), "config/invalid-option");
});
