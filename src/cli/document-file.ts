/**
 * ORG.JSON documents as files, written as exactly the bytes that a registry's hash covers.
 * @module
 */
import type { Option } from "commander";
import { parseDidUrl, toCanonicalDidUrl } from "../did/did-url.js";
import { encodeDocument } from "../document/build-document.js";
import { hashDocument } from "../document/document-hash.js";
import { parseDocumentJson } from "../document/document-json.js";
import { type OrgJson, parseOrgJson } from "../document/org-json.js";
import type { JsonObject } from "../encoding/json.js";
import { DocumentError, escapeText, formatValue, isOrgpassError, type OrgpassError } from "../errors/errors.js";
import type { CliContext } from "./context.js";
import { readFile, writePublicFile } from "./files.js";
import { option, usageError } from "./options.js";
import type { Outcome } from "./outcome.js";
import { readStdinBytes } from "./standard-input.js";

/** The resolver's limit. */
const MAX_BYTES = 1_048_576;
/** Characters that JSON leaves unescaped and a terminal interprets. */
const CONTROL_CHARACTERS = /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/;

export interface DocumentOutFlags {
	readonly out?: string | undefined;
	readonly force?: boolean;
}

/** The options of {@link DocumentOutFlags}. */
export const DOCUMENT_OUT_OPTIONS: readonly Option[] = [
	option("--out <file>", "write to this file instead of standard output"),
	option("--force", "replace an existing file"),
];

/** Reads a document from a file or standard input. */
export async function readDocumentBytes(context: CliContext, file: string): Promise<Uint8Array> {
	if (file === "-") return readStdinBytes(context, MAX_BYTES);
	return readFile(context, file, `the document ${formatFileName(file)}`, { maxBytes: MAX_BYTES }).bytes;
}

/** Returns the document itself, which a credential carries as its subject. */
export function subjectOf(json: JsonObject): JsonObject {
	const { credentialSubject } = json;
	const isSubject = typeof credentialSubject === "object" && credentialSubject !== null;
	return isSubject && !Array.isArray(credentialSubject) ? (credentialSubject as JsonObject) : json;
}

/** A plain document (0.x), or the subject of a credential (1.x). */
export type Generation = "0.x" | "1.x";

/** Returns the generation of a document. */
export function generationOf(json: JsonObject): Generation {
	if (json["credentialSubject"] !== undefined) return "1.x";
	return json["verificationMethod"] !== undefined && json["publicKey"] === undefined ? "1.x" : "0.x";
}

/** Parses ORG.JSON as the document of the organization it names. */
export function parseAnyOrgJson(bytes: Uint8Array): OrgJson {
	const { id } = subjectOf(parseDocumentJson(bytes));
	const { fragment, ...parts } = parseDidUrl(id);
	if (fragment !== undefined) {
		throw new DocumentError("document/subject", "expected a document whose id is a bare DID");
	}
	return parseOrgJson(bytes, toCanonicalDidUrl(parts, 1));
}

/** Parses ORG.JSON; warns and returns the error if no resolver would accept it. */
export function inspectOrgJson(context: CliContext, bytes: Uint8Array): OrgJson | OrgpassError {
	try {
		return parseAnyOrgJson(bytes);
	} catch (error) {
		if (!isOrgpassError(error)) throw error;
		context.stderr(`warning: no resolver will accept this as an ORG.JSON document: ${escapeText(error.message)}\n`);
		return error;
	}
}

/** Writes a document to a file or to standard output; the hash is then written to standard error. */
export function writeDocument(
	context: CliContext,
	document: object,
	{ out, force, json = false }: DocumentOutFlags & { readonly json?: boolean },
	facts: object = {},
): Outcome & { readonly text: string } {
	const bytes = encodeDocument(document);
	const hash = hashDocument(bytes);
	if (bytes.length > MAX_BYTES) {
		throw new DocumentError("document/too-large", `expected at most ${MAX_BYTES} bytes, got ${bytes.length}`);
	}
	if (out !== undefined && out !== "-") {
		writePublicFile(context, out, bytes, force === true);
		return { data: { ...facts, hash, file: out }, text: `wrote ${formatValue(out)}\nhash ${hash}` };
	}
	const data = { ...facts, hash, document };
	const text = new TextDecoder().decode(bytes);
	if (json) return { data, text };
	if (CONTROL_CHARACTERS.test(text)) {
		throw usageError("the document contains control characters: write it with --out");
	}
	context.stderr(`hash ${hash}\n`);
	return { data, text, isExact: true };
}

/** Doesn't repeat a key that was pasted in place of a path. */
function formatFileName(file: string): string {
	return /^[\w./ -]{1,60}\.(?:org)?json$/i.test(file) ? formatValue(file) : "file";
}
