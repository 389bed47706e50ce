import { describe, expect, it } from "vitest";
import { assertIssuer, buildOrgIdClaims, type OrgIdTokenParts } from "../../../src/tokens/orgid/orgid-claims.ts";
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

describe("buildOrgIdClaims", () => {
	it("builds claims with a new jti each time, without modifying its input", () => {
		const input = deepFreeze({ ...parts, scope: ["x", "y"], claims: { sub: "s", deep: { a: [1] } } });
		const [first, second] = [buildOrgIdClaims(input), buildOrgIdClaims(input)];
		expect(first).toMatchObject({
			...{ iss: issuer, aud: "a", iat: 1_000, exp: 1_060 },
			...{ scope: "x y", sub: "s", deep: { a: [1] } },
		});
		expect(first["jti"]).toMatch(/^[0-9a-f-]{36}$/);
		expect(second["jti"]).not.toBe(first["jti"]);
	});

	it.each<[OrgIdTokenParts["scope"], OrgIdTokenParts["scopeFormat"], string | undefined]>([
		["x y x", "text", "x y"],
		["x y x", "json", '["x","y"]'],
		[["x"], "json", '["x"]'],
		[[], "json", "[]"],
		['["x"]', "text", "x"],
		[undefined, "json", undefined],
	])("encodes the scope %j as %s: %j", (scope, scopeFormat, expected) => {
		expect(buildOrgIdClaims({ ...parts, scope, scopeFormat })).toHaveProperty("iss");
		expect(buildOrgIdClaims({ ...parts, scope, scopeFormat })["scope"]).toBe(expected);
	});

	it.each(["iss", "aud", "exp", "iat", "nbf", "jti", "scope"])("rejects %s among the claims", async (name) => {
		for (const value of ["x", undefined]) {
			const error = await expectRefusal(
				() => buildOrgIdClaims({ ...parts, claims: { [name]: value } }),
				"config/invalid-option",
			);
			expect(error.details).toEqual({ option: `claims.${name}` });
		}
	});

	it.each([undefined, () => 1, Symbol("x")])("rejects %s, which JSON can't represent", async (value) => {
		await expectRefusal(() => buildOrgIdClaims({ ...parts, claims: { x: value } }), "config/invalid-option");
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
