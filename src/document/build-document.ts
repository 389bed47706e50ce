/**
 * Writes ORG.JSON documents: the bytes to publish, and what goes into them.
 * @module
 */
import * as z from "zod/mini";
import { parseAccountId } from "../did/account-id.js";
import { canonicalizeId, isSubjectDid } from "../did/did-aliases.js";
import { type CanonicalDidUrl, isFragment, parseDidUrl, toCanonicalDidUrl } from "../did/did-url.js";
import { formatDateTime } from "../encoding/date-time.js";
import type { JsonObject } from "../encoding/json.js";
import { DocumentError } from "../errors/errors.js";
import { formatValue } from "../errors/format-value.js";
import { exportPublicKey } from "../keys/export-public-key.js";
import { isPublicKey, type PublicKey } from "../keys/public-key.js";
import { checkOptions } from "../options/check-options.js";
import { invalidOption } from "../options/invalid-option.js";
import { epochSeconds } from "../options/schemas.js";

/** A key or an account to write into a document: one of the two. */
export interface NewMethod {
	/** Its name, without `#`: 1 to 64 of `0-9 A-Z a-z _ -`. Every reader knows letters and digits. */
	readonly fragment: string;
	/** A secp256k1 key. */
	readonly publicKey?: PublicKey | undefined;
	/** An account, `eip155:<chain id>:0x…`; 1.x alone. */
	readonly account?: string | undefined;
	/** A word for people. */
	readonly note?: string | undefined;
}

/** Options of {@link buildDocument}. */
export interface BuildDocumentOptions {
	/** The organization's bare DID, spelt as the document shall have it. */
	readonly did: string;
	/** Plain, for registries that keep a hash (0.x), or a credential's subject, to be signed (1.x). */
	readonly generation: "0.x" | "1.x";
	/** A document to start from: its members, keys and date of making are kept. A credential's subject is taken. */
	readonly existing?: object | undefined;
	/** Keys and accounts to add. */
	readonly verificationMethods?: readonly NewMethod[] | undefined;
	/**
	 * DID URLs of keys that may sign the document besides the owner, added to `capabilityDelegation`; 1.x alone.
	 * Spelt as on chain. Another organization's key is named with its chain.
	 */
	readonly delegates?: readonly string[] | undefined;
	/** Seconds since the epoch. */
	readonly now: number;
}

const CONTEXT = ["https://www.w3.org/ns/did/v1", "https://windingtree.com/ns/orgid/v1"];
const SCHEMA_VERSION = "0.4.3";
const SUBJECT = "buildDocument";

const method = z.strictObject(
	{
		fragment: z
			.string("1 to 64 of 0-9 A-Z a-z _ -")
			.check(z.refine(isFragment, "1 to 64 of 0-9 A-Z a-z _ -")),
		publicKey: z.optional(z.custom<PublicKey>(isPublicKey, "a PublicKey")),
		account: z.optional(z.string("an account, eip155:<chain id>:0x…")),
		note: z.optional(z.string("text")),
	},
	"an object with a fragment, and a publicKey or an account",
);

const optionsSchema = z.strictObject(
	{
		did: z.string("a bare did:orgid DID"),
		generation: z.enum(["0.x", "1.x"], '"0.x" or "1.x"'),
		existing: z.optional(z.looseObject({}, "a JSON object")),
		verificationMethods: z.optional(z.array(method, "an array of keys and accounts")),
		delegates: z.optional(z.array(z.string("a DID URL"), "an array of DID URLs")),
		now: epochSeconds,
	},
	"an object",
);

/**
 * Builds a document, anew or from an existing one. The order of its members is always the same, so that equal
 * documents have equal bytes. Where the existing document lists keys for authentication, the new ones are
 * listed, too.
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
 * @param options the organization, the generation, what to start from and what to add; never changed
 * @returns the document, the caller's own
 * @throws {ConfigError} `config/unknown-option`, `config/invalid-option`
 * @throws {DidError} `did/syntax` for the DID; `did/syntax`, `did/chain-missing` for a delegate
 * @throws {DocumentError} `document/subject` where the existing document is another organization's
 */
export function buildDocument(options: BuildDocumentOptions): Record<string, unknown> {
	checkOptions(optionsSchema, options, SUBJECT);
	const { did, generation, verificationMethods = [], delegates = [], now } = options;
	if (generation === "0.x" && delegates.length > 0) {
		throw invalidOption("delegates", "left out: 0.x documents have no delegates", { subject: SUBJECT });
	}
	const parts = parseDidUrl(did);
	if (parts.fragment !== undefined)
		throw invalidOption("did", "a bare DID, without a fragment", { subject: SUBJECT });
	// The chain only serves to compare: a DID that names none is compared with those that do, too.
	const existing = copyExisting(options);
	const subject = toCanonicalDidUrl(parts, parts.chainId ?? chainOf(existing["id"]) ?? 1);
	if (existing["id"] !== undefined && !isSubjectDid(existing["id"], subject)) {
		throw new DocumentError(
			"document/subject",
			`expected a document of ${did}, got the one of ${formatValue(existing["id"])}`,
		);
	}
	const list = generation === "0.x" ? "publicKey" : "verificationMethod";
	const { schemaVersion, "@context": context, id: _id, created, updated: _updated, ...rest } = existing;
	const { [list]: methods = [], authentication, ...others } = rest;
	if (!Array.isArray(methods))
		throw invalidOption("existing", `a document whose ${list} is an array`, { subject: SUBJECT });
	const added = verificationMethods.map((one) => toMethod(one, did, generation));
	assertUniqueIds([...methodsOf(existing), ...added], subject);
	const at = formatDateTime(now);
	const version = schemaVersion ?? (generation === "0.x" ? SCHEMA_VERSION : undefined);
	return {
		...(version === undefined ? {} : { schemaVersion: version }),
		"@context": context ?? [...CONTEXT],
		id: did,
		created: created ?? at,
		updated: at,
		[list]: [...methods, ...added],
		...(authentication === undefined ? {} : { authentication: extend(authentication, added) }),
		...others,
		...(delegates.length === 0
			? {}
			: { capabilityDelegation: delegate(others["capabilityDelegation"], delegates, subject) }),
	};
}

/**
 * Writes the bytes to publish: indented by two, without a newline at the end. A registry's hash is over these
 * very bytes; in this form it is also the hash that the resolvers of 2020-21 computed.
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

/** A copy: what is returned is the caller's own. */
function copyExisting({ existing, generation }: BuildDocumentOptions): Record<string, unknown> {
	const copy = JSON.parse(JSON.stringify(existing ?? {})) as Record<string, unknown>;
	const { credentialSubject } = copy;
	if (credentialSubject === undefined) return copy;
	if (generation === "1.x" && typeof credentialSubject === "object" && credentialSubject !== null) {
		return credentialSubject as Record<string, unknown>;
	}
	throw invalidOption("existing", "a document of the generation asked for", { subject: SUBJECT });
}

function chainOf(id: unknown): number | undefined {
	try {
		return parseDidUrl(id).chainId;
	} catch {
		return undefined;
	}
}

function toMethod(
	{ fragment, publicKey, account, note }: NewMethod,
	did: string,
	generation: BuildDocumentOptions["generation"],
): Record<string, unknown> {
	const id = `${did}#${fragment}`;
	const remark = note === undefined ? {} : { note };
	if ((publicKey === undefined) === (account === undefined)) {
		throw invalidOption("verificationMethods", "keys and accounts, each either of the two", {
			subject: SUBJECT,
		});
	}
	if (publicKey !== undefined) {
		return generation === "0.x"
			? {
					...{ id, type: "secp256k1", controller: did },
					...{ publicKeyPem: exportPublicKey(publicKey, "spki-base64"), ...remark },
				}
			: {
					...{ id, controller: did, type: "EcdsaSecp256k1VerificationKey2019" },
					...{ publicKeyJwk: exportPublicKey(publicKey, "jwk"), ...remark },
				};
	}
	if (generation === "0.x")
		throw invalidOption("verificationMethods", "keys: 0.x documents have no accounts", { subject: SUBJECT });
	const blockchainAccountId = toAccount(account);
	return { id, controller: did, type: "EcdsaSecp256k1RecoveryMethod2020", blockchainAccountId, ...remark };
}

function toAccount(text: unknown): string {
	try {
		const { chainId, address } = parseAccountId(text);
		return `eip155:${chainId}:${address}`;
	} catch {
		throw invalidOption("verificationMethods", "accounts as eip155:<chain id>:0x<40 hex digits>", {
			subject: SUBJECT,
		});
	}
}

/** Everything that has an id in the document: a fragment names one thing. */
function methodsOf(document: JsonObject): readonly unknown[] {
	const lists = ["publicKey", "verificationMethod", "authentication", "capabilityDelegation"];
	return lists.flatMap((name) => document[name] ?? []).filter((entry) => typeof entry === "object");
}

function assertUniqueIds(methods: readonly unknown[], subject: CanonicalDidUrl): void {
	const seen = new Set<string>();
	for (const one of methods) {
		const id = canonicalizeId((one as JsonObject | null)?.["id"], subject);
		if (id === undefined) continue;
		if (seen.has(id)) {
			const fragment = id.slice(id.indexOf("#") + 1);
			throw invalidOption(
				"verificationMethods",
				`keys of other names: ${formatValue(fragment)} is there already`,
				{ subject: SUBJECT },
			);
		}
		seen.add(id);
	}
}

function extend(authentication: unknown, added: readonly Record<string, unknown>[]): unknown {
	return Array.isArray(authentication) ? [...authentication, ...added.map(({ id }) => id)] : authentication;
}

/** Readers compare names as they are spelt: a twin is one of the same spelling. */
function delegate(existing: unknown, delegates: readonly string[], subject: CanonicalDidUrl): unknown[] {
	if (existing !== undefined && !Array.isArray(existing)) {
		throw invalidOption("existing", "a document whose capabilityDelegation is an array", {
			subject: SUBJECT,
		});
	}
	const before: readonly unknown[] = existing ?? [];
	for (const name of delegates) {
		const parts = parseDidUrl(name);
		const isOwn = parts.orgId === subject.orgId;
		const { fragment } = toCanonicalDidUrl(parts, isOwn ? subject.chainId : undefined);
		if (fragment === undefined)
			throw invalidOption("delegates", "DID URLs of keys, did:orgid:…#name", { subject: SUBJECT });
	}
	const known = new Set(before.map((one) => (isNamed(one) ? one.id : one)));
	return [...before, ...new Set(delegates.filter((name) => !known.has(name)))];
}

function isNamed(entry: unknown): entry is { readonly id: unknown } {
	return typeof entry === "object" && entry !== null && "id" in entry;
}
