/** What a request is told for each kind of error. */
import { describe, expect, it } from "vitest";
import { ERROR_CODES, type ErrorCode } from "../../src/errors/codes.ts";
import { OrgpassError, PolicyError } from "../../src/errors/errors.ts";
import { createBearer } from "../../src/http/bearer.ts";
import type { Denied } from "../../src/http/denial.ts";

/** The denial of a request whose verifier throws. */
async function denial(error: unknown): Promise<Denied> {
	const decision = await createBearer({ verifier: { verify: () => Promise.reject(error) } })("Bearer a.b.c");
	return decision.granted ? expect.fail("a denial expected") : decision;
}

const domainOf = (code: string): string => code.slice(0, code.indexOf("/"));
const CODES = Object.keys(ERROR_CODES) as ErrorCode[];

describe("a denial", () => {
	it.each<[string, unknown, object, string | undefined]>([
		[
			"an invalid token",
			new OrgpassError("replay/seen", "x"),
			{ title: "A valid token is required", status: 401, code: "replay/seen" },
			'Bearer realm="orgpass", error="invalid_token", error_description="replay/seen"',
		],
		[
			"a policy that wants a newer token",
			new PolicyError("policy/lifetime", "x"),
			{ title: "A valid token is required", status: 401, code: "policy/lifetime" },
			'Bearer realm="orgpass", error="invalid_token", error_description="policy/lifetime"',
		],
		[
			"a policy that refuses",
			new PolicyError("policy/issuer", "x"),
			{ title: "The token doesn't grant this", status: 403, code: "policy/issuer" },
			'Bearer realm="orgpass", error="insufficient_scope", error_description="policy/issuer"',
		],
		[
			"too many requests",
			new PolicyError("policy/rate", "x", { details: { retryAfterSeconds: 60 } }),
			{ title: "Too many requests", status: 429, code: "policy/rate" },
			undefined,
		],
		[
			"an outage",
			new PolicyError("policy/unavailable", "x", { details: { retryAfterSeconds: 60 } }),
			{ title: "The token can't be verified at the moment", status: 503, code: "policy/unavailable" },
			undefined,
		],
		["a bug", new TypeError("x"), { title: "The server can't authenticate requests", status: 500 }, undefined],
	])("says in status, body and challenge what is wrong: %s", async (_what, error, problem, challenge) => {
		const { status, headers, body, isAnonymous, cause, ...others } = await denial(error);
		const code = "code" in problem ? problem.code : undefined;
		const type = code === undefined ? "about:blank" : `https://unpkg.com/orgpass/docs/errors.md#${code}`;
		expect(JSON.parse(body)).toEqual({ type, ...problem });
		expect({ status, isAnonymous, cause }).toEqual({
			status: JSON.parse(body).status,
			isAnonymous: false,
			cause: error,
		});
		expect(headers["www-authenticate"]).toBe(challenge);
		expect(headers["retry-after"]).toBe(status === 429 || status === 503 ? "60" : undefined);
		expect(others).toStrictEqual({ granted: false });
	});

	it.each(CODES.filter((code) => ["key", "registry", "config", "client"].includes(domainOf(code))))(
		"doesn't blame the token for %s",
		async (code) => {
			expect([500, 503]).toContain((await denial(new OrgpassError(code, "x"))).status);
		},
	);

	it.each([
		[0, "5"],
		[Number.NaN, "5"],
		[undefined, "5"],
		[1, "1"],
		[1.5, "2"],
		[3_600, "3600"],
		[3_600.5, "3600"],
		[Number.POSITIVE_INFINITY, "3600"],
	])("says when to try again: after %j seconds", async (retryAfterSeconds, expected) => {
		const error = new PolicyError("policy/rate", "x", { details: { retryAfterSeconds } });
		expect((await denial(error)).headers["retry-after"]).toBe(expected);
	});
});
