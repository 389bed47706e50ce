/** What `explain` says about bugs of policies, kinds and those who watch: each belongs to its step, and none accepts a token. */
import { setImmediate } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { createVerifier, type Verifier } from "../../src/auth/create-verifier.ts";
import type { ExplainedStep } from "../../src/auth/explain/explanation.ts";
import { TokenError } from "../../src/errors/errors.ts";
import { orgid } from "../../src/tokens/orgid/orgid.ts";
import type { Profile, TokenIssuer } from "../../src/tokens/token-kind.ts";
import { issuerWith, verifierOfCustom } from "../support/custom-kind.ts";
import { AUDIENCE, type DocumentStage, startDocumentStage } from "../support/document-stage.ts";
import { namesOf } from "../support/explanations.ts";
import { forgeKind, profileOfKind, verifierOfKinds } from "../support/token-kinds.ts";

const reject = (): Promise<never> => Promise.reject();
const throwUndefined = (): never => {
	throw undefined;
};
const findSigner = (): string => "key";

describe("explain: undefined that is thrown", () => {
	it.each<[string, string, () => Verifier]>([
		["a policy", "policy", () => verifierOfKinds(["ioctl"], { policies: [reject] })],
		["a synchronous policy", "policy", () => verifierOfKinds(["ioctl"], { policies: [throwUndefined] })],
		["parseIssuer", "header", () => verifierOfCustom({ parseIssuer: throwUndefined })],
		["verifyClaims", "claims", () => verifierOfCustom({ verifyClaims: throwUndefined })],
		["resolve", "key", () => verifierOfCustom(issuerWith(reject))],
		["findSigner", "signature", () => verifierOfCustom(issuerWith(() => ({ findSigner: reject })))],
		["assertValidity", "validity", () => verifierOfCustom(issuerWith(() => ({ findSigner, assertValidity: reject })))],
		["assertGrant", "grant", () => verifierOfCustom({ assertGrant: reject })],
	])("by %s is a failure at the step %s", async (_who, step, create) => {
		const token = await forgeKind("ioctl");
		await expect(create().verify(token)).rejects.toBe(undefined);
		const explanation = await create().explain(token);
		expect(explanation).toMatchObject({ outcome: "failed", step, error: expect.any(Error) });
		expect(explanation).not.toHaveProperty("token");
		expect(explanation.error?.cause).toBeUndefined();
		expect(explanation.steps.at(-1)).toMatchObject({ name: step, outcome: "failed" });
	});
});

describe("explain: a kind of token with a bug", () => {
	it("whose recognizes throws fails at the step kind", async () => {
		const bug = new Error("a bug");
		const recognizes = (): never => {
			throw bug;
		};
		const profiles = [{ ...profileOfKind("ioctl"), recognizes }, profileOfKind("vonage")];
		const explanation = await createVerifier({ profiles }).explain(await forgeKind("ioctl"));
		expect(explanation).toMatchObject({ outcome: "failed", step: "kind" });
		expect(explanation.error).toBe(bug);
	});

	it("whose issuers have a method lookUp, or private fields, is explained as it is verified", async () => {
		class OwnIssuer implements TokenIssuer {
			readonly issuer = "an issuer";
			readonly signer = "a signer";
			readonly #resolved = { findSigner };
			resolve() {
				return this.#resolved;
			}
			lookUp(name: string) {
				return `mine: ${name}`;
			}
		}
		const verifier = verifierOfCustom({ parseIssuer: () => new OwnIssuer() });
		const token = await forgeKind("ioctl");
		const verified = await verifier.verify(token);
		expect(await verifier.explain(token)).toMatchObject({ outcome: "accepted", token: verified });
	});
});

describe("explain: who watches", () => {
	let stage: DocumentStage;
	beforeAll(async () => {
		stage = await startDocumentStage(["orgpass"]);
	});
	afterAll(() => stage.close());

	it("may throw at any step: nothing changes, and all steps are passed on", async () => {
		const verifier = verifierOfKinds(["ioctl"], { policies: [() => true] });
		const token = await forgeKind("ioctl");
		const seen: string[] = [];
		const explanation = await verifier.explain(token, {}, ({ name }) => {
			seen.push(name);
			throw new Error("a bug of the watcher");
		});
		expect(explanation).toMatchObject({ outcome: "accepted", token: await verifier.verify(token) });
		expect(seen).toEqual(namesOf(explanation));
	});

	it("may reject: nothing changes, and the rejection is handled", async () => {
		const unhandled: unknown[] = [];
		const listener = (reason: unknown): void => void unhandled.push(reason);
		process.on("unhandledRejection", listener);
		onTestFinished(() => void process.off("unhandledRejection", listener));
		const onStep = async (): Promise<never> => {
			throw new Error("a bug of the watcher");
		};
		const { outcome } = await verifierOfKinds(["ioctl"]).explain(await forgeKind("ioctl"), {}, onStep);
		await setImmediate();
		expect([outcome, unhandled]).toEqual(["accepted", []]);
	});

	it("sees each step once, with its outcome in the end", async () => {
		const seen: ExplainedStep[] = [];
		const token = await forgeKind("vonage");
		const { steps } = await verifierOfKinds(["vonage"]).explain(token, { scope: "x" }, (step) => seen.push(step));
		expect(seen.filter(({ name }) => name === "grant").map(({ outcome }) => outcome)).toEqual(["denied"]);
		expect(seen).toEqual(steps);
	});

	it("sees the document, too, if two profiles recognize the token", async () => {
		const organization = await stage.create("orgpass");
		const one = orgid({ audience: AUDIENCE, resolver: stage.resolver("orgpass") });
		const resolve = async (): Promise<never> => {
			throw new TokenError("token/issuer-unknown", "unknown");
		};
		const other: Profile = { ...one, name: "other", parseIssuer: () => ({ issuer: "x", signer: "x", resolve }) };
		const verifier = createVerifier({ profiles: [one, other], now: () => stage.clock.now });
		const seen: string[] = [];
		const explanation = await verifier.explain(await organization.mint(), {}, ({ name }) => seen.push(name));
		expect(seen).toContain("document");
		expect(seen.toSorted()).toEqual(namesOf(explanation).toSorted());
	});
});
