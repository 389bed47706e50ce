/** Requests that are decided at once: the handler doesn't wait for a promise if the verifier doesn't. */
import { setImmediate } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createVerifier, type Verifier, type VerifierOptions } from "../../src/auth/create-verifier.ts";
import { createMemoryReplayStore } from "../../src/auth/replay/memory-store.ts";
import { bearerAuth } from "../../src/http/fetch.ts";
import { orgid } from "../../src/tokens/orgid/orgid.ts";
import { type ChainStage, startChainStage } from "../support/token-stage.ts";

let stage: ChainStage;
beforeAll(async () => {
	stage = await startChainStage();
});
afterAll(() => stage.close());

/** A verifier that has seen a token of the sender. */
async function createKnowingVerifier(options: Partial<VerifierOptions> = {}): Promise<Verifier> {
	const profile = orgid({ audience: stage.receiver.did, resolver: stage.network.resolver });
	const verifier = createVerifier({ profiles: [profile], now: stage.clock, ...options });
	await verifier.verify(await stage.forge());
	return verifier;
}

type Protect = ReturnType<typeof bearerAuth>;
type Guard = (auth: Protect) => ReturnType<Protect>;

/** Whether the handler was called before the guard returned its promise; it must have been called in the end. */
async function isCalledAtOnce(
	verifier: Pick<Verifier, "verify">,
	guard: Guard = (auth) => auth(),
	token?: string,
): Promise<boolean> {
	const payload = stage.claims({ scope: "book" });
	const headers = { authorization: `Bearer ${token ?? (await stage.forge({ payload }))}` };
	let isCalled = false;
	const handle = guard(bearerAuth({ verifier }))((_request, { issuer }) => {
		isCalled = true;
		return new Response(issuer);
	});
	const answering = handle(new Request("https://hotel.example/", { headers }));
	const wasCalled = isCalled;
	expect(await (await answering).text()).toBe(stage.sender.did);
	return wasCalled;
}

describe("a token of a known issuer is decided at once", () => {
	it.each<[string, Guard]>([
		["by auth()", (auth) => auth()],
		["by auth.requires with a scope", (auth) => auth.requires({ scope: "book" })],
		["by auth.requires with a policy that returns no promise", (auth) => auth.requires({ policy: () => true })],
	])("%s", async (_, guard) => {
		expect(await isCalledAtOnce(await createKnowingVerifier(), guard)).toBe(true);
	});

	it("also if it was the first one of its issuer", async () => {
		const profile = orgid({ audience: stage.receiver.did, resolver: stage.network.resolver });
		const verifier = createVerifier({ profiles: [profile], now: stage.clock });
		const token = await stage.forge();
		expect(await isCalledAtOnce(verifier, undefined, token)).toBe(false);
		expect(await isCalledAtOnce(verifier, undefined, token)).toBe(true);
	});

	it("unless the verifier is wrapped: then its own verify decides", async () => {
		const { verify, isReady } = await createKnowingVerifier();
		let count = 0;
		const wrapped: Pick<Verifier, "verify" | "isReady"> = {
			isReady,
			verify(...args) {
				count += 1;
				return verify(...args);
			},
		};
		expect(await isCalledAtOnce(wrapped)).toBe(false);
		expect(count).toBe(1);
	});

	it.each<[string, Partial<VerifierOptions>]>([
		["a store of used tokens", { replay: createMemoryReplayStore() }],
		["an asynchronous policy", { policies: [() => setImmediate(true)] }],
		["an observer", { observer: (run) => run() }],
	])("unless the verifier has %s", async (_, options) => {
		expect(await isCalledAtOnce(await createKnowingVerifier(options))).toBe(false);
	});

	it("unless a route has an asynchronous policy", async () => {
		const guard: Guard = (auth) => auth.requires({ policy: () => setImmediate(true) });
		expect(await isCalledAtOnce(await createKnowingVerifier(), guard)).toBe(false);
	});
});

it("a policy that throws or refuses at once is a response, not an exception", async () => {
	const handle = async (verifier: Verifier, policy: () => unknown): Promise<number> => {
		const headers = { authorization: `Bearer ${await stage.forge()}` };
		const guarded = bearerAuth({ verifier }).requires({ policy })(() => expect.fail("the handler was called"));
		return (await guarded(new Request("https://hotel.example/", { headers }))).status;
	};
	const verifier = await createKnowingVerifier();
	expect(await handle(verifier, () => false)).toBe(403);
	expect(
		await handle(verifier, () => {
			throw new Error("a bug");
		}),
	).toBe(500);
	expect(await handle({ ...verifier, verify: () => expect.fail("a bug") }, () => true)).toBe(500);
});
