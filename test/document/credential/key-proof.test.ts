/** Proofs that a delegate's key made. */
import { describe, expect, it } from "vitest";
import { parseProof } from "../../../src/document/credential/credential-proof.ts";
import { type OrgJsonCredential, signCredential } from "../../../src/document/credential/sign-credential.ts";
import { inspectDocument, verifyDocument } from "../../../src/document/inspect-document.ts";
import { exportPublicKey } from "../../../src/keys/export-public-key.ts";
import { generateKeyPair } from "../../../src/keys/generate.ts";
import {
	accountMethod,
	bytesOf,
	did,
	NOW,
	ownedDocument,
	type owner,
	proofContext,
	stranger,
} from "../../support/org-documents.ts";
import { expectRefusal } from "../../support/refusal.ts";

const { privateKey, publicKey } = await generateKeyPair();
const KEY = `${did}#delegate`;
const context = proofContext([KEY]);
const publicKeyJwk = { ...exportPublicKey(publicKey, "jwk") };
const method = { id: KEY, controller: did, type: "EcdsaSecp256k1VerificationKey2019", publicKeyJwk };
const credential = await sign({ verificationMethod: [method] });

function sign(members: object, key: typeof privateKey | typeof owner = privateKey): Promise<OrgJsonCredential> {
	const document = { ...ownedDocument(), capabilityDelegation: [KEY], ...members };
	return signCredential({ document, verificationMethod: KEY, key, now: NOW });
}

function withProof(members: object): Uint8Array {
	return bytesOf({ ...credential, proof: { ...credential.proof, ...members } });
}

/** The check that fails. */
async function failureOf(bytes: Uint8Array): Promise<unknown> {
	const { checks } = await inspectDocument(bytes, context);
	return checks.find(({ ok }) => !ok);
}

describe("a proof by a key", () => {
	it.each(["EcdsaSecp256k1Signature2019", "JsonWebSignature2020"])("may have the type %s", async (type) => {
		const { credential } = await verifyDocument(withProof({ type }), context);
		expect(credential?.signer).toBe(KEY);
	});

	it("may have no date", async () => {
		expect(await failureOf(withProof({ created: undefined }))).toBeUndefined();
	});

	it.each([
		{ type: "EcdsaSecp256k1Signature2020" },
		{ type: "JsonWebSignature2020 " },
		{ type: ["JsonWebSignature2020"] },
		{ type: undefined },
		{ created: 1 },
		{ proofPurpose: "authentication" },
		{ verificationMethod: 1 },
		{ jws: 1 },
		{ jws: "x" },
		{ jws: undefined, verificationMethod: undefined },
		{ challenge: "x" },
	])("may not have the members %j", async (members) => {
		expect(await failureOf(withProof(members))).toMatchObject({ name: "proof", code: "document/proof-invalid" });
	});

	it.each([
		['{"alg":"ES256"}', /P-256/],
		['{"alg":"ES256K","typ":"JWT"}', /exactly \{"alg":"ES256K"\}$/],
	])("with the header %s is refused with a reason", async (header, reason) => {
		const [, ...parts] = credential.proof.jws.split(".");
		const jws = [Buffer.from(header).toString("base64url"), ...parts].join(".");
		expect(await failureOf(withProof({ jws }))).toMatchObject({
			name: "proof",
			message: expect.stringMatching(reason),
		});
	});

	it("whose signature isn't base64url is refused with the cause", async () => {
		const error = await expectRefusal(
			() => verifyDocument(withProof({ jws: `${credential.proof.jws}!` }), context),
			"document/proof-invalid",
		);
		expect(error.cause).toBeInstanceOf(SyntaxError);
	});

	it("has no digests for an account", () => {
		expect(parseProof({ ...credential }).digests).toEqual([]);
	});

	it.each([
		["a key, but names an account", [accountMethod("delegate", stranger.address)], privateKey],
		["an account, but names a key", [method], stranger],
	])("that was made by %s is refused with a reason", async (what, verificationMethod, key) => {
		const bytes = bytesOf(await sign({ verificationMethod }, key));
		const message = expect.stringContaining(`made by ${what}`);
		expect(await failureOf(bytes)).toMatchObject({ name: "signature", code: "document/proof-invalid", message });
	});
});

describe("a delegate's key", () => {
	it.each([
		["only another key is named in the document", { capabilityDelegation: [{ ...method, id: `${did}#other` }] }, [KEY]],
		["the chain has no delegates", {}, undefined],
	])("is unauthorized if %s", async (_what, members, delegates) => {
		const bytes = bytesOf(await sign({ verificationMethod: [method], ...members }));
		const { record } = context;
		const changed = { ...context, record: { ...record, delegates } };
		await expectRefusal(() => verifyDocument(bytes, changed as typeof context), "document/proof-unauthorized");
	});

	it.each([
		["isn't named properly", "did:orgid:x#delegate", {}, "document/proof-invalid", "did/syntax"],
		["can't be used", KEY, { publicKeyJwk: undefined }, "document/proof-unauthorized", "did/document-invalid"],
		["is revoked", KEY, { revoked: "2020-01-01T00:00:00Z" }, "document/proof-unauthorized", "did/key-revoked"],
	] as const)("that %s is refused with the cause", async (_what, verificationMethod, members, code, cause) => {
		const { proof, ...rest } = await sign({ verificationMethod: [{ ...method, ...members }] });
		const bytes = bytesOf({ ...rest, proof: { ...proof, verificationMethod } });
		const error = await expectRefusal(() => verifyDocument(bytes, context), code);
		expect(error.cause).toMatchObject({ code: cause });
		expect(error.message).toContain((error.cause as Error).message);
	});
});
