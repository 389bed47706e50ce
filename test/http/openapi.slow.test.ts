/** The OpenAPI description of docs/http.md: a validator accepts it, and the real responses match it. */
import { readFileSync } from "node:fs";
import { Validator } from "@seriousme/openapi-schema-validator";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import * as z from "zod";
import { DidError, PolicyError, RegistryError, TokenError } from "../../src/errors/errors.ts";
import { createBearer } from "../../src/http/bearer.ts";

interface Response {
	readonly headers: Readonly<Record<string, object>>;
	readonly content: Readonly<Record<string, { readonly schema: object }>>;
}

interface Description {
	readonly components: {
		readonly securitySchemes: Readonly<Record<string, object>>;
		readonly schemas: Readonly<Record<string, Parameters<typeof z.fromJSONSchema>[0]>>;
		readonly responses: Readonly<Record<string, Response>>;
	};
	readonly security: readonly object[];
	readonly paths: object;
}

const page = readFileSync(new URL("../../docs/http.md", import.meta.url), "utf8");
const [, text = ""] = /^```yaml\n(.*?)^```$/ms.exec(page) ?? [];
const description = parse(text) as Description;
const { components } = description;

const RESPONSES = {
	BadRequest: 400,
	Unauthorized: 401,
	Forbidden: 403,
	TooManyRequests: 429,
	Unavailable: 503,
} as const;

/** What a verifier throws, by name. */
const ERRORS = {
	expired: new TokenError("token/expired", ""),
	revoked: new DidError("did/key-revoked", ""),
	scope: new PolicyError("policy/scope", ""),
	rate: new PolicyError("policy/rate", "", { details: { retryAfterSeconds: 7 } }),
	down: new RegistryError("registry/unreachable", ""),
	bug: new TypeError(""),
};

describe("the OpenAPI description in docs/http.md", () => {
	it.each(["3.0.4", "3.1.1", "3.2.0"])("is valid in OpenAPI %s", async (openapi) => {
		const whole = { openapi, info: { title: "A hotel", version: "1" }, ...description };
		expect(await new Validator().validate(structuredClone(whole))).toEqual({ valid: true });
		const broken = { ...whole, components: { ...components, securitySchemes: { orgpass: { type: "http" } } } };
		expect(await new Validator().validate(structuredClone(broken))).toMatchObject({ valid: false });
	});

	it("names the scheme that it requires", () => {
		expect(Object.keys(components.securitySchemes)).toEqual(["orgpass"]);
		expect(description.security).toEqual([{ orgpass: [] }]);
		expect(components.securitySchemes["orgpass"]).toMatchObject({ scheme: "bearer", bearerFormat: "JWT" });
	});

	it.each([
		["", "Unauthorized"],
		["Bearer", "BadRequest"],
		["Bearer expired", "Unauthorized"],
		["Bearer revoked", "Unauthorized"],
		["Bearer scope", "Forbidden"],
		["Bearer rate", "TooManyRequests"],
		["Bearer down", "Unavailable"],
		["Bearer bug", undefined],
	] as const)("describes the response to %j", async (authorization, name) => {
		const verify = (token: string) => Promise.reject(ERRORS[token as keyof typeof ERRORS]);
		const decision = await createBearer({ verifier: { verify } })(authorization);
		if (decision.granted) expect.fail("a denial expected");
		const body = JSON.parse(decision.body) as unknown;
		const schema = z.fromJSONSchema(components.schemas["Problem"] ?? {});
		expect(schema.parse(body)).toEqual(body);
		if (name === undefined) return;
		const { headers = {}, content = {} } = components.responses[name] ?? {};
		expect(decision.status).toBe(RESPONSES[name]);
		expect(decision.headers["content-type"]).toBe(Object.keys(content)[0]);
		const described = Object.keys(headers).map((header) => header.toLowerCase());
		const sent = Object.keys(decision.headers).filter((header) => !["content-type", "cache-control"].includes(header));
		expect(sent).toEqual(described);
	});
});
