/** What a report says of each check. */
import { describe, expect, it } from "vitest";
import { inspectDocument, verifyDocument, verifyServedDocument } from "../../src/document/inspect-document.ts";
import { bytesOf, did, foreignDid, hashContext, NOW, proofContext, signedBytes } from "../support/org-documents.ts";
import { expectRefusal } from "../support/refusal.ts";

const twins = [1, 2].map(() => ({ id: `${did}#a`, type: "t", controller: did }));

describe("the report of a document with a hash on chain", () => {
	it("has the hash's form and the number of keys", async () => {
		const publicKey = [
			{ id: `${did}#a`, type: "t", controller: did },
			{ id: `${did}#b`, type: "t", controller: did, revoked: "2020-01-01T00:00:00Z" },
		];
		const bytes = bytesOf({ id: did, publicKey });
		const { checks } = await inspectDocument(bytes, hashContext(bytes));
		expect(checks).toStrictEqual([
			{ name: "hash", ok: true, detail: "raw" },
			{ name: "syntax", ok: true },
			{ name: "subject", ok: true },
			{ name: "keys", ok: true, detail: "1 of 2 keys authenticate" },
		]);
	});

	it.each([
		["JSON", "{", ["syntax"], "document/malformed"],
		["of the organization", { id: foreignDid }, ["syntax", "subject"], "document/subject"],
		["of different keys", { id: did, publicKey: twins }, ["syntax", "subject", "keys"], "did/document-invalid"],
	])("ends with the check that fails if the document isn't %s", async (_what, content, names, code) => {
		const bytes = bytesOf(content);
		const { ok, checks } = await inspectDocument(bytes, hashContext(bytes));
		expect(ok).toBe(false);
		expect(checks.map(({ name }) => name)).toEqual(["hash", ...names]);
		expect(checks.map(({ ok }) => ok)).toEqual([true, ...names.map((name) => name !== names.at(-1))]);
		expect(checks.at(-1)).toEqual({ name: names.at(-1), ok: false, code, message: expect.stringMatching(/./) });
	});

	it("names both hashes if they differ", async () => {
		const bytes = bytesOf({ id: did });
		const { record } = hashContext(bytesOf("{}"));
		const error = await expectRefusal(() => verifyDocument(bytes, { record, now: NOW }), "document/hash-mismatch");
		const actual = hashContext(bytes).record.document?.hash;
		expect(error.details).toEqual({ expected: record.document?.hash, actual });
	});

	it("doesn't depend on the dates of a credential: nothing has to be proved", async () => {
		const type = ["VerifiableCredential", "OrgJson"];
		const bytes = bytesOf({ type, issuer: did, expirationDate: "soon", credentialSubject: { id: did } });
		expect((await inspectDocument(bytes, hashContext(bytes))).ok).toBe(true);
		const { checks } = await inspectDocument(bytes, proofContext());
		expect(checks.map(({ name, code }) => [name, code])).toEqual([["syntax", "document/malformed"]]);
	});
});

describe("the report of a document that needs a proof", () => {
	const NAMES = ["syntax", "subject", "keys", "proof", "signer", "signature", "validity"];

	it("has every check, and who signed", async () => {
		const { checks } = await inspectDocument(await signedBytes(), proofContext());
		expect(checks).toStrictEqual([
			...NAMES.slice(0, 2).map((name) => ({ name, ok: true })),
			{ name: "keys", ok: true, detail: "1 of 1 keys authenticate" },
			{ name: "proof", ok: true },
			{ name: "signer", ok: true, detail: "owner" },
			{ name: "signature", ok: true },
			{ name: "validity", ok: true },
		]);
	});

	it("ends with the proof if the document isn't a credential", async () => {
		const { checks } = await inspectDocument(bytesOf({ id: did }), proofContext());
		expect(checks.map(({ name, code }) => [name, code]).slice(2)).toEqual([
			["keys", undefined],
			["proof", "document/proof-missing"],
		]);
	});

	it("leaves out what depends on a check that failed, but not the validity", async () => {
		const credential = JSON.parse(Buffer.from(await signedBytes()).toString());
		const { checks } = await inspectDocument(bytesOf({ ...credential, more: 1 }), proofContext());
		expect(checks.map(({ name }) => name)).toEqual(["syntax", "subject", "keys", "proof", "validity"]);
	});

	it.each([
		[-30, "not valid yet"],
		[-1, "not valid yet"],
		[0, undefined],
		[99, undefined],
		[100, "expired"],
		[129, "expired"],
	])("says if only the tolerance makes it valid: %d seconds after it was issued", async (seconds, what) => {
		const bytes = await signedBytes({}, { expiresAt: NOW + 100 });
		const { ok, checks } = await inspectDocument(bytes, proofContext([], { now: NOW + seconds }));
		expect(ok).toBe(true);
		expect(checks.at(-1)?.name).toBe("validity");
		if (what === undefined) expect(checks.at(-1)).not.toHaveProperty("detail");
		else expect(checks.at(-1)?.detail).toMatch(new RegExp(`^${what}: .* 30 s$`));
	});

	it("says nothing about an end if there is none", async () => {
		const { checks } = await inspectDocument(await signedBytes(), proofContext([], { now: NOW + 10 ** 8 }));
		expect(checks.at(-1)).toStrictEqual({ name: "validity", ok: true });
	});
});

it.each([inspectDocument, verifyDocument, verifyServedDocument])(
	"an error about the context names the function that was called: %o",
	async (run) => {
		const context = { ...proofContext(), acceptPrettyPrintedHash: "yes" as unknown as boolean };
		const error = await expectRefusal(() => run(bytesOf("{}"), context), "config/invalid-option");
		expect(error.message).toMatch(new RegExp(`^${run.name}: `));
		expect(error.details).toEqual({ option: "acceptPrettyPrintedHash" });
	},
);
