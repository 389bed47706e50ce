/** @module */
import type { Resolvable } from "did-resolver";
import * as v from "valibot";
import { assertCredentialInForce } from "../../document/credential/credential-validity.js";
import { findJsonValue, parseJsonPointer } from "../../encoding/json-pointer.js";
import { ERROR_CODES, type ErrorCode } from "../../errors/codes.js";
import { escapeText, formatValue, isOrgpassError, OrgpassError, PolicyError } from "../../errors/errors.js";
import { OUTAGE_CODES } from "../../errors/outage-codes.js";
import { assertOptions } from "../../options/assert-options.js";
import { invalidOption } from "../../options/invalid-option.js";
import { finiteNumber, objectWith, optionsSchema } from "../../options/schemas.js";
import type { OrgRecord } from "../../registry/org-record.js";
import { resolveOrganization } from "../../tokens/orgid/resolve-organization.js";
import type { VerifiedToken } from "../../tokens/verified-token.js";
import { organizationOf } from "./organization.js";
import { markUndecided } from "./policy.js";

/** A JSON value without members. */
export type JsonPrimitive = string | number | boolean | null;

/** Options of {@link requireDocument}. */
export interface DocumentRequirements {
	/** The resolver that the profile uses, so that the document is already in its cache. */
	readonly resolver: Resolvable;
	/** Where the value is in the document: a JSON pointer, such as `/legalEntity/registeredAddress/country`. */
	readonly pointer: string;
	/** The value there; of several values one is enough. They are compared exactly. */
	readonly value: JsonPrimitive | readonly JsonPrimitive[];
}

/** How far the clocks of a document's signer and this machine may differ. */
const TOLERANCE_SECONDS = 30;
const POINTER = "a JSON pointer (RFC 6901) to a value in the document, such as /legalEntity/legalName";
const SUBJECT = { subject: "requireDocument" };
const VALUE = "a string, number, boolean or null, or a non-empty array of them";

const primitive = v.union([v.string(), finiteNumber(VALUE), v.boolean(), v.null()], VALUE);

const schema = optionsSchema<DocumentRequirements>({
	resolver: objectWith("resolve"),
	pointer: v.pipe(
		v.string(POINTER),
		v.check((text) => (parseJsonPointer(text) ?? []).length > 0, POINTER),
	),
	value: v.union([primitive, v.pipe(v.array(primitive), v.nonEmpty(VALUE))], VALUE),
});

/**
 * Creates a policy about the organization's document (ORG.JSON): a member must have a certain value. The document has
 * been verified by its hash or its proof, but what it says is the organization's own word. It is usually in the
 * resolver's cache, so no request is made.
 *
 * @example
 * ```ts
 * import { createOrgIdResolver } from "orgpass";
 * import { requireDocument } from "orgpass/auth";
 *
 * const resolver = createOrgIdResolver({
 *   networks: [{ chainId: 31337, rpcUrl: "http://127.0.0.1:8545", registry: `0x${"11".repeat(20)}` }],
 * });
 * const policy = requireDocument({ resolver, pointer: "/legalEntity/registeredAddress/country", value: ["AT", "DE"] });
 * const token = { profile: "github-app", issuer: "7", keyId: "", claims: {}, scopes: [] };
 * await policy(token).catch((error) => error.code); // => "policy/organization"
 * ```
 * @param options the resolver, the pointer and the value
 * @returns the policy. It rejects with `policy/document-field` for another value or none, `policy/document-missing` if the
 * organization has no document, `policy/document-invalid` if the document can't be verified (with the code in
 * `details.reason`), `policy/organization` for tokens of other issuers, and with `document/unreachable` or another outage
 * (HTTP 503) if the document can't be loaded, or `config/invalid-option` (HTTP 500) if the resolver reads another registry
 * than the one that the token was verified against
 * @throws {ConfigError} `config/unknown-option`, `config/invalid-option`
 * @see RFC 6901
 */
export function requireDocument(options: DocumentRequirements): (token: VerifiedToken) => Promise<void> {
	assertOptions(schema, options, "requireDocument");
	const { resolver, pointer } = options;
	const names = parseJsonPointer(pointer) as readonly string[];
	const values = new Set<unknown>([options.value].flat());
	return async function assertDocument(token) {
		const value = findJsonValue(await readDocument(resolver, organizationOf(token)), names);
		if (values.has(value)) return;
		const isMissing = value === undefined;
		const actual = isMissing ? "isn't there" : `isn't allowed here: ${formatValue(value)}`;
		const message = `the value at ${formatValue(pointer)} in the organization's document ${actual}`;
		const error = new PolicyError("policy/document-field", message, { details: { pointer, isMissing } });
		throw isMissing ? markUndecided(error) : error;
	};
}

/** The verified document of an organization that is still active. */
async function readDocument(resolver: Resolvable, organization: OrgRecord): Promise<object> {
	const { did, chainId, orgId, registry } = organization;
	try {
		const resolved = await resolveOrganization(resolver, { did, chainId, orgId });
		const { organization: read, orgJson, documentError, credential } = resolved;
		// In another registry, somebody else may own the same id.
		if (read !== undefined && read.registry.toLowerCase() !== registry.toLowerCase()) {
			throw invalidOption("resolver", "one that reads the registry of the token's organization", SUBJECT);
		}
		if (documentError !== undefined) throw toDocumentError(documentError);
		if (credential !== undefined) assertCredentialInForce(credential, Date.now() / 1_000, TOLERANCE_SECONDS);
		if (typeof orgJson === "object" && orgJson !== null) return orgJson;
	} catch (cause) {
		if (!isOrgpassError(cause) || OUTAGE_CODES.has(cause.code) || !cause.code.startsWith("document/")) throw cause;
		const message = `the organization's document can't be verified: ${cause.message}`;
		const details = { reason: cause.code };
		throw markUndecided(new PolicyError("policy/document-invalid", message, { details, cause }));
	}
	const message = "expected an organization with a document, from a resolver that loads it";
	throw markUndecided(new PolicyError("policy/document-missing", message));
}

/**
 * Restores an error from the resolver's metadata. One that isn't ours says nothing about the document, and neither does a
 * policy's, which `not` would accept.
 */
function toDocumentError(documentError: unknown): OrgpassError {
	const { code, message } = Object(documentError) as Record<string, unknown>;
	const isOurs = typeof code === "string" && Object.hasOwn(ERROR_CODES, code) && !code.startsWith("policy/");
	const text = escapeText(String(message));
	return isOurs ? new OrgpassError(code as ErrorCode, text) : new PolicyError("policy/unavailable", text);
}
