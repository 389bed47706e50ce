import { describe, expect, it } from "vitest";
import {
	authenticationIds,
	documentVersion,
	type OrgJson,
	offeredIds,
	parseOrgJson,
} from "../../src/document/org-json.ts";
import { expectLinear } from "../support/duration.ts";
import {
	bytesOf,
	did,
	foreignDid,
	NOW,
	ownedDocument,
	shortDid,
	signedBytes,
	subject,
} from "../support/org-documents.ts";
import { expectRefusal } from "../support/refusal.ts";

const key = (fragment: string, members: object = {}): Record<string, unknown> => ({
	...{ id: `${did}#${fragment}`, type: "secp256k1", controller: did, publicKeyPem: "MFYw", ...members },
});

function parse(members: object): OrgJson {
	return parseOrgJson(bytesOf({ "@context": [], id: did, created: "2022-01-01T00:00:00Z", ...members }), subject);
}

const idsOf = (members: object): readonly string[] => authenticationIds(parse(members), NOW);

describe("parseOrgJson", () => {
	it("parses a plain document", () => {
		const service = [{ id: `${shortDid}#api`, type: "glider", serviceEndpoint: "https://a" }, "x", null, {}];
		const orgJson = parse({ publicKey: [key("webserver")], service, updated: "2023-01-01T00:00:00Z" });
		expect(orgJson).toMatchObject({
			...{ generation: "0.x", id: did, deactivated: false, capabilityDelegation: [] },
			...{ created: "2022-01-01T00:00:00Z", updated: "2023-01-01T00:00:00Z" },
			methods: [key("webserver")],
			service: [{ id: `${did}#api`, type: "glider", serviceEndpoint: "https://a" }],
		});
		expect(orgJson).not.toHaveProperty("authentication");
		expect(orgJson).not.toHaveProperty("credential");
	});

	it("parses the subject of a credential", async () => {
		const orgJson = parseOrgJson(await signedBytes(), subject);
		expect(orgJson).toMatchObject({ generation: "1.x", id: did, subject: ownedDocument() });
		expect(orgJson.methods.map(({ id }) => id)).toEqual([`${did}#owner1`]);
		expect(orgJson.credential?.["credentialSubject"]).toBe(orgJson.subject);
	});

	it("returns a deeply frozen document", async () => {
		const seen: unknown[] = [parseOrgJson(await signedBytes({ service: [{ id: "#a", type: "t" }] }), subject)];
		for (const value of seen) {
			if (typeof value !== "object" || value === null) continue;
			expect(Object.isFrozen(value)).toBe(true);
			seen.push(...Object.values(value));
		}
		expect(seen.length).toBeGreaterThan(20);
	});

	it("normalizes own ids to the canonical DID", () => {
		const orgJson = parse({
			id: shortDid,
			publicKey: [key("a"), key("b", { id: `${shortDid}#b`, controller: shortDid }), key("c", { id: "#c" })],
			authentication: [`${shortDid}#a`, "#b", `${did}#c`, key("d", { id: "#d" })],
		});
		expect(orgJson.id).toBe(did);
		const ids = ["a", "b", "c", "d"].map((name) => `${did}#${name}`);
		expect(orgJson.methods.map(({ id }) => id)).toEqual(ids);
		expect(orgJson.methods.every(({ controller }) => controller === did)).toBe(true);
		expect(orgJson.authentication).toEqual(ids);
		expect(authenticationIds(orgJson, NOW)).toEqual(ids);
	});

	it("ignores entries that aren't usable keys", () => {
		const foreign = key("x", { id: `${foreignDid}#x` });
		const odd = [null, 1, "x", [], { id: 1 }, { id: 1 }, {}, {}];
		const parts = [
			{ id: `${did}#half` },
			key("y", { controller: [did] }),
			key("untyped", { type: 1 }),
			key("z", { controller: "#z" }),
		];
		const names = ["", "a.b", "a b", "x".repeat(65), "é", "a#b"].map((name) => key(name));
		const orgJson = parse({ publicKey: [...odd, ...parts, foreign, ...names, key("ok")] });
		expect(orgJson.methods).toEqual([key("z", { controller: "#z" }), foreign, ...names, key("ok")]);
		expect(authenticationIds(orgJson, NOW)).toEqual([`${did}#ok`]);
		const lists = parse({ authentication: [...odd, "#ok"], capabilityDelegation: [...odd, ...parts] });
		expect(lists.authentication).toEqual([`${did}#ok`]);
		expect(lists.capabilityDelegation).toEqual(["x", key("z", { controller: "#z" })]);
	});

	it("ignores services without an id and a type, and dates that aren't text", () => {
		const service = [{ id: "#a" }, { type: "t" }, { id: 1, type: "t" }, { id: "#a", type: 1 }];
		const orgJson = parse({ service, created: 1, updated: null });
		expect(orgJson.service).toEqual([]);
		expect(orgJson).not.toHaveProperty("created");
		expect(orgJson).not.toHaveProperty("updated");
	});

	it("names both organizations if the document is another's", async () => {
		const error = await expectRefusal(() => parse({ id: foreignDid }), "document/subject");
		expect(error.message).toContain(did);
		expect(error.message).toContain(foreignDid);
	});

	it("accepts a thousand keys and a thousand delegates, but not one more in any list", async () => {
		const keys = Array.from({ length: 1_000 }, (_, at) => key(`k${at}`));
		const delegates = Array<string>(1_000).fill("x");
		const orgJson = parse({ publicKey: keys, capabilityDelegation: delegates });
		expect(orgJson.methods).toHaveLength(1_000);
		expect(orgJson.capabilityDelegation).toHaveLength(1_000);
		await expectRefusal(() => parse({ publicKey: keys, authentication: ["#k1"] }), "document/malformed");
	});

	it("treats any deactivated member as deactivation", () => {
		expect(parse({}).deactivated).toBe(false);
		for (const deactivated of ["2024-01-01T00:00:00Z", true, false, null, ""]) {
			expect(parse({ deactivated }).deactivated).toBe(true);
		}
	});

	it.each<[string, unknown]>([
		["text that isn't JSON", "{"],
		["JSON that isn't an object", "[]"],
		["null", "null"],
		["a byte order mark", "\ufeff{}"],
		["trailing data", `{"id":"${did}"} x`],
		["keys that aren't an array", { id: did, publicKey: {} }],
		["methods that are null", { id: did, verificationMethod: null }],
		["delegates that are a string", { id: did, capabilityDelegation: `${did}#a` }],
		["1,001 keys", { id: did, publicKey: Array.from({ length: 1_001 }, (_, at) => key(`k${at}`)) }],
		[
			"1,001 keys in two lists",
			{
				id: did,
				publicKey: Array.from({ length: 1_000 }, (_, at) => key(`k${at}`)),
				verificationMethod: [key("more")],
			},
		],
		["1,001 delegates", { id: did, capabilityDelegation: Array(1_001).fill("x") }],
		["a number that JSON can't represent", `{"id":"${did}","n":[1e400]}`],
		["a credential of another type", { type: ["VerifiableCredential"], credentialSubject: { id: did } }],
		["an OrgJson credential that isn't a VerifiableCredential", { type: ["OrgJson"], credentialSubject: { id: did } }],
		["a credential without a subject", { type: ["VerifiableCredential", "OrgJson"], id: did }],
		[
			"a credential with several subjects",
			{ type: ["VerifiableCredential", "OrgJson"], credentialSubject: [{ id: did }] },
		],
	])("rejects %s", async (_what, content) => {
		await expectRefusal(() => parseOrgJson(bytesOf(content), subject), "document/malformed");
	});

	it("T76: keeps numbers that JavaScript would round", () => {
		const text = `{"id":"${did}","n":[9007199254740993,1.5]}`;
		expect(JSON.stringify(parseOrgJson(bytesOf(text), subject).subject)).toBe(text);
	});

	it("rejects bytes that aren't UTF-8", async () => {
		const bytes = Uint8Array.of(...bytesOf(`{"id":"${did}","x":"`), 0xff, ...bytesOf('"}'));
		await expectRefusal(() => parseOrgJson(bytes, subject), "document/malformed");
	});

	it("rejects two keys with the same id, in any form and list", async () => {
		for (const members of [
			{ publicKey: [key("a"), key("a")] },
			{ publicKey: [key("a")], verificationMethod: [key("a", { id: `${shortDid}#a` })] },
			{ publicKey: [key("a"), key("a", { id: "#a" })] },
			{ publicKey: [key("a")], authentication: [key("a")] },
			{ publicKey: [key("a")], capabilityDelegation: [key("a")] },
			{ publicKey: [key("a")], assertionMethod: [key("a", { id: "#a" })] },
			{ publicKey: [key("a")], keyAgreement: { id: `${shortDid}#a` } },
			{ publicKey: [key("a")], capabilityInvocation: [{ id: "#a", revoked: "2020-01-01T00:00:00Z" }] },
			{ publicKey: [key("a"), { id: `${did}#a` }] },
			{ publicKey: [key("x", { id: `${foreignDid}#x` }), key("x", { id: `${foreignDid}#x` })] },
		]) {
			await expectRefusal(() => parse(members), "did/document-invalid");
		}
	});

	it("takes time linear in the number of keys", async () => {
		const document = (count: number): Uint8Array =>
			bytesOf({
				id: did,
				publicKey: Array.from({ length: count }, (_, at) => key(`k${at}`)),
				service: Array.from({ length: 3 * count }, (_, at) => ({ id: `#s${at}`, type: "x" })),
			});
		await expectLinear(document, 250, (bytes) => authenticationIds(parseOrgJson(bytes, subject), NOW));
	});
});

describe("authenticationIds", () => {
	it("returns every own key without a list, else only the listed ones", () => {
		const publicKey = [key("a"), key("b"), key("c", { controller: foreignDid })];
		expect(idsOf({ publicKey })).toEqual([`${did}#a`, `${did}#b`]);
		expect(idsOf({ publicKey, authentication: ["#b", `${did}#c`, `${foreignDid}#a`, 1, null] })).toEqual([`${did}#b`]);
		for (const authentication of [[], null, `${did}#a`, { 0: `${did}#a` }]) {
			expect(idsOf({ publicKey, authentication })).toEqual([]);
		}
	});

	it("doesn't return a key that is only for delegation", () => {
		expect(idsOf({ publicKey: [key("a")], capabilityDelegation: [key("b")] })).toEqual([`${did}#a`]);
	});

	it.each<[string, object, string | undefined, boolean]>([
		["a past date", { invalidityDate: "2020-01-01T00:00:00Z" }, "2020-01-01T00:00:00.000Z", false],
		["a future date", { invalidityDate: "2999-01-01T00:00:00Z" }, "2999-01-01T00:00:00.000Z", true],
		["no date", { reason: "lost" }, "1970-01-01T00:00:00Z", false],
		["an invalid date", { invalidityDate: "tomorrow" }, "1970-01-01T00:00:00Z", false],
		["a date without a time", { invalidityDate: "2999-01-01" }, "1970-01-01T00:00:00Z", false],
		["a number", { invalidityDate: 32_503_680_000 }, "1970-01-01T00:00:00Z", false],
	])("handles a revocation with %s", (_what, verificationMethodRevocation, revoked, authenticates) => {
		const orgJson = parse({
			publicKey: [key("a", { verificationMethodRevocation })],
			authentication: ["#a"],
		});
		expect(orgJson.methods[0]?.revoked).toBe(revoked);
		expect(authenticationIds(orgJson, NOW)).toEqual(authenticates ? [`${did}#a`] : []);
	});

	it("respects any revocation, and the earlier of two", () => {
		for (const verificationMethodRevocation of [null, false, "x", []]) {
			expect(idsOf({ publicKey: [key("a", { verificationMethodRevocation })] })).toEqual([]);
		}
		const both = key("a", {
			revoked: "2999-01-01T00:00:00Z",
			verificationMethodRevocation: { invalidityDate: "2020-01-01T00:00:00Z" },
		});
		expect(parse({ publicKey: [both] }).methods[0]?.revoked).toBe("2020-01-01T00:00:00.000Z");
		expect(idsOf({ publicKey: [key("a", { revoked: "junk" })] })).toEqual([]);
	});

	it("T74: the marks of other documents count, too, and those of the document for all its keys", () => {
		const past = "2020-01-01T00:00:00Z";
		const marksOf = (entry: object, members: object = {}): object => {
			const { revoked, expires, validFrom } = parse({ publicKey: [key("a", entry)], ...members }).methods[0] ?? {};
			return { revoked, expires, validFrom };
		};
		const at = "2020-01-01T00:00:00.000Z";
		expect(marksOf({ deactivated: past })).toMatchObject({ revoked: at });
		expect(marksOf({ publicKeyJwk: { revoked: { revoked_at: 0 } } })).toMatchObject({
			revoked: "1970-01-01T00:00:00Z",
		});
		expect(marksOf({ publicKeyJwk: { exp: 1_577_836_800, nbf: 1_577_836_800 } })).toEqual({
			expires: at,
			validFrom: at,
		});
		for (const name of ["expires", "validUntil", "expirationDate"]) {
			expect(marksOf({ [name]: past, expires: past })).toEqual({ expires: at });
			expect(marksOf({}, { [name]: past })).toEqual({ expires: at });
			expect(marksOf({ [name]: "2999" })).toEqual({ expires: "1970-01-01T00:00:00Z" });
		}
		expect(marksOf({ validFrom: past }, { validFrom: 1 })).toEqual({ validFrom: "9999-12-31T23:59:59Z" });
		expect(marksOf({}, { revoked: past })).toEqual({ revoked: at });
		expect(marksOf({})).toEqual({});
	});

	it("omits a key from the exact time of its revocation", () => {
		const orgJson = parse({ publicKey: [key("a", { revoked: "2020-01-01T00:00:00Z" })] });
		const at = Date.UTC(2020, 0, 1) / 1_000;
		expect(authenticationIds(orgJson, at - 1)).toHaveLength(1);
		expect(authenticationIds(orgJson, at)).toHaveLength(0);
	});
});

describe("the issuer of a credential", () => {
	function parseCredential(issuer: unknown, keyName?: unknown): OrgJson {
		const proof = keyName === undefined ? undefined : { verificationMethod: keyName };
		const type = ["VerifiableCredential", "OrgJson"];
		return parseOrgJson(bytesOf({ type, issuer, credentialSubject: { id: did }, proof }), subject);
	}

	it.each([
		[did, undefined],
		[shortDid, `${foreignDid}#k`],
		[foreignDid, `${foreignDid}#k`],
		["did:web:example.com", "did:web:example.com#k"],
	])("may be %s if the proof is by %s", (issuer, keyName) => {
		expect(parseCredential(issuer, keyName).credential?.["issuer"]).toBe(issuer);
	});

	it.each([
		[undefined, `${did}#k`],
		[foreignDid, undefined],
		[foreignDid, 1],
		[foreignDid, foreignDid],
		[foreignDid, `${foreignDid}0#k`],
		[foreignDid, `${did}#k`],
		["", "#k"],
		[1, "1#k"],
		[[did], `${did}#k`],
	])("may not be %j if the proof is by %j", async (issuer, keyName) => {
		await expectRefusal(() => parseCredential(issuer, keyName), "document/subject");
	});
});

describe("offeredIds", () => {
	it("returns the first 32 of the keys that may sign now", () => {
		const keys = Array.from({ length: 34 }, (_, at) =>
			key(`k${at}`, at === 0 ? { revoked: "2020-01-01T00:00:00Z" } : {}),
		);
		const ids = keys.map(({ id }) => id);
		expect(offeredIds(parse({ publicKey: keys }), NOW)).toEqual(ids.slice(1, 33));
		expect(offeredIds(parse({ publicKey: keys.slice(0, 3) }), NOW)).toEqual(ids.slice(1, 3));
	});
});

describe("documentVersion", () => {
	it("is the latest of the document's and the credential's dates", async () => {
		expect(documentVersion(parse({ updated: "2023-01-01T00:00:00Z" }))).toBe(Date.UTC(2023, 0) / 1_000);
		expect(documentVersion(parse({}))).toBe(Date.UTC(2022, 0) / 1_000);
		expect(documentVersion(parse({ updated: "x", created: "y" }))).toBe(0);
		expect(documentVersion(parseOrgJson(await signedBytes(), subject))).toBe(NOW);
		const later = await signedBytes({ updated: "2100-01-01T00:00:00Z" });
		expect(documentVersion(parseOrgJson(later, subject))).toBe(Date.UTC(2100, 0) / 1_000);
	});
});
