/** What `explain` says if a verification takes too long, and what it does when the time is over. */
import { setImmediate } from "node:timers/promises";
import { toQuantity } from "ethers";
import { afterEach, describe, expect, it, onTestFinished, vi } from "vitest";
import type { Verifier } from "../../src/auth/create-verifier.ts";
import type { ReplayStore } from "../../src/auth/replay/replay-store.ts";
import { CHAIN_ID, verifierOf } from "../support/account-stage.ts";
import { issuerWith, verifierOfCustom } from "../support/custom-kind.ts";
import { namesOf, outcomesOf } from "../support/explanations.ts";
import { withSignature } from "../support/forge-token.ts";
import { passSeconds } from "../support/pass-seconds.ts";
import { isWaiting, pass, until } from "../support/patient-timers.ts";
import { expectRefusal } from "../support/refusal.ts";
import { forgeKind, verifierOfKinds } from "../support/token-kinds.ts";

type Slow = () => Promise<unknown>;

const LIMIT_MS = 15_000;
const never = (): Promise<never> => new Promise(() => {});
const findSigner = (): string => "key";

afterEach(() => {
	vi.restoreAllMocks();
});

describe("explain: a verification that takes too long", () => {
	it.each<[string, (slow: Slow) => Verifier]>([
		["key", (slow) => verifierOfCustom(issuerWith(slow as () => Promise<object>))],
		["signature", (slow) => verifierOfCustom(issuerWith(() => ({ findSigner: slow })))],
		["validity", (slow) => verifierOfCustom(issuerWith(() => ({ findSigner, assertValidity: slow })))],
		["grant", (slow) => verifierOfCustom({ assertGrant: slow })],
		["policy", (slow) => verifierOfKinds(["ioctl"], { policies: [slow as () => Promise<boolean>] })],
	])("fails at the step %s, and no step is added when it goes on afterwards", async (name, create) => {
		const { promise, resolve } = Promise.withResolvers<unknown>();
		const seen: string[] = [];
		const token = await forgeKind("ioctl");
		let isStarted = false;
		const slow: Slow = () => {
			isStarted = true;
			return promise;
		};
		const explaining = create(slow).explain(token, {}, (step) => seen.push(step.name));
		await until(() => isStarted && isWaiting(LIMIT_MS));
		await pass(LIMIT_MS);
		const explanation = await explaining;
		expect(explanation).toMatchObject({ outcome: "failed", step: name, error: { code: "did/resolution" } });
		expect(outcomesOf(explanation).at(-1)).toBe(`${name} failed`);
		resolve(name === "signature" ? "key" : name === "key" ? { findSigner } : undefined);
		await setImmediate();
		expect(seen).toEqual(namesOf(explanation));
		expect(new Set(seen).size).toBe(seen.length);
	});

	it("fails at the signature, not at the record, if an account's contract doesn't answer", async () => {
		let calls = 0;
		const held = Promise.withResolvers<unknown>();
		onTestFinished(() => held.resolve("0x"));
		const request = async ({ method }: { readonly method: string }): Promise<unknown> => {
			if (method === "eth_chainId") return toQuantity(CHAIN_ID);
			calls += 1;
			return held.promise;
		};
		const verifier = verifierOf("orgid-eth", {}, { providers: { [CHAIN_ID]: { request } } });
		const token = withSignature(await forgeKind("orgid-eth"), Uint8Array.of(1, 2, 3));
		const explaining = verifier.explain(token);
		await until(() => calls > 0);
		await pass(LIMIT_MS);
		const explanation = await explaining;
		expect(explanation).toMatchObject({ outcome: "failed", step: "signature" });
		expect(outcomesOf(explanation)).toContain("record passed");
		expect(outcomesOf(explanation).at(-1)).toBe("signature failed");
		await pass(LIMIT_MS);
	});

	it("asks a policy that is still running no second time", async () => {
		let asked = 0;
		const policy = (): Promise<never> => {
			asked += 1;
			return never();
		};
		const explaining = verifierOfKinds(["ioctl"], { policies: [policy] }).explain(await forgeKind("ioctl"));
		await until(() => asked > 0 && isWaiting(LIMIT_MS));
		await pass(LIMIT_MS);
		expect([(await explaining).step, asked]).toEqual(["policy", 1]);
	});

	it("leaves a store of used tokens what is left of the time", async () => {
		let asked = 0;
		const ask = (): Promise<never> => {
			asked += 1;
			return never();
		};
		const replay: ReplayStore = { spend: ask, peek: ask };
		const verifier = verifierOfKinds(["ioctl"], { policies: [() => passSeconds(10)], replay });
		const token = await forgeKind("ioctl");
		const verifying = expectRefusal(() => verifier.verify(token), "replay/unavailable");
		await until(() => asked === 1);
		await pass(5_000);
		const { message } = await verifying;
		const explaining = verifier.explain(token);
		await until(() => asked === 2);
		await pass(5_000);
		expect(await explaining).toMatchObject({
			outcome: "failed",
			step: "replay",
			error: { code: "replay/unavailable", message },
		});
	});

	it("judges what comes after a refusal in what is left of the time", async () => {
		let asked = 0;
		const refuse = (): boolean => {
			passSeconds(10);
			return false;
		};
		const slow = (): Promise<never> => {
			asked += 1;
			return never();
		};
		const explaining = verifierOfKinds(["ioctl"], { policies: [refuse, slow] }).explain(await forgeKind("ioctl"));
		await until(() => asked === 1);
		await pass(5_000);
		const explanation = await explaining;
		expect(explanation).toMatchObject({ outcome: "denied", step: "policy", error: { code: "policy/refused" } });
		expect(outcomesOf(explanation).slice(-2)).toEqual(["policy denied", "policy failed later"]);
		expect(asked).toBe(1);
	});
});
