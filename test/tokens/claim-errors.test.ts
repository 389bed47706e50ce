/** Which claim a refusal names, for each kind of token; and what each kind recognizes as its own. */
import { describe, expect, it } from "vitest";
import { createVerifier } from "../../src/auth/create-verifier.ts";
import { exportPrivateKey } from "../../src/keys/export-private-key.ts";
import { exportPublicKey } from "../../src/keys/export-public-key.ts";
import { assertGranted } from "../../src/tokens/grant.ts";
import { ioctl } from "../../src/tokens/ioctl/ioctl.ts";
import type { Profile } from "../../src/tokens/token-kind.ts";
import { expectRefusal, refusalOf } from "../support/refusal.ts";
import { nowSeconds } from "../support/system-clock.ts";
import {
	APP_ID,
	CURVE_KEY,
	claimsOf,
	forgeKind,
	headerOf,
	JTI,
	KINDS,
	type Kind,
	profileOfKind,
	RECOGNIZED_BY,
	RESOURCE,
	RSA_KEYS,
	verifierOfKinds,
} from "../support/token-kinds.ts";

const APPS = ["github-app", "icr-app"] as const;
const RSA = [...APPS, "vonage"] as const;
const ORGANIZATIONS = KINDS.filter((kind) => kind.startsWith("orgid"));
const MISSING = "token/claim-missing";
const INVALID = "token/claim-invalid";

type Case = readonly [kind: Kind, claims: object, code: string, claim: string];

function each(kinds: readonly Kind[], claims: object, code: string, claim = Object.keys(claims)[0] as string): Case[] {
	return kinds.map((kind) => [kind, claims, code, claim]);
}

describe("a refused claim", () => {
	it.each<Case>([
		...each(
			KINDS.filter((kind) => kind !== "vonage"),
			{ exp: undefined },
			MISSING,
		),
		...each(KINDS, { exp: "soon" }, INVALID),
		...each(KINDS, { iat: "now" }, INVALID),
		...each(KINDS, { nbf: null }, INVALID),
		...each([...RSA, "orgid", "orgid-account"], { iat: undefined }, MISSING),
		...each(["vonage"], { iat: undefined, exp: undefined }, MISSING),
		...each([...APPS, "ioctl"], { iss: undefined }, MISSING),
		...each(KINDS, { jti: 5 }, INVALID),
		...each(KINDS, { scope: 5 }, INVALID),
		...each(ORGANIZATIONS, { aud: undefined }, MISSING),
		...each(APPS, { iss: "app id" }, INVALID),
		...each(APPS, { iss: 0 }, INVALID),
		...each(APPS, { application_id: APP_ID }, INVALID),
		...each(APPS, { alg: "RS512" }, INVALID),
		...each(["vonage"], { application_id: undefined }, MISSING),
		...each(["vonage"], { application_id: "app" }, INVALID),
		...each(["vonage"], { iss: APP_ID }, INVALID),
		...each(["vonage"], { jti: undefined }, MISSING),
		...each(["vonage"], { sub: 5 }, INVALID),
		...each(["vonage"], { acl: {} }, INVALID),
		...each(["ioctl"], { sub: 5 }, INVALID),
		...each(["ioctl"], { iss: "0x04" }, INVALID),
		...each(["ioctl"], { iss: `0x04${"11".repeat(64)}` }, INVALID),
		...each(["ioctl"], { iss: `0x04${"zz".repeat(64)}` }, INVALID),
		...each(["ioctl"], { iss: `0x02${"11".repeat(64)}` }, INVALID),
		...each(["ioctl"], { iss: 5 }, INVALID),
	])("of %s, %o, is refused as %s and named %s", async (kind, claims, code, claim) => {
		const token = await forgeKind(kind, { ...claims });
		const error = await refusalOf(() => verifierOfKinds([kind]).verify(token));
		expect({ code: error.code, details: error.details }).toEqual({ code, details: { claim } });
	});

	it.each([...RSA, "ioctl"] as const)("aud of %s may only be there if the profile has a name", async (kind) => {
		for (const aud of ["https://hotel.example", ["https://hotel.example"], 5]) {
			const token = await forgeKind(kind, { aud });
			await expectRefusal(() => verifierOfKinds([kind]).verify(token), "token/audience");
		}
	});

	it.each(APPS)("of %s says how far away exp may be", async (kind) => {
		const now = nowSeconds();
		const verifier = createVerifier({ profiles: [profileOfKind(kind)], now: () => now, clockToleranceSeconds: 30 });
		const good = await forgeKind(kind, { iat: now, exp: now + 630 });
		expect((await verifier.verify(good)).expiresAt).toBe(now + 630);
		const late = await forgeKind(kind, { iat: now, exp: now + 631 });
		const { details } = await expectRefusal(() => verifier.verify(late), "token/lifetime");
		expect(details).toEqual({ lifetime: 631, maxLifetimeSeconds: 600 });
	});

	it.each(APPS)("alg of %s may be left out", async (kind) => {
		const verified = await verifierOfKinds([kind]).verify(await forgeKind(kind, { alg: undefined }));
		expect(verified.claims).not.toHaveProperty("alg");
	});

	it("exp of a Vonage token is 15 minutes after iat if there is none, and never more than a day", async () => {
		const iat = nowSeconds();
		const verifierAt = (now: number) =>
			createVerifier({
				profiles: [profileOfKind("vonage")],
				now: () => now,
				clockToleranceSeconds: 0,
				maxLifetimeSeconds: 1e6,
			});
		const token = await forgeKind("vonage", { iat, exp: undefined });
		expect((await verifierAt(iat + 899).verify(token)).expiresAt).toBe(iat + 900);
		await expectRefusal(() => verifierAt(iat + 900).verify(token), "token/expired");
		const day = await forgeKind("vonage", { iat, exp: iat + 86_400 });
		expect((await verifierAt(iat).verify(day)).expiresAt).toBe(iat + 86_400);
		const longer = await forgeKind("vonage", { iat, exp: iat + 86_401 });
		await expectRefusal(() => verifierAt(iat).verify(longer), "token/lifetime");
	});
});

describe("the kid of an app's token", () => {
	it.each(RSA)("of the kind %s is a text that isn't empty, or absent", async (kind) => {
		for (const kid of ["", 5, null, {}]) {
			const token = await forgeKind(kind, {}, { kid });
			await expectRefusal(() => verifierOfKinds([kind]).verify(token), "token/key-id");
		}
	});
});

/** What a profile recognizes: a header and claims with these changes. */
function isRecognized(kind: Kind, header: object, claims: object, from: Kind = kind): boolean {
	const { recognizes }: Profile = profileOfKind(kind);
	const jws = { header: headerOf(from, { ...header }), claims: claimsOf(from, { ...claims }) };
	return recognizes(jws as never);
}

describe("a kind of token", () => {
	it.each(KINDS.flatMap((kind) => KINDS.map((other) => [kind, other] as const)))(
		"%s recognizes %s only if it is its own or RECOGNIZED_BY says so",
		(kind, other) => {
			const isOwn = [other, ...(RECOGNIZED_BY[other] ?? [])].includes(kind);
			expect(isRecognized(kind, {}, {}, other)).toBe(isOwn);
		},
	);

	it.each<[Kind, object, object]>([
		["github-app", { alg: "RS512" }, {}],
		["icr-app", {}, { application_id: APP_ID }],
		["vonage", {}, { application_id: undefined }],
		["vonage", { alg: "RS512" }, {}],
		["ioctl", { kid: "1" }, {}],
		["ioctl", { alg: "ES256K" }, {}],
		["ioctl", {}, { iss: "did:orgid" }],
		["ioctl", {}, { iss: 5 }],
		["ioctl", {}, { iss: "x0x04" }],
		["orgid", { alg: "ES256" }, {}],
		["orgid-account", { typ: "JWT" }, {}],
		["orgid-account", { alg: "ES256K" }, {}],
		["orgid-eth", { alg: "ES256K" }, {}],
		["orgid-eip712", { kid: "1" }, {}],
		["orgid-eip712", { alg: "ES256K" }, {}],
	])("%s doesn't recognize a token with %o in the header and %o in the claims", (kind, header, claims) => {
		expect(isRecognized(kind, header, claims)).toBe(false);
	});

	it("ioctl recognizes the dialect of iotex-antenna for JavaScript, and says what it is", async () => {
		expect(isRecognized("ioctl", { alg: "EK256K", kid: "1" }, { iss: 5 })).toBe(true);
		const token = await forgeKind("ioctl", {}, { alg: "EK256K" });
		await expectRefusal(() => verifierOfKinds(["ioctl"]).verify(token), "token/dialect");
	});

	it("ioctl has a header of two members", async () => {
		const token = await forgeKind("ioctl", {}, { x: 1 });
		const { details } = await expectRefusal(() => verifierOfKinds(["ioctl"]).verify(token), "token/header");
		expect(details).toEqual({ parameter: "x" });
		for (const header of [{ typ: "JWS" }, { typ: undefined }, { alg: "ES256K" }, { kid: JTI }])
			await expectRefusal(
				async () => verifierOfKinds(["ioctl"]).verify(await forgeKind("ioctl", {}, header)),
				[...(["token/type", "token/algorithm", "token/key-id"] as const)],
			);
	});
});

describe("ioctl", () => {
	it("names the issuer that isn't trusted", async () => {
		const token = await forgeKind("ioctl");
		const verifier = createVerifier({ profiles: [ioctl({ trustedIssuers: () => false })] });
		const { details } = await expectRefusal(() => verifier.verify(token), "token/issuer-unknown");
		const { issuer } = await verifierOfKinds(["ioctl"]).verify(token);
		expect(details).toEqual({ issuer });
	});

	it("shows the beginning of the key that iss names", async () => {
		const claims = { iss: claimsOf("ioctl")["iss"] as string };
		const { signer } = profileOfKind("ioctl").parseIssuer({ header: headerOf("ioctl"), claims } as never);
		expect(signer).toBe(`the key ${claims.iss.slice(0, 12)}… that iss names`);
	});

	it("gives an operation as scope, and nothing for any other scope", async () => {
		const scopesOf = async (scope: unknown) =>
			(await verifierOfKinds(["ioctl"]).verify(await forgeKind("ioctl", { scope }))).scopes;
		for (const operation of ["Create", "Read", "Update", "Delete"])
			expect(await scopesOf(operation)).toEqual([operation]);
		for (const other of [undefined, "read", "Read Update"]) expect(await scopesOf(other)).toEqual([]);
	});

	it("has every token grant what the profile requires", async () => {
		const verifierWith = (options: object) =>
			createVerifier({ profiles: [ioctl({ trustedIssuers: [CURVE_KEY.publicKey], ...options })] });
		const token = await forgeKind("ioctl");
		for (const options of [{ resource: RESOURCE }, { operation: "Read" }, { resource: RESOURCE, operation: "Read" }])
			expect((await verifierWith(options).verify(token)).scopes).toEqual(["Read"]);
		await expectRefusal(() => verifierWith({ resource: `${RESOURCE}/7` }).verify(token), "policy/resource");
		await expectRefusal(() => verifierWith({ operation: "Update" }).verify(token), "policy/operation");
		const endless = await forgeKind("ioctl", { exp: undefined });
		expect((await verifierWith({ requireExpiration: false }).verify(endless)).expiresAt).toBeUndefined();
	});

	it("says what an issuer that isn't one is, without quoting it", async () => {
		const wrong = {
			"a private key": exportPrivateKey(CURVE_KEY, "pkcs8"),
			"a key for another algorithm": exportPublicKey(RSA_KEYS.publicKey, "spki"),
			"other text": "alice",
			5: 5 as never,
		};
		for (const [got, issuer] of Object.entries(wrong)) {
			const { message, details } = await refusalOf(() => ioctl({ trustedIssuers: [CURVE_KEY.publicKey, issuer] }));
			expect(details).toEqual({ option: "trustedIssuers.1" });
			expect(message).toMatch(new RegExp(`^ioctl: trustedIssuers.1 must be .*, got ${got}$`));
		}
	});
});

describe("what a token must grant", () => {
	it.each([
		[{ sub: "room" }, ["Read"], { resource: "room", operation: "Read" }],
		[{}, [], {}],
	])("%o with %j grants %o", (claims, scopes, required) => {
		expect(assertGranted(claims, scopes, required)).toBeUndefined();
	});

	it.each([
		[{ sub: "room" }, ["Read"], { resource: "rooms" }, "policy/resource", { resource: "rooms" }],
		[{}, ["Read"], { resource: "room" }, "policy/resource", { resource: "room" }],
		[{ sub: "room" }, ["Read"], { operation: "read" }, "policy/operation", { operation: "read" }],
		[{ scope: "Read" }, [], { operation: "Read" }, "policy/operation", { operation: "Read" }],
	] as const)("%o with %j doesn't grant %o", async (claims, scopes, required, code, details) => {
		const error = await expectRefusal(() => assertGranted(claims, scopes, required), code);
		expect(error.details).toEqual(details);
	});
});
