/**
 * Credentials against Winding Tree's own SDK (@windingtree/org.id-auth 1.2.4): each side reads what the
 * other wrote, and the SDK's schemas accept the documents we build.
 * @module
 */
import { createRequire } from "node:module";
import { describe, expect, it } from "vitest";
import { buildDocument, encodeDocument } from "../../src/document/build-document.ts";
import { signCredential } from "../../src/document/credential/sign-credential.ts";
import { inspectDocument } from "../../src/document/inspect-document.ts";
import { exportPrivateKey } from "../../src/keys/export-private-key.ts";
import { exportPublicKey } from "../../src/keys/export-public-key.ts";
import { generateKeyPair } from "../../src/keys/generate.ts";
import { bytesOf, did, foreignDid, owner, proofContext } from "../support/org-documents.ts";
import { nowSeconds } from "../support/system-clock.ts";

interface Builder {
	setCredentialSubject(subject: object): Builder;
	setNftMetaData(metadata: object): Builder;
	setExpirationDate(date: string): Builder;
	sign(key: object): Promise<Record<string, unknown>>;
	signWithBlockchainAccount(account: string, signer: object): Promise<Record<string, unknown>>;
}
interface Sdk {
	readonly vc: {
		createVC(issuer: string, types: readonly string[]): Builder;
		verifyVC(credential: object, key: object | string): Promise<object>;
	};
}

const { vc } = createRequire(import.meta.url)("@windingtree/org.id-auth") as Sdk;
const { privateKey, publicKey } = await generateKeyPair();
const now = nowSeconds();
const account = `eip155:100:${owner.address}`;
const ownerId = `${did}#owner1`;
const delegateId = `${did}#delegate`;
const foreignId = `${foreignDid}#delegate`;
const jwk = exportPublicKey(publicKey, "jwk");
const legalEntity = {
	...{ legalName: "Acme, Corp.", registryCode: "US12345567", legalType: "GmBH" },
	registeredAddress: {
		country: "CZ",
		locality: "Jihlava",
		postalCode: "71354",
		streetAddress: "3150 Main St.",
	},
	media: { logo: "https://example.com/logo.png" },
};
const document = buildDocument({
	...{ did, generation: "1.x", now },
	existing: { legalEntity, capabilityDelegation: [delegateId, foreignId] },
	verificationMethods: [
		{ fragment: "owner1", account, note: "the owner" },
		{ fragment: "delegate", publicKey },
	],
});
const nft = { name: "Acme", description: "Acme profile — ☃", image: "https://example.com/logo.png" };
const wallet = {
	getAddress: () => owner.getAddress(),
	_signTypedData: owner.signTypedData.bind(owner),
};

describe("the ORGiD SDK", () => {
	it("verifies credentials signed here, by an account and by a key", async () => {
		const common = { document, now, expiresAt: now + 600, ...nft };
		const byOwner = await signCredential({ ...common, verificationMethod: ownerId, key: owner });
		const served = JSON.parse(new TextDecoder().decode(encodeDocument(byOwner))) as object;
		expect(await vc.verifyVC(served, account)).toMatchObject({ credentialSubject: document });
		const byKey = await signCredential({ ...common, verificationMethod: delegateId, key: privateKey });
		expect(await vc.verifyVC(byKey, jwk)).toMatchObject({ credentialSubject: document });
	});

	it("signs credentials that verify here, by the owner and by a delegate", async () => {
		const builder = (name: string): Builder =>
			vc.createVC(name, ["OrgJson"]).setCredentialSubject(document).setNftMetaData(nft);
		const byOwner = await builder(ownerId).signWithBlockchainAccount(account, wallet);
		const context = { now: nowSeconds() };
		expect(await inspectDocument(bytesOf(byOwner), proofContext([], context))).toMatchObject({
			...{ ok: true, credential: { issuer: did, signer: "owner" } },
		});
		const key = exportPrivateKey(privateKey, "jwk");
		const byKey = await builder(delegateId).sign(key);
		expect(await inspectDocument(bytesOf(byKey), proofContext([delegateId], context))).toMatchObject({
			...{ ok: true, credential: { issuer: did, signer: delegateId } },
		});
	});

	it("names a foreign delegate's organization as the issuer, as we do", async () => {
		const method = {
			id: foreignId,
			controller: foreignDid,
			type: "JsonWebKey2020",
			publicKeyJwk: { ...jwk },
		};
		const context = proofContext([foreignId], { now: nowSeconds(), loadDelegate: async () => method });
		const builder = vc.createVC(foreignId, ["OrgJson"]).setCredentialSubject(document);
		const theirs = await builder.sign(exportPrivateKey(privateKey, "jwk"));
		const ours = await signCredential({ document, verificationMethod: foreignId, key: privateKey, now });
		for (const credential of [theirs, ours]) {
			expect(await inspectDocument(bytesOf(credential), context)).toMatchObject({
				...{ ok: true, credential: { issuer: foreignDid, signer: foreignId } },
			});
		}
	});
});
