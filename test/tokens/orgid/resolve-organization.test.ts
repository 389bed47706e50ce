/** What is read of a resolution result, from any resolver. */
import type { DIDDocument, DIDResolutionResult } from "did-resolver";
import { describe, expect, it } from "vitest";
import { parseDidUrl, toCanonicalDidUrl } from "../../../src/did/did-url.ts";
import { ERROR_CODES } from "../../../src/errors/codes.ts";
import { DidError, DocumentError, RegistryError } from "../../../src/errors/errors.ts";
import { resolutionError } from "../../../src/tokens/orgid/resolution-error.ts";
import { resolveOrganization } from "../../../src/tokens/orgid/resolve-organization.ts";
import { policyRecord } from "../../support/policy-token.ts";
import { expectRefusal } from "../../support/refusal.ts";
import { failureOf, resolverWith, resultOf } from "../../support/static-resolver.ts";

const DID = policyRecord().did;
const KEY_ID = toCanonicalDidUrl(parseDidUrl(`${DID}#webserver`), undefined);
const METHOD = { id: `${DID}#a`, type: "JsonWebKey2020", controller: DID };
const document: DIDDocument = { id: DID, verificationMethod: [METHOD], authentication: ["x"] };
const KEY = { fragment: "a", publicKeyHex: "0x04", validFrom: 0, validUntil: 0, addedAt: 1, revokedAt: 0 };
const organization = policyRecord({ keys: [KEY as never] });

const resolve = (result: unknown) => resolveOrganization(resolverWith(result), KEY_ID);
const resolveWith = (metadata: object) => resolve(resultOf(document, metadata));
/** Claims that these are numbers; `resultOf` checks nothing. */
const withKey = (members: object) => ({ organization: { ...organization, keys: [KEY, { ...KEY, ...members }] } });

describe("a resolution result", () => {
	it("is asked for with the bare DID and the fragment", async () => {
		const asked: unknown[] = [];
		const resolver = {
			resolve: async (...args: unknown[]) => {
				asked.push(args);
				return resultOf(document);
			},
		};
		await resolveOrganization(resolver, KEY_ID);
		expect(asked).toEqual([[DID, { fragment: "webserver" }]]);
	});

	it("is read whole, and without what isn't there", async () => {
		const withheld = { verificationMethod: [{ ...METHOD, id: `${DID}#b` }], authentication: ["y"] };
		const [credential, methodSources, orgJson] = [
			{ validFrom: 1, validUntil: 2 },
			{ a: "document" },
			{ legalEntity: {} },
		];
		const documentError = { code: "document/status" };
		const metadata = { organization, withheld, credential, methodSources, orgJson, documentError, other: 1 };
		expect(await resolveWith(metadata)).toEqual({
			...{ organization, credential, methodSources, orgJson, documentError, isStale: false },
			document: { id: DID, verificationMethod: [METHOD, withheld.verificationMethod[0]], authentication: ["x", "y"] },
		});
		expect(await resolveWith({})).toEqual({ document, isStale: false });
		for (const credential of [{}, { validFrom: 1 }, { validUntil: 2 }]) {
			expect((await resolveWith({ credential })).credential).toEqual(credential);
		}
	});

	it.each([
		[true, true],
		[false, false],
		["true", false],
		[undefined, false],
	])("is stale if its metadata says so: %j", async (stale, isStale) => {
		expect(await resolve({ ...resultOf(document), didResolutionMetadata: { stale } })).toMatchObject({ isStale });
	});

	it.each<[string, unknown]>([
		...[undefined, null, 5, "text", {}, []].map((value): [string, unknown] => [JSON.stringify(value), value]),
		["without metadata", { didDocument: document, didDocumentMetadata: {} }],
		["with null for metadata", { ...resultOf(document), didResolutionMetadata: null }],
		["with text for metadata", { ...resultOf(document), didResolutionMetadata: "" }],
		["without the document's metadata", { didDocument: document, didResolutionMetadata: {} }],
		["with null for the document's metadata", { ...resultOf(document), didDocumentMetadata: null }],
		["without a document", { didDocumentMetadata: {}, didResolutionMetadata: {} }],
		["with text for a document", resultOf("text" as never)],
		...[
			...[null, "x", { did: DID, active: true }, { did: DID, keys: [] }, { active: true, keys: [] }].map(
				(organization) => ({ organization }),
			),
			...[{ did: 5 }, { active: 1 }, { keys: {} }, { keys: [null] }, { keys: [5] }].map((members) => ({
				organization: { ...organization, ...members },
			})),
			...[{ fragment: undefined }, { fragment: 5 }, { validFrom: undefined }, { validFrom: "0" }].map(withKey),
			...[{ validUntil: undefined }, { validUntil: Number.NaN }, { validUntil: null }].map(withKey),
			...[null, "x", 5].map((revokedKey) => ({ revokedKey })),
			...[null, "x", {}, { verificationMethod: [] }, { authentication: [] }].map((withheld) => ({ withheld })),
			{ withheld: { verificationMethod: {}, authentication: [] } },
			...[null, "x", { validFrom: "1" }, { validUntil: null }, { validFrom: 1, validUntil: "2" }].map((credential) => ({
				credential,
			})),
			...[null, "x", 5].map((methodSources) => ({ methodSources })),
		].map((metadata): [string, unknown] => [`with ${JSON.stringify(metadata)}`, resultOf(document, metadata)]),
	])("%s is an outage", async (_what, result) => {
		const error = await expectRefusal(() => resolve(result), "did/resolution");
		expect(error.message).toBe(`the resolver returned no resolution result for ${DID}`);
	});

	it("that never comes is an outage, with its cause", async () => {
		const cause = new TypeError("a bug");
		const throwing = {
			resolve: () => {
				throw cause;
			},
		};
		for (const resolver of [throwing, { resolve: () => Promise.reject(cause) }]) {
			const error = await expectRefusal(() => resolveOrganization(resolver, KEY_ID), "did/resolution");
			expect(error.cause).toBe(cause);
		}
	});

	it.each<[string, DIDResolutionResult]>([
		["metadata", resultOf(document, { deactivated: true })],
		["metadata of any type", resultOf(document, { deactivated: "yes" })],
		[
			"metadata, without a document",
			{ ...failureOf({ error: "notFound" }), didDocumentMetadata: { deactivated: true } },
		],
		["record", resultOf(document, { organization: { ...organization, active: false } })],
		["document", resultOf({ ...document, deactivated: false } as DIDDocument)],
	])("whose %s says that the organization is deactivated is refused", async (_what, result) => {
		await expectRefusal(() => resolve(result), "did/deactivated");
	});

	it("of an active organization isn't", async () => {
		expect((await resolveWith({ deactivated: false, organization })).organization).toBe(organization);
	});

	it("with an error is refused, although there is a document", async () => {
		const result = { ...resultOf(document), didResolutionMetadata: { error: "notFound" } };
		await expectRefusal(() => resolve(result), "did/not-found");
	});

	it("without a document is refused, although there is no error", async () => {
		const { details } = await expectRefusal(() => resolve(failureOf({})), "did/resolution");
		expect(details).toEqual({ error: "nothing" });
	});

	it("with a key that was revoked says when", async () => {
		const error = await expectRefusal(() => resolveWith({ revokedKey: { ...KEY, revokedAt: 60 } }), "did/key-revoked");
		expect(error.details).toEqual({ keyId: `${DID}#webserver`, revokedAt: 60 });
	});

	it("with the record of another organization is refused", async () => {
		const other = { ...organization, did: DID.replace("0a", "0b") };
		await expectRefusal(() => resolveWith({ organization: other }), "did/document-invalid");
	});
});

/** The error of these metadata. */
const errorOf = (metadata: Record<string, unknown>) => resolutionError(failureOf(metadata), DID);

describe("the error of a failed resolution", () => {
	const codes = Object.keys(ERROR_CODES);
	const OUTAGES = ["unreachable", "wrong-chain", "no-contract", "bad-response", "outdated", "disagreement"];

	it.each(codes)("%s is restored if it is one of a look-up", (code) => {
		const [domain, reason = ""] = code.split("/");
		const error = errorOf({ error: "invalidDid", code, message: "m" });
		const isOutage = domain === "registry" && OUTAGES.includes(reason);
		const isRestored = isOutage || domain === "did" || domain === "document";
		const Class = isOutage ? RegistryError : domain === "document" ? DocumentError : DidError;
		expect(error).toBeInstanceOf(Class);
		expect(error).toMatchObject({ code: isRestored ? code : "did/syntax", message: "m", details: {} });
	});

	it.each([
		["notFound", "did/not-found"],
		["invalidDid", "did/syntax"],
		["unsupportedDidMethod", "did/resolution"],
		["internalError", "did/resolution"],
		[undefined, "did/resolution"],
	])("%s of another resolver is %s", (error, code) => {
		expect(errorOf({ error })).toMatchObject({ code });
		expect(errorOf({ error, code: "toString" })).toMatchObject({ code });
		expect(errorOf({ error, code: ["did/not-found"] })).toMatchObject({ code });
		expect(errorOf({ error, code: "did/other", message: 5 })).toMatchObject({ code });
		expect(errorOf({ error, code: "document/other" })).toMatchObject({ code });
		expect(errorOf({ error, code: "registry/other" })).toMatchObject({ code });
	});

	it("has a message of its own if there is none", () => {
		expect(errorOf({ code: "registry/unreachable" }).message).toBe(`${DID} can't be looked up`);
		expect(errorOf({ code: "document/status" }).message).toBe(`the document of ${DID} is refused`);
		expect(errorOf({ error: "notFound" }).message).toBe(`${DID} is refused: "notFound"`);
		expect(errorOf({ error: "x" }).message).toBe(`${DID} can't be resolved: "x"`);
	});

	it("has at most 300 characters of a message, and none that control a terminal", () => {
		expect(errorOf({ error: "x", message: "m".repeat(301) }).message).toBe("m".repeat(300));
		expect(errorOf({ error: "notFound", message: "\u001b[2J" }).message).toBe("\\u001b[2J");
	});

	it("has the details and the cause of ours, and what isn't ours as its cause", () => {
		const inner = new Error("inner");
		const ours = new DocumentError("document/status", "no", { details: { status: 404 }, cause: inner });
		for (const code of ["document/status", "did/not-found", "registry/unreachable"]) {
			expect(errorOf({ code, cause: ours })).toMatchObject({ code, details: { status: 404 }, cause: inner });
			expect(errorOf({ code, cause: inner })).toMatchObject({ code, details: {}, cause: inner });
		}
		const other = errorOf({ error: "x", cause: ours });
		expect(other).toMatchObject({ details: { status: 404, error: '"x"' }, cause: inner });
	});
});
