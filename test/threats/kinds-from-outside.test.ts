/** Mistakes of kinds of token from outside the package: none accepts a token, neither at first nor once it is remembered. */
import { setImmediate } from "node:timers/promises";
import { describe, expect, it, onTestFinished } from "vitest";
import { TokenError } from "../../src/errors/errors.ts";
import { issuerWith, verifierOfCustom } from "../support/custom-kind.ts";
import { expectRefusal } from "../support/refusal.ts";
import { forgeKind } from "../support/token-kinds.ts";

const NOBODY = [undefined, null, false, true, 0, 1, "", {}, ["key"]].map((found) => [found]);
const SIGNER = { findSigner: () => "key" };

/** What rejects without anyone's knowledge, which ends a process. */
function unhandledRejections(): unknown[] {
	const unhandled: unknown[] = [];
	const listener = (reason: unknown): void => void unhandled.push(reason);
	process.on("unhandledRejection", listener);
	onTestFinished(() => void process.off("unhandledRejection", listener));
	return unhandled;
}

describe("T99: findSigner that returns what isn't a name", () => {
	it.each(NOBODY)("T99: %j refuses the token, and so does a promise of it", async (found) => {
		for (const findSigner of [() => found, async () => found]) {
			const verifier = verifierOfCustom(issuerWith(() => ({ findSigner })));
			const token = await forgeKind("ioctl");
			await expectRefusal(() => verifier.verify(token), "token/signature");
			expect(await verifier.explain(token)).toMatchObject({
				outcome: "denied",
				step: "signature",
				error: { code: "token/signature" },
			});
		}
	});

	it.each(NOBODY)("T99: %j refuses a remembered token whose keys have changed", async (found) => {
		for (const findSigner of [() => found, async () => found]) {
			let resolved: object = SIGNER;
			const verifier = verifierOfCustom(issuerWith(() => resolved));
			const token = await forgeKind("ioctl");
			for (let use = 0; use < 3; use++) expect(await verifier.verify(token)).toMatchObject({ keyId: "key" });
			resolved = { findSigner };
			for (let use = 0; use < 3; use++) await expectRefusal(() => verifier.verify(token), "token/signature");
			expect(await verifier.explain(token)).toMatchObject({ outcome: "denied", step: "signature" });
		}
	});
});

describe("T99: verifyClaims that returns what aren't claims", () => {
	const expired = new TokenError("token/expired", "expired");
	const MALFORMED: [string, () => unknown][] = [
		["a promise that rejects", () => Promise.reject(expired)],
		["a promise of claims", () => Promise.resolve({ expiresAt: undefined, scopes: [] })],
		["a promise with claims", () => Object.assign(Promise.reject(expired), { expiresAt: 1 })],
		["undefined", () => undefined],
		["null", () => null],
		["true", () => true],
		["an object without scopes", () => ({ expiresAt: undefined })],
		["scopes as text", () => ({ expiresAt: undefined, scopes: "read" })],
		["scopes as a set", () => ({ expiresAt: undefined, scopes: new Set(["read"]) })],
	];

	it.each(MALFORMED)("T99: %s is an error of the configuration, handled once", async (_what, verifyClaims) => {
		const unhandled = unhandledRejections();
		const verifier = verifierOfCustom({ verifyClaims });
		const token = await forgeKind("ioctl");
		await expectRefusal(() => verifier.verify(token), "config/invalid-option");
		const { outcome, step, token: verified } = await verifier.explain(token);
		expect([outcome, step, verified]).toEqual(["failed", "claims", undefined]);
		await setImmediate();
		expect(unhandled).toEqual([]);
	});

	it.each(MALFORMED)("T99: %s refuses a remembered token", async (_what, malformed) => {
		const unhandled = unhandledRejections();
		let verifyClaims: () => unknown = () => ({ expiresAt: undefined, scopes: [] });
		const verifier = verifierOfCustom({ ...issuerWith(() => SIGNER), verifyClaims: () => verifyClaims() });
		const token = await forgeKind("ioctl");
		for (let use = 0; use < 3; use++) await verifier.verify(token);
		verifyClaims = malformed;
		for (let use = 0; use < 3; use++) await expectRefusal(() => verifier.verify(token), "config/invalid-option");
		await setImmediate();
		expect(unhandled).toEqual([]);
	});
});

describe("T99: checks that reject", () => {
	const reject = (): Promise<never> => Promise.reject(new TokenError("token/expired", "expired"));

	it.each([
		["assertValidity", { ...SIGNER, assertValidity: reject }, {}],
		["assertGrant", SIGNER, { assertGrant: reject }],
	])("T99: %s refuses a token, also if it is used again", async (_what, resolved, members) => {
		const verifier = verifierOfCustom({ ...issuerWith(() => resolved), ...members });
		const token = await forgeKind("ioctl");
		for (let use = 0; use < 3; use++) await expectRefusal(() => verifier.verify(token), "token/expired");
	});
});

describe.each([undefined, false] as const)("T89: with the option cache %j", (cache) => {
	it("T89: scopes that a kind takes away are refused at once", async () => {
		let scopes = ["admin"];
		const members = { ...issuerWith(() => SIGNER), verifyClaims: () => ({ expiresAt: undefined, scopes }) };
		const verifier = verifierOfCustom({ ...members, assertGrant: undefined }, { cache });
		const token = await forgeKind("ioctl");
		for (let use = 0; use < 3; use++) await verifier.verify(token, { scope: "admin" });
		scopes = [];
		await expectRefusal(() => verifier.verify(token, { scope: "admin" }), "policy/scope");
		expect(await verifier.verify(token)).toMatchObject({ scopes: [] });
	});
});
