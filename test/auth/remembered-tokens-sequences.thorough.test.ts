/** A verifier that remembers tokens decides as one that doesn't, whatever happened before. */
import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createVerifier, type Verifier } from "../../src/auth/create-verifier.ts";
import type { TokenCacheOptions } from "../../src/auth/remembered-tokens.ts";
import { OrgpassError, TokenError } from "../../src/errors/errors.ts";
import type { Profile, ResolvedIssuer } from "../../src/tokens/token-kind.ts";
import { joinBytes, toSegment } from "../support/forge-token.ts";
import { runs } from "../support/property.ts";

const NOW = 1_800_000_000;
const ISSUERS = ["a", "b"] as const;
const MAX_TOKEN_BYTES = 2 ** 21;
/** Nine bytes are the twelve characters by which tokens are found. */
const ENDS = [1, 2].map((byte) => new Uint8Array(9).fill(byte));

interface TokenSpec {
	readonly issuer: number;
	readonly key: number;
	readonly end: number;
	readonly padding: number;
	readonly lifetime: number;
}

type Step =
	| { readonly do: "verify"; readonly token: number; readonly change: number; readonly times: number }
	| { readonly do: "rotate"; readonly issuer: number; readonly key: number }
	| { readonly do: "revoke" | "restore" | "slow" | "fast"; readonly issuer: number }
	| { readonly do: "wait"; readonly seconds: number };

/** A signature of a kind of its own: a hash of key and text, and any end after it. */
function sign(key: number, text: string | Uint8Array, end: Uint8Array): Uint8Array {
	const hash = createHash("sha256").update(`${key}.`).update(text).digest();
	return joinBytes(hash, new Uint8Array(1), end);
}

function mint({ issuer, key, end, padding, lifetime }: TokenSpec): string {
	const claims = { iss: ISSUERS[issuer], exp: NOW + lifetime, x: "?>~".repeat(padding) };
	const text = `${toSegment({ alg: "test" })}.${toSegment(claims)}`;
	return `${text}.${toSegment(sign(key, text, ENDS[end] as Uint8Array))}`;
}

/** What an attacker makes of a token, all with its end; the first leaves it as it is. */
const CHANGES: readonly ((token: string) => string)[] = [
	(token) => token,
	(token) => replaceClaims(token, (claims) => claims.replace('"iss":"a"', '"iss":"b"').replace("?", "!")),
	(token) => replaceClaims(token, (claims) => claims.replace(/"exp":\d+/, '"exp":1900000000')),
	(token) => token.replace("-", "\u012d"),
	(token) => token.replace("e", "\ud865"),
	(token) => `${token.slice(0, 8)}\u00e9${token.slice(9)}`,
	(token) => ` ${token}`.slice(0, token.length),
	(token) => `${token.slice(0, token.lastIndexOf(".") + 1)}${"A".repeat(44)}${token.slice(-12)}`,
	(token) => `\u{1f511}${token}\u{1f511}`.slice(2, -2),
];

function replaceClaims(token: string, replace: (claims: string) => string): string {
	const [header, claims = "", signature] = token.split(".");
	return [header, toSegment(replace(Buffer.from(claims, "base64url").toString())), signature].join(".");
}

/** Two issuers whose keys change, and both verifiers of their tokens. */
function createWorld(cache: TokenCacheOptions) {
	const state = { now: NOW, checked: 0 };
	const keys = [0, 1].map(
		(key): ResolvedIssuer => ({
			findSigner: ({ signingInput, signature }) => {
				state.checked += 1;
				const isSigned = Buffer.from(sign(key, signingInput, signature.subarray(33))).equals(signature);
				return isSigned ? `key ${key}` : undefined;
			},
		}),
	);
	const issuers = ISSUERS.map((issuer, at) => ({ issuer, key: at, isRevoked: false, isSlow: false }));
	const profile: Profile = {
		name: "test",
		recognizes: () => true,
		parseIssuer: ({ claims }) => {
			const found = issuers.find(({ issuer }) => issuer === claims["iss"]);
			if (found === undefined) throw new TokenError("token/issuer-unknown", "expected a or b");
			return {
				issuer: found.issuer,
				signer: found.issuer,
				resolve: () => {
					if (found.isRevoked) throw new TokenError("token/issuer-unknown", "revoked");
					const resolved = keys[found.key] as ResolvedIssuer;
					return found.isSlow ? Promise.resolve(resolved) : resolved;
				},
			};
		},
		verifyClaims: ({ claims }, { now }) => {
			if (now >= Number(claims["exp"])) throw new TokenError("token/expired", "expected a later exp");
			return { expiresAt: Number(claims["exp"]), scopes: [] };
		},
	};
	const options = { profiles: [profile], now: () => state.now, maxTokenBytes: MAX_TOKEN_BYTES };
	const remembering = createVerifier({ ...options, cache });
	const forgetful = createVerifier({ ...options, cache: false });
	return { state, issuers, remembering, forgetful };
}

/** The result, or the error's code, and how many signatures were checked for it. */
async function outcomeOf(verifier: Verifier, token: string): Promise<unknown> {
	try {
		return await verifier.verify(token);
	} catch (error) {
		if (!(error instanceof OrgpassError)) throw error;
		return error.code;
	}
}

/** Returns how many checks of signatures were saved. */
async function runSteps(
	cache: TokenCacheOptions,
	specs: readonly TokenSpec[],
	steps: readonly Step[],
): Promise<number> {
	const { state, issuers, remembering, forgetful } = createWorld(cache);
	const tokens = specs.map(mint);
	let saved = 0;
	for (const step of steps) {
		if (step.do === "wait") state.now += step.seconds;
		else if (step.do === "verify") {
			const token = (CHANGES[step.change] as (token: string) => string)(tokens[step.token % tokens.length] as string);
			const before = state.checked;
			const expected = await outcomeOf(forgetful, token);
			const needed = (state.checked - before) * step.times;
			// All at once: the later ones don't wait for what the first one remembers.
			const found = await Promise.all(Array.from({ length: step.times }, () => outcomeOf(remembering, token)));
			for (const outcome of found) expect(outcome).toEqual(expected);
			saved += needed - (state.checked - before - needed / step.times);
		} else {
			const issuer = issuers[step.issuer] as (typeof issuers)[number];
			if (step.do === "rotate") issuer.key = step.key;
			else if (step.do === "revoke" || step.do === "restore") issuer.isRevoked = step.do === "revoke";
			else issuer.isSlow = step.do === "slow";
		}
	}
	return saved;
}

const bit = fc.nat(1);
const verify = fc.record({
	do: fc.constant("verify" as const),
	token: fc.nat(15),
	change: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, fc.nat(CHANGES.length - 1)),
	times: fc.integer({ min: 1, max: 3 }),
});
const step: fc.Arbitrary<Step> = fc.oneof(
	{ weight: 12, arbitrary: verify },
	fc.record({ do: fc.constant("rotate" as const), issuer: bit, key: bit }),
	fc.record({ do: fc.constantFrom("revoke", "restore", "restore", "slow", "fast", "fast"), issuer: bit }),
	fc.record({ do: fc.constant("wait" as const), seconds: fc.constantFrom(1, 40, 299, 300, -30) }),
);

function specs(padding: fc.Arbitrary<number>): fc.Arbitrary<readonly TokenSpec[]> {
	const spec = fc.record({ issuer: bit, key: bit, end: bit, padding, lifetime: fc.constantFrom(60, 3_000) });
	return fc.array(spec, { minLength: 2, maxLength: 16, size: "max" });
}

describe("T89: a verifier that remembers tokens", () => {
	it.each([1, 2, 5, undefined])("T89: decides as one that doesn't, with %s entries", async (maxEntries) => {
		let saved = 0;
		const steps = fc.array(step, { minLength: 20, maxLength: 120, size: "max" });
		const property = fc.asyncProperty(specs(fc.constantFrom(0, 1, 1_000)), steps, async (specs, steps) => {
			saved += await runSteps({ maxEntries }, specs, steps);
		});
		await fc.assert(property, runs(250, 40));
		expect(saved).toBeGreaterThan(0);
	});

	it("T89: decides as one that doesn't, when large tokens overwrite one another", async () => {
		let saved = 0;
		const steps = fc.array(step, { minLength: 40, maxLength: 60, size: "max" });
		const padding = fc.constantFrom(0, 250_000, 349_000, 500_000);
		const property = fc.asyncProperty(specs(padding), steps, async (specs, steps) => {
			saved += await runSteps({}, specs, steps);
		});
		await fc.assert(property, runs(15, 3));
		expect(saved).toBeGreaterThan(0);
	});

	it("T89: has nothing of what another verifier with other keys remembers", async () => {
		const [one, other] = [createWorld({}), createWorld({})];
		const token = mint({ issuer: 0, key: 0, end: 0, padding: 1, lifetime: 60 });
		const [issuer] = other.issuers;
		if (issuer !== undefined) issuer.key = 1;
		for (let use = 0; use < 3; use++) {
			expect(await outcomeOf(one.remembering, token)).toMatchObject({ issuer: "a", keyId: "key 0" });
			expect(await outcomeOf(other.remembering, token)).toBe("token/signature");
		}
	});
});
