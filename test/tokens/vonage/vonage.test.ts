import { describe, expect, it } from "vitest";
import { createVerifier, type VerifyOptions } from "../../../src/auth/create-verifier.ts";
import type { ErrorCode } from "../../../src/errors/codes.ts";
import { createBearer } from "../../../src/http/bearer.ts";
import { githubApp } from "../../../src/tokens/app/github-app.ts";
import type { VerifiedToken } from "../../../src/tokens/verified-token.ts";
import { vonage } from "../../../src/tokens/vonage/vonage.ts";
import { isUuid, verifyVonageClaims } from "../../../src/tokens/vonage/vonage-claims.ts";
import { deepFreeze } from "../../support/deep-freeze.ts";
import { expectRefusal } from "../../support/refusal.ts";
import { APP_ID, claimsOf, forgeKind, JTI, nowSeconds, RSA_KEYS } from "../../support/token-kinds.ts";

const ACL = {
	paths: {
		"/v1/users/**": { methods: ["GET", "POST"] },
		"/v1/messages": { filters: { from: "44700" } },
	},
};
const keys = { [APP_ID]: RSA_KEYS.publicKey };
const verifier = createVerifier({ profiles: [vonage({ keys })] });

async function verify(members: object, asked?: VerifyOptions): Promise<VerifiedToken> {
	return verifier.verify(await forgeKind("vonage", { ...members }), asked);
}

async function refuse(members: object, code: ErrorCode, asked?: VerifyOptions): Promise<void> {
	await expectRefusal(() => verify(members, asked), code);
}

describe("the claims", () => {
	it.each<[string, object, ErrorCode]>([
		["no application_id", { application_id: undefined }, "token/claim-missing"],
		["application_id null", { application_id: null }, "token/claim-invalid"],
		["application_id that is no UUID", { application_id: "app" }, "token/claim-invalid"],
		["application_id in upper case", { application_id: APP_ID.toUpperCase() }, "token/claim-invalid"],
		["application_id in a list", { application_id: [APP_ID] }, "token/claim-invalid"],
		["an application nobody knows", { application_id: JTI }, "token/issuer-unknown"],
		["iss beside it", { iss: APP_ID }, "token/claim-invalid"],
		["iss null beside it", { iss: null }, "token/claim-invalid"],
		["no jti", { jti: undefined }, "token/claim-missing"],
		["no iat", { iat: undefined }, "token/claim-missing"],
		["no exp", { exp: undefined }, "token/claim-missing"],
		["exp as text", { exp: String(nowSeconds() + 60) }, "token/claim-invalid"],
		["a life over a day", { exp: nowSeconds() + 86_500 }, "token/lifetime"],
		["jti that is no UUID", { jti: "1" }, "token/claim-invalid"],
		["jti in upper case", { jti: "AAAAAAAA-2222-4333-8444-0123456789AB" }, "token/claim-invalid"],
		["jti as a number", { jti: 1 }, "token/claim-invalid"],
		["jti null", { jti: null }, "token/claim-invalid"],
		["an empty sub", { sub: "" }, "token/claim-invalid"],
		["sub as a number", { sub: 7 }, "token/claim-invalid"],
		["an acl that is text", { acl: "*" }, "token/claim-invalid"],
		["an acl null", { acl: null }, "token/claim-invalid"],
		["an empty acl", { acl: {} }, "token/claim-invalid"],
		["an acl with paths in a list", { acl: { paths: ["/v1/**"] } }, "token/claim-invalid"],
		["an acl with a member more", { acl: { paths: {}, allow: "*" } }, "token/claim-invalid"],
		["an acl with a method in lower case", { acl: { paths: { "/v1": { methods: ["get"] } } } }, "token/claim-invalid"],
		["an acl with a wildcard inside", { acl: { paths: { "/v1/us*": {} } } }, "token/claim-invalid"],
		["scope that is none", { scope: { a: 1 } }, "token/claim-invalid"],
	])("%s is rejected", async (_what, members, code) => {
		await refuse(members, code, { request: { method: "GET", path: "/v1/users/alice" } });
	});

	it("an acl is held against its schema before anybody's keys are looked up", async () => {
		let asked = 0;
		const look = (): undefined => {
			asked += 1;
		};
		const token = await forgeKind("vonage", { acl: { paths: [] } });
		const lone = createVerifier({ profiles: [vonage({ keys: look })] });
		await expectRefusal(() => lone.verify(token), "token/claim-invalid");
		expect(asked).toBe(0);
	});

	it("are read only: frozen ones do", () => {
		const limits = { now: nowSeconds(), clockToleranceSeconds: 0, maxLifetimeSeconds: 86_400 };
		const claims = deepFreeze(claimsOf("vonage", { acl: structuredClone(ACL) }));
		for (const _ of [1, 2]) expect(verifyVonageClaims(claims, [], limits).scopes).toEqual([]);
	});
});

describe("the acl", () => {
	const allowed: readonly [string, string, Record<string, string>?][] = [
		["GET", "/v1/users/alice"],
		["POST", "/v1/users/alice/devices"],
		["GET", "/v1/users"],
		["PUT", "/v1/messages", { from: "44700" }],
	];
	const denied: readonly [string, string, Record<string, string>?][] = [
		["DELETE", "/v1/users/alice"],
		["get", "/v1/users/alice"],
		["GET", "/v1/admin"],
		["GET", "/v1/users/../admin"],
		["GET", "/v1/users/%2e%2e/admin"],
		["GET", "/v1/users//alice"],
		["GET", "/v1/users/alice?x=1"],
		["GET", "v1/users/alice"],
		["GET", "https://api/v1/users/alice"],
		["", "/v1/users/alice"],
		["GET", ""],
		["PUT", "/v1/messages"],
		["PUT", "/v1/messages", { from: "44701" }],
	];

	it.each(allowed)("lets %s %s pass", async (method, path, parameters) => {
		const request = { method, path, parameters };
		expect((await verify({ acl: ACL, sub: "alice" }, { request })).claims["sub"]).toBe("alice");
	});

	it.each(denied)("rejects %s %s", async (method, path, parameters) => {
		await refuse({ acl: ACL }, "policy/acl", { request: { method, path, parameters } });
	});

	it("of no paths allows nothing", async () => {
		await refuse({ acl: { paths: {} } }, "policy/acl", { request: { method: "GET", path: "/" } });
	});

	it("is rejected where verify isn't told the request", async () => {
		await refuse({ acl: ACL }, "policy/acl");
		await refuse({ acl: ACL }, "policy/acl", { scope: "x" });
		await refuse({ acl: { paths: { "/**": {} } } }, "policy/acl", {});
	});

	it("that is absent restricts nothing", async () => {
		for (const asked of [undefined, {}, { request: { method: "DELETE", path: "/anything" } }]) {
			expect((await verify({}, asked)).profile).toBe("vonage");
		}
	});

	it("is asked only of good tokens: a bad signature stays one", async () => {
		const token = await forgeKind("vonage", { acl: ACL });
		const changed = `${token.slice(0, -4)}AAAA`;
		await expectRefusal(() => verifier.verify(changed), "token/signature");
	});

	it("of a GitHub token is no claim that profile knows", async () => {
		const github = createVerifier({ profiles: [githubApp({ keys })] });
		const token = await forgeKind("github-app", { acl: { paths: {} } });
		expect((await github.verify(token)).profile).toBe("github-app");
	});

	it("rejects at the bearer with a 403", async () => {
		const bearer = createBearer({ verifier });
		const authorization = `Bearer ${await forgeKind("vonage", { acl: ACL })}`;
		const granted = await bearer(authorization, { method: "GET", path: "/v1/users/alice" });
		expect(granted.granted).toBe(true);
		expect(await bearer(authorization, { method: "GET", path: "/v1/admin" })).toMatchObject({ status: 403 });
		expect(await bearer(authorization)).toMatchObject({ granted: false, status: 403 });
	});
});

describe("a request that is none", () => {
	it.each<[string, unknown]>([
		["text", "GET /"],
		["null", null],
		["without a path", { method: "GET" }],
		["without a method", { path: "/" }],
		["with a URL", { method: "GET", path: new URL("https://api/") }],
		["with parameters that are text", { method: "GET", path: "/", parameters: "from=44700" }],
	])("%s is a mistake of the caller", async (_what, request) => {
		await refuse({ acl: ACL }, "config/invalid-option", { request } as never);
	});

	it("with a member nobody knows is a mistake of the caller", async () => {
		const request = { method: "GET", path: "/", query: {} };
		await refuse({ acl: ACL }, "config/unknown-option", { request } as never);
	});
});

describe("isUuid", () => {
	it.each([APP_ID, JTI, "00000000-0000-0000-0000-000000000000", crypto.randomUUID()])("takes %s", (text) => {
		expect(isUuid(text)).toBe(true);
	});

	it.each<unknown>([
		"",
		APP_ID.toUpperCase(),
		APP_ID.replace("-", "_"),
		APP_ID.replace("-", "0"),
		`${APP_ID} `,
		APP_ID.slice(1),
		`-${APP_ID.slice(1)}`,
		`${APP_ID.slice(0, -1)}g`,
		`${APP_ID.slice(0, -1)}\u0661`,
		36,
		null,
		[APP_ID],
	])("rejects %j", (value) => {
		expect(isUuid(value)).toBe(false);
	});
});

describe("vonage, githubApp: options", () => {
	it.each([
		["vonage", vonage],
		["githubApp", githubApp],
	] as const)("%s rejects unknown names, and keys that are none", async (_name, make) => {
		await expectRefusal(() => make({ keys, aud: "x" } as never), "config/unknown-option");
		for (const options of [undefined, {}, { keys: [] }, { keys: {} }, { keys: "PEM" }, { keys: new Map() }]) {
			await expectRefusal(() => make(options as never), "config/invalid-option");
		}
		for (const audience of ["", [], [""], 7]) {
			await expectRefusal(() => make({ keys, audience } as never), "config/invalid-option");
		}
	});

	it("leaves options as they are, and takes them twice", async () => {
		const options = deepFreeze({ keys: { ...keys }, audience: ["https://a", "https://b"] });
		const token = await forgeKind("vonage", { aud: "https://b" });
		for (const _ of [1, 2]) {
			const { profile } = await createVerifier({ profiles: [vonage(options)] }).verify(token);
			expect(profile).toBe("vonage");
		}
	});
});
