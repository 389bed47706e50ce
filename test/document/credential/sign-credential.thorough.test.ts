import { createPublicKey, verify } from "node:crypto";
import { verifyTypedData } from "ethers";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { encodeDocument } from "../../../src/document/build-document.ts";
import {
	type OrgJsonCredential,
	type SignCredentialOptions,
	signCredential,
	type TypedDataSigner,
} from "../../../src/document/credential/sign-credential.ts";
import { inspectDocument } from "../../../src/document/inspect-document.ts";
import { parseJson } from "../../../src/encoding/json.ts";
import { keepRounded } from "../../../src/encoding/kept-number.ts";
import type { ErrorCode } from "../../../src/errors/codes.ts";
import { exportPublicKey } from "../../../src/keys/export-public-key.ts";
import { generateKeyPair } from "../../../src/keys/generate.ts";
import { deepFreeze } from "../../support/deep-freeze.ts";
import { did, NOW, ownedDocument, owner, proofContext, stranger } from "../../support/org-documents.ts";
import { runs } from "../../support/property.ts";
import { expectRefusal } from "../../support/refusal.ts";
import { thorough } from "../../support/thorough.ts";

const { privateKey, publicKey } = await generateKeyPair();
const base = { document: ownedDocument(), verificationMethod: `${did}#owner1`, key: owner, now: NOW };
const delegateId = `${did}#delegate`;
const delegated = {
	document: ownedDocument({
		verificationMethod: [
			{
				...{ id: delegateId, controller: did, type: "EcdsaSecp256k1VerificationKey2019" },
				publicKeyJwk: exportPublicKey(publicKey, "jwk"),
			},
		],
		capabilityDelegation: [delegateId],
	}),
	...{ verificationMethod: delegateId, key: privateKey },
};

function sign(options: Partial<SignCredentialOptions> = {}): Promise<OrgJsonCredential> {
	return signCredential({ ...base, ...options });
}

/** The signed text as Winding Tree's SDK reads it. */
function readAsSdk({ proof, ...unsigned }: OrgJsonCredential): { input: string; signature: Buffer } {
	const [header = "", payload = "", signature = ""] = proof.jws.split(".");
	const read = JSON.parse(Buffer.from(payload, "base64url").toString());
	expect(JSON.stringify(unsigned)).toBe(JSON.stringify(read));
	return { input: `${header}.${payload}`, signature: Buffer.from(signature, "base64url") };
}

describe("signCredential", () => {
	it("signs with an account as the SDK does", async () => {
		const nft = { name: "Acme", description: "Acme profile", image: "https://example.com/logo.png" };
		const credential = await sign(deepFreeze({ ...nft, expiresAt: NOW + 60.5 }));
		expect(Object.keys(credential)).toEqual([
			...["@context", "id", "type", "issuer", "issuanceDate", "name", "description", "image"],
			...["expirationDate", "credentialSubject", "proof"],
		]);
		expect(credential).toMatchObject({
			"@context": ["https://www.w3.org/2018/credentials/v1"],
			type: ["VerifiableCredential", "OrgJson"],
			...{ issuer: did, issuanceDate: "2027-01-15T08:00:00.000+00:00", ...nft },
			expirationDate: "2027-01-15T08:01:00.500+00:00",
			credentialSubject: base.document,
			proof: { type: "EcdsaSecp256k1RecoverySignature2020", verificationMethod: base.verificationMethod },
		});
		expect(credential.id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
		const { input, signature } = readAsSdk(credential);
		const types = { Payload: [{ name: "payload", type: "string" }] };
		const text = signature.toString();
		expect(verifyTypedData({ name: "Verifiable Credential" }, types, { payload: input }, text)).toBe(owner.address);
		expect(credential.proof.jws.split(".")[2]).toHaveLength(176);
		expect((await inspectDocument(encodeDocument(credential), proofContext())).ok).toBe(true);
	});

	it("signs with a key as the SDK does", async () => {
		const credential = await sign(delegated);
		expect(Object.keys(credential)).toEqual([
			...["@context", "id", "type", "issuer", "issuanceDate", "credentialSubject", "proof"],
		]);
		expect(credential.proof.type).toBe("EcdsaSecp256k1Signature2019");
		const { input, signature } = readAsSdk(credential);
		expect(Buffer.from(input.split(".")[0] ?? "", "base64url").toString()).toBe('{"alg":"ES256K"}');
		const key = createPublicKey(exportPublicKey(publicKey, "spki"));
		expect(verify("sha256", Buffer.from(input), { key, dsaEncoding: "ieee-p1363" }, signature)).toBe(true);
		const context = proofContext([delegateId]);
		expect((await inspectDocument(encodeDocument(credential), context)).ok).toBe(true);
		const other = { ...credential, proof: { ...credential.proof, type: "JsonWebSignature2020" } };
		expect((await inspectDocument(encodeDocument(other), context)).ok).toBe(true);
	});

	it("a change to any character of a key's jws is rejected, and P-256 is rejected by name", async () => {
		const credential = await sign(delegated);
		const { jws } = credential.proof;
		const inspect = async (text: string): ReturnType<typeof inspectDocument> =>
			inspectDocument(
				encodeDocument({ ...credential, proof: { ...credential.proof, jws: text } }),
				proofContext([delegateId]),
			);
		for (let at = 0; at < jws.length; at += thorough(1, 5)) {
			const changed = jws.slice(0, at) + (jws[at] === "A" ? "B" : "A") + jws.slice(at + 1);
			expect((await inspect(changed)).ok).toBe(false);
		}
		const [, payload, signature] = jws.split(".");
		const header = Buffer.from('{"alg":"ES256"}').toString("base64url");
		const { checks } = await inspect(`${header}.${payload}.${signature}`);
		expect(checks.find(({ ok }) => !ok)).toMatchObject({ name: "proof", code: "document/proof-invalid" });
		expect(checks.find(({ ok }) => !ok)?.message).toContain("P-256");
	});

	it("T76: keeps numbers that JavaScript would round", async () => {
		const more = parseJson("[9007199254740993,-1147953659032899585]", { numbers: keepRounded });
		const bytes = encodeDocument(await sign({ document: ownedDocument({ more }) }));
		expect(new TextDecoder().decode(bytes)).toMatch(/ 9007199254740993,\s+-1147953659032899585\n/);
		expect((await inspectDocument(bytes, proofContext())).ok).toBe(true);
		const changed = new TextDecoder().decode(bytes).replace("740993", "740992");
		expect((await inspectDocument(new TextEncoder().encode(changed), proofContext())).ok).toBe(false);
	});

	it("signs any JSON document so that it verifies", async () => {
		await fc.assert(
			fc.asyncProperty(fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 4 })), async (more) => {
				const document = ownedDocument({ more: JSON.parse(JSON.stringify(more)) });
				const bytes = encodeDocument(await sign({ document }));
				fc.pre(!/__proto__|constructor/.test(Buffer.from(bytes).toString()));
				expect((await inspectDocument(bytes, proofContext())).ok).toBe(true);
			}),
			runs(50, 15),
		);
	});

	it("drops members that JSON can't represent before signing", async () => {
		const credential = await sign({ document: ownedDocument({ none: undefined, at: new Date(0) }) });
		expect(credential.credentialSubject).toEqual(ownedDocument({ at: "1970-01-01T00:00:00.000Z" }));
		expect((await inspectDocument(encodeDocument(credential), proofContext())).ok).toBe(true);
	});

	it("normalizes a wallet's v of 0 or 1 and its upper-case digits", async () => {
		const seen = new Set<number>();
		const wallet: TypedDataSigner = {
			getAddress: async () => owner.address.toLowerCase(),
			async signTypedData(...data) {
				const text = await owner.signTypedData(...data);
				const v = Number.parseInt(text.slice(-2), 16) - 27;
				seen.add(v);
				return `0x${text.slice(2, -2).toUpperCase()}0${v}`;
			},
		};
		while (seen.size < 2) {
			const credential = await sign({ key: wallet });
			expect((await inspectDocument(encodeDocument(credential), proofContext())).ok).toBe(true);
			expect(readAsSdk(credential).signature.toString()).toMatch(/^0x[0-9a-f]{128}1[bc]$/);
		}
	});

	it.each<[string, Partial<TypedDataSigner>]>([
		["another account's", { signTypedData: (...data) => stranger.signTypedData(...data) }],
		["not hex", { signTypedData: async () => "signature" }],
		["empty", { signTypedData: async () => "0x" }],
		["of 64 bytes", { signTypedData: async (...data) => (await owner.signTypedData(...data)).slice(0, -2) }],
	])("rejects a signature that is %s", async (_what, members) => {
		const key = { getAddress: async () => owner.address, signTypedData: owner.signTypedData, ...members };
		await expectRefusal(() => sign({ key }), "key/signing-fault");
	});

	it("says why a signature isn't hexadecimal", async () => {
		const key = { getAddress: async () => owner.address, signTypedData: async () => "signature" };
		expect((await expectRefusal(() => sign({ key }), "key/signing-fault")).cause).toBeInstanceOf(SyntaxError);
	});

	it.each<[string, object, ErrorCode]>([
		["a misspelled option", { expires: 1 }, "config/unknown-option"],
		["milliseconds instead of seconds", { now: NOW * 1_000 }, "config/invalid-option"],
		["an expiry in milliseconds", { expiresAt: NOW * 1_000 }, "config/invalid-option"],
		["an invalid document", { document: "{}" }, "config/invalid-option"],
		["no key", { key: undefined }, "config/invalid-option"],
		["a key that can't sign", { key: { getAddress: () => "" } }, "config/invalid-option"],
		["a bare DID as the key id", { verificationMethod: did }, "config/invalid-option"],
		["a key id that isn't a DID URL", { verificationMethod: "#owner1" }, "config/invalid-option"],
		["an issuer with a fragment", { issuer: `${did}#owner1` }, "config/invalid-option"],
		["an issuer that isn't a DID", { issuer: "Acme" }, "config/invalid-option"],
		["an empty name", { name: "" }, "config/invalid-option"],
		["an account without an address", { key: { signTypedData: () => "" } }, "config/invalid-option"],
	])("rejects %s, and names the option", async (_what, options, code) => {
		const error = await expectRefusal(() => sign(options as Partial<SignCredentialOptions>), code);
		expect(error.message).toMatch(/^signCredential/);
		expect(error.details).toEqual({ option: Object.keys(options)[0] });
	});
});
