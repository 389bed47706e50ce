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
	it("writes a plain document whose key its readers find", async () => {
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

	it("writes keys and accounts of 1.x", () => {
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
		expect(build()).not.toHaveProperty("schemaVersion");
	});

	it("starts from a document without changing it, and lists new keys where keys are listed", () => {
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

	it("takes the subject of a credential", async () => {
		const credential = JSON.parse(Buffer.from(await signedBytes()).toString());
		const document = build({ existing: credential, verificationMethods: [{ fragment: "b", account }] });
		expect(document).not.toHaveProperty("proof");
		expect(document["verificationMethod"]).toHaveLength(2);
		await expectRefusal(() => build({ existing: credential, generation: "0.x" }), "config/invalid-option");
		await expectRefusal(() => build({ existing: { credentialSubject: 1 } }), "config/invalid-option");
	});

	it.each<[string, unknown, string]>([
		["another organization's", foreignDid, did],
		["another chain's", did.replace("100", "1"), did],
		["in upper case", `did:orgid:100:0x${"0A".repeat(32)}`, did],
		["of another type", 1, did],
		["another organization's in short", foreignDid, shortDid],
	])("refuses to build on a document that is %s", async (_what, id, asked) => {
		await expectRefusal(() => build({ did: asked, existing: { id } }), "document/subject");
	});

	it("takes both spellings of a DID for the same", () => {
		for (const [id, asked] of [
			[shortDid, did],
			[did, shortDid],
		] as const) {
			expect(build({ did: asked, existing: { id } })["id"]).toBe(asked);
		}
	});

	it.each<[string, object, ErrorCode]>([
		[
			"a fragment that is there, in any spelling",
			{
				existing: { id: did, verificationMethod: [{ id: `${shortDid}#a` }] },
				verificationMethods: [{ fragment: "a", account }],
			},
			"config/invalid-option",
		],
		[
			"a fragment that is there among delegates",
			{
				existing: { id: did, capabilityDelegation: [{ id: "#a" }] },
				verificationMethods: [{ fragment: "a", account }],
			},
			"config/invalid-option",
		],
		[
			"one fragment twice",
			{
				verificationMethods: [
					{ fragment: "a", account },
					{ fragment: "a", publicKey },
				],
			},
			"config/invalid-option",
		],
		["a fragment that is none", { verificationMethods: [{ fragment: "a.b", account }] }, "config/invalid-option"],
		[
			"a key and an account in one",
			{ verificationMethods: [{ fragment: "a", account, publicKey }] },
			"config/invalid-option",
		],
		["neither key nor account", { verificationMethods: [{ fragment: "a" }] }, "config/invalid-option"],
		[
			"an account that is none",
			{ verificationMethods: [{ fragment: "a", account: owner.address }] },
			"config/invalid-option",
		],
		["a key that is none", { verificationMethods: [{ fragment: "a", publicKey: {} }] }, "config/invalid-option"],
		[
			"an account in 0.x",
			{ generation: "0.x", verificationMethods: [{ fragment: "a", account }] },
			"config/invalid-option",
		],
		["another generation", { generation: "2.x" }, "config/invalid-option"],
		["a misspelt option", { methods: [] }, "config/unknown-option"],
		["milliseconds for seconds", { now: NOW * 1_000 }, "config/invalid-option"],
		["a misspelt member", { verificationMethods: [{ fragment: "a", key: publicKey }] }, "config/unknown-option"],
		["a DID URL", { did: `${did}#a` }, "config/invalid-option"],
		["a DID in upper case", { did: did.replaceAll("0a", "0A") }, "did/syntax"],
		["keys that are no list", { existing: { verificationMethod: {} } }, "config/invalid-option"],
	])("rejects %s", async (_what, options, code) => {
		await expectRefusal(() => build(options as Partial<BuildDocumentOptions>), code);
	});

	it("what it builds reads back", () => {
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

	it("adds delegates after those that are there, each once, spelt as given", () => {
		const existing = { capabilityDelegation: [`${did}#a`, { id: `${did}#b` }], legalEntity: {} };
		const delegates = [`${did}#b`, `${did}#a`, `${foreignDid}#k`, `${shortDid}#a`, `${foreignDid}#k`];
		const document = build({ existing: deepFreeze(existing), delegates: deepFreeze(delegates) });
		expect(document["capabilityDelegation"]).toEqual([
			...existing.capabilityDelegation,
			`${foreignDid}#k`,
			`${shortDid}#a`,
		]);
		expect(build({ delegates: [] })).toEqual(build());
	});

	it.each([
		["a text that is no DID URL", { delegates: ["k"] }, "did/syntax"],
		["a bare DID", { delegates: [did] }, "config/invalid-option"],
		[
			"another organization without its chain",
			{ delegates: [`did:orgid:0x${"0c".repeat(32)}#k`] },
			"did/chain-missing",
		],
		["delegates of a 0.x document", { generation: "0.x", delegates: [`${did}#k`] }, "config/invalid-option"],
		[
			"a list that is none",
			{ existing: { capabilityDelegation: {} }, delegates: [`${did}#k`] },
			"config/invalid-option",
		],
	] as const)("rejects as delegate %s", async (_what, options, code) => {
		await expectRefusal(() => build(options), code);
	});
});
