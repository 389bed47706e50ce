import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { importVerificationKey } from "../../src/did/verification-method.ts";
import { type BuildDocumentOptions, buildDocument, encodeDocument } from "../../src/document/build-document.ts";
import { verifyDocument } from "../../src/document/inspect-document.ts";
import { authenticationIds, parseOrgJson } from "../../src/document/org-json.ts";
import type { ErrorCode } from "../../src/errors/codes.ts";
import { exportPublicKey } from "../../src/keys/export-public-key.ts";
import { generateKeyPair } from "../../src/keys/generate.ts";
import { deepFreeze } from "../support/deep-freeze.ts";
import { did, foreignDid, hashContext, NOW, owner, shortDid, signedBytes, subject } from "../support/org-documents.ts";
import { expectRefusal } from "../support/refusal.ts";

const { publicKey } = await generateKeyPair();
const account = `eip155:100:${owner.address.toLowerCase()}`;
const base = { did, generation: "1.x", now: NOW } as const;
const AT = "2027-01-15T08:00:00.000Z";

function build(options: Partial<BuildDocumentOptions> = {}): Record<string, unknown> {
	return buildDocument({ ...base, ...options });
}

describe("buildDocument", () => {
	it("builds a plain document whose key can be read back", async () => {
		const methods = [{ fragment: "webserver", publicKey, note: "B2C" }];
		const document = build({ did: shortDid, generation: "0.x", verificationMethods: methods });
		expect(JSON.stringify(document)).toBe(
			JSON.stringify({
				schemaVersion: "0.4.3",
				"@context": ["https://www.w3.org/ns/did/v1", "https://windingtree.com/ns/orgid/v1"],
				id: shortDid,
				created: AT,
				updated: AT,
				publicKey: [
					{
						...{ id: `${shortDid}#webserver`, type: "secp256k1", controller: shortDid },
						...{ publicKeyPem: exportPublicKey(publicKey, "spki-base64"), note: "B2C" },
					},
				],
			}),
		);
		const bytes = encodeDocument(document);
		const { orgJson } = await verifyDocument(bytes, hashContext(bytes));
		expect(authenticationIds(orgJson, NOW)).toEqual([`${did}#webserver`]);
		const [method] = orgJson.methods;
		expect(method && importVerificationKey(method).thumbprint).toBe(publicKey.thumbprint);
	});

	it("builds keys and accounts of a 1.x document", () => {
		const verificationMethods = [
			{ fragment: "owner1", account, note: "n" },
			{ fragment: "key1", publicKey },
		];
		expect(build({ verificationMethods })).toMatchObject({
			id: did,
			verificationMethod: [
				{
					...{ id: `${did}#owner1`, controller: did, type: "EcdsaSecp256k1RecoveryMethod2020" },
					...{ blockchainAccountId: `eip155:100:${owner.address}`, note: "n" },
				},
				{
					...{ id: `${did}#key1`, controller: did, type: "EcdsaSecp256k1VerificationKey2019" },
					publicKeyJwk: exportPublicKey(publicKey, "jwk"),
				},
			],
		});
		expect(build()).toStrictEqual({
			"@context": ["https://www.w3.org/ns/did/v1", "https://windingtree.com/ns/orgid/v1"],
			...{ id: did, created: AT, updated: AT, verificationMethod: [] },
		});
		const [plain] = build({ verificationMethods: [{ fragment: "a", account }] })["verificationMethod"] as object[];
		expect(plain).not.toHaveProperty("note");
	});

	it("extends a document without modifying it, and lists new keys where it lists keys", () => {
		const first = build({
			existing: { legalEntity: { legalName: "Acme" }, "@context": ["x"] },
			verificationMethods: [{ fragment: "a", account }],
		});
		const existing = deepFreeze({ ...first, authentication: [`${did}#a`] });
		const options = { existing, verificationMethods: [{ fragment: "b", publicKey }], now: NOW + 60 };
		const second = build(deepFreeze(options));
		expect(second).toEqual(build(options));
		expect(second).toMatchObject({
			...{ "@context": ["x"], created: AT, updated: "2027-01-15T08:01:00.000Z" },
			...{ authentication: [`${did}#a`, `${did}#b`], legalEntity: { legalName: "Acme" } },
		});
		expect((second["verificationMethod"] as unknown[])[0]).toEqual((first["verificationMethod"] as unknown[])[0]);
		expect(Object.keys(second)).toEqual(Object.keys(build({ existing: second })));
		expect(build({ existing: { authentication: "x" } })["authentication"]).toBe("x");
	});

	it("extends the subject of a credential", async () => {
		const credential = JSON.parse(Buffer.from(await signedBytes()).toString());
		const document = build({ existing: credential, verificationMethods: [{ fragment: "b", account }] });
		expect(document).not.toHaveProperty("proof");
		expect(document["verificationMethod"]).toHaveLength(2);
		await expectRefusal(() => build({ existing: credential, generation: "0.x" }), "config/invalid-option");
		for (const credentialSubject of [1, null]) {
			const error = await expectRefusal(() => build({ existing: { credentialSubject } }), "config/invalid-option");
			expect(error.details).toEqual({ option: "existing" });
		}
	});

	it.each<[string, unknown, string]>([
		["another organization's", foreignDid, did],
		["another chain's", did.replace("100", "1"), did],
		["in upper case", `did:orgid:100:0x${"0A".repeat(32)}`, did],
		["of another type", 1, did],
		["another organization's in the short form", foreignDid, shortDid],
	])("refuses to extend a document that is %s", async (_what, id, asked) => {
		const error = await expectRefusal(() => build({ did: asked, existing: { id } }), "document/subject");
		expect(error.message).toContain(asked);
		expect(error.message).toContain(JSON.stringify(id));
	});

	it("treats both forms of a DID as equal", () => {
		for (const [id, asked] of [
			[shortDid, did],
			[did, shortDid],
		] as const) {
			expect(build({ did: asked, existing: { id } })["id"]).toBe(asked);
		}
	});

	it.each<[string, object, ErrorCode]>([
		[
			"a used fragment, in any form",
			{
				existing: { id: did, verificationMethod: [{ id: `${shortDid}#a` }] },
				verificationMethods: [{ fragment: "a", account }],
			},
			"config/invalid-option",
		],
		[
			"a fragment used by a delegate",
			{
				existing: { id: did, capabilityDelegation: [{ id: "#a" }] },
				verificationMethods: [{ fragment: "a", account }],
			},
			"config/invalid-option",
		],
		[
			"the same fragment twice",
			{
				verificationMethods: [
					{ fragment: "a", account },
					{ fragment: "a", publicKey },
				],
			},
			"config/invalid-option",
		],
		[
			"a used fragment, whatever else has no id",
			{
				existing: { id: did, verificationMethod: [{}, {}, { id: `${did}#a` }] },
				verificationMethods: [{ fragment: "a", account }],
			},
			"config/invalid-option",
		],
		["an invalid fragment", { verificationMethods: [{ fragment: "a.b", account }] }, "config/invalid-option"],
		[
			"both a key and an account",
			{ verificationMethods: [{ fragment: "a", account, publicKey }] },
			"config/invalid-option",
		],
		["neither a key nor an account", { verificationMethods: [{ fragment: "a" }] }, "config/invalid-option"],
		[
			"an invalid account",
			{ verificationMethods: [{ fragment: "a", account: owner.address }] },
			"config/invalid-option",
		],
		["an invalid key", { verificationMethods: [{ fragment: "a", publicKey: {} }] }, "config/invalid-option"],
		[
			"an account in 0.x",
			{ generation: "0.x", verificationMethods: [{ fragment: "a", account }] },
			"config/invalid-option",
		],
		["an unknown generation", { generation: "2.x" }, "config/invalid-option"],
		["a misspelled option", { methods: [] }, "config/unknown-option"],
		["milliseconds instead of seconds", { now: NOW * 1_000 }, "config/invalid-option"],
		["a misspelled member", { verificationMethods: [{ fragment: "a", key: publicKey }] }, "config/unknown-option"],
		["a DID URL", { did: `${did}#a` }, "config/invalid-option"],
		["a DID in upper case", { did: did.replaceAll("0a", "0A") }, "did/syntax"],
		["keys that aren't an array", { existing: { verificationMethod: {} } }, "config/invalid-option"],
	])("rejects %s", async (_what, options, code) => {
		const error = await expectRefusal(() => build(options as Partial<BuildDocumentOptions>), code);
		if (code === "did/syntax") return;
		expect(error.message).toMatch(/^buildDocument/);
		expect(Object.keys(options)).toContain(String(error.details["option"]).split(".")[0]);
	});

	it("says which key is already in the document", async () => {
		const options = {
			existing: { verificationMethod: [{ id: "#a" }] },
			verificationMethods: [{ fragment: "a", account }],
		};
		const { message } = await expectRefusal(() => build(options), "config/invalid-option");
		expect(message).toContain(' "a" is already');
	});

	it("builds documents that parseOrgJson reads back", () => {
		const fragments = fc.uniqueArray(fc.stringMatching(/^[0-9A-Za-z_-]{1,64}$/), { maxLength: 20 });
		fc.assert(
			fc.property(fragments, fc.constantFrom("0.x", "1.x"), fc.boolean(), (names, generation, isShort) => {
				const verificationMethods = names.map((fragment) => ({ fragment, publicKey }));
				const document = build({ did: isShort ? shortDid : did, generation, verificationMethods });
				const orgJson = parseOrgJson(encodeDocument(document), subject);
				expect(authenticationIds(orgJson, NOW)).toEqual(names.map((name) => `${did}#${name}`));
				expect(orgJson.subject).toEqual(document);
			}),
		);
	});

	it("appends delegates to the existing ones, without duplicates and as given", () => {
		const existing = { capabilityDelegation: [`${did}#a`, { id: `${did}#b` }], legalEntity: {} };
		const delegates = [`${did}#b`, `${did}#a`, `${foreignDid}#k`, `${shortDid}#a`, `${foreignDid}#k`];
		const document = build({ existing: deepFreeze(existing), delegates: deepFreeze(delegates) });
		expect(document["capabilityDelegation"]).toEqual([
			...existing.capabilityDelegation,
			`${foreignDid}#k`,
			`${shortDid}#a`,
		]);
		expect(build({ delegates: [] })).toEqual(build());
		expect(build({ delegates: [`${did}#a`] })["capabilityDelegation"]).toEqual([`${did}#a`]);
	});

	it.each([
		["text that isn't a DID URL", { delegates: ["k"] }, "did/syntax"],
		["a bare DID", { delegates: [did] }, "config/invalid-option"],
		[
			"another organization's DID without its chain",
			{ delegates: [`did:orgid:0x${"0c".repeat(32)}#k`] },
			"did/chain-missing",
		],
		["a delegate of a 0.x document", { generation: "0.x", delegates: [`${did}#k`] }, "config/invalid-option"],
		[
			"a value that isn't an array",
			{ existing: { capabilityDelegation: {} }, delegates: [`${did}#k`] },
			"config/invalid-option",
		],
	] as const)("rejects %s as a delegate", async (_what, options, code) => {
		const { details } = await expectRefusal(() => build(options), code);
		if (code === "config/invalid-option") expect(Object.keys(options)).toContain(details["option"]);
	});
});
