/**
 * ORG.JSON documents as files: read whole, written as the exact bytes that a registry's hash is over.
 * @module
 */
import { parseDidUrl, toCanonicalDidUrl } from "../did/did-url.js";
import { encodeDocument } from "../document/build-document.js";
import { hashDocument } from "../document/document-hash.js";
import { type OrgJson, parseDocumentJson, parseOrgJson } from "../document/org-json.js";
import type { Hex } from "../encoding/hex.js";
import type { JsonObject } from "../encoding/json.js";
import { ConfigError, DocumentError, isOrgpassError } from "../errors/errors.js";
import { escapeText, formatValue } from "../errors/format-value.js";
import type { Outcome } from "./command.js";
import type { CliContext } from "./context.js";
import { readFileBytes, writePublicFile } from "./files.js";

/** The longest document that is read, as the resolver has it. */
const MAX_BYTES = 1_048_576;
/** What could steer a terminal, and JSON doesn't escape. */
const STEERING = /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/;

/** The flags of commands that write a document. */
export interface DocumentOutFlags {
	readonly out?: string;
	readonly force?: boolean;
}

/** The same, for their specifications. */
export const DOCUMENT_OUT_FLAGS = [
	["--out <file>", "write it there instead of to standard output"],
	["--force", "replace an existing file"],
] as const;

/** Reads a document's bytes. */
export async function readDocumentBytes(context: CliContext, file: string): Promise<Uint8Array> {
	if (file !== "-") return readFileBytes(context, file, `the document ${shownName(file)}`, MAX_BYTES).bytes;
	const bytes = await context.readStdin(MAX_BYTES + 1);
	if (bytes.length <= MAX_BYTES) return bytes;
	throw new ConfigError("config/file", `standard input holds more than ${MAX_BYTES} bytes`);
}

/** Gives the document itself, which a credential carries as its subject. */
export function subjectOf(json: JsonObject): JsonObject {
	const { credentialSubject } = json;
	const isSubject = typeof credentialSubject === "object" && credentialSubject !== null;
	return isSubject && !Array.isArray(credentialSubject) ? (credentialSubject as JsonObject) : json;
}

/** Reads a file as the ORG.JSON of the organization that it names itself. */
export function parseAnyOrgJson(bytes: Uint8Array): OrgJson {
	const { id } = subjectOf(parseDocumentJson(bytes));
	const { fragment, ...parts } = parseDidUrl(id);
	if (fragment !== undefined) throw new DocumentError("document/subject", "a document's id is a bare DID");
	return parseOrgJson(bytes, toCanonicalDidUrl(parts, 1));
}

/** Tells whose document a file says it is, however little else of it makes sense. */
export function documentId(bytes: Uint8Array): unknown {
	try {
		return subjectOf(parseDocumentJson(bytes))["id"];
	} catch (error) {
		if (isOrgpassError(error)) return undefined;
		throw error;
	}
}

/** Hashes a file for a registry, and warns where nobody would read it as a document. */
export function hashForRegistry(context: CliContext, bytes: Uint8Array): Hex {
	try {
		parseAnyOrgJson(bytes);
	} catch (error) {
		if (!isOrgpassError(error)) throw error;
		context.stderr(
			`warning: no resolver will take this for an ORG.JSON document: ${escapeText(error.message)}\n`,
		);
	}
	return hashDocument(bytes);
}

/** Writes a document to a file or, as it is, to standard output, where its hash goes to standard error. */
export function writeDocument(
	context: CliContext,
	document: object,
	{ out, force, json = false }: DocumentOutFlags & { readonly json?: boolean },
	facts: object = {},
): Outcome {
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
	if (STEERING.test(text)) {
		throw new ConfigError("config/usage", "the document holds control characters: write it with --out");
	}
	context.stderr(`hash ${hash}\n`);
	return { data, text, isExact: true };
}

/** A key that was pasted where a path belongs must not come back. */
function shownName(file: string): string {
	return /^[\w./ -]{1,60}\.(?:org)?json$/i.test(file) ? formatValue(file) : "file";
}
