import { base58 } from "@scure/base";
import type { DIDDocument, VerificationMethod } from "did-resolver";
import { describe, expect, it } from "vitest";
import { parseDidUrl, toCanonicalDidUrl } from "../../src/did/did-url.ts";
import { importVerificationKey, refusedKeyOf, selectVerificationMethod } from "../../src/did/verification-method.ts";
import { exportPublicKey } from "../../src/keys/export-public-key.ts";
import { generateKeyPair } from "../../src/keys/generate.ts";
import { deepFreeze } from "../support/deep-freeze.ts";
import { expectRefusal } from "../support/refusal.ts";
import { documentWith, methodOf } from "../support/static-resolver.ts";

const did = `did:orgid:100:0x${"0a".repeat(32)}`;
const short = did.replace("100:", "");
const keyId = toCanonicalDidUrl(parseDidUrl(`${did}#webserver`));
const { publicKey } = await generateKeyPair();

describe("selectVerificationMethod", () => {
	it("finds the method, also in a frozen document", () => {
		const document = deepFreeze(documentWith(did, publicKey, { authentication: [`${did}#webserver`] }));
		expect(selectVerificationMethod(document, keyId)).toBe(document.verificationMethod?.[0]);
		expect(selectVerificationMethod(document, keyId)).toBe(document.verificationMethod?.[0]);
	});

	it.each<[string, string, string]>([
		["a document id in the short form", short, did],
		["a method id in the short form", did, short],
		["both", short, short],
	])("treats %s as the same", (_what, documentId, methodId) => {
		const method = methodOf(methodId, publicKey);
		const document = { id: documentId, verificationMethod: [method], authentication: [`${did}#webserver`] };
		expect(selectVerificationMethod(document, keyId)).toBe(method);
	});

	it("rejects another DID's document, a missing key, two keys, a foreign controller, an unlisted key", async () => {
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

	it("finds it among others, in whichever lists they are", () => {
		const method = methodOf(did, publicKey);
		const [second, third] = [
			{ ...method, id: "#second" },
			{ ...method, id: `${did}#third` },
		];
		const lists = { verificationMethod: [second, method], assertionMethod: [third], keyAgreement: ["#webserver"] };
		expect(selectVerificationMethod({ id: did, ...lists }, keyId)).toBe(method);
	});

	it("rejects a document that says that it is deactivated", async () => {
		const document = documentWith(did, publicKey, { deactivated: true });
		await expectRefusal(() => selectVerificationMethod(document, keyId), "did/deactivated");
	});

	it("reports an unlisted revoked method as revoked, not as unknown", async () => {
		const method = methodOf(did, publicKey, { revoked: "2020-01-01T00:00:00Z" });
		const document = { id: did, verificationMethod: [method], authentication: [] };
		await expectRefusal(() => selectVerificationMethod(document, keyId), "did/key-revoked");
		const listed = { ...document, authentication: [method.id] };
		expect(selectVerificationMethod(listed, keyId)).toBe(method);
	});

	it.each([
		...["verificationMethod", "publicKey", "authentication", "assertionMethod"],
		...["keyAgreement", "capabilityInvocation", "capabilityDelegation"],
	])("T33: rejects two keys with the same id in %s, in different spellings", async (list) => {
		const document = { id: did, [list]: [methodOf(did, publicKey), methodOf(short, publicKey)] };
		await expectRefusal(() => selectVerificationMethod(document, keyId), "did/document-invalid");
	});

	it("finds a key in publicKey, and one embedded in authentication", () => {
		const method = methodOf(did, publicKey);
		for (const list of ["publicKey", "authentication"]) {
			expect(selectVerificationMethod({ id: did, [list]: [null, "#other", method] } as DIDDocument, keyId)).toBe(
				method,
			);
		}
	});

	it("finds no key for a DID without a fragment", async () => {
		const bare = toCanonicalDidUrl(parseDidUrl(did));
		const document = documentWith(did, publicKey);
		await expectRefusal(() => selectVerificationMethod(document, bare), "did/key-not-found");
	});
});

describe("importVerificationKey", () => {
	it("imports JWK, hex and PEM", () => {
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

	it("imports base58, multibase, and PEM without armor", () => {
		const { publicKeyJwk: _, ...method } = methodOf(did, publicKey);
		const compressed = exportPublicKey(publicKey, "compressed-bytes");
		const multikey = Uint8Array.of(0xe7, 0x01, ...compressed);
		for (const member of [
			{ publicKeyBase58: base58.encode(compressed) },
			{ publicKeyBase58: base58.encode(exportPublicKey(publicKey, "bytes")) },
			{ publicKeyBase58: base58.encode(exportPublicKey(publicKey, "xy-bytes")) },
			{ publicKeyMultibase: `z${base58.encode(multikey)}` },
			{ publicKeyMultibase: `u${Buffer.from(multikey).toString("base64url")}` },
			{ publicKeyMultibase: `f${hexOf(multikey)}` },
			{ publicKeyPem: exportPublicKey(publicKey, "spki-base64") },
			{ publicKeyPem: exportPublicKey(publicKey, "spki").padEnd(2_048, "\n") },
		]) {
			expect(importVerificationKey({ ...method, ...member }).thumbprint).toBe(publicKey.thumbprint);
		}
	});

	const compressed = exportPublicKey(publicKey, "compressed-bytes");
	const multikey = Uint8Array.of(0xe7, 0x01, ...compressed);
	it.each<[string, Record<string, unknown>]>([
		["hex in publicKeyBase58", { publicKeyBase58: exportPublicKey(publicKey, "compressed-hex") }],
		["a private key in publicKeyBase58", { publicKeyBase58: base58.encode(new Uint8Array(32).fill(1)) }],
		["invalid characters in publicKeyBase58", { publicKeyBase58: "0OIl" }],
		["a publicKeyBase58 that is too long", { publicKeyBase58: "1".repeat(1_000_000) }],
		["bytes in publicKeyBase58", { publicKeyBase58: compressed }],
		["base58 in publicKeyHex", { publicKeyHex: base58.encode(compressed) }],
		["PEM in publicKeyHex", { publicKeyHex: exportPublicKey(publicKey, "spki") }],
		["hex in publicKeyPem", { publicKeyPem: exportPublicKey(publicKey, "hex") }],
		["a JWK in publicKeyPem", { publicKeyPem: JSON.stringify(exportPublicKey(publicKey, "jwk")) }],
		["a JWK after a space in publicKeyPem", { publicKeyPem: ` ${JSON.stringify(exportPublicKey(publicKey, "jwk"))}` }],
		["PEM in publicKeyJwk", { publicKeyJwk: exportPublicKey(publicKey, "spki") }],
		["an array in publicKeyJwk", { publicKeyJwk: [exportPublicKey(publicKey, "jwk")] }],
		["a point without a codec in publicKeyMultibase", { publicKeyMultibase: `z${base58.encode(compressed)}` }],
		["another second byte of the codec", { publicKeyMultibase: `f${hexOf(Uint8Array.of(0xe7, 2, ...compressed))}` }],
		["another first byte of the codec", { publicKeyMultibase: `f${hexOf(Uint8Array.of(0xec, 1, ...compressed))}` }],
		["0x in multibase", { publicKeyMultibase: `f0x${hexOf(multikey)}` }],
		["an Ed25519 key", { publicKeyMultibase: `z${base58.encode(Uint8Array.of(0xed, 1, ...compressed.slice(1)))}` }],
		[
			"the codec bytes in the wrong order",
			{ publicKeyMultibase: `z${base58.encode(Uint8Array.of(1, 0xe7, ...compressed))}` },
		],
		[
			"the codec before an uncompressed point",
			{
				publicKeyMultibase: `u${Buffer.from([0xe7, 1, ...exportPublicKey(publicKey, "bytes")]).toString("base64url")}`,
			},
		],
		["multibase in upper-case hex", { publicKeyMultibase: `f${hexOf(multikey).toUpperCase()}` }],
		["multibase F", { publicKeyMultibase: `F${hexOf(multikey)}` }],
		["an unknown multibase", { publicKeyMultibase: `__proto__` }],
		["padded multibase", { publicKeyMultibase: `u${Buffer.from(multikey).toString("base64")}=` }],
		...["publicKeyHex", "publicKeyPem", "publicKeyBase58", "publicKeyMultibase"].flatMap(
			(name): [string, Record<string, unknown>][] => [
				[`an empty ${name}`, { [name]: "" }],
				[`null in ${name}`, { [name]: null }],
				[`a number in ${name}`, { [name]: 2 }],
			],
		),
		["a point off the curve", { publicKeyBase58: base58.encode(Uint8Array.of(2, ...new Uint8Array(31), 5)) }],
		[
			"two keys in different formats",
			{ publicKeyBase58: base58.encode(compressed), publicKeyHex: exportPublicKey(publicKey, "hex") },
		],
	])("rejects %s", async (_what, member) => {
		const { publicKeyJwk: _, ...method } = methodOf(did, publicKey);
		await expectRefusal(() => importVerificationKey({ ...method, ...member }), "did/document-invalid");
	});

	it("reports that a method with only an account has no public key", async () => {
		const { publicKeyJwk: _, ...method } = methodOf(did, publicKey);
		const account = { ...method, blockchainAccountId: `eip155:100:0x${"11".repeat(20)}` };
		const { message } = await expectRefusal(() => importVerificationKey(account), "did/document-invalid");
		expect(message).toContain("account");
	});

	it("imports the key of a method that has an account, too", () => {
		const method = methodOf(did, publicKey, { blockchainAccountId: `eip155:100:0x${"11".repeat(20)}` });
		expect(importVerificationKey(method).thumbprint).toBe(publicKey.thumbprint);
	});

	it("doesn't repeat in its message what isn't base58", async () => {
		const method = methodOf(did, publicKey, { publicKeyJwk: undefined, publicKeyBase58: "secret0" });
		const { message } = await expectRefusal(() => importVerificationKey(method), "did/document-invalid");
		expect(message).toMatch(/unusable: base58: a character outside the alphabet$/);
	});

	it("imports a frozen method once, and a mutable one every time", async () => {
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

	it.each<[string, Readonly<Record<string, unknown>>]>([
		["a JWK off the curve", { publicKeyJwk: { kty: "EC", crv: "secp256k1", x: "AA", y: "AA" } }],
		["PEM of nothing", { publicKeyJwk: undefined, publicKeyPem: "AAAA" }],
		["hex of 33 zeros", { publicKeyJwk: undefined, publicKeyHex: "00".repeat(33) }],
		["Base58 of too few bytes", { publicKeyJwk: undefined, publicKeyBase58: "11" }],
		["an unknown multibase", { publicKeyJwk: undefined, publicKeyMultibase: "qAA" }],
	])("parses %s of a frozen method once, and of a mutable one every time", (_what, members) => {
		const failureOf = (method: VerificationMethod): unknown => {
			try {
				importVerificationKey(method);
			} catch (error) {
				return error;
			}
			return expect.fail("the key was imported");
		};
		const frozen = deepFreeze(methodOf(did, publicKey, members));
		expect(failureOf(frozen)).toMatchObject({ code: "did/document-invalid" });
		expect(failureOf(frozen)).toBe(failureOf(frozen));
		const mutable = methodOf(did, publicKey, members);
		expect(failureOf(mutable)).toMatchObject({ code: "did/document-invalid" });
		expect(failureOf(mutable)).not.toBe(failureOf(mutable));
	});

	it.each<[string, object]>([
		["no key", { publicKeyJwk: undefined }],
		["two keys", { publicKeyHex: "04" }],
		["a malformed key", { publicKeyJwk: {} }],
	])("rejects a method with %s", async (_what, members) => {
		const method = methodOf(did, publicKey, { ...members });
		const { message } = await expectRefusal(() => importVerificationKey(method), "did/document-invalid");
		expect(message).not.toContain("is an account");
	});

	it("says what was refused and why", async () => {
		const publicKeyJwk = { ...exportPublicKey(publicKey, "jwk"), crv: "P-256" };
		const method = methodOf(did, publicKey, { publicKeyJwk });
		const { cause, details } = await expectRefusal(() => importVerificationKey(method), "did/document-invalid");
		expect(details).toEqual({ reason: "key/wrong-algorithm" });
		expect(refusedKeyOf(cause as Error)).toBe(publicKeyJwk);
		expect(refusedKeyOf(new Error("another"))).toBeUndefined();
	});

	it.each<[string, Readonly<Record<string, unknown>>, RegExp]>([
		["PEM", { publicKeyPem: `-----BEGIN PUBLIC KEY-----${"M".repeat(2_048)}` }, /at most 2048 characters/],
		["base64", { publicKeyPem: "MFab".repeat(513) }, /at most 2048 characters/],
		["hex", { publicKeyHex: "ab".repeat(1_025) }, /at most 2048 characters/],
		["base58", { publicKeyBase58: "1".repeat(89) }, /too long for a key/],
		["multibase", { publicKeyMultibase: `f${"ab".repeat(1_024)}` }, /at most 2048 characters/],
		["an object around keys", { publicKeyJwk: { publicKey: "MFab".repeat(10_000) } }, /expected a JWK object/],
	])("T91: a key as %s that is longer than any key isn't decoded", (_what, members, message) => {
		const method = methodOf(did, publicKey, { publicKeyJwk: undefined, ...members });
		expect(() => importVerificationKey(method)).toThrow(message);
	});

	it("doesn't swallow an error thrown by a getter", () => {
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

function hexOf(bytes: Uint8Array): string {
	return Buffer.from(bytes).toString("hex");
}
