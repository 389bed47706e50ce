import type { VerificationMethod } from "did-resolver";
import { describe, expect, it, vi } from "vitest";
import { signCredential } from "../../src/document/credential/sign-credential.ts";
import type { DocumentContext } from "../../src/document/document-context.ts";
import { inspectDocument, verifyDocument, verifyServedDocument } from "../../src/document/inspect-document.ts";
import type { ErrorCode } from "../../src/errors/codes.ts";
import { DocumentError, type OrgpassError, RegistryError } from "../../src/errors/errors.ts";
import { exportPublicKey } from "../../src/keys/export-public-key.ts";
import { generateKeyPair } from "../../src/keys/generate.ts";
import { deepFreeze } from "../support/deep-freeze.ts";
import {
	accountMethod,
	bytesOf,
	did,
	foreignDid,
	hashContext,
	NOW,
	ownedDocument,
	owner,
	proofContext,
	recordOf,
	shortDid,
	signedBytes,
	stranger,
} from "../support/org-documents.ts";
import { expectRefusal } from "../support/refusal.ts";

const { privateKey, publicKey } = await generateKeyPair();
const KEY = `${did}#delegate`;
const FOREIGN = `${foreignDid}#delegate`;
const past = { verificationMethodRevocation: { invalidityDate: "2020-01-01T00:00:00Z" } };
const future = { verificationMethodRevocation: { invalidityDate: "2999-01-01T00:00:00Z" } };

function keyMethod(id: string, members: object = {}): VerificationMethod {
	const [controller = ""] = id.split("#");
	const publicKeyJwk = { ...exportPublicKey(publicKey, "jwk") };
	return { id, controller, type: "EcdsaSecp256k1VerificationKey2019", publicKeyJwk, ...members };
}

/** A document that the delegate's key signed. */
async function delegatedBytes(verificationMethod: string, members: object): Promise<Uint8Array> {
	const document = { ...ownedDocument(), ...members };
	return bytesOf(await signCredential({ document, verificationMethod, key: privateKey, now: NOW }));
}

function refusal(bytes: Uint8Array, context: DocumentContext, code: ErrorCode): Promise<unknown> {
	return expectRefusal(() => verifyDocument(bytes, context), code);
}

describe("a registered hash", () => {
	const bytes = bytesOf({ "@context": [], id: did, created: "2022-01-01T00:00:00Z", publicKey: [] });

	it("verifies a plain document", async () => {
		for (const kind of ["orgpass", "orgid-v1"] as const) {
			const { document } = hashContext(bytes).record;
			const context = { record: recordOf(kind, document === undefined ? {} : { document }), now: NOW };
			const report = await inspectDocument(bytes, deepFreeze(context));
			expect(report.ok).toBe(true);
			expect(report.checks.map(({ name, ok }) => [name, ok])).toEqual([
				...[
					["hash", true],
					["syntax", true],
				],
				...[
					["subject", true],
					["keys", true],
				],
			]);
			expect(report.checks[0]?.detail).toBe("raw");
			expect(report.orgJson?.generation).toBe("0.x");
			expect(report).not.toHaveProperty("credential");
		}
	});

	it("verifies a credential, whoever signed it and whenever it expires", async () => {
		const credential = await signedBytes({}, { key: stranger, expiresAt: 1 });
		const { orgJson, ...rest } = await verifyDocument(credential, hashContext(credential));
		expect(orgJson.generation).toBe("1.x");
		expect(rest).toEqual({});
	});

	it("reports every failed check, and returns no document", async () => {
		const other = bytesOf({ id: foreignDid });
		const report = await inspectDocument(other, hashContext(bytes));
		expect(report).not.toHaveProperty("orgJson");
		expect(report.checks.map(({ name, code }) => [name, code])).toEqual([
			...[
				["hash", "document/hash-mismatch"],
				["syntax", undefined],
			],
			["subject", "document/subject"],
		]);
		await refusal(other, hashContext(bytes), "document/hash-mismatch");
	});

	it("accepts the pretty-printed hash of 2020-21 only if allowed", async () => {
		const pretty = bytesOf(JSON.stringify(JSON.parse(Buffer.from(bytes).toString()), null, 2));
		await refusal(bytes, hashContext(pretty), "document/hash-mismatch");
		const context = hashContext(pretty, { acceptPrettyPrintedHash: true });
		const { checks } = await inspectDocument(bytes, context);
		expect(checks[0]).toMatchObject({ ok: true, detail: "pretty-printed" });
	});

	it("copies the bytes before hashing, and accepts only bytes", async () => {
		const buffer = new Uint8Array(bytes);
		const report = inspectDocument(buffer, hashContext(bytes));
		buffer.set(bytesOf(JSON.stringify({ id: foreignDid })));
		expect((await report).orgJson?.id).toBe(did);
		const text = Buffer.from(bytes).toString() as unknown as Uint8Array;
		await expect(inspectDocument(text, hashContext(bytes))).rejects.toThrow(TypeError);
	});

	it("rejects a document without a registered hash", async () => {
		await refusal(bytes, { record: recordOf("orgpass"), now: NOW }, "document/hash-mismatch");
	});
});

describe("the owner's proof", () => {
	it("is attributed to the owner", async () => {
		const { credential } = await verifyDocument(await signedBytes(), proofContext());
		expect(credential).toEqual({ issuer: did, signer: "owner", validFrom: NOW });
	});

	it.each<[string, object]>([
		["in lower case", { blockchainAccountId: `eip155:100:${owner.address.toLowerCase()}` }],
		["in the older order", { blockchainAccountId: `${owner.address}@eip155:100` }],
		["with an id without a chain", { id: `${shortDid}#owner1`, controller: shortDid }],
		["with a future revocation", future],
	])("is valid with the account %s", async (_what, members) => {
		const verificationMethod = [accountMethod("owner1", owner.address, members)];
		const { ok } = await inspectDocument(await signedBytes({ verificationMethod }), proofContext());
		expect(ok).toBe(true);
	});

	it.each<[string, object]>([
		["on another chain", { blockchainAccountId: `eip155:1:${owner.address}` }],
		["in no valid form", { blockchainAccountId: owner.address }],
		["missing", { blockchainAccountId: undefined }],
		["of another type", { type: "EcdsaSecp256k1VerificationKey2019" }],
		["under another's control", { controller: foreignDid }],
		["revoked", past],
		["with another name", { id: `${did}#owner2` }],
		["of another organization", { id: `${foreignDid}#owner1` }],
	])("is invalid with the account %s", async (_what, members) => {
		const verificationMethod = [accountMethod("owner1", owner.address, members)];
		const bytes = await signedBytes({ verificationMethod });
		await refusal(bytes, proofContext(), "document/proof-unauthorized");
	});

	it("is invalid by another account in the document", async () => {
		const verificationMethod = [accountMethod("owner1", stranger.address)];
		const bytes = await signedBytes({ verificationMethod }, { key: stranger });
		await refusal(bytes, proofContext(), "document/proof-unauthorized");
		await refusal(await signedBytes({}, { key: stranger }), proofContext(), "document/proof-invalid");
	});

	it("is required of a plain document", async () => {
		await refusal(bytesOf({ id: did }), proofContext(), "document/proof-missing");
	});
});

describe("the key id of a proof", () => {
	it.each<[string, ErrorCode]>([
		["", "document/proof-invalid"],
		["x", "document/proof-invalid"],
		["#delegate", "document/proof-invalid"],
		[did, "document/proof-invalid"],
		[`${did.replaceAll("0a", "0A")}#delegate`, "document/proof-invalid"],
		[`${foreignDid.replace("100:", "")}#delegate`, "document/proof-invalid"],
		[`${did.replace("100", "1")}#delegate`, "document/proof-unauthorized"],
		[`${did}#owner1`, "document/proof-unauthorized"],
		[`${did}#other`, "document/proof-unauthorized"],
		[`${shortDid}#delegate`, "document/proof-unauthorized"],
	])("isn't signed for a key: %j is checked on its own", async (verificationMethod, code) => {
		const verificationMethods = [keyMethod(KEY), keyMethod(`${did}#owner1`)];
		const members = { verificationMethod: verificationMethods, capabilityDelegation: [KEY] };
		const credential = JSON.parse(Buffer.from(await delegatedBytes(KEY, members)).toString());
		credential.proof.verificationMethod = verificationMethod;
		await refusal(bytesOf(credential), proofContext([KEY]), code);
	});
});

describe("a delegate's proof", () => {
	const own = { verificationMethod: [keyMethod(KEY)], capabilityDelegation: [KEY] };

	it("must be by a delegate named on chain and in the document, by reference or inline", async () => {
		const inline = { verificationMethod: [], capabilityDelegation: [keyMethod(KEY)] };
		for (const members of [own, inline]) {
			const bytes = await delegatedBytes(KEY, members);
			const { checks, credential } = await inspectDocument(bytes, proofContext([KEY]));
			expect(credential).toEqual({ issuer: did, signer: KEY, validFrom: NOW });
			expect(checks.find(({ name }) => name === "signer")?.detail).toContain("host");
			for (const delegates of [[], [`${KEY}x`], [KEY.toUpperCase()], [KEY.replace("100:", "")], [did]]) {
				await refusal(bytes, proofContext(delegates), "document/proof-unauthorized");
			}
		}
		for (const capabilityDelegation of [[], [`${KEY} `], [did], [FOREIGN], [null, {}, 1]]) {
			const bytes = await delegatedBytes(KEY, { ...own, capabilityDelegation });
			await refusal(bytes, proofContext([KEY]), "document/proof-unauthorized");
		}
	});

	it("may be by an account on the DID's chain", async () => {
		const verificationMethod = [accountMethod("delegate", stranger.address)];
		const options = { key: stranger, verificationMethod: KEY };
		const bytes = await signedBytes({ verificationMethod, capabilityDelegation: [KEY] }, options);
		expect((await verifyDocument(bytes, proofContext([KEY]))).credential?.signer).toBe(KEY);
		const elsewhere = [
			accountMethod("delegate", stranger.address, { blockchainAccountId: `eip155:1:${stranger.address}` }),
		];
		const other = await signedBytes({ verificationMethod: elsewhere, capabilityDelegation: [KEY] }, options);
		await refusal(other, proofContext([KEY]), "document/proof-unauthorized");
	});

	it.each<[string, object]>([
		["revoked", past],
		["under another's control", { controller: foreignDid }],
		["of another curve", { publicKeyJwk: { kty: "EC", crv: "P-256", x: "", y: "" } }],
		["without a key", { publicKeyJwk: undefined }],
		["missing", { id: `${did}#other` }],
	])("is rejected for an own key that is %s", async (_what, members) => {
		const bytes = await delegatedBytes(KEY, { ...own, verificationMethod: [keyMethod(KEY, members)] });
		await refusal(bytes, proofContext([KEY]), "document/proof-unauthorized");
	});

	it("is rejected if an account signs as a key, or a key as an account", async () => {
		const account = [accountMethod("delegate", stranger.address)];
		const asKey = await delegatedBytes(KEY, { ...own, verificationMethod: account });
		await refusal(asKey, proofContext([KEY]), "document/proof-invalid");
		const asAccount = await signedBytes(own, { key: stranger, verificationMethod: KEY });
		await refusal(asAccount, proofContext([KEY]), "document/proof-invalid");
	});

	it("is checked with the foreign organization's key, not the one in the document", async () => {
		const { publicKey: wrong } = await generateKeyPair();
		const lie = keyMethod(FOREIGN, { publicKeyJwk: exportPublicKey(wrong, "jwk") });
		for (const delegation of [[FOREIGN], [lie]]) {
			const bytes = await delegatedBytes(FOREIGN, {
				capabilityDelegation: delegation,
				verificationMethod: [],
			});
			const loadDelegate = vi.fn(async () => keyMethod(FOREIGN));
			const { credential } = await verifyDocument(bytes, proofContext([FOREIGN], { loadDelegate }));
			expect(credential).toMatchObject({ issuer: foreignDid, signer: FOREIGN });
			expect(loadDelegate.mock.calls).toMatchObject([[{ did: foreignDid, chainId: 100, fragment: "delegate" }]]);
			const context = proofContext([FOREIGN], { loadDelegate: async () => lie });
			await refusal(bytes, context, "document/proof-invalid");
		}
	});

	it.each<[string, object, ErrorCode]>([
		["revoked", past, "document/proof-unauthorized"],
		["revoked", { revoked: "2020-01-01T00:00:00Z" }, "document/proof-unauthorized"],
		["under another's control", { controller: did }, "document/proof-unauthorized"],
		["a different key", { id: `${foreignDid}#other` }, "document/proof-unauthorized"],
		["of another organization", { id: KEY }, "document/proof-unauthorized"],
	])("is rejected for a foreign key that is %s", async (_what, members, code) => {
		const bytes = await delegatedBytes(FOREIGN, { capabilityDelegation: [FOREIGN] });
		const loadDelegate = async (): Promise<VerificationMethod> => keyMethod(FOREIGN, members);
		await refusal(bytes, proofContext([FOREIGN], { loadDelegate }), code);
	});

	it("doesn't load a delegate that either side doesn't name, or for a proof of other content", async () => {
		const loadDelegate = vi.fn(async () => keyMethod(FOREIGN));
		const bytes = await delegatedBytes(FOREIGN, { capabilityDelegation: [FOREIGN] });
		await refusal(bytes, proofContext([], { loadDelegate }), "document/proof-unauthorized");
		const unnamed = await delegatedBytes(FOREIGN, {});
		await refusal(unnamed, proofContext([FOREIGN], { loadDelegate }), "document/proof-unauthorized");
		const changed = bytesOf(Buffer.from(bytes).toString().replace("2022-01-01", "2023-01-01"));
		await refusal(changed, proofContext([FOREIGN], { loadDelegate }), "document/proof-invalid");
		expect(loadDelegate).not.toHaveBeenCalled();
	});

	it("rethrows what loadDelegate throws", async () => {
		const bytes = await delegatedBytes(FOREIGN, { capabilityDelegation: [FOREIGN] });
		await refusal(bytes, proofContext([FOREIGN]), "document/delegation");
		const errors = [
			new DocumentError("document/delegation", "a circle"),
			new RegistryError("registry/unreachable", "x"),
		];
		for (const error of errors) {
			const context = proofContext([FOREIGN], { loadDelegate: () => Promise.reject(error) });
			await expect(verifyDocument(bytes, context)).rejects.toBe(error);
			const { ok, checks } = await inspectDocument(bytes, context);
			expect(ok).toBe(false);
			expect(checks.find(({ name }) => name === "signer")?.code).toBe(error.code);
		}
		const bug = new RangeError("bug");
		const context = proofContext([FOREIGN], { loadDelegate: () => Promise.reject(bug) });
		await expect(inspectDocument(bytes, context)).rejects.toBe(bug);
	});
});

describe("validity", () => {
	it.each<[number, ErrorCode | undefined]>([
		[NOW - 31, "document/not-yet-valid"],
		[NOW - 30, undefined],
		[NOW + 129, undefined],
		[NOW + 130, "document/expired"],
	])("at %d is reported, but left to the verifier", async (now, code) => {
		const bytes = await signedBytes({}, { expiresAt: NOW + 100 });
		const { ok, checks, ...rest } = await inspectDocument(bytes, proofContext([], { now }));
		expect(ok).toBe(code === undefined);
		expect(checks.at(-1)).toMatchObject({ name: "validity", ok });
		expect(checks.at(-1)?.code).toBe(code);
		expect("orgJson" in rest).toBe(ok);
		const { credential } = await verifyDocument(bytes, proofContext([], { now }));
		expect(credential).toMatchObject({ validFrom: NOW, validUntil: NOW + 100 });
	});
});

describe("the context argument", () => {
	it.each<[string, object, ErrorCode]>([
		["a misspelled option", { acceptPrettyPrinted: true }, "config/unknown-option"],
		["no clock", { now: undefined }, "config/invalid-option"],
		["a clock that isn't a number", { now: Number.NaN }, "config/invalid-option"],
		["a clock in milliseconds", { now: NOW * 1_000 }, "config/invalid-option"],
		["no record", { record: undefined }, "config/invalid-option"],
		["an invalid loadDelegate", { loadDelegate: "x" }, "config/invalid-option"],
	])("with %s is rejected", async (_what, members, code) => {
		const context = { ...proofContext(), ...members } as DocumentContext;
		for (const run of [inspectDocument, verifyDocument]) await expectRefusal(() => run(bytesOf("{}"), context), code);
	});
});

describe("what a host has sent", () => {
	const bytes = bytesOf({ "@context": [], id: did, created: "2022-01-01T00:00:00Z", publicKey: [] });
	const served = (body: Uint8Array, context: DocumentContext, code: ErrorCode): Promise<OrgpassError> =>
		expectRefusal(() => verifyServedDocument(body, context), code);

	it("is verified like any document", async () => {
		expect((await verifyServedDocument(bytes, hashContext(bytes))).orgJson.id).toBe(did);
		const credential = await signedBytes();
		const expected = await verifyDocument(credential, proofContext());
		expect(await verifyServedDocument(credential, proofContext())).toEqual(expected);
	});

	it.each<[string, Uint8Array]>([
		["nothing", bytesOf("")],
		["a part of it", bytes.subarray(0, -1)],
		["an HTML page", bytesOf("<!doctype html><title>Welcome</title>")],
		["bytes that aren't UTF-8", Uint8Array.of(0x7b, 0xff, 0x7d)],
		["it twice", bytesOf(Buffer.concat([bytes, bytes]).toString())],
	])("is an outage if it is %s", async (_what, body) => {
		for (const context of [hashContext(bytes), hashContext(bytes, { acceptPrettyPrintedHash: true })]) {
			const { cause } = await served(body, context, "document/unreachable");
			expect(cause).toBeInstanceOf(DocumentError);
		}
		await served(body, proofContext(), "document/unreachable");
	});

	it.each<[string, Uint8Array, ErrorCode]>([
		["another object", bytesOf({ error: "forbidden" }), "document/subject"],
		["null", bytesOf("null"), "document/malformed"],
		["a list", bytesOf([]), "document/malformed"],
		["an object with a duplicate name", bytesOf('{"id":1,"id":2}'), "document/malformed"],
		["an object behind a byte order mark", bytesOf("\ufeff{}"), "document/malformed"],
		["more values than are parsed", bytesOf(`[${"0,".repeat(10_001)}`), "document/malformed"],
	])("is refused if it is %s", async (_what, body, code) => {
		await served(body, hashContext(bytes), "document/hash-mismatch");
		await served(body, proofContext(), code);
	});

	it("is refused if it has the hash on chain: the organization has published that", async () => {
		for (const text of ["", "{", "<!doctype html>"]) {
			const body = bytesOf(text);
			for (const options of [{}, { acceptPrettyPrintedHash: true }]) {
				await served(body, hashContext(body, options), "document/malformed");
			}
		}
	});
});
