/** Values in organizations' documents, from resolvers without a chain. */
import type { Resolvable } from "did-resolver";
import { describe, expect, it } from "vitest";
import { not } from "../../../src/auth/policies/combine.ts";
import { type DocumentRequirements, requireDocument } from "../../../src/auth/policies/document.ts";
import type { ErrorCode } from "../../../src/errors/codes.ts";
import { toFailure } from "../../../src/http/denial.ts";
import { policyRecord, policyToken } from "../../support/policy-token.ts";
import { expectRefusal } from "../../support/refusal.ts";
import { failureOf, resolverWith, resultOf } from "../../support/static-resolver.ts";
import { nowSeconds } from "../../support/system-clock.ts";

const COUNTRY = "/legalEntity/country";
const token = policyToken({ organization: policyRecord() });
const document = { id: token.issuer };
const orgJson = { legalEntity: { country: "AT", stars: 4, isOpen: false, parent: null }, tags: ["ski"] };
const good = resolverWith(resultOf(document, { orgJson }));

function policyWith(resolver: Resolvable, options: Partial<DocumentRequirements> = {}) {
	return requireDocument({ resolver, pointer: COUNTRY, value: "AT", ...options });
}

/** Expects both the policy and its inversion to refuse. */
async function expectUndecided(resolver: Resolvable, code: ErrorCode, asked = token) {
	const policy = policyWith(resolver);
	await expectRefusal(() => not(policy)(asked), code);
	return expectRefusal(() => policy(asked), code);
}

describe("requireDocument", () => {
	it.each<[string, DocumentRequirements["value"]]>([
		[COUNTRY, "AT"],
		[COUNTRY, ["DE", "AT"]],
		["/legalEntity/stars", 4],
		["/legalEntity/isOpen", false],
		["/legalEntity/parent", [null]],
		["/tags/0", "ski"],
	])("accepts a document that has at %s a value among %j", async (pointer, value) => {
		const policy = policyWith(good, { pointer, value });
		expect(await policy(token)).toBeUndefined();
		await expectRefusal(() => not(policy)(token), "policy/excluded");
	});

	it.each<[string, DocumentRequirements["value"]]>([
		[COUNTRY, ["at", "AT "]],
		["/legalEntity/stars", ["4", true]],
		["/legalEntity/parent", ["null", 0, false]],
		["/legalEntity", ["[object Object]", true]],
	])("refuses one that has at %s another value than %j; not() accepts it", async (pointer, value) => {
		const policy = policyWith(good, { pointer, value });
		const error = await expectRefusal(() => policy(token), "policy/document-field");
		expect(error.details).toEqual({ pointer, isMissing: false });
		expect(error.message).toMatch(/isn't allowed here: /);
		await not(policy)(token);
	});

	it("refuses one that has nothing there, and so does not()", async () => {
		const policy = policyWith(good, { pointer: "/legalEntity/vat", value: [null, false] });
		const error = await expectRefusal(() => policy(token), "policy/document-field");
		expect(error.details).toEqual({ pointer: "/legalEntity/vat", isMissing: true });
		expect(error.message).toMatch(/isn't there$/);
		await expectRefusal(() => not(policy)(token), "policy/document-field");
	});

	it("looks up the token's organization", async () => {
		const asked: string[] = [];
		const resolve: Resolvable["resolve"] = async (did) => {
			asked.push(did);
			return resultOf(document, { orgJson });
		};
		await policyWith({ resolve })(token);
		expect(asked).toEqual([token.issuer]);
	});

	it("reads a document from the registry that the token was verified against, however its address is written", async () => {
		const organization = policyRecord({ registry: `0x${"5e".repeat(20)}` });
		const policy = policyWith(resolverWith(resultOf(document, { orgJson, organization })));
		expect(await policy(token)).toBeUndefined();
		const upper = policyRecord({ registry: `0x${"5E".repeat(20)}` });
		expect(await policy(policyToken({ organization: upper }))).toBeUndefined();
		await expectRefusal(() => not(policy)(token), "policy/excluded");
	});

	it("refuses one from another registry, as a wrong configuration", async () => {
		const organization = policyRecord({ registry: `0x${"5f".repeat(20)}` });
		const resolver = resolverWith(resultOf(document, { orgJson, organization }));
		const error = await expectUndecided(resolver, "config/invalid-option");
		expect(error.details).toEqual({ option: "resolver" });
		expect(error.message).toMatch(/^requireDocument: resolver /);
		expect(toFailure(error).status).toBe(500);
	});

	it.each<[string, unknown, ErrorCode]>([
		["has no document", resultOf(document), "policy/document-missing"],
		["has text for a document", resultOf(document, { orgJson: "{}" }), "policy/document-missing"],
		["has null for a document", resultOf(document, { orgJson: null }), "policy/document-missing"],
		["has an error", resultOf(document, { orgJson, documentError: { code: "x/y" } }), "policy/unavailable"],
		["has a policy's error", resultOf(document, { documentError: { code: "policy/issuer" } }), "policy/unavailable"],
		["has null for an error", resultOf(document, { orgJson, documentError: null }), "policy/unavailable"],
		[
			"has a list for a code",
			resultOf(document, { documentError: { code: ["document/status"] } }),
			"policy/unavailable",
		],
		[
			"couldn't load it",
			resultOf(document, { documentError: { code: "document/unreachable" } }),
			"document/unreachable",
		],
		["reached no key", resultOf(document, { documentError: { code: "did/key-revoked" } }), "did/key-revoked"],
		["finds nothing", failureOf({ error: "notFound" }), "did/not-found"],
		["fails", failureOf({ error: "internalError" }), "did/resolution"],
		["returns nothing", undefined, "did/resolution"],
	])("refuses if its resolver %s, and so does not()", async (_what, result, code) => {
		await expectUndecided(resolverWith(result), code);
	});

	it("says why a document couldn't be verified, without control characters", async () => {
		const documentError = { code: "document/hash-mismatch", message: "another hash\u001b[2J" };
		const resolver = resolverWith(resultOf(document, { orgJson, documentError }));
		const error = await expectUndecided(resolver, "policy/document-invalid");
		expect(error.details).toEqual({ reason: "document/hash-mismatch" });
		expect(error.message).toContain("can't be verified: another hash\\u001b[2J");
		expect(error.cause).toMatchObject({ code: "document/hash-mismatch" });
		expect(toFailure(error).status).toBe(403);
	});

	it.each<[string, object, string]>([
		["has expired", { validUntil: nowSeconds() - 3_600 }, "document/expired"],
		["isn't valid yet", { validFrom: nowSeconds() + 3_600 }, "document/not-yet-valid"],
	])("refuses a document whose credential %s", async (_what, credential, reason) => {
		const resolver = resolverWith(resultOf(document, { orgJson, credential }));
		const error = await expectUndecided(resolver, "policy/document-invalid");
		expect(error.details).toEqual({ reason });
	});

	it("accepts one whose credential is valid now, or by a clock that is half a minute off", async () => {
		const credential = { validFrom: nowSeconds() + 10, validUntil: nowSeconds() + 3_600 };
		await policyWith(resolverWith(resultOf(document, { orgJson, credential })))(token);
		const expired = { validUntil: nowSeconds() - 10 };
		const policy = policyWith(resolverWith(resultOf(document, { orgJson, credential: expired })));
		expect(await policy(token)).toBeUndefined();
	});

	it("refuses tokens of other issuers without a request", async () => {
		const resolver = { resolve: () => expect.fail("a request") };
		await expectUndecided(resolver, "policy/organization", policyToken({ issuer: "7" }));
	});

	it.each<object>([
		{ pointer: "" },
		{ pointer: "legalEntity" },
		{ pointer: "/~2" },
		{ pointer: 7 },
		{ value: undefined },
		{ value: [] },
		{ value: {} },
		{ value: [{}] },
		{ value: Number.NaN },
		{ resolver: {} },
	])("rejects the options %o", async (options) => {
		const error = await expectRefusal(() => policyWith(good, options), "config/invalid-option");
		expect(error.message).toMatch(new RegExp(`^requireDocument: "${Object.keys(options)[0]}`));
	});

	it("rejects unknown options", async () => {
		await expectRefusal(() => policyWith(good, { path: "" } as object), "config/unknown-option");
	});
});
