import { setImmediate } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createVerifier, type VerifierOptions } from "../../src/auth/create-verifier.ts";
import type { Policy } from "../../src/auth/policies/policy.ts";
import { requireScope } from "../../src/auth/policies/scope.ts";
import type { ErrorCode } from "../../src/errors/codes.ts";
import { PolicyError } from "../../src/errors/errors.ts";
import { orgid } from "../../src/tokens/orgid/orgid.ts";
import type { Profile } from "../../src/tokens/token-kind.ts";
import { deepFreeze } from "../support/deep-freeze.ts";
import { expectRefusal } from "../support/refusal.ts";
import { type ChainStage, startChainStage } from "../support/token-stage.ts";

let stage: ChainStage;
let token: string;
let profile: Profile;
beforeAll(async () => {
	stage = await startChainStage();
	token = await stage.forge({ payload: stage.claims({ scope: "book", nested: { a: 1 } }) });
	profile = orgid({ audience: stage.receiver.did, resolver: stage.resolver });
});
afterAll(() => stage.close());

describe("verify", () => {
	it("returns the sender, frozen", async () => {
		const verified = await stage.verify(token);
		const { did, issuer } = stage.sender;
		expect(verified).toMatchObject({ profile: "orgid", issuer: did, keyId: issuer, scopes: ["book"] });
		expect(verified.expiresAt).toBe(verified.claims["exp"]);
		expect(verified.organization).toMatchObject({ did, active: true, chainId: 31_337 });
		for (const part of [verified, verified.claims, verified.scopes, verified.organization]) {
			expect(Object.isFrozen(part)).toBe(true);
		}
	});

	it("returns the same result every time, also for concurrent calls", async () => {
		const first = await stage.verify(token);
		const all = await Promise.all(Array.from({ length: 50 }, () => stage.verify(token)));
		for (const one of all) expect(one).toEqual(first);
	});

	it("requires the scope given in the call", async () => {
		const options = deepFreeze({ scope: ["book"] });
		for (const _ of [1, 2]) expect((await stage.verifier.verify(token, options)).scopes).toEqual(["book"]);
		expect((await stage.verifier.verify(token, {})).scopes).toEqual(["book"]);
		const { details, message } = await expectRefusal(
			() => stage.verifier.verify(token, { scope: "book cancel" }),
			"policy/scope",
		);
		expect(details).toEqual({ required: ["book", "cancel"], missing: ["cancel"] });
		expect(message).toBe('expected the scope book cancel, got "book"');
	});

	it.each<[unknown, ErrorCode]>([
		[null, "config/invalid-option"],
		["book", "config/invalid-option"],
		[[], "config/invalid-option"],
		[{ scope: "" }, "config/invalid-option"],
		[{ scope: [] }, "config/invalid-option"],
		[{ scope: 1 }, "config/invalid-option"],
		[{ scopes: "book" }, "config/unknown-option"],
		[{ audience: "x" }, "config/unknown-option"],
	])("rejects the options %j", async (options, code) => {
		await expectRefusal(() => stage.verifier.verify(token, options as never), code);
	});
});

describe("policies", () => {
	const refusal = new PolicyError("policy/scope", "not today");

	it("run in order, one after the other, and receive the verified token", async () => {
		const seen: string[] = [];
		const policies: Policy[] = [
			async ({ issuer }) => {
				await setImmediate();
				seen.push(`first ${issuer}`);
			},
			({ keyId }) => {
				seen.push(`second ${keyId}`);
			},
		];
		await stage.verifierWith({ policies }).verify(token);
		expect(seen).toEqual([`first ${stage.sender.did}`, `second ${stage.sender.issuer}`]);
	});

	it.each<[string, Policy]>([
		[
			"synchronously",
			() => {
				throw refusal;
			},
		],
		["later", () => Promise.reject(refusal)],
	])("stop at the first one that rejects %s", async (_what, policy) => {
		let asked = 0;
		const policies: Policy[] = [
			policy,
			() => {
				asked += 1;
			},
		];
		await expect(stage.verifierWith({ policies }).verify(token)).rejects.toBe(refusal);
		expect(asked).toBe(0);
	});

	it("can't modify the verified token", async () => {
		const policy: Policy = (verified) => {
			(verified as { issuer: string }).issuer = "did:evil";
		};
		const verifier = stage.verifierWith({ policies: [policy] });
		await expect(verifier.verify(token)).rejects.toThrow(TypeError);
	});

	it("of the verifier and of the call must all pass", async () => {
		const verifier = stage.verifierWith({ policies: [requireScope("book")] });
		expect((await verifier.verify(token, { scope: "book" })).scopes).toEqual(["book"]);
		await expectRefusal(() => verifier.verify(token, { scope: "cancel" }), "policy/scope");
	});
});

describe("createVerifier options", () => {
	it.each<[string, () => object, ErrorCode]>([
		["no profiles", () => ({ profiles: undefined }), "config/invalid-option"],
		["an empty list of profiles", () => ({ profiles: [] }), "config/invalid-option"],
		["an invalid profile", () => ({ profiles: [{}] }), "config/invalid-option"],
		["the same profile twice", () => ({ profiles: [profile, profile] }), "config/duplicate-profile"],
		["a tolerance above 300 s", () => ({ clockToleranceSeconds: 301 }), "config/invalid-option"],
		["a negative tolerance", () => ({ clockToleranceSeconds: -1 }), "config/invalid-option"],
		["a tolerance of NaN", () => ({ clockToleranceSeconds: Number.NaN }), "config/invalid-option"],
		["a tolerance given as text", () => ({ clockToleranceSeconds: "30" }), "config/invalid-option"],
		["a lifetime of zero", () => ({ maxLifetimeSeconds: 0 }), "config/invalid-option"],
		["an infinite lifetime", () => ({ maxLifetimeSeconds: Number.POSITIVE_INFINITY }), "config/invalid-option"],
		["a size limit of zero", () => ({ maxTokenBytes: 0 }), "config/invalid-option"],
		["policies that aren't an array", () => ({ policies: requireScope("x") }), "config/invalid-option"],
		["a policy that isn't a function", () => ({ policies: ["x"] }), "config/invalid-option"],
		["a clock that isn't a function", () => ({ now: 1 }), "config/invalid-option"],
		["a misspelled option", () => ({ audience: "x" }), "config/unknown-option"],
		["algorithms", () => ({ algorithms: ["ES256K"] }), "config/unknown-option"],
	])("rejects %s", async (_what, options, code) => {
		await expectRefusal(() => createVerifier({ profiles: [profile], ...options() } as VerifierOptions), code);
	});

	it("names the duplicate profile", async () => {
		const other = orgid({ audience: "x", resolver: stage.resolver });
		const { details } = await expectRefusal(
			() => createVerifier({ profiles: [profile, other] }),
			"config/duplicate-profile",
		);
		expect(details).toEqual({ profile: "orgid" });
	});

	it("are neither modified nor retained, and can be reused", async () => {
		const policies: Policy[] = [];
		const profiles = [profile];
		const options = { profiles, policies, now: stage.clock };
		const [first, second] = [
			createVerifier(options),
			createVerifier(deepFreeze({ ...options, profiles: [profile], policies: [] })),
		];
		policies.push(requireScope("admin"));
		profiles.length = 0;
		for (const verifier of [first, second]) {
			expect(Object.isFrozen(verifier)).toBe(true);
			expect((await verifier.verify(token)).issuer).toBe(stage.sender.did);
		}
	});

	it.each([Number.NaN, Number.POSITIVE_INFINITY, "1800000000", undefined, null, new Date(0), 10n])(
		"rejects a clock that returns %s, without calling the resolver",
		async (time) => {
			const verifier = stage.verifierWith({ now: () => time as never });
			stage.resolver.reset();
			const { details } = await expectRefusal(() => verifier.verify(token), "config/invalid-option");
			expect(details).toEqual({ option: "now" });
			expect(stage.resolver.calls()).toBe(0);
		},
	);
});

describe("a kind of token whose checks are asynchronous", () => {
	const refuse = async (): Promise<void> => {
		throw new PolicyError("policy/refused", "not today");
	};

	it("refuses what they refuse", async () => {
		const expiring: Profile = {
			...profile,
			parseIssuer(jws) {
				const parsed = profile.parseIssuer(jws);
				return { ...parsed, resolve: async () => ({ ...(await parsed.resolve()), assertValidity: refuse }) };
			},
		};
		for (const strict of [expiring, { ...profile, assertGrant: refuse }]) {
			const verifier = createVerifier({ profiles: [strict], now: stage.clock });
			await expectRefusal(() => verifier.verify(token), "policy/refused");
		}
	});
});

describe("T9: a verifier for two profiles", () => {
	/** A second kind as the interface allows it: the same rules under another algorithm's name. */
	function otherProfile(): Profile {
		const name = "other" as string as Profile["name"];
		const recognizes: Profile["recognizes"] = ({ header }) => header["alg"] === "OTHER";
		return Object.freeze({ ...profile, name, recognizes, parseIssuer: () => expect.fail("not asked") });
	}

	it("T9: each token is verified by its own profile, in either order", async () => {
		for (const profiles of [
			[profile, otherProfile()],
			[otherProfile(), profile],
		]) {
			const verifier = createVerifier({ profiles, now: stage.clock });
			expect((await verifier.verify(token)).profile).toBe("orgid");
		}
	});

	it("T9: rejects a token that neither profile recognizes, without calling the resolver", async () => {
		const verifier = createVerifier({ profiles: [profile, otherProfile()], now: stage.clock });
		stage.resolver.reset();
		for (const alg of ["none", "ES256", undefined, null]) {
			const stranger = await stage.forge({ header: stage.header({ alg }) });
			await expectRefusal(() => verifier.verify(stranger), "token/unrecognized");
		}
		expect(stage.resolver.calls()).toBe(0);
	});

	it("a single profile reports a more specific error", async () => {
		await stage.refuse(await stage.forge({ header: stage.header({ alg: "ES256" }) }), "token/algorithm", 0);
	});
});
