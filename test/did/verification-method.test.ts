import type { DIDDocument } from "did-resolver";
import { describe, expect, it } from "vitest";
import { parseDidUrl, toCanonical } from "../../src/did/did-url.ts";
import { importVerificationKey, selectVerificationMethod } from "../../src/did/verification-method.ts";
import { exportPublicKey } from "../../src/keys/export-public-key.ts";
import { generateKeyPair } from "../../src/keys/generate.ts";
import { deepFreeze } from "../support/deep-freeze.ts";
import { expectRefusal } from "../support/refusal.ts";
import { documentWith, methodOf } from "../support/static-resolver.ts";

const did = `did:orgid:100:0x${"0a".repeat(32)}`;
const short = did.replace("100:", "");
const keyId = toCanonical(parseDidUrl(`${did}#webserver`));
const { publicKey } = await generateKeyPair();

describe("selectVerificationMethod", () => {
	it("finds the one method, in a frozen document too", () => {
		const document = deepFreeze(documentWith(did, publicKey, { authentication: [`${did}#webserver`] }));
		expect(selectVerificationMethod(document, keyId)).toBe(document.verificationMethod?.[0]);
		expect(selectVerificationMethod(document, keyId)).toBe(document.verificationMethod?.[0]);
	});

	it.each<[string, string, string]>([
		["the document in the short form", short, did],
		["the method in the short form", did, short],
		["both", short, short],
	])("takes %s for the same", (_what, documentId, methodId) => {
		const method = methodOf(methodId, publicKey);
		const document = { id: documentId, verificationMethod: [method], authentication: [`${did}#webserver`] };
		expect(selectVerificationMethod(document, keyId)).toBe(method);
	});

	it("refuses the document of another, a missing key, two keys, a foreign controller, an unlisted key", async () => {
		const method = methodOf(did, publicKey);
		const cases: readonly [DIDDocument, "did/document-invalid" | "did/key-not-found"][] = [
			[{ id: `${did}#webserver`, verificationMethod: [method] }, "did/document-invalid"],
			[{ id: did }, "did/key-not-found"],
			[{ id: did, verificationMethod: [method, method] }, "did/document-invalid"],
			[{ id: did, verificationMethod: [{ ...method, controller: "did:x" }] }, "did/document-invalid"],
			[{ id: did, verificationMethod: [method], authentication: [] }, "did/key-not-found"],
		];
		for (const [document, code] of cases) {
			await expectRefusal(() => selectVerificationMethod(document, keyId), code);
		}
	});

	it("a DID without fragment names no key", async () => {
		const bare = toCanonical(parseDidUrl(did));
		const document = documentWith(did, publicKey);
		await expectRefusal(() => selectVerificationMethod(document, bare), "did/key-not-found");
	});
});

describe("importVerificationKey", () => {
	it("reads JWK, hex and PEM alike", () => {
		const { publicKeyJwk, ...method } = methodOf(did, publicKey);
		for (const member of [
			{ publicKeyJwk },
			{ publicKeyHex: exportPublicKey(publicKey, "hex").slice(2) },
			{ publicKeyHex: exportPublicKey(publicKey, "compressed-hex") },
			{ publicKeyPem: exportPublicKey(publicKey, "spki") },
		]) {
			const own = { ...method, ...member } as typeof method;
			expect(importVerificationKey(own).thumbprint).toBe(publicKey.thumbprint);
		}
	});

	it("reads a frozen method once, and one that can change every time", async () => {
		const frozen = deepFreeze(methodOf(did, publicKey));
		expect(importVerificationKey(frozen)).toBe(importVerificationKey(frozen));
		const other = await generateKeyPair();
		const method = methodOf(did, publicKey);
		const halfFrozen = Object.freeze(methodOf(did, publicKey));
		for (const one of [method, halfFrozen]) {
			expect(importVerificationKey(one).thumbprint).toBe(publicKey.thumbprint);
			Object.assign(one.publicKeyJwk as object, exportPublicKey(other.publicKey, "jwk"));
			expect(importVerificationKey(one).thumbprint).toBe(other.publicKey.thumbprint);
		}
	});

	it.each<[string, object]>([
		["no key", { publicKeyJwk: undefined }],
		["two keys", { publicKeyHex: "04" }],
		["a broken one", { publicKeyJwk: {} }],
	])("refuses a method with %s", async (_what, members) => {
		const method = methodOf(did, publicKey, { ...members });
		await expectRefusal(() => importVerificationKey(method), "did/document-invalid");
	});

	it("an error of the method's own, such as a getter's, is not swallowed", () => {
		const error = new RangeError("getter");
		const publicKeyJwk = {
			kty: "EC",
			crv: "secp256k1",
			get x(): string {
				throw error;
			},
			y: "",
		};
		const method = methodOf(did, publicKey, { publicKeyJwk });
		expect(() => importVerificationKey(method)).toThrow(error);
	});
});
