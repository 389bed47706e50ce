/** Who reads a document finds the same in it, whatever its generation and spelling: the library, its report, the command line. */
import { base58 } from "@scure/base";
import fc from "fast-check";
import { expect, it } from "vitest";
import { parseAnyOrgJson } from "../../src/cli/document-file.ts";
import { importVerificationKey } from "../../src/did/verification-method.ts";
import type { DocumentContext } from "../../src/document/document-context.ts";
import { inspectDocument, verifyDocument } from "../../src/document/inspect-document.ts";
import { authenticationIds, parseOrgJson } from "../../src/document/org-json.ts";
import { isOrgpassError } from "../../src/errors/errors.ts";
import { exportPublicKey } from "../../src/keys/export-public-key.ts";
import { generateKeyPair } from "../../src/keys/generate.ts";
import type { PublicKey } from "../../src/keys/public-key.ts";
import { type Choices, choices, spell } from "../support/json-spelling.ts";
import {
	bytesOf,
	did,
	foreignDid,
	hashContext,
	NOW,
	proofContext,
	shortDid,
	signedBytes,
	subject,
} from "../support/org-documents.ts";
import { runs } from "../support/property.ts";

const KEYS = await Promise.all([1, 2].map(async () => (await generateKeyPair()).publicKey));
/** The members in which a key may be written. */
const FORMS: readonly ((key: PublicKey) => object)[] = [
	(key) => ({ publicKeyPem: exportPublicKey(key, "spki") }),
	(key) => ({ publicKeyPem: exportPublicKey(key, "spki-base64") }),
	(key) => ({ publicKeyHex: exportPublicKey(key, "hex") }),
	(key) => ({ publicKeyHex: exportPublicKey(key, "compressed-hex").slice(2) }),
	(key) => ({ publicKeyJwk: exportPublicKey(key, "jwk") }),
	(key) => ({ publicKeyBase58: base58.encode(exportPublicKey(key, "compressed-bytes")) }),
	(key) => ({ publicKeyMultibase: `fe701${exportPublicKey(key, "compressed-hex").slice(2)}` }),
];
const methods = fc.uniqueArray(
	fc.record({
		name: fc.constantFrom("a", "b", "c_-", "é"),
		key: fc.constantFrom(...KEYS),
		form: fc.constantFrom(...FORMS),
		prefix: fc.constantFrom(did, shortDid, ""),
		controller: fc.constantFrom(did, did, shortDid, foreignDid),
		isListed: fc.boolean(),
	}),
	{ maxLength: 3, selector: ({ name }) => name },
);
type Methods = typeof methods extends fc.Arbitrary<infer T> ? T : never;

function documentOf(list: string, methods: Methods, hasList: boolean): Record<string, unknown> {
	const entries = methods.map(({ name, key, form, prefix, controller }) => ({
		...{ id: `${prefix}#${name}`, type: "secp256k1", controller },
		...form(key),
	}));
	const listed = methods.filter(({ isListed }) => isListed).map(({ name, prefix }) => `${prefix}#${name}`);
	return {
		"@context": [],
		id: did,
		created: "2022-01-01T00:00:00Z",
		[list]: entries,
		...(hasList && { authentication: listed }),
	};
}

/** What a reader needs to know of a document: its keys, and which of them may authenticate. */
function summaryOf(bytes: Uint8Array): object {
	const orgJson = parseOrgJson(bytes, subject);
	const keys = orgJson.methods.map((method) => [
		method.id,
		method.controller,
		importVerificationKey(method).thumbprint,
	]);
	return { keys, authentication: authenticationIds(orgJson, NOW) };
}

it("finds the same keys in a plain document and a credential, in either list and in any spelling", () => {
	const lists = ["publicKey", "verificationMethod"] as const;
	fc.assert(
		fc.property(methods, fc.boolean(), choices, (methods, hasList, choices) => {
			const own = methods.filter(({ name, controller }) => controller !== foreignDid && name !== "é");
			const expected = {
				keys: methods.map(({ name, controller, key }) => [
					`${did}#${name}`,
					controller === shortDid ? did : controller,
					key.thumbprint,
				]),
				authentication: own.filter(({ isListed }) => !hasList || isListed).map(({ name }) => `${did}#${name}`),
			};
			for (const list of lists) {
				const plain = documentOf(list, methods, hasList);
				const type = ["VerifiableCredential", "OrgJson"];
				for (const document of [plain, { type, issuer: did, credentialSubject: plain }]) {
					expect(summaryOf(bytesOf(spell(document, choices)))).toEqual(expected);
				}
			}
		}),
		runs(500, 20),
	);
});

interface Edit {
	readonly at: number;
	readonly removed: number;
	readonly inserted: string;
}
const edits: fc.Arbitrary<readonly Edit[]> = fc.array(
	fc.record({
		at: fc.nat(),
		removed: fc.nat(2),
		inserted: fc.constantFrom("", "x", '"', "{", "]", ",", "0", "\\u0061", "#", "\u2028"),
	}),
	{ maxLength: 2 },
);

function edit(bytes: Uint8Array, changes: readonly Edit[]): Uint8Array {
	let text = new TextDecoder().decode(bytes);
	for (const { at, removed, inserted } of changes) {
		const place = at % (text.length + 1);
		text = `${text.slice(0, place)}${inserted}${text.slice(place + removed)}`;
	}
	return bytesOf(text);
}

/** What a reader returns, or the code with which it refuses. */
async function outcomeOf(read: () => unknown): Promise<unknown> {
	try {
		return await read();
	} catch (error) {
		if (!isOrgpassError(error)) throw error;
		return error.code;
	}
}

/** Compares the report with what is thrown, and the command line's reader with the library's. */
async function expectSame(bytes: Uint8Array, context: DocumentContext): Promise<void> {
	const { ok, checks, orgJson } = await inspectDocument(bytes, context);
	const failed = checks.find((check) => !check.ok && check.name !== "validity");
	const verified = await outcomeOf(() => verifyDocument(bytes, context));
	if (failed !== undefined) expect([ok, verified]).toEqual([false, failed.code]);
	else expect(verified).toMatchObject(ok ? { orgJson } : { orgJson: expect.anything() });
	const read = await outcomeOf(() => parseOrgJson(bytes, subject));
	const typed = await outcomeOf(() => parseAnyOrgJson(bytes));
	if (typeof read === "object") expect(typed).toMatchObject({ methods: expect.any(Array) });
	// It takes the organization that the document names.
	if (typeof read === "string" && read !== "document/subject") expect(typed).toBeTypeOf("string");
}

it("reports of a damaged document what verifying it throws, and the command line reads it alike", async () => {
	const signed = await signedBytes({ legalEntity: { legalName: "Acme" } }, { expiresAt: NOW + 1_000 });
	await fc.assert(
		fc.asyncProperty(
			methods,
			choices,
			edits,
			fc.boolean(),
			fc.boolean(),
			async (methods, choices: Choices, changes, isSigned, isHashed) => {
				const whole = isSigned ? signed : bytesOf(spell(documentOf("publicKey", methods, true), choices));
				const bytes = edit(whole, changes);
				await expectSame(bytes, hashContext(isHashed ? bytes : whole));
				await expectSame(bytes, proofContext());
				await expectSame(bytes, proofContext([], { now: NOW + 2_000 }));
			},
		),
		runs(1_000, 30),
	);
});
