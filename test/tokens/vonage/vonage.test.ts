import { describe, expect, it } from "vitest";
import { createVerifier, type VerifyOptions } from "../../../src/auth/create-verifier.ts";
import type { ErrorCode } from "../../../src/errors/codes.ts";
import { createBearer } from "../../../src/http/bearer.ts";
import { githubApp } from "../../../src/tokens/app/github-app.ts";
import type { IssuerKeys } from "../../../src/tokens/issuer-keys/issuer-keys.ts";
import type { VerifiedToken } from "../../../src/tokens/verified-token.ts";
import { vonage } from "../../../src/tokens/vonage/vonage.ts";
import { verifyVonageClaims } from "../../../src/tokens/vonage/vonage-claims.ts";
import { deepFreeze } from "../../support/deep-freeze.ts";
import { expectRefusal } from "../../support/refusal.ts";
import { nowSeconds } from "../../support/system-clock.ts";
import { APP_ID, claimsOf, forgeKind, JTI, RSA_KEYS } from "../../support/token-kinds.ts";

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
		["application_id: null", { application_id: null }, "token/claim-invalid"],
		["an application_id that isn't a UUID", { application_id: "app" }, "token/claim-invalid"],
		["application_id in an array", { application_id: [APP_ID] }, "token/claim-invalid"],
		["an unknown application", { application_id: JTI }, "token/issuer-unknown"],
		["both iss and application_id", { iss: APP_ID }, "token/claim-invalid"],
		["both iss: null and application_id", { iss: null }, "token/claim-invalid"],
		["no jti", { jti: undefined }, "token/claim-missing"],
		["no iat", { iat: undefined }, "token/claim-missing"],
		["neither exp nor iat", { exp: undefined, iat: undefined }, "token/claim-missing"],
		["exp: null", { exp: null }, "token/claim-invalid"],
		["exp as a string", { exp: String(nowSeconds() + 60) }, "token/claim-invalid"],
		["a lifetime of more than a day", { exp: nowSeconds() + 86_500 }, "token/lifetime"],
		["an empty jti", { jti: "" }, "token/claim-invalid"],
		["jti in an array", { jti: [JTI] }, "token/claim-invalid"],
		["jti as a number", { jti: 1 }, "token/claim-invalid"],
		["jti: null", { jti: null }, "token/claim-invalid"],
		["an empty sub", { sub: "" }, "token/claim-invalid"],
		["sub as a number", { sub: 7 }, "token/claim-invalid"],
		["an acl that is a string", { acl: "*" }, "token/claim-invalid"],
		["acl: null", { acl: null }, "token/claim-invalid"],
		["an empty acl", { acl: {} }, "token/claim-invalid"],
		["an acl with paths in an array", { acl: { paths: ["/v1/**"] } }, "token/claim-invalid"],
		["an acl with an extra member", { acl: { paths: {}, allow: "*" } }, "token/claim-invalid"],
		["an acl with a method in lower case", { acl: { paths: { "/v1": { methods: ["get"] } } } }, "token/claim-invalid"],
		["an acl with a wildcard inside", { acl: { paths: { "/v1/us*": {} } } }, "token/claim-invalid"],
		["an invalid scope", { scope: { a: 1 } }, "token/claim-invalid"],
	])("%s is rejected", async (_what, members, code) => {
		await refuse(members, code, { request: { method: "GET", path: "/v1/users/alice" } });
	});

	it("an acl is validated before any keys are looked up", async () => {
		let asked = 0;
		const look = (): undefined => {
			asked += 1;
		};
		const token = await forgeKind("vonage", { acl: { paths: [] } });
		const lone = createVerifier({ profiles: [vonage({ keys: look })] });
		await expectRefusal(() => lone.verify(token), "token/claim-invalid");
		expect(asked).toBe(0);
	});

	it("aren't modified", () => {
		const limits = { now: nowSeconds(), clockToleranceSeconds: 0, maxLifetimeSeconds: 86_400 };
		const claims = deepFreeze(claimsOf("vonage", { acl: structuredClone(ACL) }));
		for (const _ of [1, 2]) expect(verifyVonageClaims(claims, [], limits).scopes).toEqual([]);
	});
});

describe("a token without exp", () => {
	const now = nowSeconds();
	const at = (seconds: number, members: object = {}, limits: object = {}): Promise<VerifiedToken> => {
		const strict = { clockToleranceSeconds: 0, now: () => now + seconds, ...limits };
		const token = forgeKind("vonage", { iat: now, exp: undefined, ...members });
		return token.then((text) => createVerifier({ profiles: [vonage({ keys })], ...strict }).verify(text));
	};

	it("expires 15 minutes after it was made", async () => {
		for (const seconds of [0, 1, 899, 899.9]) expect((await at(seconds)).expiresAt).toBe(now + 900);
		for (const seconds of [900, 901, 86_400]) await expectRefusal(() => at(seconds), "token/expired");
		expect((await at(929, {}, { clockToleranceSeconds: 30 })).expiresAt).toBe(now + 900);
		expect((await at(0)).claims).not.toHaveProperty("exp");
	});

	it("counts from iat, also one with a fraction or before now", async () => {
		expect((await at(0, { iat: now - 0.5 })).expiresAt).toBe(now + 899.5);
		expect((await at(0, { iat: now - 899 })).expiresAt).toBe(now + 1);
		await expectRefusal(() => at(0, { iat: now - 900 }), "token/expired");
	});

	it.each<[string, object, ErrorCode]>([
		["iat in the future", { iat: now + 1 }, "token/issued-in-future"],
		["iat as a string", { iat: String(now) }, "token/claim-invalid"],
		["iat: null", { iat: null }, "token/claim-invalid"],
		["nbf in the future", { nbf: now + 1 }, "token/not-yet-valid"],
	])("is rejected for %s", async (_what, members, code) => {
		await expectRefusal(() => at(0, members), code);
	});

	it("is rejected by a verifier of shorter lifetimes", async () => {
		await expectRefusal(() => at(0, {}, { maxLifetimeSeconds: 899 }), "token/lifetime");
		expect((await at(0, {}, { maxLifetimeSeconds: 900 })).expiresAt).toBe(now + 900);
	});

	it("of another kind is rejected", async () => {
		const token = await forgeKind("github-app", { exp: undefined });
		const github = createVerifier({ profiles: [githubApp({ keys })] });
		await expectRefusal(() => github.verify(token), "token/claim-missing");
	});
});

describe("an application's id in any letter case", () => {
	const upper = APP_ID.toUpperCase();
	const mixed = APP_ID.replace("aaaa", "aAAa");
	const sources: readonly [string, IssuerKeys][] = [
		["lower case", keys],
		["upper case", { [upper]: RSA_KEYS.publicKey }],
		["mixed case, in a map", new Map([[mixed, RSA_KEYS.publicKey]])],
		["a lookup of lower case", (issuer) => (issuer === APP_ID ? RSA_KEYS.publicKey : undefined)],
	];

	it.each(sources)("is the same application, with keys by %s", async (_what, source) => {
		const any = createVerifier({ profiles: [vonage({ keys: source })] });
		for (const application_id of [APP_ID, upper, mixed]) {
			const { issuer, claims } = await any.verify(await forgeKind("vonage", { application_id }));
			expect([issuer, claims["application_id"]]).toEqual([APP_ID, application_id]);
		}
	});

	it("is one issuer in a map", async () => {
		const twice = { [APP_ID]: RSA_KEYS.publicKey, [upper]: RSA_KEYS.publicKey };
		await expectRefusal(() => vonage({ keys: twice }), "config/invalid-option");
	});

	it("is one issuer as iss of another kind", async () => {
		const github = createVerifier({ profiles: [githubApp({ keys: { [mixed]: RSA_KEYS.publicKey } })] });
		expect((await github.verify(await forgeKind("github-app", { iss: upper }))).issuer).toBe(APP_ID);
	});
});

describe("jti", () => {
	it.each([JTI.toUpperCase(), "MTIzNDU2Nzg5MDEyMzQ1Ng==", "a+/b", "1", "01HF7YAT00M0N8QXXR3Z2Q5K7V"])(
		"can be %s, as the vendor's other libraries write it",
		async (jti) => {
			expect((await verify({ jti })).claims["jti"]).toBe(jti);
		},
	);
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

	it.each(allowed)("accepts %s %s", async (method, path, parameters) => {
		const request = { method, path, parameters };
		expect((await verify({ acl: ACL, sub: "alice" }, { request })).claims["sub"]).toBe("alice");
	});

	it.each(denied)("rejects %s %s", async (method, path, parameters) => {
		await refuse({ acl: ACL }, "policy/acl", { request: { method, path, parameters } });
	});

	it("without paths allows nothing", async () => {
		await refuse({ acl: { paths: {} } }, "policy/acl", { request: { method: "GET", path: "/" } });
	});

	it("is rejected if verify isn't given a request", async () => {
		await refuse({ acl: ACL }, "policy/acl");
		await refuse({ acl: ACL }, "policy/acl", { scope: "x" });
		await refuse({ acl: { paths: { "/**": {} } } }, "policy/acl", {});
	});

	it("is optional, and its absence restricts nothing", async () => {
		for (const asked of [undefined, {}, { request: { method: "DELETE", path: "/anything" } }]) {
			expect((await verify({}, asked)).profile).toBe("vonage");
		}
	});

	it("is only checked for a valid signature", async () => {
		const token = await forgeKind("vonage", { acl: ACL });
		const changed = `${token.slice(0, -4)}AAAA`;
		await expectRefusal(() => verifier.verify(changed), "token/signature");
	});

	it("isn't checked by the github-app profile", async () => {
		const github = createVerifier({ profiles: [githubApp({ keys })] });
		const token = await forgeKind("github-app", { acl: { paths: {} } });
		expect((await github.verify(token)).profile).toBe("github-app");
	});

	it("responds with 403 from createBearer", async () => {
		const bearer = createBearer({ verifier });
		const authorization = `Bearer ${await forgeKind("vonage", { acl: ACL })}`;
		const granted = await bearer(authorization, { method: "GET", path: "/v1/users/alice" });
		expect(granted.granted).toBe(true);
		expect(await bearer(authorization, { method: "GET", path: "/v1/admin" })).toMatchObject({ status: 403 });
		expect(await bearer(authorization)).toMatchObject({ granted: false, status: 403 });
	});
});

describe("an invalid request", () => {
	it.each<[string, unknown]>([
		["text", "GET /"],
		["null", null],
		["without a path", { method: "GET" }],
		["without a method", { path: "/" }],
		["with a URL", { method: "GET", path: new URL("https://api/") }],
		["with parameters that are a string", { method: "GET", path: "/", parameters: "from=44700" }],
	])("%s is the caller's mistake", async (_what, request) => {
		await refuse({ acl: ACL }, "config/invalid-option", { request } as never);
	});

	it("with an unknown member is the caller's mistake", async () => {
		const request = { method: "GET", path: "/", query: {} };
		await refuse({ acl: ACL }, "config/unknown-option", { request } as never);
	});
});

describe("vonage and githubApp options", () => {
	it.each([
		["vonage", vonage],
		["githubApp", githubApp],
	] as const)("%s rejects unknown names and invalid keys", async (_name, make) => {
		await expectRefusal(() => make({ keys, aud: "x" } as never), "config/unknown-option");
		for (const options of [undefined, {}, { keys: [] }, { keys: {} }, { keys: "PEM" }, { keys: new Map() }]) {
			await expectRefusal(() => make(options as never), "config/invalid-option");
		}
		for (const audience of ["", [], [""], 7]) {
			await expectRefusal(() => make({ keys, audience } as never), "config/invalid-option");
		}
	});

	it("doesn't modify its options, which can be reused", async () => {
		const options = deepFreeze({ keys: { ...keys }, audience: ["https://a", "https://b"] });
		const token = await forgeKind("vonage", { aud: "https://b" });
		for (const _ of [1, 2]) {
			const { profile } = await createVerifier({ profiles: [vonage(options)] }).verify(token);
			expect(profile).toBe("vonage");
		}
	});
});
