import { describe, expect, it } from "vitest";
import { parseDidUrl, toCanonicalDidUrl } from "../../src/did/did-url.ts";
import { ALWAYS } from "../../src/did/method-period.ts";
import type { VerifiedCredential, VerifiedDocument } from "../../src/document/document-checks.ts";
import { parseOrgJson } from "../../src/document/org-json.ts";
import type { OrgRecord } from "../../src/registry/org-record.ts";
import { toDidDocument } from "../../src/resolver/did-document.ts";
import { findCandidates, type MethodCandidate, rewriteId } from "../../src/resolver/method-candidates.ts";
import { CHAIN_ID, didOf, keyOf, OWNER, orgIdOf } from "../support/memory-organizations.ts";
import { bytesOf } from "../support/org-documents.ts";
import { expectRefusal } from "../support/refusal.ts";

const NOW = 1_800_000_000;
const did = didOf(1);
const shortDid = `did:orgid:${orgIdOf(1)}`;
const OTHER = `0x${"21".repeat(20)}` as const;
const record: OrgRecord = {
	...{ did, kind: "orgpass", documentEvidence: "hash", chainId: CHAIN_ID, registry: OWNER, orgId: orgIdOf(1) },
	...{ owner: OWNER, active: true, keys: [], blockNumber: 5 },
};
const method = (name: string, members: object = {}): object => {
	const publicKeyHex = keyOf("x").publicKeyHex.slice(2);
	return { id: `${did}#${name}`, type: "secp256k1", controller: did, publicKeyHex, ...members };
};
const account = (name: string, address: string, chainId = CHAIN_ID): object =>
	method(name, {
		...{ type: "EcdsaSecp256k1RecoveryMethod2020", publicKeyHex: undefined },
		blockchainAccountId: `eip155:${chainId}:${address}`,
	});

function documentOf(members: object, credential?: Partial<VerifiedCredential>): VerifiedDocument {
	const orgJson = parseOrgJson(bytesOf({ id: did, ...members }), toCanonicalDidUrl(parseDidUrl(did)));
	return { orgJson, ...(credential && { credential: { issuer: did, signer: "owner", ...credential } }) };
}

function find(members: Partial<OrgRecord>, document?: VerifiedDocument, spelling = did): readonly MethodCandidate[] {
	return findCandidates({ ...record, ...members }, document, spelling);
}

const marksOf = (candidates: readonly MethodCandidate[]): unknown =>
	candidates.map(({ source, method, isListed, isTrusted }) => [
		source,
		method.id.split("#")[1],
		...[isListed ? "listed" : "", isTrusted ? "trusted" : ""].filter(Boolean),
	]);

describe("the methods of an organization", () => {
	it("are its keys on chain, those of its document, and its accounts", () => {
		const document = documentOf({
			verificationMethod: [method("a"), method("b"), method("c", { controller: didOf(2) })],
			authentication: ["#a", "#c"],
		});
		expect(marksOf(find({ keys: [keyOf("k")], director: OTHER }, document))).toEqual([
			["registry", "k", "listed", "trusted"],
			["document", "a", "listed", "trusted"],
			["document", "b"],
			["document", "c"],
			["account", "owner", "trusted"],
			["account", "director", "trusted"],
		]);
		expect(marksOf(find({}))).toEqual([["account", "owner", "trusted"]]);
	});

	it("have the DID as it was asked for, and stay the same objects if possible", () => {
		const document = documentOf({ publicKey: [method("a"), method("b", { controller: didOf(2) })] });
		const [a, b] = find({}, document);
		expect([a?.method, b?.method]).toEqual(document.orgJson.methods);
		expect(a?.method).toBe(document.orgJson.methods[0]);
		for (const { method } of find({ keys: [keyOf("k")], director: OTHER }, document, shortDid)) {
			expect(method.id.startsWith(`${shortDid}#`)).toBe(true);
			expect(method.controller).toBe(method.id === `${shortDid}#b` ? didOf(2) : shortDid);
			expect(Object.isFrozen(method)).toBe(true);
		}
	});

	it("are valid as long as the registry, the document and its credential say", () => {
		const keys = [keyOf("k", { validFrom: 5, validUntil: 9 }), keyOf("l")];
		const publicKey = [method("a", { expires: "2027-01-15T08:00:00Z" }), method("b")];
		const document = documentOf({ publicKey }, { validFrom: NOW - 9, validUntil: NOW + 9 });
		const periods = find({ keys }, document).map(({ period }) => period);
		expect(periods).toEqual([
			{ ...ALWAYS, validFrom: 5, validUntil: 9 },
			ALWAYS,
			{ ...ALWAYS, validFrom: NOW - 9, validUntil: NOW },
			{ ...ALWAYS, validFrom: NOW - 9, validUntil: NOW + 9 },
			ALWAYS,
		]);
		expect(find({}, documentOf({ publicKey: [method("a")] }))[0]?.period).toEqual(ALWAYS);
	});

	it("aren't listed or trusted if they were seen revoked", () => {
		const document = documentOf({ publicKey: [method("a"), method("b")] });
		const revoked = new Map(["k", "b", "owner"].map((name) => [name, keyOf(name, { revokedAt: 1 })]));
		const candidates = findCandidates({ ...record, keys: [keyOf("k"), keyOf("l")] }, document, did, revoked);
		expect(marksOf(candidates)).toEqual([
			["registry", "k"],
			["registry", "l", "listed", "trusted"],
			["document", "a", "listed", "trusted"],
			["document", "b"],
			["account", "owner", "trusted"],
		]);
	});

	it.each([[`#owner`], [`#director`]])("aren't trusted under the name %s if they are keys", (name) => {
		const fragment = name.slice(1);
		const candidates = find({ keys: [keyOf(fragment)] });
		expect(candidates[0]).toMatchObject({ source: "registry", isListed: true, isTrusted: false });
		const [published] = find({}, documentOf({ publicKey: [method(fragment)] }));
		expect(published).toMatchObject({ source: "document", isListed: true, isTrusted: false });
	});

	it.each<[string, object, boolean]>([
		["the owner's account", account("owner", OWNER), true],
		["the owner's account in lower case", account("owner", OWNER.toLowerCase()), true],
		["another account", account("owner", OTHER), false],
		["the owner's account on another chain", account("owner", OWNER, 1), false],
		["the director's account", account("director", OTHER), true],
		["the owner's account", account("director", OWNER), false],
		["anybody's account under another name", account("a", OTHER), true],
	])("of the document replace that of the registry; trusted if it is %s: %#", (_what, published, isTrusted) => {
		const candidates = find({ director: OTHER }, documentOf({ verificationMethod: [published] }));
		expect(candidates[0]).toMatchObject({ source: "document", isTrusted });
		const ids = candidates.map((candidate) => candidate.method.id);
		expect(new Set(ids).size).toBe(ids.length);
	});

	it("aren't the director's account if there is no director", () => {
		const [published] = find({}, documentOf({ verificationMethod: [account("director", OTHER)] }));
		expect(published?.isTrusted).toBe(false);
	});

	it("can't be both on chain and in the document", async () => {
		const document = documentOf({ publicKey: [method("a"), method("k")] });
		const error = await expectRefusal(() => find({ keys: [keyOf("k")] }, document), "did/document-invalid");
		expect(error.message).toContain(`${did}#k`);
	});
});

it.each([
	[did, shortDid],
	[`${did}#a`, `${shortDid}#a`],
	[`${did}0#a`, `${did}0#a`],
	[didOf(2), didOf(2)],
	["#a", "#a"],
])("the id %s is written as %s", (id, expected) => {
	expect(rewriteId(id, record, shortDid)).toBe(expected);
});

describe("the DID document", () => {
	const past = { revoked: "2020-01-01T00:00:00Z" };

	it("has what may be used now; the rest is withheld", () => {
		const document = documentOf({
			verificationMethod: [method("a"), method("old", past), method("unlisted"), method("odd", { publicKeyHex: "00" })],
			authentication: ["#a", "#old", "#odd"],
		});
		const keys = [keyOf("k"), keyOf("soon", { validFrom: NOW + 1 }), keyOf("ended", { validUntil: NOW })];
		const { document: built, withheld, sources } = toDidDocument({ ...record, keys }, document, did, NOW);
		const names = (ids: readonly unknown[] = []): unknown => ids.map((id) => String(id).split("#")[1]);
		expect(built["@context"]).toEqual([
			"https://www.w3.org/ns/did/v1",
			"https://w3id.org/security/suites/secp256k1-2019/v1",
			"https://w3id.org/security/suites/secp256k1recovery-2020/v2",
		]);
		expect(names(built.verificationMethod?.map(({ id }) => id))).toEqual(["k", "a", "owner"]);
		expect(names(built.authentication)).toEqual(["k", "a"]);
		expect(names(withheld?.verificationMethod.map(({ id }) => id))).toEqual([
			"soon",
			"ended",
			"old",
			"unlisted",
			"odd",
		]);
		expect(names(withheld?.authentication)).toEqual(["soon", "ended", "old", "odd"]);
		expect(sources).toEqual({
			...Object.fromEntries(["k", "soon", "ended"].map((name) => [`${did}#${name}`, "registry"])),
			...Object.fromEntries(["a", "old", "unlisted", "odd"].map((name) => [`${did}#${name}`, "document"])),
			[`${did}#owner`]: "account",
		});
		expect(built).not.toHaveProperty("service");
		const [published] = built.verificationMethod?.filter(({ id }) => id.endsWith("#a")) ?? [];
		expect(published?.publicKeyJwk).toMatchObject({ alg: "ES256K" });
	});

	it.each<[string, Partial<OrgRecord>, object, boolean]>([
		["the registry says so", { active: false }, {}, false],
		["its document says so", {}, { deactivated: true }, false],
		["its last document said so", {}, {}, true],
	])(
		"withholds everything of an organization that is deactivated because %s",
		(_what, members, json, wasDeactivated) => {
			const document = documentOf({ publicKey: [method("a")], ...json });
			const built = toDidDocument({ ...record, ...members }, document, did, NOW, { wasDeactivated });
			expect(built.document.verificationMethod).toEqual([]);
			expect(built.withheld?.verificationMethod).toHaveLength(2);
			expect(toDidDocument(record, documentOf({}), did, NOW)).not.toHaveProperty("withheld");
		},
	);

	it("offers 32 keys of the document in whichever spelling, besides those on chain", () => {
		const publicKey = Array.from({ length: 34 }, (_, at) => method(`a${at}`));
		const built = toDidDocument({ ...record, keys: [keyOf("k")] }, documentOf({ publicKey }), shortDid, NOW);
		expect(built.document.authentication).toHaveLength(33);
		expect(built.withheld?.verificationMethod.map(({ id }) => id)).toEqual([`${shortDid}#a32`, `${shortDid}#a33`]);
	});

	it("has the document's services in the requested spelling", () => {
		const service = [{ id: "#api", type: "t", serviceEndpoint: "https://a.example/" }];
		const { document } = toDidDocument(record, documentOf({ service }), shortDid, NOW);
		expect(document.service).toEqual([{ ...service[0], id: `${shortDid}#api` }]);
		expect([document.service, document.service?.[0]].every(Object.isFrozen)).toBe(true);
	});

	it("stays the same until a period begins or ends", () => {
		const steady = (now: number): readonly [number, number] =>
			toDidDocument(
				{ ...record, keys: [keyOf("a", { validFrom: 10, validUntil: 30 }), keyOf("b", { validUntil: 20 })] },
				undefined,
				did,
				now,
			).steady;
		expect([9, 10, 19, 20, 29, 30].map(steady)).toEqual([
			[-Infinity, 10],
			[10, 20],
			[10, 20],
			[20, 30],
			[20, 30],
			[30, Infinity],
		]);
		expect(Object.isFrozen(steady(9))).toBe(true);
		expect(toDidDocument(record, undefined, did, NOW).steady).toEqual([-Infinity, Infinity]);
		const revoked = documentOf({ publicKey: [method("a", { revoked: "2027-01-15T08:00:00Z" })] });
		expect(toDidDocument(record, revoked, did, NOW - 1).steady).toEqual([-Infinity, NOW]);
	});
});
