/**
 * The keys and accounts of an ORG.JSON document, in one spelling. What isn't the organization's own stays
 * visible and can never sign for it.
 * @module
 */
import type { VerificationMethod } from "did-resolver";
import { canonicalizeId } from "../did/did-aliases.js";
import { type CanonicalDidUrl, isFragment } from "../did/did-url.js";
import { formatDateTime, parseDateTime } from "../encoding/date-time.js";
import type { JsonObject } from "../encoding/json.js";
import { DidError, DocumentError } from "../errors/errors.js";
import { formatValue } from "../errors/format-value.js";

/** A key or account of a document. */
export type DocumentMethod = Readonly<VerificationMethod> & {
	/** When it was or will be revoked, as `xsd:dateTime`; one whose date can't be read was revoked in 1970. */
	readonly revoked?: string;
};

/** What a document says about its keys. */
export interface DocumentMethods {
	/** Every key and account, those of others too. */
	readonly methods: readonly DocumentMethod[];
	/** The ids the document lists for authentication; absent where it has no such list. */
	readonly authentication?: readonly string[];
	/** Who may sign the document besides the owner: DID URLs as written, or keys. */
	readonly capabilityDelegation: readonly (string | DocumentMethod)[];
}

const MAX_METHODS = 1_000;
const EPOCH = "1970-01-01T00:00:00Z";
const METHOD_LISTS = ["verificationMethod", "publicKey"] as const;

/** Reads the keys of a document's subject. */
export function parseMethods(json: JsonObject, subject: CanonicalDidUrl): DocumentMethods {
	const listed = METHOD_LISTS.flatMap((name) => listMember(json, name));
	const authentication = Array.isArray(json["authentication"]) ? json["authentication"] : [];
	const delegation = listMember(json, "capabilityDelegation");
	if (listed.length + authentication.length > MAX_METHODS || delegation.length > MAX_METHODS) {
		throw new DocumentError("document/malformed", `expected at most ${MAX_METHODS} keys and delegates`);
	}
	const embedded = authentication.filter(isObject);
	assertUniqueIds([...listed, ...embedded, ...delegation], subject);
	const methods = [...listed, ...embedded].flatMap((entry) => toMethod(entry, subject) ?? []);
	return {
		methods,
		...(json["authentication"] === undefined ? {} : { authentication: toIds(authentication, subject) }),
		capabilityDelegation: delegation.flatMap((entry) =>
			typeof entry === "string" ? entry : (toMethod(entry, subject) ?? []),
		),
	};
}

/**
 * Tells whether a key may sign for its organization at a time: it is the organization's own, under its
 * own control, and not revoked.
 */
export function isUsable(method: DocumentMethod, did: string, now: number): boolean {
	const isOwn = method.id.startsWith(`${did}#`) && isFragment(method.id.slice(did.length + 1));
	return isOwn && method.controller === did && !isRevoked(method, now);
}

/** Tells whether a key is revoked at a time. */
export function isRevoked(method: object, now: number): boolean {
	const revokedAt = revocationOf(method as JsonObject);
	return revokedAt !== undefined && revokedAt <= now;
}

/** Tells whether a key's validity is over at a time. */
export function isExpired(method: object, now: number): boolean {
	const { expires } = method as JsonObject;
	return expires !== undefined && (parseDateTime(expires) ?? 0) <= now;
}

/** The earlier date, where both members are there; 0 for a date that can't be read. */
function revocationOf({ revoked, verificationMethodRevocation }: JsonObject): number | undefined {
	const dates: number[] = [];
	if (revoked !== undefined) dates.push(parseDateTime(revoked) ?? 0);
	if (verificationMethodRevocation !== undefined) {
		const { invalidityDate } = isObject(verificationMethodRevocation) ? verificationMethodRevocation : {};
		dates.push(parseDateTime(invalidityDate) ?? 0);
	}
	return dates.length === 0 ? undefined : Math.min(...dates);
}

/** Undefined for what is no verification method at all: it names nothing that could be asked for. */
function toMethod(entry: unknown, subject: CanonicalDidUrl): DocumentMethod | undefined {
	if (!isObject(entry)) return undefined;
	const { id, type, controller } = entry;
	if (typeof id !== "string" || typeof type !== "string" || typeof controller !== "string") return undefined;
	const revokedAt = revocationOf(entry);
	const revoked = revokedAt === undefined ? {} : { revoked: toXsdDateTime(revokedAt) };
	const ids = { id: canonicalizeId(id, subject) ?? id, controller: toController(controller, subject) };
	return { ...entry, ...ids, type, ...revoked } as DocumentMethod;
}

/** A controller is a DID: `#fragment` is none. */
function toController(controller: string, subject: CanonicalDidUrl): string {
	return controller.startsWith("#") ? controller : (canonicalizeId(controller, subject) ?? controller);
}

function toXsdDateTime(seconds: number): string {
	return seconds === 0 ? EPOCH : formatDateTime(seconds);
}

/** Two keys of one id are an error, not a choice; broken ones count. */
function assertUniqueIds(entries: readonly unknown[], subject: CanonicalDidUrl): void {
	const seen = new Set<string>();
	for (const entry of entries) {
		const id = isObject(entry) ? entry["id"] : undefined;
		if (typeof id !== "string") continue;
		const own = canonicalizeId(id, subject) ?? id;
		if (seen.has(own)) {
			throw new DidError("did/document-invalid", `two keys of the document have the id ${formatValue(own)}`);
		}
		seen.add(own);
	}
}

function toIds(entries: readonly unknown[], subject: CanonicalDidUrl): string[] {
	return entries.flatMap((entry) => {
		const id = isObject(entry) ? entry["id"] : entry;
		return canonicalizeId(id, subject) ?? [];
	});
}

function listMember(json: JsonObject, name: string): readonly unknown[] {
	const value = json[name];
	if (value === undefined) return [];
	if (Array.isArray(value)) return value;
	throw new DocumentError("document/malformed", `expected ${name} to be an array, got ${formatValue(value)}`);
}

function isObject(value: unknown): value is JsonObject {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}
