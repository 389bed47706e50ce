/**
 * An ORG.JSON document: 0.x, a plain DID document, or 1.x, a credential about one. Read strictly, brought
 * into one shape; whether it may be believed is another question (`check-document`).
 * @module
 */
import type { Service } from "did-resolver";
import { canonicalizeId, isSubjectDid } from "../did/did-aliases.js";
import type { CanonicalDidUrl } from "../did/did-url.js";
import { parseDateTime } from "../encoding/date-time.js";
import type { JsonObject } from "../encoding/json.js";
import { decodeUtf8, parseJson } from "../encoding/json.js";
import { DocumentError } from "../errors/errors.js";
import { formatValue } from "../errors/format-value.js";
import { type DocumentMethods, isUsable, parseMethods } from "./document-methods.js";

/** A document in one shape, deeply frozen. Its own ids are spelt below its canonical DID. */
export interface OrgJson extends DocumentMethods {
	/** Which schemas it is of: plain (0.3, 0.4) or a credential (1.x). */
	readonly generation: "0.x" | "1.x";
	/** The canonical bare DID. */
	readonly id: string;
	/** Its services; own ids in the canonical spelling. */
	readonly service: readonly Service[];
	/** When it was made, as written. */
	readonly created?: string;
	/** When it was last changed, as written. */
	readonly updated?: string;
	/** The document says that the organization is gone: a member `deactivated` is there, whatever it holds. */
	readonly deactivated: boolean;
	/** The document itself, or the credential's subject, as served. */
	readonly subject: JsonObject;
	/** The whole credential, as served; 1.x alone. */
	readonly credential?: JsonObject;
}

const MAX_DEPTH = 32;

/**
 * Reads a document and holds it to the organization it was asked for: the document's or subject's `id` must
 * be that DID, with its chain or without. A credential's `issuer` must be it, too, or the organization whose
 * key signed it, as delegates' credentials have it. Nothing is believed by this: see `inspectDocument`.
 */
export function parseOrgJson(bytes: Uint8Array, subject: CanonicalDidUrl): OrgJson {
	const json = parseDocumentJson(bytes);
	const credential = isCredential(json) ? json : undefined;
	const document = credential === undefined ? json : credentialSubjectOf(credential);
	if (!isSubjectDid(document["id"], subject)) {
		throw new DocumentError(
			"document/subject",
			`expected the document of ${subject.did}, got the one of ${formatValue(document["id"])}`,
		);
	}
	if (credential !== undefined) assertIssuer(credential, subject);
	const { created, updated, deactivated } = document;
	return freeze({
		generation: credential === undefined ? "0.x" : "1.x",
		id: subject.did,
		...parseMethods(document, subject),
		service: parseServices(document["service"], subject),
		...(typeof created === "string" ? { created } : {}),
		...(typeof updated === "string" ? { updated } : {}),
		deactivated: deactivated !== undefined,
		subject: document,
		...(credential === undefined ? {} : { credential }),
	});
}

/**
 * Lists the keys of a document that may sign for the organization at a time: its own, under its own
 * control, not revoked, and listed for authentication where the document has such a list.
 */
export function authenticationIds(orgJson: OrgJson, now: number): readonly string[] {
	const { authentication, id, methods } = orgJson;
	const listed = authentication === undefined ? undefined : new Set(authentication);
	return methods
		.filter((method) => isUsable(method, id, now) && (listed === undefined || listed.has(method.id)))
		.map((method) => method.id);
}

/**
 * Tells how new a document says it is, so that an older one than was seen before can be refused: the later of
 * when it was changed (or else made) and when its credential was issued. `proof.created` isn't signed and
 * doesn't count.
 */
export function documentVersion(orgJson: OrgJson): number {
	const changed = parseDateTime(orgJson.updated) ?? parseDateTime(orgJson.created) ?? 0;
	return Math.max(changed, parseDateTime(orgJson.credential?.["issuanceDate"]) ?? 0);
}

/** Reads a document's bytes as strict JSON, its members not looked at. */
export function parseDocumentJson(bytes: Uint8Array): JsonObject {
	let value: unknown;
	try {
		value = parseJson(decodeUtf8(bytes), { maxDepth: MAX_DEPTH });
	} catch (cause) {
		if (!(cause instanceof SyntaxError)) throw cause;
		throw new DocumentError("document/malformed", `the document: ${cause.message}`, { cause });
	}
	if (typeof value !== "object" || value === null || Array.isArray(value)) {
		throw new DocumentError("document/malformed", `expected a JSON object, got ${formatValue(value)}`);
	}
	return freeze(value as JsonObject);
}

function isCredential({ type, credentialSubject }: JsonObject): boolean {
	return credentialSubject !== undefined || listOf(type).includes("OrgJson");
}

function credentialSubjectOf({ type, credentialSubject }: JsonObject): JsonObject {
	const types = listOf(type);
	if (!types.includes("VerifiableCredential") || !types.includes("OrgJson")) {
		throw new DocumentError(
			"document/malformed",
			"expected a credential of the types VerifiableCredential and OrgJson",
		);
	}
	if (typeof credentialSubject === "object" && credentialSubject !== null) {
		if (!Array.isArray(credentialSubject)) return credentialSubject as JsonObject;
	}
	throw new DocumentError(
		"document/malformed",
		`expected credentialSubject to be an object, got ${formatValue(credentialSubject)}`,
	);
}

/** Winding Tree's SDK names the organization of the signing key, which may be a delegate's. */
function assertIssuer({ issuer, proof }: JsonObject, subject: CanonicalDidUrl): void {
	if (isSubjectDid(issuer, subject)) return;
	const { verificationMethod } = (typeof proof === "object" ? (proof ?? {}) : {}) as JsonObject;
	const isSigners =
		typeof issuer === "string" &&
		issuer !== "" &&
		typeof verificationMethod === "string" &&
		verificationMethod.startsWith(`${issuer}#`);
	if (isSigners) return;
	throw new DocumentError(
		"document/subject",
		`expected the issuer ${subject.did} or the organization of the signing key, got ${formatValue(issuer)}`,
	);
}

/** Services are told, not judged: what has none of a service's members is left out. */
function parseServices(value: unknown, subject: CanonicalDidUrl): Service[] {
	return listOf(value).flatMap((entry) => {
		if (typeof entry !== "object" || entry === null) return [];
		const { id, type } = entry as JsonObject;
		if (typeof id !== "string" || typeof type !== "string") return [];
		return { ...(entry as Service), id: canonicalizeId(id, subject) ?? id };
	});
}

function listOf(value: unknown): readonly unknown[] {
	return Array.isArray(value) ? value : [];
}

/** Deeply; the depth is bounded by the parser. `1e400` parses to a number that JSON can't write. */
function freeze<T extends object>(value: T): T {
	for (const member of Object.values(value)) {
		if (typeof member === "object" && member !== null && !Object.isFrozen(member)) freeze(member);
		if (typeof member === "number" && !Number.isFinite(member)) {
			throw new DocumentError("document/malformed", "a number of the document is out of range");
		}
	}
	return Object.freeze(value);
}
