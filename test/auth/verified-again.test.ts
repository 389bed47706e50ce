/** A token that is verified again: what a verifier remembers of it, and what a kind of token may change meanwhile. */
import { beforeEach, describe, expect, it } from "vitest";
import { createVerifier, type Verifier, type VerifierOptions } from "../../src/auth/create-verifier.ts";
import { TokenError } from "../../src/errors/errors.ts";
import type { Profile, ResolvedIssuer, VerifiedClaims } from "../../src/tokens/token-kind.ts";
import { toSegment } from "../support/forge-token.ts";
import { idle } from "../support/patient-timers.ts";
import { policyRecord } from "../support/policy-token.ts";
import { expectRefusal } from "../support/refusal.ts";

const NOW = 1_800_000_000;
const textOf = (name: string): string =>
	[toSegment({ alg: "x" }), toSegment({ name }), toSegment(`signature of ${name}`)].join(".");
const TOKEN = textOf("a");

/** What the kind says of every token, and how often it was asked for the signer. */
let world: {
	now: number;
	signatures: number;
	resolved: { -readonly [Name in keyof ResolvedIssuer]: ResolvedIssuer[Name] };
	claims: VerifiedClaims;
};
beforeEach(() => {
	const findSigner = (): string => {
		world.signatures += 1;
		return "key";
	};
	world = { now: NOW, signatures: 0, resolved: { findSigner }, claims: { expiresAt: NOW + 60, scopes: ["a", "b"] } };
});

function kind(name: string, members: Partial<Profile> = {}): Profile {
	return {
		name,
		recognizes: () => true,
		parseIssuer: () => ({ issuer: "7", signer: "the app 7", resolve: () => world.resolved }),
		verifyClaims: () => world.claims,
		...members,
	};
}

function verifierWith(options: Partial<VerifierOptions> = {}): Verifier {
	return createVerifier({ profiles: [kind("shop")], now: () => world.now, ...options });
}

/** How often signatures were verified for so many uses. */
async function signaturesOf(verifier: Verifier, uses: number): Promise<number> {
	for (let use = 0; use < uses; use++) await verifier.verify(TOKEN);
	return world.signatures;
}

describe("a remembered token", () => {
	it("has its signature verified once, and the same result while nothing changes", async () => {
		const verifier = verifierWith();
		const results = [];
		for (let use = 0; use < 4; use++) results.push(await verifier.verify(TOKEN));
		expect(world.signatures).toBe(1);
		expect(results[2]).toBe(results[1]);
		expect(results[3]).toBe(results[1]);
		expect(results[0]).toStrictEqual({
			...{ profile: "shop", issuer: "7", keyId: "key", claims: { name: "a" }, scopes: ["a", "b"], expiresAt: NOW + 60 },
		});
		expect(results[1]).toStrictEqual(results[0]);
	});

	it.each<[string, () => void, object]>([
		["end", () => setClaims({ expiresAt: NOW + 61 }), { expiresAt: NOW + 61 }],
		["first scope", () => setClaims({ scopes: ["c", "b"] }), { scopes: ["c", "b"] }],
		["last scope", () => setClaims({ scopes: ["a", "c"] }), { scopes: ["a", "c"] }],
		["number of scopes", () => setClaims({ scopes: ["a"] }), { scopes: ["a"] }],
		["record", () => (world.resolved.organization = policyRecord()), { organization: policyRecord() }],
		["source", () => (world.resolved.isStale = true), { stale: true }],
	])("has another result once its kind gives it another %s", async (_what, change, members) => {
		const verifier = verifierWith();
		await verifier.verify(TOKEN);
		const before = await verifier.verify(TOKEN);
		change();
		const after = await verifier.verify(TOKEN);
		expect(after).toStrictEqual({ ...before, ...members });
		expect(await verifier.verify(TOKEN)).toBe(after);
	});

	it("is stale only as long as its kind says so", async () => {
		const verifier = verifierWith();
		world.resolved.isStale = true;
		for (let use = 0; use < 3; use++) expect(await verifier.verify(TOKEN)).toMatchObject({ stale: true });
		world.resolved.isStale = false;
		expect(await verifier.verify(TOKEN)).not.toHaveProperty("stale");
	});

	it("never expires if its kind says so", async () => {
		world.claims = { expiresAt: undefined, scopes: [] };
		const verifier = verifierWith();
		for (let use = 0; use < 2; use++) expect(await verifier.verify(TOKEN)).not.toHaveProperty("expiresAt");
		world.now += 299;
		expect(await signaturesOf(verifier, 1)).toBe(1);
	});

	it.each([
		[
			"for five minutes",
			{},
			[
				[299.9, 1],
				[300, 2],
			],
		],
		[
			"as long as it is told",
			{ ttlSeconds: 10 },
			[
				[9.9, 1],
				[10, 2],
			],
		],
		[
			"until it expires",
			{ ttlSeconds: 100 },
			[
				[59.9, 1],
				[60, 2],
			],
		],
		[
			"not if the clock was set back",
			{},
			[
				[0, 1],
				[-1, 2],
			],
		],
	] as const)("is remembered %s", async (_what, cache, steps) => {
		if (steps[1][0] === 300) world.claims = { expiresAt: NOW + 1_000, scopes: [] };
		const verifier = verifierWith({ cache });
		await verifier.verify(TOKEN);
		for (const [seconds, signatures] of steps) {
			world.now = NOW + seconds;
			expect(await signaturesOf(verifier, 1)).toBe(signatures);
		}
	});

	it("is forgotten for a newer one, the oldest first", async () => {
		const verifier = verifierWith({ cache: { maxEntries: 2 } });
		for (const name of ["a", "b", "c"]) await verifier.verify(textOf(name));
		for (const name of ["b", "c"]) await verifier.verify(textOf(name));
		expect(world.signatures).toBe(3);
		await verifier.verify(textOf("a"));
		expect(world.signatures).toBe(4);
	});

	it("is verified again by another kind that recognizes it from now on", async () => {
		let recognizing = "one";
		const profiles = ["one", "other"].map((name) => kind(name, { recognizes: () => name === recognizing }));
		const verifier = verifierWith({ profiles });
		expect((await verifier.verify(TOKEN)).profile).toBe("one");
		recognizing = "other";
		expect((await verifier.verify(TOKEN)).profile).toBe("other");
		expect(world.signatures).toBe(2);
	});
});

describe("a token is verified anew each time", () => {
	it.each<[string, () => Partial<VerifierOptions>]>([
		["without a cache", () => ({ cache: false })],
		["if each is accepted once", () => ({ replay: { spend: async () => true } })],
		["if two kinds recognize it", () => ({ profiles: [kind("one"), kind("other", { parseIssuer: unknown })] })],
		["if its keys are awaited", () => ({ profiles: [kind("shop", { parseIssuer: awaited })] })],
	])("%s", async (_why, options) => {
		expect(await signaturesOf(verifierWith(options()), 3)).toBe(3);
	});

	it("if its signer is awaited, as the answer of a contract is", async () => {
		let asked = 0;
		const findSigner = async (): Promise<string> => {
			asked += 1;
			return "key";
		};
		world.resolved = { findSigner };
		await signaturesOf(verifierWith(), 3);
		expect(asked).toBe(3);
	});
});

describe("of two kinds that recognize a token", () => {
	it("the error that names skipped keys counts, if neither knows the issuer", async () => {
		const skipping = () =>
			issuer(throwing(new TokenError("token/issuer-unknown", "b", { details: { skipped: ["x"] } })));
		const profiles = [kind("one", { parseIssuer: unknown }), kind("other", { parseIssuer: skipping })];
		const error = await expectRefusal(() => verifierWith({ profiles }).verify(TOKEN), "token/issuer-unknown");
		expect(error.details).toEqual({ skipped: ["x"] });
	});

	it("the one that knows the issuer decides about the claims", async () => {
		const verifyClaims = throwing(new TokenError("token/claim-invalid", "no"));
		const profiles = [kind("one", { verifyClaims }), kind("other", { parseIssuer: unknown })];
		await expectRefusal(() => verifierWith({ profiles }).verify(TOKEN), "token/claim-invalid");
		expect(world.signatures).toBe(0);
	});
});

it.each<[string, () => unknown]>([
	["nothing", () => undefined],
	["null", () => null],
	["no scopes", () => ({})],
	["a text", () => ({ scopes: "a" })],
	["a promise", async () => ({ scopes: [] })],
	["a rejected promise", async () => Promise.reject(new Error("no"))],
])("a kind whose verifyClaims returns %s is an error of the configuration", async (_what, verifyClaims) => {
	const verifier = verifierWith({ profiles: [kind("shop", { verifyClaims: verifyClaims as never })] });
	const { message, details } = await expectRefusal(() => verifier.verify(TOKEN), "config/invalid-option");
	expect(details).toEqual({ option: "verifyClaims" });
	expect(message).toMatch(/^shop: verifyClaims must be /);
});

it.each([5, null, undefined, {}, [TOKEN]])("%o isn't a token", async (token) => {
	await expectRefusal(() => verifierWith().verify(token as never), "token/malformed");
});

it("a token of no kind says which there are", async () => {
	const profiles = ["one", "other"].map((name) => kind(name, { recognizes: () => false }));
	const { message } = await expectRefusal(() => verifierWith({ profiles }).verify(TOKEN), "token/unrecognized");
	expect(message).toBe("expected a token of one of the kinds one, other");
});

it("a clock without a time is an error of the configuration", async () => {
	const { message } = await expectRefusal(
		() => verifierWith({ now: () => Number.NaN }).verify(TOKEN),
		"config/invalid-option",
	);
	expect(message).toMatch(/^createVerifier: now must be /);
});

it("a verification may have more time than a timer holds", async () => {
	const policies = [() => idle(2)];
	expect(await verifierWith({ policies, timeoutSeconds: 1e9 }).verify(TOKEN)).toMatchObject({ issuer: "7" });
});

it("a verifier is ready if all of its kinds are", async () => {
	const kinds = (...ready: readonly boolean[]) =>
		ready.map((isReady, at) => kind(`${at}`, { isReady: async () => isReady }));
	for (const [ready, expected] of [
		[[true, true], true],
		[[true, false], false],
		[[false, true], false],
	] as const)
		expect(await verifierWith({ profiles: kinds(...ready) }).isReady()).toBe(expected);
});

function setClaims(members: Partial<VerifiedClaims>): void {
	world.claims = { ...world.claims, ...members };
}

function throwing(error: Error): () => never {
	return () => {
		throw error;
	};
}

function issuer(resolve: () => ResolvedIssuer | Promise<ResolvedIssuer>) {
	return { issuer: "7", signer: "the app 7", resolve };
}

function unknown() {
	return issuer(throwing(new TokenError("token/issuer-unknown", "a")));
}

function awaited() {
	return issuer(async () => world.resolved);
}
