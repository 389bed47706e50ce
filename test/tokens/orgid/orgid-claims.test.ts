import { describe, expect, it } from "vitest";
import { assertIssuer, buildOrgIdToken, type OrgIdTokenParts } from "../../../src/tokens/orgid/orgid-claims.ts";
import { deepFreeze } from "../../support/deep-freeze.ts";
import { expectRefusal } from "../../support/refusal.ts";

const issuer = `did:orgid:100:0x${"0a".repeat(32)}#webserver`;
const parts: OrgIdTokenParts = {
	issuer,
	audience: "a",
	now: 1_000.9,
	lifetimeSeconds: 60,
	scopeFormat: "text",
};

describe("buildOrgIdToken", () => {
	it("builds header and claims with a new jti each time, without modifying its input", () => {
		const input = deepFreeze({ ...parts, scope: ["x", "y"], claims: { sub: "s", deep: { a: [1] } } });
		const [first, second] = [buildOrgIdToken(input), buildOrgIdToken(input)] as {
			header: object;
			claims: { jti: string };
		}[];
		expect(first).toMatchObject({
			header: { alg: "ES256K", typ: "JWT", kid: issuer },
			claims: { iss: issuer, aud: "a", iat: 1_000, exp: 1_060, scope: "x y", sub: "s", deep: { a: [1] } },
		});
		expect(first?.claims.jti).toMatch(/^[0-9a-f-]{36}$/);
		expect(second?.claims.jti).not.toBe(first?.claims.jti);
	});

	it.each<[OrgIdTokenParts["scope"], OrgIdTokenParts["scopeFormat"], string | undefined]>([
		["x y x", "text", "x y"],
		["x y x", "json", '["x","y"]'],
		[["x"], "json", '["x"]'],
		[[], "json", "[]"],
		['["x"]', "text", "x"],
		[undefined, "json", undefined],
	])("encodes the scope %j as %s: %j", (scope, scopeFormat, expected) => {
		expect(buildOrgIdToken({ ...parts, scope, scopeFormat }).claims).toHaveProperty("iss");
		expect((buildOrgIdToken({ ...parts, scope, scopeFormat }).claims as { scope?: string }).scope).toBe(expected);
	});

	it.each(["iss", "aud", "exp", "iat", "nbf", "jti", "scope"])("rejects %s among the claims", async (name) => {
		for (const value of ["x", undefined]) {
			const error = await expectRefusal(
				() => buildOrgIdToken({ ...parts, claims: { [name]: value } }),
				"config/invalid-option",
			);
			expect(error.details).toEqual({ option: `claims.${name}` });
		}
	});

	it.each([undefined, () => 1, Symbol("x")])("rejects %s, which JSON can't represent", async (value) => {
		await expectRefusal(() => buildOrgIdToken({ ...parts, claims: { x: value } }), "config/invalid-option");
	});
});

describe("assertIssuer", () => {
	it("accepts a key's DID URL, with or without a chain", () => {
		expect(assertIssuer(issuer)).toBeUndefined();
		expect(assertIssuer(issuer.replace("100:", ""))).toBeUndefined();
	});

	it("rejects a bare DID and an invalid one", async () => {
		const bare = issuer.slice(0, -"#webserver".length);
		const { details } = await expectRefusal(() => assertIssuer(bare), "config/invalid-option");
		expect(details).toEqual({ option: "issuer" });
		await expectRefusal(() => assertIssuer(issuer.toUpperCase()), "did/syntax");
	});
});
