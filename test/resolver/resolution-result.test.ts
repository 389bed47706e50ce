import { describe, expect, it } from "vitest";
import { parseDidUrl, toCanonicalDidUrl } from "../../src/did/did-url.ts";
import { parseOrgJson } from "../../src/document/org-json.ts";
import { DidError, DocumentError, RegistryError } from "../../src/errors/errors.ts";
import type { OrgRecord } from "../../src/registry/org-record.ts";
import type { KnownOrganization } from "../../src/resolver/known-organization.ts";
import { forgetDocument, steadyPeriodOf, toFailure, toSuccess } from "../../src/resolver/resolution-result.ts";
import { CHAIN_ID, didOf, keyOf, OWNER, orgIdOf } from "../support/memory-organizations.ts";
import { bytesOf } from "../support/org-documents.ts";

const NOW = 1_800_000_000;
const did = didOf(1);
const shortDid = `did:orgid:${orgIdOf(1)}`;

function recordOf(members: Partial<OrgRecord> = {}): OrgRecord {
	return {
		...{ did, kind: "orgpass", documentEvidence: "hash", chainId: CHAIN_ID, registry: OWNER, orgId: orgIdOf(1) },
		...{ owner: OWNER, active: true, keys: [keyOf("k", { validUntil: NOW + 9 })], blockNumber: 5, ...members },
	};
}

function documentOf(members: object = {}): NonNullable<KnownOrganization["document"]> {
	const bytes = bytesOf({ id: did, created: "2022-01-01T00:00:00Z", ...members });
	return { orgJson: parseOrgJson(bytes, toCanonicalDidUrl(parseDidUrl(did))) };
}

describe("the result for an organization", () => {
	it("without a document has its record", () => {
		const record = recordOf();
		expect(toSuccess({ record }, shortDid, NOW)).toStrictEqual({
			"@context": "https://w3id.org/did-resolution/v1",
			didDocument: expect.objectContaining({ id: shortDid }),
			didDocumentMetadata: {
				canonicalId: did,
				versionId: "5",
				organization: record,
				methodSources: { [`${shortDid}#k`]: "registry", [`${shortDid}#owner`]: "account" },
			},
			didResolutionMetadata: { contentType: "application/did+ld+json" },
		});
	});

	it("has what is known of its document", () => {
		const credential = { issuer: did, signer: "owner", validFrom: 5 };
		const document = { ...documentOf({ updated: "2023-01-01T00:00:00Z" }), credential };
		const revokedKey = keyOf("r", { revokedAt: 5 });
		const found = { record: recordOf(), document, uri: "https://example.com/", revokedKey, isStale: true };
		const { didDocumentMetadata, didResolutionMetadata } = toSuccess(found, did, NOW);
		expect(didDocumentMetadata).toMatchObject({
			...{ created: "2022-01-01T00:00:00Z", updated: "2023-01-01T00:00:00Z", revokedKey, credential },
			...{ orgJson: document.orgJson.subject, documentUri: "https://example.com/" },
		});
		expect(Object.keys(didDocumentMetadata)).not.toContain("deactivated");
		expect(didResolutionMetadata["stale"]).toBe(true);
	});

	it("has no dates that aren't dates, and says why there is no document", () => {
		const odd = toSuccess({ record: recordOf(), document: documentOf({ created: "x", updated: "y" }) }, did, NOW);
		expect(Object.keys(odd.didDocumentMetadata)).not.toEqual(expect.arrayContaining(["created"]));
		expect(Object.keys(odd.didDocumentMetadata)).not.toEqual(expect.arrayContaining(["updated"]));
		const failure = new DocumentError("document/status", "gone");
		const { didDocumentMetadata } = toSuccess({ record: recordOf(), failure }, did, NOW);
		expect(didDocumentMetadata["documentError"]).toStrictEqual({ code: "document/status", message: "gone" });
	});

	it.each<[string, KnownOrganization]>([
		["the registry", { record: recordOf({ active: false }) }],
		["its document", { record: recordOf(), document: documentOf({ deactivated: true }) }],
		["its last document", { record: recordOf(), wasDeactivated: true }],
	])("says that %s deactivated it, and withholds its keys", (_what, found) => {
		const { didDocument, didDocumentMetadata } = toSuccess(found, did, NOW);
		expect(didDocumentMetadata.deactivated).toBe(true);
		expect(didDocument?.verificationMethod).toEqual([]);
		expect(didDocumentMetadata["withheld"]).toBeDefined();
	});

	it("has the same DID document as long as nothing changes that it depends on", () => {
		const found: KnownOrganization = { record: recordOf(), document: documentOf(), revokedKeys: new Map() };
		const built = (other: KnownOrganization, now = NOW, spelling = did): unknown =>
			toSuccess(other, spelling, now).didDocument;
		const first = built(found);
		expect(built({ ...found }, NOW + 8)).toBe(first);
		const others = [
			() => built(found, NOW, shortDid),
			() => built({ ...found, record: { ...found.record } }),
			() => built({ ...found, revokedKeys: new Map() }),
			() => built({ ...found, wasDeactivated: true }),
			() => built(found, NOW + 9),
		];
		for (const [at, build] of others.entries()) expect(build(), String(at)).not.toBe(first);
		expect(built(found, NOW)).not.toBe(built(found, NOW + 9));
		const again = built(found, NOW);
		expect(built(found, NOW)).toBe(again);
		forgetDocument(found);
		expect(built(found, NOW)).not.toBe(again);
		const without = { record: found.record };
		expect(built(without)).toBe(built({ ...without }));
		expect(steadyPeriodOf(found, did, NOW)).toEqual([-Infinity, NOW + 9]);
	});
});

describe("the result of a failure", () => {
	it.each([
		["did/syntax", "invalidDid", "INVALID_DID"],
		["did/chain-missing", "invalidDid", "INVALID_DID"],
		["did/chain-unknown", "unknownNetwork", "METHOD_NOT_SUPPORTED"],
		["did/not-found", "notFound", "NOT_FOUND"],
		["did/version-not-found", "notFound", "NOT_FOUND"],
		["did/method-unsupported", "unsupportedDidMethod", "METHOD_NOT_SUPPORTED"],
		["did/document-invalid", "invalidDidDocument", "INVALID_DID_DOCUMENT"],
		["did/key-revoked", "internalError", "INTERNAL_ERROR"],
		["document/malformed", "invalidDidDocument", "INVALID_DID_DOCUMENT"],
		["document/unreachable", "internalError", "INTERNAL_ERROR"],
		["registry/unreachable", "internalError", "INTERNAL_ERROR"],
	] as const)("%s is called %s, and by the W3C %s", (code, name, type) => {
		const [domain] = code.split("/");
		const Type = domain === "did" ? DidError : domain === "document" ? DocumentError : RegistryError;
		const error = new Type(code as never, "why");
		const result = toFailure(error);
		expect(result).toStrictEqual({
			didDocument: null,
			didDocumentMetadata: {},
			didResolutionMetadata: {
				...{ error: name, code, message: "why" },
				problemDetails: { type: `https://www.w3.org/ns/did#${type}`, title: code, detail: "why" },
			},
		});
		expect((result.didResolutionMetadata as { cause?: unknown }).cause).toBe(error);
		expect(JSON.stringify(result)).not.toContain("cause");
	});

	it("doesn't show what is wrong with the resolver", () => {
		const bug = new RangeError("secret");
		const { didResolutionMetadata } = toFailure(bug);
		expect(didResolutionMetadata).toMatchObject({ error: "internalError", code: "did/resolution" });
		expect(JSON.stringify(didResolutionMetadata)).not.toContain("secret");
		expect((didResolutionMetadata as { cause?: unknown }).cause).toBe(bug);
	});
});
