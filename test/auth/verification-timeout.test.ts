/** One verification takes at most so long, whatever it waits for. */
import type { Resolvable } from "did-resolver";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createVerifier, type VerifierOptions } from "../../src/auth/create-verifier.ts";
import { toFailure } from "../../src/http/denial.ts";
import { orgid } from "../../src/tokens/orgid/orgid.ts";
import { idle, isWaiting, pass, until } from "../support/patient-timers.ts";
import { type ChainStage, startChainStage } from "../support/token-stage.ts";

let stage: ChainStage;
let token: string;
beforeAll(async () => {
	stage = await startChainStage();
	token = await stage.forge({ payload: stage.claims() });
});
afterAll(() => stage.close());

const never = (): Promise<never> => new Promise(() => {});

function verifierWith(resolver: Resolvable, options: Partial<VerifierOptions> = {}) {
	const profiles = [orgid({ audience: stage.receiver.did, resolver })];
	return createVerifier({ profiles, now: stage.now, ...options });
}

describe("T90: a verification that waits for", () => {
	let late: PromiseWithResolvers<never>;
	beforeEach(() => {
		late = Promise.withResolvers();
		late.promise.catch(() => {});
	});

	it.each<[string, () => ReturnType<typeof verifierWith>]>([
		["a resolver that never answers", () => verifierWith({ resolve: never })],
		["a policy that never decides", () => verifierWith(stage.resolver, { policies: [never] })],
		["a resolver that fails after the deadline", () => verifierWith({ resolve: () => late.promise })],
	])("%s fails after 15 seconds, as an outage", async (_what, create) => {
		const verifying = create()
			.verify(token)
			.catch((error: unknown) => error);
		await until(() => isWaiting(15_000));
		await pass(14_999);
		expect(await Promise.race([verifying, "still waiting"])).toBe("still waiting");
		await pass(1);
		const error = await verifying;
		expect(error).toMatchObject({ name: "DidError", code: "did/resolution" });
		expect(toFailure(error)).toMatchObject({ status: 503 });
		late.reject(new Error("too late"));
		await idle(1);
	});

	it("a slow resolver fails after the time given as an option", async () => {
		const verifying = verifierWith({ resolve: never }, { timeoutSeconds: 2.5 }).verify(token);
		const failing = expect(verifying).rejects.toMatchObject({ code: "did/resolution" });
		await until(() => isWaiting(2_500));
		await pass(2_500);
		await failing;
	});

	it("nothing leaves no timer behind, and may have more time than a timer holds", async () => {
		const verifier = verifierWith(stage.resolver, { timeoutSeconds: 1e9 });
		expect(await verifier.verify(token)).toMatchObject({ issuer: stage.sender.did });
		expect(await verifierWith(stage.resolver).verify(token)).toMatchObject({ issuer: stage.sender.did });
		expect(isWaiting(15_000)).toBe(false);
	});
});

it.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY, "15"])("timeoutSeconds can't be %j", (timeoutSeconds) => {
	const create = () => verifierWith(stage.resolver, { timeoutSeconds } as object);
	expect(create).toThrow(expect.objectContaining({ code: "config/invalid-option" }));
});
