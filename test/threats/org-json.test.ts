import { describe, expect, it } from "vitest";
import { importVerificationKey, selectVerificationMethod } from "../../src/did/verification-method.ts";
import type { DocumentContext } from "../../src/document/document-context.ts";
import { inspectDocument, verifyDocument } from "../../src/document/inspect-document.ts";
import { authenticationIds } from "../../src/document/org-json.ts";
import { DocumentError } from "../../src/errors/errors.ts";
import { exportPublicKey } from "../../src/keys/export-public-key.ts";
import { generateKeyPair } from "../../src/keys/generate.ts";
import { expectLinear } from "../support/duration.ts";
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
	shortDid,
	signedBytes,
	subject,
} from "../support/org-documents.ts";
import { expectRefusal } from "../support/refusal.ts";

const { publicKey } = await generateKeyPair();
const key = (fragment: string, members: object = {}): Record<string, unknown> => ({
	...{ id: `${did}#${fragment}`, type: "secp256k1", controller: did },
	...{ publicKeyPem: exportPublicKey(publicKey, "spki-base64"), ...members },
});
const plain = (members: object = {}): Record<string, unknown> => ({
	...{ "@context": "https://www.w3.org/ns/did/v1", id: did, created: "2022-01-01T00:00:00Z" },
	...{ publicKey: [key("webserver")], ...members },
});

/** Documents as a registry of each kind vouches for them. */
const read = (bytes: Uint8Array): ReturnType<typeof verifyDocument> => verifyDocument(bytes, hashContext(bytes));

describe("T14: depth", () => {
	it.each([33, 3_000, 200_000])("T14: %d nested arrays or objects are rejected", async (depth) => {
		for (const [open, close] of [
			["[", "]"],
			['{"a":', "}"],
		] as const) {
			const inner = depth - 1;
			const bytes = bytesOf(`{"id":"${did}","x":${open.repeat(inner)}1${close.repeat(inner)}}`);
			await expectRefusal(() => read(bytes), "document/malformed");
			await expectRefusal(() => verifyDocument(bytes, proofContext()), "document/malformed");
		}
	});

	it("T14: a document of 1 MiB takes linear time", async () => {
		const document = (count: number): Uint8Array =>
			bytesOf(plain({ service: Array.from({ length: count }, () => ({ id: "#s", type: "x".repeat(40) })) }));
		await expectLinear(document, 5_000, (bytes) => inspectDocument(bytes, hashContext(bytes)));
	});
});

describe("T15: names that reach a prototype", () => {
	it.each([
		`{"id":"${did}","__proto__":{"admin":true}}`,
		`{"id":"${did}","\\u005f_proto__":{"admin":true}}`,
		`{"id":"${did}","constructor":{"prototype":{"admin":true}}}`,
		`{"id":"${did}","publicKey":[{"__proto__":{"id":"${did}#a"}}]}`,
	])("T15: %s is rejected", async (text) => {
		const bytes = bytesOf(text);
		await expectRefusal(() => read(bytes), "document/malformed");
		expect(({} as Record<string, unknown>)["admin"]).toBeUndefined();
	});

	it("T15: property names of Object.prototype are valid ids and types", async () => {
		const publicKey = ["toString", "hasOwnProperty", "valueOf"].map((name) => key(name, { type: name }));
		const { orgJson } = await read(bytesOf(plain({ publicKey, service: [{ id: "toString", type: "valueOf" }] })));
		expect(authenticationIds(orgJson, NOW)).toHaveLength(3);
	});
});

describe("T16: JSON that parsers read differently", () => {
	it.each([
		`{"id":"${did}","id":"${foreignDid}"}`,
		`{"id":"${did}","\\u0069d":"${foreignDid}"}`,
		`{"id":"${did}"}{}`,
		`\ufeff{"id":"${did}"}`,
		`{"id":"${did}","x":"\\ud800"}`,
		`{"id":"${did}",}`,
		`{"id":"${did}","x":NaN}`,
		`{"id":"${did}","x":1e999}`,
		`[{"id":"${did}"}]`,
		"",
	])("T16: %s is rejected, even with a matching hash", async (text) => {
		const bytes = bytesOf(text);
		await expectRefusal(() => read(bytes), "document/malformed");
		await expectRefusal(() => verifyDocument(bytes, proofContext()), "document/malformed");
	});
});

describe("T37: revoked keys", () => {
	const revocations = [{ reason: "lost", invalidityDate: "2020-01-01T00:00:00Z" }, { reason: "lost" }, null, true];

	it("T37: a revoked key never authenticates, listed or not", async () => {
		for (const verificationMethodRevocation of revocations) {
			const publicKey = [key("webserver", { verificationMethodRevocation })];
			for (const authentication of [undefined, [`${did}#webserver`], [publicKey[0]]]) {
				const members =
					authentication?.[0] === publicKey[0] ? { publicKey: [], authentication } : { publicKey, authentication };
				const { orgJson } = await read(bytesOf(plain(members)));
				expect(authenticationIds(orgJson, NOW)).toEqual([]);
				const document = {
					...{ id: did, verificationMethod: [...orgJson.methods] },
					authentication: [...authenticationIds(orgJson, NOW)],
				};
				const keyId = { ...subject, fragment: "webserver" };
				await expectRefusal(() => selectVerificationMethod(document, keyId), "did/key-revoked");
			}
		}
	});

	it("T37: the owner's account can't sign a document once revoked", async () => {
		for (const verificationMethodRevocation of revocations) {
			const verificationMethod = [accountMethod("owner1", owner.address, { verificationMethodRevocation })];
			const bytes = await signedBytes({ verificationMethod });
			await expectRefusal(() => verifyDocument(bytes, proofContext()), "document/proof-unauthorized");
		}
	});

	it("T37: a future revocation is checked against the verifier's clock", async () => {
		const verificationMethodRevocation = { invalidityDate: new Date((NOW + 10) * 1_000).toISOString() };
		const verificationMethod = [accountMethod("owner1", owner.address, { verificationMethodRevocation })];
		const bytes = await signedBytes({ verificationMethod });
		expect((await verifyDocument(bytes, proofContext())).orgJson.methods).toHaveLength(1);
		const later = proofContext([], { now: NOW + 10 });
		await expectRefusal(() => verifyDocument(bytes, later), "document/proof-unauthorized");
	});
});

describe("T38: keys of others", () => {
	it.each<[string, Record<string, unknown>]>([
		["another controller", key("x", { controller: foreignDid })],
		["a controller that is a DID URL", key("x", { controller: `${did}#x` })],
		["a relative controller", key("x", { controller: "#x" })],
		["several controllers", key("x", { controller: [did, foreignDid] })],
		["a controller on another chain", key("x", { controller: did.replace("100", "1") })],
		["a controller in upper case", key("x", { controller: did.replaceAll("0a", "0A") })],
		["another DID's id", key("x", { id: `${foreignDid}#x` })],
		["an id in upper case", key("x", { id: `${did.replaceAll("0a", "0A")}#x` })],
		["an id on another chain", key("x", { id: `${did.replace("100", "1")}#x` })],
		["an id with a query", key("x", { id: `${did}?a#x` })],
		["an id with a path", key("x", { id: `${did}/a#x` })],
		["an id that ends in ours", key("x", { id: `x${did}#x` })],
		["the bare DID as its id", key("x", { id: did })],
	])("T38: a key with %s never authenticates, even if listed", async (_what, method) => {
		const authentication = [method["id"], `${did}#x`, "#x", method];
		for (const members of [
			{ publicKey: [method] },
			{ publicKey: [method], authentication: authentication.slice(0, 3) },
			{ publicKey: [], authentication: authentication.slice(3) },
		]) {
			const { orgJson } = await read(bytesOf(plain(members)));
			expect(authenticationIds(orgJson, NOW)).toEqual([]);
		}
	});

	it("T38: only listed keys authenticate", async () => {
		const publicKey = [key("a"), key("b")];
		const { orgJson } = await read(bytesOf(plain({ publicKey, authentication: [`${shortDid}#b`] })));
		expect(authenticationIds(orgJson, NOW)).toEqual([`${did}#b`]);
		const [, method] = orgJson.methods;
		expect(method && importVerificationKey(method).curve).toBe("secp256k1");
	});
});

describe("T40: the hash", () => {
	const text = JSON.stringify(plain());
	const bytes = bytesOf(text);

	it.each<[string, Uint8Array]>([
		["a changed byte", bytesOf(text.replace("webserver", "webservex"))],
		["re-serialised", bytesOf(JSON.stringify(plain(), null, 2))],
		["a trailing newline", bytesOf(`${text}\n`)],
		["a byte order mark", bytesOf(`\ufeff${text}`)],
		["a trailing zero byte", Uint8Array.of(...bytes, 0)],
		["its members reordered", bytesOf(JSON.stringify(Object.fromEntries(Object.entries(plain()).reverse())))],
		["an escaped character", bytesOf(text.replace("webserver", "\\u0077ebserver"))],
		["nothing", new Uint8Array()],
	])("T40: a document with %s is rejected", async (_what, served) => {
		await expectRefusal(() => verifyDocument(served, hashContext(bytes)), "document/hash-mismatch");
	});

	it("T40: the pretty-printed hash ignores white space and nothing else", async () => {
		const pretty = bytesOf(JSON.stringify(plain(), null, 2));
		const context = hashContext(pretty, { acceptPrettyPrintedHash: true });
		for (const served of [text, `${text}\n`, text.replace("webserver", "\\u0077ebserver")]) {
			expect((await inspectDocument(bytesOf(served), context)).ok).toBe(true);
		}
		for (const served of [text.replace("webserver", "webservex"), text.replace("{", '{"x":1,')]) {
			await expectRefusal(() => verifyDocument(bytesOf(served), context), "document/hash-mismatch");
		}
		const twice = bytesOf(text.replace("{", `{"id":"${foreignDid}",`));
		await expectRefusal(() => verifyDocument(twice, context), "document/malformed");
	});
});

describe("T41: the document's id", () => {
	it.each<[string, unknown]>([
		["missing", undefined],
		["null", null],
		["empty", ""],
		["another organization's", foreignDid],
		["another chain's", did.replace("100", "1")],
		["in upper case", did.replaceAll("0a", "0A")],
		["an upper-case X in 0x", did.replace("0x", "0X")],
		["a DID URL", `${did}#webserver`],
		["an array", [did]],
		["followed by a space", `${did} `],
		["an organization's bare id", did.slice(14)],
	])("T41: %s is rejected, with a matching hash or proof", async (_what, id) => {
		await expectRefusal(() => read(bytesOf(plain({ id }))), "document/subject");
		const bytes = await signedBytes({ id });
		await expectRefusal(() => verifyDocument(bytes, proofContext()), "document/subject");
		await expectRefusal(() => read(bytes), "document/subject");
	});

	it("T41: the short form is the same organization", async () => {
		expect((await read(bytesOf(plain({ id: shortDid })))).orgJson.id).toBe(did);
	});

	it.each<[string, unknown]>([
		["missing", undefined],
		["another organization", foreignDid],
		["an object", { id: did }],
		["empty", ""],
		["a prefix of the DID", did.slice(0, -1)],
		["a DID URL", `${did}#owner1`],
	])("T41: a credential whose issuer is %s is rejected", async (_what, issuer) => {
		const credential = JSON.parse(Buffer.from(await signedBytes()).toString());
		const bytes = bytesOf({ ...credential, issuer });
		await expectRefusal(() => verifyDocument(bytes, proofContext()), "document/subject");
	});

	it("T41: another organization's credential is rejected, even if signed by its owner", async () => {
		const bytes = await signedBytes();
		const { record } = proofContext();
		const other = { ...record, did: foreignDid, orgId: foreignDid.slice(14) as `0x${string}` };
		await expectRefusal(() => verifyDocument(bytes, { record: other, now: NOW }), "document/subject");
	});
});

describe("T56: delegation", () => {
	it("T56: 1,000 delegates cost one resolution; 1,001 are rejected without one", async () => {
		const named = (count: number): string[] =>
			Array.from({ length: count }, (_, at) => `did:orgid:100:0x${at.toString(16).padStart(64, "0")}#key`);
		for (const [count, calls] of [
			[1_000, 1],
			[1_001, 0],
		] as const) {
			const delegates = named(count);
			const last = delegates.at(-1) as string;
			const bytes = await signedBytes({ capabilityDelegation: delegates }, { verificationMethod: last });
			let asked = 0;
			const loadDelegate = (): Promise<never> => {
				asked++;
				return Promise.reject(new DocumentError("document/delegation", "too deep"));
			};
			const context: DocumentContext = proofContext(delegates, { loadDelegate });
			const code = calls === 1 ? "document/delegation" : "document/malformed";
			await expectRefusal(() => verifyDocument(bytes, context), code);
			expect(asked).toBe(calls);
		}
	});

	it("T56: a document that delegates to its own organization doesn't resolve it again", async () => {
		const name = `${did}#delegate`;
		const document = { verificationMethod: [], capabilityDelegation: [name] };
		const bytes = await signedBytes(ownedDocument(document), { verificationMethod: name });
		const loadDelegate = (): Promise<never> => Promise.reject(new RangeError("asked"));
		const context = proofContext([name], { loadDelegate });
		await expectRefusal(() => verifyDocument(bytes, context), "document/proof-unauthorized");
	});
});
