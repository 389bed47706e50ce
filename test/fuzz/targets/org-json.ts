/**
 * ORG.JSON documents: those of registries with a hash, and credentials.
 *
 * An input is a document, or a line `sign` or `forge` and a document that the owner or a stranger signs as a
 * credential.
 * @module
 */
import { signCredential } from "../../../src/document/credential/sign-credential.ts";
import type { DocumentContext } from "../../../src/document/document-context.ts";
import { hashDocument } from "../../../src/document/document-hash.ts";
import { parseDataUri } from "../../../src/document/fetch/data-uri.ts";
import { type DocumentReport, inspectDocument } from "../../../src/document/inspect-document.ts";
import { did, hashContext, NOW, owner, proofContext, stranger } from "../../support/org-documents.ts";
import { readCorpus } from "../corpus.ts";
import {
	assertClearNames,
	assertRefusal,
	assertSame,
	assertThat,
	attempt,
	parseLoosely,
	type Target,
} from "../target.ts";

/** The entry of the corpus that the owner signed. */
const GENUINE = "credential.txt";
const RECIPE = /^(sign|forge)\n(.*)$/s;
const isDocumentCode = (code: string): boolean => /^(?:document|did)\//.test(code);
const MAX_BYTES = 2 ** 20;

export async function createTarget(): Promise<Target> {
	const genuine = readCorpus("org-json").flatMap(({ name, input }) =>
		name === GENUINE ? unsigned(parseLoosely(input.toString())?.value) : [],
	);
	return {
		words: [
			did,
			`${did}#owner1`,
			"verificationMethod",
			"authentication",
			"VerifiableCredential",
			"OrgJson",
			"sign",
			"forge",
			"data:",
		],
		work: { base: 50_000, perByte: 1_500 },
		async run(input) {
			const [bytes, signed] = await toDocument(input);
			const summary = [await inspect(bytes, hashContext(bytes)), await inspect(bytes, hashContext(new Uint8Array()))];
			const proven = await inspect(bytes, proofContext());
			if (proven.startsWith("ok")) {
				const content = unsigned(parseLoosely(Buffer.from(bytes).toString())?.value);
				assertThat([...genuine, signed].includes(content), "a document is accepted that nobody signed");
			}
			const asUri = await attempt(() => parseDataUri(input.toString(), MAX_BYTES), { codes: isDocumentCode });
			summary.push(proven, "code" in asUri ? asUri.code : hashDocument(asUri.value));
			return summary.join();
		},
	};
}

/** The document's bytes, and what the owner signed in it. */
async function toDocument(input: Buffer): Promise<[bytes: Uint8Array, signed: string | undefined]> {
	const [, order, text = ""] = RECIPE.exec(input.toString()) ?? [];
	const parsed = order === undefined ? undefined : parseLoosely(text);
	if (typeof parsed?.value !== "object" || parsed.value === null) return [new Uint8Array(input), undefined];
	const key = order === "sign" ? owner : stranger;
	const options = { document: parsed.value, verificationMethod: `${did}#owner1`, key, now: NOW };
	try {
		const written = JSON.stringify(await signCredential(options));
		return [new TextEncoder().encode(written), order === "sign" ? unsigned(JSON.parse(written)) : undefined];
	} catch (error) {
		if (!(error instanceof TypeError)) assertRefusal(error, { codes: () => true });
		return [new Uint8Array(input), undefined];
	}
}

/** Everything in a credential but its proof. */
function unsigned(value: unknown): string {
	return JSON.stringify({ ...(value as object), proof: undefined });
}

async function inspect(bytes: Uint8Array, context: DocumentContext): Promise<string> {
	const before = JSON.stringify(context);
	const report = await inspectDocument(bytes, context);
	assertSame(JSON.stringify(context), before, "the context before and after");
	for (const { code, message = "" } of report.checks) {
		if (code !== undefined)
			assertThat(isDocumentCode(code) && !/\n\s+at /.test(message), `a check failed with ${code}`);
	}
	return report.ok ? `ok ${describe(report, bytes)}` : report.checks.map(({ code = "" }) => code).join(" ");
}

function describe({ orgJson }: DocumentReport, bytes: Uint8Array): string {
	assertThat(orgJson !== undefined, "a good report has no document");
	const { value } = parseLoosely(Buffer.from(bytes).toString()) ?? {};
	const document =
		orgJson.credential === undefined ? value : (value as { credentialSubject?: unknown }).credentialSubject;
	assertSame(Object.keys(orgJson.subject), Object.keys(document as object), "the names and what JSON.parse reads");
	assertClearNames(Buffer.from(bytes).toString());
	assertThat(Object.isFrozen(orgJson) && Object.isFrozen(orgJson.subject), "a document isn't frozen");
	return `${orgJson.id} ${orgJson.methods.length}`;
}
