/**
 * The keys and accounts of an ORG.JSON document, with canonical ids. Those of other organizations are kept, but can
 * never sign for this one.
 * @module
 */
import type { VerificationMethod } from "did-resolver";
import { canonicalizeId } from "../did/did-aliases.js";
import { type CanonicalDidUrl, isFragment } from "../did/did-url.js";
import { embeddedMethods } from "../did/method-lists.js";
import { intersect, type MethodPeriod, periodOfDocument, periodOfMethod, toMarks } from "../did/method-period.js";
import { isJsonObject, type JsonObject } from "../encoding/json.js";
import { DidError, DocumentError, formatValue } from "../errors/errors.js";

/** A key or account of a document. */
export type DocumentMethod = Readonly<VerificationMethod> & {
	/** When it was or will be revoked, as `xsd:dateTime`; 1970 if the document's date is invalid. */
	readonly revoked?: string;
	/** When its validity ends and starts, in one form whichever members the document uses. */
	readonly expires?: string;
	readonly validFrom?: string;
};

/** The keys and accounts of a document. */
export interface DocumentMethods {
	/** Every key and account, including those of other organizations. */
	readonly methods: readonly DocumentMethod[];
	/** The ids listed for authentication; absent if the document has no such list. */
	readonly authentication?: readonly string[];
	/** Who may sign the document besides the owner: DID URLs as written, or embedded keys. */
	readonly capabilityDelegation: readonly (string | DocumentMethod)[];
}

const MAX_METHODS = 1_000;
const METHOD_LISTS = ["verificationMethod", "publicKey"] as const;

/** Parses the keys and accounts of a document's subject. */
export function parseMethods(json: JsonObject, subject: CanonicalDidUrl): DocumentMethods {
	const listed = METHOD_LISTS.flatMap((name) => listMember(json, name));
	const authentication = Array.isArray(json["authentication"]) ? json["authentication"] : [];
	const delegation = listMember(json, "capabilityDelegation");
	if (listed.length + authentication.length > MAX_METHODS || delegation.length > MAX_METHODS) {
		throw new DocumentError("document/malformed", `expected at most ${MAX_METHODS} keys and delegates`);
	}
	assertUniqueIds(embeddedMethods(json), subject);
	const period = periodOfDocument(json);
	const methods = [...listed, ...authentication].flatMap((entry) => toMethod(entry, subject, period) ?? []);
	const ids = authentication.flatMap(
		(entry: unknown) => canonicalizeId(isJsonObject(entry) ? entry["id"] : entry, subject) ?? [],
	);
	return {
		methods,
		...(json["authentication"] === undefined ? {} : { authentication: ids }),
		capabilityDelegation: delegation.flatMap((entry) =>
			typeof entry === "string" ? entry : (toMethod(entry, subject, period) ?? []),
		),
	};
}

/** Checks whether a method belongs to the organization and is controlled by it. */
export function isOwnMethod({ id, controller }: DocumentMethod, did: string): boolean {
	return id.startsWith(`${did}#`) && isFragment(id.slice(did.length + 1)) && controller === did;
}

/** The first id that occurs twice. */
export function findDuplicate(ids: readonly string[]): string | undefined {
	const seen = new Set<string>();
	return ids.find((id) => seen.size === seen.add(id).size);
}

/** Undefined for an entry without the members of a verification method: no token or proof can refer to it. */
function toMethod(entry: unknown, subject: CanonicalDidUrl, period: MethodPeriod): DocumentMethod | undefined {
	if (!isJsonObject(entry)) return undefined;
	const { id, type, controller } = entry;
	if (typeof id !== "string" || typeof type !== "string" || typeof controller !== "string") return undefined;
	// A controller is a DID, so a relative `#fragment` isn't resolved.
	const did = controller.startsWith("#") ? undefined : canonicalizeId(controller, subject);
	const ids = { id: canonicalizeId(id, subject) ?? id, controller: did ?? controller };
	return { ...entry, ...ids, type, ...toMarks(intersect(period, periodOfMethod(entry))) } as DocumentMethod;
}

/** Checks malformed keys, too. */
function assertUniqueIds(entries: readonly JsonObject[], subject: CanonicalDidUrl): void {
	const ids = entries.map(({ id }) => id);
	const names = ids.filter((id) => typeof id === "string").map((id) => canonicalizeId(id, subject) ?? id);
	const duplicate = findDuplicate(names);
	if (duplicate === undefined) return;
	const message = `two keys of the document have the id ${formatValue(duplicate)}`;
	throw new DidError("did/document-invalid", message);
}

function listMember(json: JsonObject, name: string): readonly unknown[] {
	const value = json[name];
	if (value === undefined) return [];
	if (Array.isArray(value)) return value;
	throw new DocumentError("document/malformed", `expected ${name} to be an array, got ${formatValue(value)}`);
}
