import { setImmediate as nextTurn } from "node:timers/promises";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import * as z from "zod";
import { createVerifier, type Verifier } from "../../src/auth/create-verifier.ts";
import { requireScope } from "../../src/auth/policies/scope.ts";
import type { RouteRequirements } from "../../src/auth/route-requirements.ts";
import type { ErrorCode } from "../../src/errors/codes.ts";
import { ConfigError, PolicyError, RegistryError } from "../../src/errors/errors.ts";
import { type BearerOptions, createBearer } from "../../src/http/bearer.ts";
import type { Denied } from "../../src/http/denial.ts";
import { createOrgIdResolver } from "../../src/resolver/resolver.ts";
import { orgid } from "../../src/tokens/orgid/orgid.ts";
import { anyCharacter } from "../support/any-character.ts";
import { decide } from "../support/decide.ts";
import { deepFreeze } from "../support/deep-freeze.ts";
import { expectRefusal } from "../support/refusal.ts";
import { type ChainStage, startChainStage } from "../support/token-stage.ts";

let stage: ChainStage;
let token: string;
beforeAll(async () => {
	stage = await startChainStage();
	token = await stage.forge({ payload: stage.claims({ scope: "book" }) });
});
afterAll(() => stage.close());

/** What a request with this header is told. */
async function denied(
	authorization: string | null | undefined,
	options: Partial<BearerOptions> = {},
	requirements: RouteRequirements = {},
): Promise<Denied> {
	const decision = await decide({ verifier: stage.verifier, ...options }, requirements, authorization);
	if (decision.granted) expect.fail("a denial expected");
	expect(Object.isFrozen(decision)).toBe(true);
	expect(Object.isFrozen(decision.headers)).toBe(true);
	expect(decision.headers).toMatchObject({
		"content-type": "application/problem+json",
		"cache-control": "no-store",
	});
	return decision;
}

/** A verifier that throws what it is given. */
const throwing = (error: unknown): Pick<Verifier, "verify"> => ({ verify: () => Promise.reject(error) });

describe("createBearer grants", () => {
	it("a valid token, with the frozen result of the verifier", async () => {
		const decision = await createBearer({ verifier: stage.verifier })(`Bearer ${token}`);
		expect(decision).toMatchObject({ granted: true, auth: { issuer: stage.sender.did, scopes: ["book"] } });
		expect(Object.isFrozen(decision)).toBe(true);
	});

	it.each(["bearer", "BEARER", "bEaReR"])("the scheme as %s", async (scheme) => {
		expect((await createBearer({ verifier: stage.verifier })(`${scheme} ${token}`)).granted).toBe(true);
	});

	it.each<[string, string]>([
		["two spaces", "Bearer  "],
		["eight spaces", `Bearer${" ".repeat(8)}`],
		["a lower-case scheme and three spaces", "bearer   "],
		["a thousand spaces", `Bearer${" ".repeat(1_000)}`],
	])("a token after %s", async (_what, prefix) => {
		expect((await createBearer({ verifier: stage.verifier })(`${prefix}${token}`)).granted).toBe(true);
	});

	it.each<[string | readonly string[]]>([["book"], [["book"]], ["book book"], ['["book"]']])(
		"a token with the scope %j",
		async (scope) => {
			expect((await decide({ verifier: stage.verifier }, { scope }, `Bearer ${token}`)).granted).toBe(true);
		},
	);
});

describe("createBearer challenges (RFC 6750 3)", () => {
	it.each<[string, string | null | undefined]>([
		["a missing header", undefined],
		["a null header", null],
		["an empty header", ""],
		["another scheme", "Basic QTpC"],
		["a longer scheme", "BearerX abc.def.ghi"],
		["another scheme first in a list", "Basic QTpC, Bearer abc"],
		["a token without a scheme", "abc.def.ghi"],
		["a leading space", " Bearer abc.def.ghi"],
	])("%s: 401 without an error", async (_what, authorization) => {
		const { status, headers, body, cause } = await denied(authorization);
		expect(status).toBe(401);
		expect(headers["www-authenticate"]).toBe('Bearer realm="orgpass"');
		expect(JSON.parse(body)).toEqual({ type: "about:blank", title: "A valid token is required", status: 401 });
		expect(cause).toBeUndefined();
	});

	it.each<[string, (token: string) => string]>([
		["the scheme alone", () => "Bearer"],
		["the scheme and a space", () => "Bearer "],
		["the scheme and many spaces", () => `Bearer${" ".repeat(1_000)}`],
		["a tab", (token) => `Bearer\t${token}`],
		["a space and a tab", (token) => `Bearer \t${token}`],
		["a no-break space", (token) => `Bearer\u00a0${token}`],
		["a space and a no-break space", (token) => `Bearer \u00a0${token}`],
		["two tokens after several spaces", (token) => `Bearer   ${token}  ${token}`],
		["two tokens", (token) => `Bearer ${token} ${token}`],
		["a comma-separated list", (token) => `Bearer ${token},${token}`],
		["two headers in one", (token) => `Bearer ${token}, Bearer ${token}`],
		["a trailing comma", (token) => `Bearer ${token},`],
		["a trailing tab", (token) => `Bearer ${token}\t`],
		["a line feed", (token) => `Bearer ${token}\nx: y`],
		["parameters", (token) => `Bearer token="${token}", x="y"`],
	])("%s: 400 invalid_request", async (_what, make) => {
		const { status, headers, body } = await denied(make(token), {}, { scope: "book" });
		expect(status).toBe(400);
		expect(headers["www-authenticate"]).toBe('Bearer realm="orgpass", error="invalid_request"');
		expect(JSON.parse(body)).toEqual({
			type: "about:blank",
			title: "The Authorization header is malformed",
			status: 400,
		});
	});

	it("an invalid token: 401 invalid_token with the code", async () => {
		const { status, headers, body, cause } = await denied(`Bearer ${token}x`, { realm: "hotel api" });
		expect(status).toBe(401);
		expect(headers["www-authenticate"]).toBe(
			'Bearer realm="hotel api", error="invalid_token", error_description="token/malformed"',
		);
		expect(JSON.parse(body)).toEqual({
			type: "https://unpkg.com/orgpass/docs/errors.md#token/malformed",
			title: "A valid token is required",
			status: 401,
			code: "token/malformed",
		});
		expect(cause).toMatchObject({ code: "token/malformed" });
	});

	it("a missing scope: 403 insufficient_scope with the required scopes", async () => {
		const { status, headers, body } = await denied(`Bearer ${token}`, {}, { scope: ["book", "cancel"] });
		expect(status).toBe(403);
		expect(headers["www-authenticate"]).toBe(
			'Bearer realm="orgpass", error="insufficient_scope", error_description="policy/scope", scope="book cancel"',
		);
		expect(JSON.parse(body)).toMatchObject({ status: 403, code: "policy/scope" });
	});

	it("a failed verifier policy: 403", async () => {
		const verifier = stage.verifierWith({ policies: [requireScope("cancel")] });
		expect((await denied(`Bearer ${token}`, { verifier })).status).toBe(403);
	});

	it("an unreachable registry: 503 with retry-after and no challenge", async () => {
		const registry = stage.network.registry.address;
		const networks = [{ chainId: 31_337, rpcUrl: "http://127.0.0.1:9", registry }];
		const resolver = createOrgIdResolver({ networks });
		const profiles = [orgid({ audience: stage.receiver.did, resolver })];
		const verifier = createVerifier({ profiles, now: stage.clock });
		const { status, headers, body } = await denied(`Bearer ${token}`, { verifier });
		resolver.close();
		expect(status).toBe(503);
		expect(headers["retry-after"]).toBe("5");
		expect(headers).not.toHaveProperty("www-authenticate");
		expect(JSON.parse(body)).toMatchObject({ status: 503, code: "registry/unreachable" });
	});

	it.each<[string, unknown, number, ErrorCode | undefined]>([
		["an unknown error", new TypeError("x is not a function"), 500, undefined],
		["an unknown error with an orgpass code", Object.assign(new Error("x"), { code: "token/expired" }), 500, undefined],
		["a string", "boom", 500, undefined],
		["nothing", undefined, 500, undefined],
		["a configuration error", new ConfigError("config/invalid-option", "now"), 500, undefined],
		["a registry error", new RegistryError("registry/bad-response", "x"), 503, "registry/bad-response"],
		["a policy's error", new PolicyError("policy/scope", "x"), 403, "policy/scope"],
	])(
		"a verifier that throws %s: the matching status, with the cause only for the log",
		async (_what, error, status, code) => {
			const decision = await denied("Bearer a.b.c", { verifier: throwing(error) });
			expect(decision.status).toBe(status);
			expect(decision.cause).toBe(error);
			expect(JSON.parse(decision.body).code).toBe(code);
			expect("www-authenticate" in decision.headers).toBe(status < 500);
			expect(JSON.parse(decision.body).status).toBe(status);
		},
	);
});

describe("createBearer response headers", () => {
	it("can't be split or forged by the request", async () => {
		const values =
			/^Bearer realm="orgpass"(, error="[a-z_]+")?(, error_description="[a-z]+\/[a-z-]+")?(, scope="book")?$/;
		await fc.assert(
			fc.asyncProperty(fc.string({ unit: anyCharacter }), fc.constantFrom("", "Bearer "), async (text, scheme) => {
				const decision = await decide({ verifier: stage.verifier }, { scope: "book" }, `${scheme}${text}`);
				if (decision.granted) expect.fail("granted");
				expect(decision.headers["www-authenticate"]).toMatch(values);
				expect(Object.keys(JSON.parse(decision.body))).not.toContain("cause");
				expect(() => new Response(decision.body, { headers: decision.headers })).not.toThrow();
			}),
		);
	});

	it.each(['"', "\r\nset-cookie: a=b", '", error="x'])("are unaffected by claims with %j", async (evil) => {
		for (const name of ["iss", "aud", "scope", "exp"]) {
			const header = { alg: "ES256K", typ: "JWT" };
			const own = await stage.forge({ header, payload: stage.claims({ [name]: evil }) });
			const { headers, body } = await denied(`Bearer ${own}`);
			expect(headers["www-authenticate"]).toMatch(
				/^Bearer realm="orgpass", error="invalid_token", error_description="[a-z/-]+"$/,
			);
			expect(body).not.toContain("set-cookie");
		}
	});
});

describe("createBearer options", () => {
	it.each<[string, object, ErrorCode]>([
		["a realm with a quote", { realm: 'a"b' }, "config/invalid-option"],
		["a realm with a backslash", { realm: "a\\b" }, "config/invalid-option"],
		["a realm with a line feed", { realm: "a\nb" }, "config/invalid-option"],
		["a non-ASCII realm", { realm: "hôtel" }, "config/invalid-option"],
		["an empty realm", { realm: "" }, "config/invalid-option"],
		["a missing verifier", { verifier: undefined }, "config/invalid-option"],
		["an invalid verifier", { verifier: {} }, "config/invalid-option"],
		["metadata over http", { resourceMetadata: "http://hotel.example" }, "config/invalid-option"],
		["metadata with a quote", { resourceMetadata: 'https://hotel.example/"' }, "config/invalid-option"],
		["claims that aren't a schema", { claims: {} }, "config/invalid-option"],
		["a route's requirement", { scope: "book" }, "config/unknown-option"],
	])("rejects %s", async (_what, options, code) => {
		await expectRefusal(() => createBearer({ verifier: stage.verifier, ...options } as BearerOptions), code);
	});

	it.each<[string, object, ErrorCode]>([
		["an empty scope", { scope: "" }, "config/invalid-option"],
		["an empty array of scopes", { scope: [] }, "config/invalid-option"],
		["a misspelled requirement", { scopes: "book" }, "config/unknown-option"],
		["no issuer", { issuers: [] }, "config/invalid-option"],
		["a DID without a chain", { issuers: [`did:orgid:0x${"0b".repeat(32)}`] }, "config/invalid-option"],
		["a DID with a fragment", { issuers: [`did:orgid:100:0x${"0b".repeat(32)}#key`] }, "config/invalid-option"],
		["a DID in upper case", { issuers: [`DID:orgid:100:0x${"0b".repeat(32)}`] }, "config/invalid-option"],
		["a policy that isn't a function", { policy: true }, "config/invalid-option"],
	])("reject %s in what a route requires", async (_what, requirements, code) => {
		await expectRefusal(() => createBearer({ verifier: stage.verifier }).requires(requirements), code);
	});

	it("are neither modified nor retained, and can be reused", async () => {
		const scope = ["book"];
		const options = { verifier: stage.verifier, realm: "api" };
		const bearers = [createBearer(options), createBearer(deepFreeze({ ...options }))] as const;
		const routes = [bearers[0].requires({ scope }), bearers[1].requires(deepFreeze({ scope: ["book"] }))] as const;
		scope.push("admin");
		options.realm = "changed";
		for (const [at, bearer] of bearers.entries()) {
			const decideOn = routes[at] as (typeof routes)[0];
			expect((await decideOn(await bearer(`Bearer ${token}`))).granted).toBe(true);
			expect(await decideOn(await bearer(null))).toMatchObject({
				status: 401,
				headers: { "www-authenticate": 'Bearer realm="api", scope="book"' },
			});
		}
	});
});

describe("the requirements of a route", () => {
	it("are checked one after the other on one verification", async () => {
		let count = 0;
		const verifier: Pick<Verifier, "verify"> = {
			verify(...args) {
				count += 1;
				return stage.verifier.verify(...args);
			},
		};
		const bearer = createBearer({ verifier });
		const decision = await bearer(`Bearer ${token}`);
		const issuers = [stage.sender.did];
		for (const requirements of [{ scope: "book" }, { issuers }, { policy: () => true }]) {
			expect(await bearer.requires(requirements)(decision)).toBe(decision);
		}
		expect(await bearer.requires({ scope: "cancel" })(decision)).toMatchObject({ status: 403 });
		expect(count).toBe(1);
	});

	it.each<[string, RouteRequirements, ErrorCode]>([
		["another issuer", { issuers: [`did:orgid:100:0x${"0b".repeat(32)}`] }, "policy/issuer"],
		["a policy that returns false", { policy: () => false }, "policy/refused"],
		["a policy that resolves to null", { policy: async () => null }, "policy/refused"],
		[
			"a policy that throws a coded error",
			{
				policy: () => {
					throw new PolicyError("policy/acl", "x");
				},
			},
			"policy/acl",
		],
	])("deny %s with 403", async (_what, requirements, code) => {
		const { status, body } = await denied(`Bearer ${token}`, {}, requirements);
		expect([status, JSON.parse(body).code]).toEqual([403, code]);
	});

	it("deny with 500 if a policy throws an unknown error, or its options are wrong", async () => {
		const policy = (): never => {
			throw new TypeError("secret");
		};
		const { status, body } = await denied(`Bearer ${token}`, {}, { policy });
		expect(status).toBe(500);
		expect(body).not.toContain("secret");
	});

	it("keep the reason of an earlier denial, and name the scope", async () => {
		const { status, headers } = await denied("Bearer a.b.c", {}, { scope: "book" });
		expect(status).toBe(401);
		expect(headers["www-authenticate"]).toBe(
			'Bearer realm="orgpass", error="invalid_token", error_description="token/malformed", scope="book"',
		);
	});
});

describe("createBearer's claims and metadata", () => {
	const claims = z.object({ iss: z.string(), scope: z.literal("book") });

	it("returns the claims as the schema returns them", async () => {
		const decision = await createBearer({ verifier: stage.verifier, claims })(`Bearer ${token}`);
		if (!decision.granted) expect.fail("denied");
		const { scope }: { scope: "book" } = decision.auth.claims;
		expect(scope).toBe("book");
		expect(Object.keys(decision.auth.claims)).toEqual(["iss", "scope"]);
		expect(Object.isFrozen(decision.auth)).toBe(true);
	});

	it("denies a token without them with 401", async () => {
		const other = await stage.forge({ payload: stage.claims({ scope: "cancel" }) });
		const decision = await createBearer({ verifier: stage.verifier, claims })(`Bearer ${other}`);
		expect(decision).toMatchObject({ granted: false, status: 401, cause: { code: "token/claim-invalid" } });
	});

	it.each<[string, () => unknown]>([
		["a promise", async () => ({})],
		["a promise that rejects", async () => Promise.reject(new TypeError("secret"))],
		["another thenable", () => Object.create(Promise.prototype)],
		["undefined", () => undefined],
		["null", () => null],
		["true", () => true],
		["false, as validators do", () => false],
		["text", () => "claims"],
	])("denies every token with 500 if the schema returns %s", async (_what, parse) => {
		const decision = await createBearer({ verifier: stage.verifier, claims: { parse } })(`Bearer ${token}`);
		expect(decision).toMatchObject({ granted: false, status: 500, cause: { code: "config/invalid-option" } });
		await nextTurn();
	});

	it("names the server's metadata in every challenge (RFC 9728 section 5.1)", async () => {
		const resourceMetadata = "https://hotel.example/.well-known/oauth-protected-resource";
		const { headers } = await denied(undefined, { resourceMetadata }, { scope: "book" });
		expect(headers["www-authenticate"]).toBe(
			`Bearer realm="orgpass", scope="book", resource_metadata="${resourceMetadata}"`,
		);
	});

	it.each([
		[30, "30"],
		[0.2, "1"],
		[1e9, "3600"],
		[-1, "5"],
		["30", "5"],
	])("takes Retry-After from the error's details: %j", async (retryAfterSeconds, expected) => {
		const verifier = throwing(new RegistryError("registry/unreachable", "x", { details: { retryAfterSeconds } }));
		expect((await denied("Bearer a.b.c", { verifier })).headers["retry-after"]).toBe(expected);
	});
});
