/** What a call of `verify` requires besides the verifier's policies. */
import { describe, expect, it } from "vitest";
import { LazyRequest } from "../../src/auth/lazy-request.ts";
import { requiredPolicies } from "../../src/auth/required-policies.ts";
import type { RequiredGrant } from "../../src/tokens/token-kind.ts";
import { policyToken } from "../support/policy-token.ts";
import { expectRefusal } from "../support/refusal.ts";

const request = { method: "GET", path: "/rooms" };
const token = policyToken({ scopes: ["read"], claims: { sub: "room" } });

/** Applies what is required to a token. */
function apply(required: RequiredGrant): void {
	for (const policy of requiredPolicies(required)) policy(token, required);
}

/** Requirements that are getters of a class. */
const GETTERS = {
	scope: new (class {
		get scope() {
			return "admin";
		}
	})(),
	resource: new (class {
		get resource() {
			return "other";
		}
	})(),
	operation: new (class {
		get operation() {
			return "write";
		}
	})(),
};

describe("nothing is required by", () => {
	it.each<[string, RequiredGrant]>([
		["no option", {}],
		["a request without a value", { request: undefined }],
		["a request", { request }],
		["an adapter's request, which isn't parsed", { request: new LazyRequest("GET", () => expect.fail("parsed")) }],
		["a request with parameters", { request: { ...request, parameters: { a: "1" } } }],
	])("%s", (_what, required) => {
		expect(apply(required)).toBeUndefined();
		for (const policy of requiredPolicies(required)) expect(policy(policyToken(), required)).toBeUndefined();
	});

	it("a request alone: there is no policy to apply", () => {
		for (const required of [{}, { request }, { request: undefined }]) expect(requiredPolicies(required)).toEqual([]);
	});
});

describe("a token has to grant", () => {
	it.each<[RequiredGrant, string]>([
		[{ scope: "read write" }, "policy/scope"],
		[{ resource: "rooms" }, "policy/resource"],
		[{ operation: "write" }, "policy/operation"],
		[{ scope: "read", operation: "write" }, "policy/operation"],
		[{ request, scope: "write" }, "policy/scope"],
		[{ request, resource: "rooms" }, "policy/resource"],
	])("%j, or it is refused with %s", async (required, code) => {
		await expectRefusal(() => apply(required), code as never);
		expect(apply({ request, scope: ["read"], resource: "room", operation: "read" })).toBeUndefined();
	});

	it.each([
		["scope", "policy/scope"],
		["resource", "policy/resource"],
		["operation", "policy/operation"],
	] as const)("what a getter returns for %s", async (name, code) => {
		await expectRefusal(() => apply(GETTERS[name]), code);
		const inherited = Object.create({ [name]: "other" }) as RequiredGrant;
		await expectRefusal(() => apply(inherited), code);
	});
});

describe("an invalid requirement is refused:", () => {
	it.each<[string, unknown, string, string]>([
		["no object", 5, "config/invalid-option", "options"],
		["a list", [], "config/invalid-option", "options"],
		["null", null, "config/invalid-option", "options"],
		["an unknown name", { scoope: "a" }, "config/unknown-option", "scoope"],
		["an unknown name without a value", { request, scoope: undefined }, "config/unknown-option", "scoope"],
		["a getter without a value", Object.create({ scope: undefined }), "config/invalid-option", "scope"],
		["a request that is null", { request: null }, "config/invalid-option", "request"],
		["a request that is text", { request: "GET /" }, "config/invalid-option", "request"],
		["a request that is a list", { request: [] }, "config/invalid-option", "request"],
		["a request without a path", { request: { method: "GET" } }, "config/invalid-option", "request.path"],
		["a request without a method", { request: { path: "/" } }, "config/invalid-option", "request.method"],
		["a method that is no text", { request: { method: 5, path: "/" } }, "config/invalid-option", "request.method"],
		["a path that is no text", { request: { method: "GET", path: 5 } }, "config/invalid-option", "request.path"],
		["a request with another member", { request: { ...request, url: "/" } }, "config/unknown-option", "request.url"],
		[
			"parameters that are no object",
			{ request: { ...request, parameters: "a" } },
			"config/invalid-option",
			"request.parameters",
		],
	])("%s", async (_what, required, code, option) => {
		const { details } = await expectRefusal(() => requiredPolicies(required as never), code as never);
		expect(details).toEqual({ option });
	});
});
