/**
 * ORG.JSON documents: 0.x, plain DID documents, and 1.x, credentials about one. Parsed strictly into one shape; whether
 * they are authentic is checked in `document-checks`.
 * @module
 */
import type { Service } from "did-resolver";
import { canonicalizeId, isSubjectDid } from "../did/did-aliases.js";
import type { CanonicalDidUrl } from "../did/did-url.js";
import { isDeactivated, isInForce, periodOfMethod } from "../did/method-period.js";
import { parseDateTime } from "../encoding/date-time.js";
import { isJsonObject, type JsonObject } from "../encoding/json.js";
import { DocumentError, formatValue } from "../errors/errors.js";
import { freeze, parseDocumentJson } from "./document-json.js";
import { type DocumentMethod, type DocumentMethods, isOwnMethod, parseMethods } from "./document-methods.js";

const MAX_OFFERED = 32;

/** A parsed document, deeply frozen. The organization's own ids are DID URLs of its canonical DID. */
export interface OrgJson extends DocumentMethods {
	/** The schema: plain (0.3, 0.4) or a credential (1.x). */
	readonly generation: "0.x" | "1.x";
	/** The canonical bare DID. */
	readonly id: string;
	readonly service: readonly Service[];
	/** When it was created and last updated, as written. */
	readonly created?: string;
	readonly updated?: string;
	/** Whether the document has a `deactivated` member, whatever its value. */
	readonly deactivated: boolean;
	/** The document itself, or the credential's subject, as served. */
	readonly subject: JsonObject;
	/** The whole credential, as served; 1.x only. */
	readonly credential?: JsonObject;
}

/** Parses a document and checks that it has the given subject, but not its hash or proof. */
export function parseOrgJson(bytes: Uint8Array, subject: CanonicalDidUrl): OrgJson {
	const json = parseDocumentJson(bytes);
	const credential = isCredential(json) ? json : undefined;
	const document = credential === undefined ? json : credentialSubjectOf(credential);
	if (!isSubjectDid(document["id"], subject)) {
		const message = `expected the document of ${subject.did}, got that of ${formatValue(document["id"])}`;
		throw new DocumentError("document/subject", message);
	}
	if (credential !== undefined) assertIssuer(credential, subject);
	const { created, updated } = document;
	return freeze({
		generation: credential === undefined ? "0.x" : "1.x",
		id: subject.did,
		...parseMethods(document, subject),
		service: parseServices(document["service"], subject),
		...(typeof created === "string" ? { created } : {}),
		...(typeof updated === "string" ? { updated } : {}),
		deactivated: isDeactivated(document),
		subject: document,
		...(credential === undefined ? {} : { credential }),
	});
}

/** The document's own methods that are listed for authentication; all of them if there is no such list. */
export function authenticationMethods({ authentication, id, methods }: OrgJson): readonly DocumentMethod[] {
	const listed = authentication === undefined ? undefined : new Set(authentication);
	return methods.filter((method) => isOwnMethod(method, id) && (listed === undefined || listed.has(method.id)));
}

/** The ids of the keys that may sign now. */
export function authenticationIds(orgJson: OrgJson, now: number): readonly string[] {
	const methods = authenticationMethods(orgJson);
	return methods.filter((method) => isInForce(periodOfMethod(method), now)).map(({ id }) => id);
}

/** The ids of keys that other verifiers may see; limited: reading keys takes time, and there may be a thousand. */
export function offeredIds(orgJson: OrgJson, now: number): readonly string[] {
	return authenticationIds(orgJson, now).slice(0, MAX_OFFERED);
}

/** When a document says it was written, so that older ones can be refused. `proof.created` isn't signed. */
export function documentVersion(orgJson: OrgJson): number {
	const changed = parseDateTime(orgJson.updated) ?? parseDateTime(orgJson.created) ?? 0;
	return Math.max(changed, parseDateTime(orgJson.credential?.["issuanceDate"]) ?? 0);
}

function isCredential({ type, credentialSubject }: JsonObject): boolean {
	return credentialSubject !== undefined || listOf(type).includes("OrgJson");
}

function credentialSubjectOf({ type, credentialSubject }: JsonObject): JsonObject {
	const types = listOf(type);
	if (!types.includes("VerifiableCredential") || !types.includes("OrgJson")) {
		const message = "expected a credential of the types VerifiableCredential and OrgJson";
		throw new DocumentError("document/malformed", message);
	}
	if (isJsonObject(credentialSubject)) return credentialSubject;
	const message = `expected credentialSubject to be an object, got ${formatValue(credentialSubject)}`;
	throw new DocumentError("document/malformed", message);
}

/** Winding Tree's SDK writes the organization of the signing key, which may be a delegate's. */
function assertIssuer({ issuer, proof }: JsonObject, subject: CanonicalDidUrl): void {
	if (isSubjectDid(issuer, subject)) return;
	const keyName = isJsonObject(proof) ? proof["verificationMethod"] : undefined;
	const isText = typeof issuer === "string" && issuer !== "" && typeof keyName === "string";
	if (isText && keyName.startsWith(`${issuer}#`)) return;
	const expected = `expected the issuer ${subject.did} or the organization of the signing key`;
	throw new DocumentError("document/subject", `${expected}, got ${formatValue(issuer)}`);
}

/** Entries without the members of a service are skipped, not refused. */
function parseServices(value: unknown, subject: CanonicalDidUrl): Service[] {
	return listOf(value).flatMap((entry) => {
		if (!isJsonObject(entry)) return [];
		const { id, type } = entry;
		if (typeof id !== "string" || typeof type !== "string") return [];
		return { ...(entry as unknown as Service), id: canonicalizeId(id, subject) ?? id };
	});
}

function listOf(value: unknown): readonly unknown[] {
	return Array.isArray(value) ? value : [];
}
