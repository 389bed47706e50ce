import { describe, expect, it } from "vitest";
import { createVerifier } from "../../../src/auth/create-verifier.ts";
import { decodeToken } from "../../../src/jws/decode-token.ts";
import { generateKeyPair } from "../../../src/keys/generate.ts";
import { createRemoteSigner } from "../../../src/keys/remote-signer.ts";
import { signData } from "../../../src/keys/sign.ts";
import type { Signer } from "../../../src/keys/signer.ts";
import type { AppTokenOptions } from "../../../src/tokens/app/app-minter.ts";
import { createGitHubAppMinter, createIcrAppMinter } from "../../../src/tokens/app/app-minter.ts";
import { githubApp } from "../../../src/tokens/app/github-app.ts";
import { icrApp } from "../../../src/tokens/app/icr-app.ts";
import type { Minter } from "../../../src/tokens/token-kind.ts";
import { deepFreeze } from "../../support/deep-freeze.ts";
import { createMinter, type MinterOptionsOf } from "../../support/minters.ts";
import { expectRefusal } from "../../support/refusal.ts";
import { CURVE_KEY, RSA_KEYS } from "../../support/token-kinds.ts";

const NOW = 1_700_000_000;
const APPS = ["github-app", "icr-app"] as const;
const PROFILES = { "github-app": githubApp, "icr-app": icrApp } as const;
const usual: MinterOptionsOf<"github-app" | "icr-app"> = {
	profile: "github-app",
	key: RSA_KEYS.privateKey,
	issuer: 12345,
	now: () => NOW,
};

async function mint(
	options: Partial<typeof usual> = {},
	asked?: AppTokenOptions,
): Promise<ReturnType<typeof decodeToken>> {
	return decodeToken(await createMinter({ ...usual, ...options }).mint(asked));
}

describe("app tokens", () => {
	it.each<[(typeof APPS)[number], object]>([
		["github-app", {}],
		["icr-app", { alg: "RS256" }],
	])("%s: has the usual header, an iat a minute ago, and expires in nine minutes", async (profile, more) => {
		const { header, claims } = await mint({ profile });
		expect(header).toEqual({ alg: "RS256", typ: "JWT" });
		expect(claims).toEqual({ iat: NOW - 60, exp: NOW + 480, iss: 12345, ...more });
	});

	it.each<string | number>([1, "1", "Iv1.8a61f9b3a7aba766", Number.MAX_SAFE_INTEGER, "a".repeat(128)])(
		"keeps the type of iss %j",
		async (issuer) => {
			expect((await mint({ issuer })).claims["iss"]).toBe(issuer);
		},
	);

	it("accepts extra claims, including aud", async () => {
		const claims = deepFreeze({
			aud: "https://api",
			sub: "x",
			jti: "1",
			scope: "a",
			deep: { list: [1, null] },
		});
		expect((await mint({}, { claims })).claims).toMatchObject(claims);
	});

	it.each(["iss", "iat", "exp", "nbf", "alg", "application_id", "constructor", "__proto__"])(
		"rejects the claim %s",
		async (name) => {
			const claims = JSON.parse(`{${JSON.stringify(name)}:1}`) as Record<string, unknown>;
			const error = await expectRefusal(() => mint({}, { claims }), "config/invalid-option");
			expect(error.details).toEqual({ option: `claims.${name}` });
		},
	);

	it("rejects a claim that JSON can't represent", async () => {
		const circle: Record<string, unknown> = {};
		circle["self"] = circle;
		for (const x of [undefined, () => 1, 1n, Symbol("x"), circle]) {
			await expectRefusal(() => mint({}, { claims: { x } }), "config/invalid-option");
		}
	});
});

describe("lifetime", () => {
	it.each<[string, Partial<typeof usual>, AppTokenOptions, number]>([
		["nine minutes", {}, {}, 540],
		["the minter's lifetimeSeconds", { lifetimeSeconds: 600 }, {}, 600],
		["the token's lifetimeSeconds", { lifetimeSeconds: 600 }, { lifetimeSeconds: 61 }, 61],
		["the minter's maximum if shorter", { maxLifetimeSeconds: 300 }, {}, 300],
		["ten minutes at most", { maxLifetimeSeconds: 86_400 }, { lifetimeSeconds: 600 }, 600],
	])("is %s", async (_what, options, asked, life) => {
		for (const profile of APPS) {
			const { iat, exp } = (await mint({ profile, ...options }, asked)).claims;
			expect((exp as number) - (iat as number)).toBe(life);
		}
	});

	it.each<[string, number]>([
		["over ten minutes", 601],
		["a day", 86_400],
		["a fraction of a second", 90.5],
		["nothing", 0],
		["negative", -1],
		["60 seconds or less, because iat is a minute ago", 60],
	])("can't be %s", async (_what, lifetimeSeconds) => {
		for (const profile of APPS) {
			await expectRefusal(() => mint({ profile, lifetimeSeconds }), "config/invalid-option");
			await expectRefusal(() => mint({ profile }, { lifetimeSeconds }), "config/invalid-option");
			const make = (): unknown => createMinter({ ...usual, profile, lifetimeSeconds });
			await expectRefusal(make, "config/invalid-option");
		}
		await expectRefusal(() => createMinter({ ...usual, maxLifetimeSeconds: 60 }), "config/invalid-option");
	});
});

describe("a clock that is off by a minute", () => {
	it.each(APPS.flatMap((profile) => [60, -60].map((off) => [profile, off] as const)))(
		"%s: is accepted when %i seconds off, by a verifier without tolerance",
		async (profile, off) => {
			const minter = createMinter({ ...usual, profile, now: () => NOW + off });
			const verifier = createVerifier({
				profiles: [PROFILES[profile]({ keys: { 12345: RSA_KEYS.publicKey } })],
				clockToleranceSeconds: 0,
				now: () => NOW,
			});
			const token = await minter.mint();
			const { expiresAt } = await verifier.verify(token);
			// GitHub's own bound: no end more than ten minutes from its present.
			expect(expiresAt).toBeLessThanOrEqual(NOW + 600);
			expect(expiresAt).toBeGreaterThan(NOW + 400);
			expect((await verifier.verify(await minter.mint({ lifetimeSeconds: 600 }))).issuer).toBe("12345");
		},
	);
});

describe("options", () => {
	it.each<[string, unknown]>([
		["0", 0],
		["a negative number", -1],
		["1.5", 1.5],
		["NaN", Number.NaN],
		["infinity", Number.POSITIVE_INFINITY],
		["a bigint", 1n],
		["empty", ""],
		["text with a space", "a b"],
		["non-ASCII text", "é"],
		["129 characters long", "a".repeat(129)],
		["null", null],
		["missing", undefined],
		["a list", [1]],
	])("reject the issuer %s", async (_what, issuer) => {
		const error = await expectRefusal(() => createMinter({ ...usual, issuer } as never), "config/invalid-option");
		expect(error.details).toEqual({ option: "issuer" });
	});

	it.each([{ audience: "a" }, { applicationId: "x" }, { scope: "a" }, { algorithm: "RS256" }, { appId: 1 }])(
		"reject %o",
		async (members) => {
			await expectRefusal(() => createMinter({ ...usual, ...members } as never), "config/unknown-option");
		},
	);

	it("have types that depend on the profile, as do the options of mint", async () => {
		const { key, issuer } = usual;
		// @ts-expect-error: organizations' tokens have audiences, an app's don't.
		const withAudience = () => createGitHubAppMinter({ key, issuer, audience: "a" });
		await expectRefusal(withAudience, "config/unknown-option");
		const minter: Minter<AppTokenOptions> = createIcrAppMinter({ key, issuer });
		// @ts-expect-error: nor have they scopes.
		await expectRefusal(() => minter.mint({ scope: "book" }), "config/unknown-option");
	});

	it.each([{ audience: "a" }, { scope: "a" }, { exp: 1 }, { expiresAt: 1 }, { resource: "a" }])(
		"of mint reject %o",
		async (asked) => {
			await expectRefusal(() => createMinter(usual).mint(asked as never), "config/unknown-option");
		},
	);

	it("aren't modified, and can be reused", async () => {
		const options = deepFreeze({ ...usual, lifetimeSeconds: 300 } as const);
		const asked = deepFreeze({ claims: { sub: "x" }, lifetimeSeconds: 120 });
		const minter = createMinter(options);
		for (const one of [minter, minter, createMinter(options)]) {
			expect(decodeToken(await one.mint(asked)).claims).toMatchObject({ sub: "x", exp: NOW + 60 });
		}
	});
});

describe("the key", () => {
	it.each(APPS)("of %s must be an RSA key", async (profile) => {
		const make = (): unknown => createMinter({ ...usual, profile, key: CURVE_KEY });
		const error = await expectRefusal(make, "key/wrong-algorithm");
		expect(error.details).toEqual({ expected: "RS256", actual: "ES256K" });
		const pss = { algorithm: "PS256", sign: () => new Uint8Array(256) } as unknown as Signer;
		await expectRefusal(() => createMinter({ ...usual, profile, key: pss }), "key/wrong-algorithm");
	});

	it("can't be RSA for ORGiD tokens", async () => {
		const issuer = `did:orgid:100:0x${"0a".repeat(32)}#webserver`;
		const make = (): unknown => createMinter({ profile: "orgid", key: RSA_KEYS.privateKey, issuer });
		await expectRefusal(make, "key/wrong-algorithm");
	});

	it("can be remote, with or without its public half", async () => {
		const signMessage = (bytes: Uint8Array): Promise<Uint8Array> => signData(RSA_KEYS.privateKey, bytes);
		const { publicKey } = RSA_KEYS;
		const remote = createRemoteSigner({ algorithm: "RS256", publicKey, signMessage });
		const bare: Signer = { algorithm: "RS256", sign: signMessage };
		const verifier = createVerifier({ profiles: [githubApp({ keys: { 7: publicKey } })] });
		for (const key of [remote, bare]) {
			const token = await createMinter({ profile: "github-app", key, issuer: 7 }).mint();
			expect((await verifier.verify(token)).issuer).toBe("7");
		}
	});

	it("whose signer signs with another key is rejected before a token is returned", async () => {
		const { privateKey } = await generateKeyPair({ algorithm: "RS256" });
		const key: Signer = {
			algorithm: "RS256",
			publicKey: RSA_KEYS.publicKey,
			sign: (bytes) => signData(privateKey, bytes),
		};
		await expectRefusal(() => createMinter({ ...usual, key }).mint(), "key/signing-fault");
	});
});
