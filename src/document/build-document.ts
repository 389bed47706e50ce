/** @module */
import * as v from "valibot";
import { canonicalizeId, isSubjectDid } from "../did/did-aliases.js";
import { type CanonicalDidUrl, parseDidUrl, toCanonicalDidUrl } from "../did/did-url.js";
import { embeddedMethods } from "../did/method-lists.js";
import { copyJson } from "../encoding/copy-json.js";
import { formatDateTime } from "../encoding/date-time.js";
import { isJsonObject, type JsonObject } from "../encoding/json.js";
import { keepText } from "../encoding/kept-number.js";
import { undefinedOnError } from "../encoding/undefined-on-error.js";
import { type ConfigError, DocumentError, formatValue } from "../errors/errors.js";
import { assertOptions } from "../options/assert-options.js";
import { invalidOption } from "../options/invalid-option.js";
import { anyObject, optionsSchema } from "../options/schemas.js";
import { epochSeconds } from "../options/value-schemas.js";
import { findDuplicate } from "./document-methods.js";
import { type NewMethod, newMethod, toMethod } from "./new-method.js";

/** Options of {@link buildDocument}. */
export interface BuildDocumentOptions {
	/** The organization's bare DID, as it should appear in the document. */
	readonly did: string;
	/** 0.x: a plain document, for registries with a hash on chain. 1.x: a credential's subject, to be signed. */
	readonly generation: "0.x" | "1.x";
	/** A document, or a credential around one, to start from; its members, keys and `created` date are kept. */
	readonly existing?: object | undefined;
	/** Keys and accounts to add. */
	readonly verificationMethods?: readonly NewMethod[] | undefined;
	/**
	 * DID URLs of keys that may sign the document besides the owner, written as on chain, to be added to
	 * `capabilityDelegation`; 1.x only. Another organization's key must be named with its chain.
	 */
	readonly delegates?: readonly string[] | undefined;
	/** Seconds since the epoch. */
	readonly now: number;
}

const CONTEXT = ["https://www.w3.org/ns/did/v1", "https://windingtree.com/ns/orgid/v1"];
const SCHEMA_VERSION = "0.4.3";

const schema = optionsSchema<BuildDocumentOptions>({
	did: v.string("a bare did:orgid DID"),
	generation: v.picklist(["0.x", "1.x"], '"0.x" or "1.x"'),
	existing: v.optional(anyObject("a JSON object")),
	verificationMethods: v.optional(v.array(newMethod, "an array of keys and accounts")),
	delegates: v.optional(v.array(v.string("a DID URL"), "an array of DID URLs")),
	now: epochSeconds,
});

/**
 * Builds a document, from scratch or from an existing one. Its members are always in the same order, so that equal
 * documents have equal bytes. If the existing document has an array `authentication`, the new keys are added to it.
 *
 * @example
 * ```ts
 * import { importPublicKey } from "orgpass/keys";
 * import { buildDocument, encodeDocument, hashDocument } from "orgpass/resolver";
 *
 * const publicKey = importPublicKey("034f355bdcb7cc0af728ef3cceb9615d90684bb5b2ca5f859ab0f0b704075871aa");
 * const document = buildDocument({
 *   did: `did:orgid:0x${"0a".repeat(32)}`,
 *   generation: "0.x",
 *   existing: { legalEntity: { legalName: "Acme, Corp." } },
 *   verificationMethods: [{ fragment: "webserver", publicKey }],
 *   now: 1_700_000_000,
 * });
 * Object.keys(document); // => ["schemaVersion", "@context", "id", "created", "updated", "publicKey", "legalEntity"]
 * hashDocument(encodeDocument(document)).length; // => 66
 * ```
 * @param options the organization, the generation, the document to start from, and what to add; never changed
 * @returns a new document, which the caller may change
 * @throws {ConfigError} `config/unknown-option`, `config/invalid-option`
 * @throws {DidError} `did/syntax` for the DID; `did/syntax`, `did/chain-missing` for a delegate
 * @throws {DocumentError} `document/subject` if the existing document is another organization's
 */
export function buildDocument(options: BuildDocumentOptions): Record<string, unknown> {
	assertOptions(schema, options, "buildDocument");
	const { did, generation, verificationMethods = [], delegates = [], now } = options;
	if (generation === "0.x" && delegates.length > 0) {
		throw invalid("delegates", "absent: 0.x documents have no delegates");
	}
	const parts = parseDidUrl(did);
	if (parts.fragment !== undefined) throw invalid("did", "a bare DID, without a fragment");
	const existing = copyExisting(options);
	// The chain is only for comparisons: a DID without a chain matches those with any.
	const subject = toCanonicalDidUrl(
		parts,
		parts.chainId ?? undefinedOnError(() => parseDidUrl(existing["id"]).chainId) ?? 1,
	);
	if (existing["id"] !== undefined && !isSubjectDid(existing["id"], subject)) {
		const message = `expected a document of ${did}, got that of ${formatValue(existing["id"])}`;
		throw new DocumentError("document/subject", message);
	}
	const list = generation === "0.x" ? "publicKey" : "verificationMethod";
	const { schemaVersion, "@context": context, id: _id, created, updated: _updated, ...rest } = existing;
	const { [list]: methods = [], authentication, ...others } = rest;
	if (!Array.isArray(methods)) throw invalid("existing", `a document whose ${list} is an array`);
	const added = verificationMethods.map((method) => toMethod(method, did, generation));
	assertUniqueIds([...embeddedMethods(existing), ...added], subject);
	const updated = formatDateTime(now);
	const version = schemaVersion ?? (generation === "0.x" ? SCHEMA_VERSION : undefined);
	return {
		...(version === undefined ? {} : { schemaVersion: version }),
		"@context": context ?? [...CONTEXT],
		id: did,
		created: created ?? updated,
		updated,
		[list]: [...methods, ...added],
		...(authentication === undefined ? {} : { authentication: withMethods(authentication, added) }),
		...others,
		...(delegates.length > 0 && {
			capabilityDelegation: withDelegates(others["capabilityDelegation"], delegates, subject),
		}),
	};
}

/**
 * Encodes a document as the bytes to publish: indented by two spaces, without a newline at the end. The hash on chain
 * is of exactly these bytes; in this form, the resolvers of 2020-21 compute the same hash.
 *
 * @example
 * ```ts
 * import { encodeDocument } from "orgpass/resolver";
 *
 * new TextDecoder().decode(encodeDocument({ id: "did:orgid:0x…" })); // => '{\n  "id": "did:orgid:0x…"\n}'
 * ```
 * @param document a document or credential
 * @returns UTF-8
 */
export function encodeDocument(document: object): Uint8Array<ArrayBuffer> {
	return new TextEncoder().encode(JSON.stringify(document, null, 2));
}

function copyExisting({ existing, generation }: BuildDocumentOptions): Record<string, unknown> {
	const copy = copyJson(existing ?? {}, keepText) as Record<string, unknown>;
	const { credentialSubject } = copy;
	if (credentialSubject === undefined) return copy;
	if (generation === "1.x" && typeof credentialSubject === "object" && credentialSubject !== null) {
		return credentialSubject as Record<string, unknown>;
	}
	throw invalid("existing", "a document of the requested generation");
}

function assertUniqueIds(methods: readonly JsonObject[], subject: CanonicalDidUrl): void {
	const ids = methods.map(({ id }) => canonicalizeId(id, subject));
	const duplicate = findDuplicate(ids.filter((id) => id !== undefined));
	if (duplicate === undefined) return;
	const fragment = formatValue(duplicate.slice(duplicate.indexOf("#") + 1));
	throw invalid("verificationMethods", `keys with new names: ${fragment} is already in the document`);
}

function withMethods(authentication: unknown, added: readonly JsonObject[]): unknown {
	return Array.isArray(authentication) ? [...authentication, ...added.map(({ id }) => id)] : authentication;
}

/** Readers compare delegates as text, so only an equal text is a duplicate. */
function withDelegates(listed: unknown, delegates: readonly string[], subject: CanonicalDidUrl): unknown[] {
	const existing = listed === undefined ? [] : listed;
	if (!Array.isArray(existing)) throw invalid("existing", "a document whose capabilityDelegation is an array");
	for (const name of delegates) {
		const parts = parseDidUrl(name);
		const { fragment } = toCanonicalDidUrl(parts, parts.orgId === subject.orgId ? subject.chainId : undefined);
		if (fragment === undefined) throw invalid("delegates", "DID URLs of keys, did:orgid:…#name");
	}
	const known = new Set(existing.map((entry: unknown) => (isJsonObject(entry) && "id" in entry ? entry["id"] : entry)));
	return [...existing, ...new Set(delegates.filter((name) => !known.has(name)))];
}

function invalid(option: string, expected: string): ConfigError {
	return invalidOption(option, expected, { subject: "buildDocument" });
}
