import { describe, expect, it } from "vitest";
import { createVerifier } from "../../../src/auth/create-verifier.ts";
import { decodeToken } from "../../../src/jws/decode-token.ts";
import { isUuid } from "../../../src/tokens/issuer-keys/app-id.ts";
import { parseAcl } from "../../../src/tokens/vonage/acl.ts";
import { clientSdkAcl } from "../../../src/tokens/vonage/acl-presets.ts";
import { vonage } from "../../../src/tokens/vonage/vonage.ts";
import type { VonageMinterOptions, VonageTokenOptions } from "../../../src/tokens/vonage/vonage-minter.ts";
import { createVonageMinter } from "../../../src/tokens/vonage/vonage-minter.ts";
import { deepFreeze } from "../../support/deep-freeze.ts";
import { expectRefusal } from "../../support/refusal.ts";
import { APP_ID, CURVE_KEY, JTI, RSA_KEYS } from "../../support/token-kinds.ts";

const NOW = 1_700_000_000;
const usual: VonageMinterOptions = {
	key: RSA_KEYS.privateKey,
	applicationId: APP_ID,
	now: () => NOW,
};
const ACL = { paths: { "/v1/users/**": { methods: ["GET"] } } };

async function claimsOf(
	asked?: VonageTokenOptions,
	options: Partial<VonageMinterOptions> = {},
): Promise<Readonly<Record<string, unknown>>> {
	return decodeToken(await createVonageMinter({ ...usual, ...options }).mint(asked)).claims;
}

describe("Vonage tokens", () => {
	it("have a header, application_id, times and a new jti, but no iss", async () => {
		const { header, claims } = decodeToken(await createVonageMinter(usual).mint());
		expect(header).toEqual({ alg: "RS256", typ: "JWT" });
		expect(Object.keys(claims)).toEqual(["application_id", "iat", "jti", "exp"]);
		expect(claims).toMatchObject({ application_id: APP_ID, iat: NOW, exp: NOW + 900 });
		expect(isUuid(claims["jti"])).toBe(true);
		expect((await claimsOf())["jti"]).not.toBe(claims["jti"]);
	});

	it("contain sub, acl, exp, nbf, jti and extra claims as given", async () => {
		const claims = { sub: "alice", acl: ACL, exp: NOW + 60, nbf: NOW + 1, jti: JTI, "urn:example:x": [1] };
		expect(await claimsOf({ claims })).toEqual({ application_id: APP_ID, iat: NOW, ...claims });
	});

	it("accept a parsed acl and a preset", async () => {
		expect((await claimsOf({ claims: { acl: parseAcl(ACL) } }))["acl"]).toEqual(ACL);
		const preset = clientSdkAcl({ resources: ["users"] });
		expect((await claimsOf({ claims: { acl: preset } }))["acl"]).toEqual({ paths: { "/*/users/**": {} } });
	});

	it("can name the application in the claims, as the Nexmo CLI does", async () => {
		expect((await claimsOf({ claims: { application_id: APP_ID } }))["application_id"]).toBe(APP_ID);
	});

	it("write the application in lower case, and keep a jti", async () => {
		const upper = APP_ID.toUpperCase();
		expect((await claimsOf({}, { applicationId: upper }))["application_id"]).toBe(APP_ID);
		const jti = "AAAAAAAA-2222-4333-8444-0123456789AB";
		const claims = await claimsOf({ claims: { application_id: upper, jti } });
		expect(claims).toMatchObject({ application_id: APP_ID, jti });
	});

	it("convert exp and nbf from strings to numbers", async () => {
		const claims = { exp: String(NOW + 60), nbf: String(NOW) };
		expect(await claimsOf({ claims })).toMatchObject({ exp: NOW + 60, nbf: NOW });
	});

	it("are accepted by their own verifier", async () => {
		const token = await createVonageMinter(usual).mint({ claims: { sub: "alice", exp: String(NOW + 60) } });
		const profiles = [vonage({ keys: { [APP_ID]: RSA_KEYS.publicKey } })];
		const { claims } = await createVerifier({ profiles, now: () => NOW }).verify(token);
		expect(claims["exp"]).toBe(NOW + 60);
	});
});

describe("rejected claims", () => {
	it.each<[string, object]>([
		["iss", { iss: "x" }],
		["iat", { iat: NOW }],
		["another application", { application_id: JTI }],
		["an empty sub", { sub: "" }],
		["a sub that isn't a string", { sub: 7 }],
		["sub: null", { sub: null }],
		["a jti that isn't a UUID", { jti: "1" }],
		["a jti in base64", { jti: "MTIzNDU2Nzg5MDEyMzQ1Ng==" }],
		["jti: null", { jti: null }],
		["an exp in the past", { exp: NOW }],
		["an exp more than a day away", { exp: NOW + 86_401 }],
		["an exp in milliseconds", { exp: NOW * 1_000 }],
		["an exp in milliseconds, as text", { exp: String(NOW * 1_000) }],
		["an exp with a fraction", { exp: NOW + 60.5 }],
		["exp as an empty string", { exp: "" }],
		["exp as a string with a sign", { exp: `+${NOW + 60}` }],
		["exp as a string with a space", { exp: ` ${NOW + 60}` }],
		["exp as a string with a fraction", { exp: `${NOW + 60}.0` }],
		["exp as a hexadecimal string", { exp: "0x6553f13c" }],
		["exp as a very long string", { exp: "1".repeat(10_000) }],
		["exp as a date", { exp: new Date((NOW + 60) * 1_000) }],
		["exp as a list", { exp: [String(NOW + 60)] }],
		["exp: null", { exp: null }],
		["exp: true", { exp: true }],
		["exp 0", { exp: 0 }],
		["nbf as a word", { nbf: "now" }],
		["nbf 0", { nbf: 0 }],
		["an nbf not before exp", { exp: NOW + 60, nbf: NOW + 60 }],
		["a claim JSON can't represent", { x: 1n }],
		["a claim named constructor", { constructor: 1 }],
		["a claim named __proto__", JSON.parse('{"__proto__":1}') as object],
	])("%s", async (_what, claims) => {
		const { details } = await expectRefusal(() => claimsOf({ claims: { ...claims } }), "config/invalid-option");
		expect(details).toEqual({ option: `claims.${Object.keys(claims).at(-1)}` });
	});

	it.each<[string, unknown]>([
		["null", null],
		["text", "*"],
		["an array of paths", { paths: ["/v1/**"] }],
		["an object without paths", {}],
		["an object with an extra member", { paths: {}, exp: 1 }],
		["a method in lower case", { paths: { "/v1": { methods: ["get"] } } }],
		["a relative pattern", { paths: { "v1/**": {} } }],
	])("an acl that is %s", async (_what, acl) => {
		const error = await expectRefusal(() => claimsOf({ claims: { acl: acl as never } }), "config/invalid-option");
		expect(error).toMatchObject({ details: { option: "claims.acl" }, cause: { code: "token/claim-invalid" } });
		expect(error.message).toMatch(/^the claim acl must be a valid access control list: /);
	});
});

describe("lifetime", () => {
	it.each<[string, Partial<VonageMinterOptions>, VonageTokenOptions, number]>([
		["fifteen minutes", {}, {}, 900],
		["the minter's lifetimeSeconds", { lifetimeSeconds: 60 }, {}, 60],
		["the token's lifetimeSeconds", { lifetimeSeconds: 60 }, { lifetimeSeconds: 1 }, 1],
		["a day at most", {}, { lifetimeSeconds: 86_400 }, 86_400],
		["until exp, whatever the minter's lifetimeSeconds", { lifetimeSeconds: 60 }, { claims: { exp: NOW + 5 } }, 5],
		["the minter's maximum", { maxLifetimeSeconds: 30 }, {}, 30],
	])("is %s", async (_what, options, asked, life) => {
		expect((await claimsOf(asked, options))["exp"]).toBe(NOW + life);
	});

	it.each<[string, Partial<VonageMinterOptions>, VonageTokenOptions]>([
		["over a day", {}, { lifetimeSeconds: 86_401 }],
		["over a day, whatever the maximum", { maxLifetimeSeconds: 10 ** 6 }, { lifetimeSeconds: 86_401 }],
		["over a day by exp, whatever the maximum", { maxLifetimeSeconds: 10 ** 6 }, { claims: { exp: NOW + 86_401 } }],
		["over the minter's maximum by exp", { maxLifetimeSeconds: 30 }, { claims: { exp: NOW + 31 } }],
		["given twice", {}, { lifetimeSeconds: 60, claims: { exp: NOW + 60 } }],
		["nothing", {}, { lifetimeSeconds: 0 }],
	])("can't be %s", async (_what, options, asked) => {
		await expectRefusal(() => claimsOf(asked, options), "config/invalid-option");
	});
});

describe("options", () => {
	it.each<[string, unknown]>([
		["missing", undefined],
		["empty", ""],
		["a number", 7],
		["in braces", `{${APP_ID}}`],
		["without hyphens", APP_ID.replaceAll("-", "")],
		["with a hyphen in another place", "aaaaaaa-abbbb-4ccc-8ddd-0123456789ab"],
		["with a letter after f", APP_ID.replace("a", "g")],
		["one digit too long", `${APP_ID}0`],
		["a URN", `urn:uuid:${APP_ID}`],
	])("reject an applicationId that is %s", async (_what, applicationId) => {
		const make = (): unknown => createVonageMinter({ ...usual, applicationId } as never);
		const error = await expectRefusal(make, "config/invalid-option");
		expect(error.details).toEqual({ option: "applicationId" });
	});

	it.each([{ issuer: APP_ID }, { audience: "a" }, { application_id: APP_ID }, { acl: ACL }])(
		"reject %o",
		async (members) => {
			await expectRefusal(() => createVonageMinter({ ...usual, ...members } as never), "config/unknown-option");
		},
	);

	it("reject a key of another type", async () => {
		await expectRefusal(() => createVonageMinter({ ...usual, key: CURVE_KEY }), "key/wrong-algorithm");
	});

	it("of mint reject claims given as options, and invalid claims", async () => {
		for (const asked of [{ acl: ACL }, { sub: "alice" }, { exp: 1 }, { scope: "x" }]) {
			await expectRefusal(() => claimsOf(asked as never), "config/unknown-option");
		}
		for (const claims of ["sub=alice", null, 7]) {
			await expectRefusal(() => claimsOf({ claims: claims as never }), "config/invalid-option");
		}
	});

	it("aren't modified, and can be reused", async () => {
		const options = deepFreeze({ ...usual, lifetimeSeconds: 60 });
		const asked = deepFreeze({ claims: { sub: "alice", acl: structuredClone(ACL), exp: `${NOW + 9}` } });
		const minter = createVonageMinter(options);
		for (const one of [minter, minter, createVonageMinter(options)]) {
			const { sub, acl, exp } = decodeToken(await one.mint(asked)).claims;
			expect([sub, acl, exp]).toEqual(["alice", ACL, NOW + 9]);
		}
	});
});
