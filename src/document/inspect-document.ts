/**
 * Checks a document: `inspectDocument` reports every check, `verifyDocument` and `verifyServedDocument` throw the first
 * failure.
 * @module
 */
import { copyBytes } from "../encoding/bytes.js";
import type { ErrorCode } from "../errors/codes.js";
import { DocumentError, type OrgpassError } from "../errors/errors.js";
import type { CheckResult, DocumentCheckName, runChecks as runAllChecks, VerifiedDocument } from "./document-checks.js";
import type { DocumentContext } from "./document-context.js";
import { isJson } from "./document-json.js";
import { loadOnDemand } from "./load-on-demand.js";

/** One check of a document. */
export interface DocumentCheck {
	readonly name: DocumentCheckName;
	readonly ok: boolean;
	/** Why it failed, as an error and as text. */
	readonly code?: ErrorCode;
	readonly message?: string;
	/** A note on a check that passed. */
	readonly detail?: string;
}

/** The result of {@link inspectDocument}; the document is present only if every check passed. */
export interface DocumentReport extends Partial<VerifiedDocument> {
	readonly ok: boolean;
	readonly checks: readonly DocumentCheck[];
}

/**
 * Checks a document and reports every check; those that depend on a failed check are left out. If the organization's
 * own delegate signed, its key is only in the document it signs, so the document's host is trusted for it: the `detail`
 * of the check `signer` says so.
 *
 * @example
 * ```ts
 * import { inspectDocument, hashDocument } from "orgpass/resolver";
 *
 * const orgId = `0x${"0a".repeat(32)}` as const;
 * const owner = `0x${"11".repeat(20)}` as const;
 * const did = `did:orgid:100:${orgId}`;
 * const bytes = new TextEncoder().encode(JSON.stringify({ "@context": [], id: did, publicKey: [] }));
 * const document = { uris: [], hash: hashDocument(bytes) };
 * const organization = { did, orgId, chainId: 100, registry: owner, owner, active: true, keys: [], blockNumber: 1 };
 * const record = { kind: "orgid-v1", documentEvidence: "hash" as const, ...organization, document };
 * const { ok, checks } = await inspectDocument(bytes, { record, now: 1_700_000_000 });
 * ok; // => true
 * checks.map(({ name }) => name); // => ["hash", "syntax", "subject", "keys"]
 * ```
 * @param bytes the file as served; never changed
 * @param context the registry's record, the clock, and how to load delegates' keys
 * @returns the checks, and the document if all of them passed
 * @throws TypeError if the file isn't a Uint8Array
 * @throws {ConfigError} `config/unknown-option`, `config/invalid-option`
 */
export async function inspectDocument(bytes: Uint8Array, context: DocumentContext): Promise<DocumentReport> {
	const { document, results } = await runChecks(bytes, context, "inspectDocument");
	const ok = results.every(({ error }) => error === undefined);
	const checks = results.map((result) => Object.freeze(toCheck(result)));
	return Object.freeze({ ok, checks: Object.freeze(checks), ...(ok ? document : {}) });
}

/** Converts a result to what users see. */
export function toCheck({ name, error, detail }: CheckResult): DocumentCheck {
	return {
		name,
		ok: error === undefined,
		...(error && { code: error.code, message: error.message }),
		...(detail === undefined ? {} : { detail }),
	};
}

/** Throws the first failure, except for the validity period, which is returned to be checked at every use. */
export async function verifyDocument(bytes: Uint8Array, context: DocumentContext): Promise<VerifiedDocument> {
	const { document, results } = await runChecks(bytes, context, "verifyDocument");
	const error = firstFailure(results);
	if (error !== undefined) throw error;
	return document as VerifiedDocument;
}

/**
 * Like `verifyDocument`, for what a host has sent. If that isn't even JSON and doesn't have the hash on chain, it says
 * nothing about the document, which is an outage.
 */
export async function verifyServedDocument(bytes: Uint8Array, context: DocumentContext): Promise<VerifiedDocument> {
	const { document, results } = await runChecks(bytes, context, "verifyServedDocument");
	const cause = firstFailure(results);
	if (cause === undefined) return document as VerifiedDocument;
	const hasHash = results.some(({ name, error }) => name === "hash" && error === undefined);
	if (hasHash || isJson(bytes)) throw cause;
	throw new DocumentError("document/unreachable", "the document's host did not respond with JSON", { cause });
}

/** What checks documents is loaded with the first one. */
export async function runChecks(
	bytes: Uint8Array,
	context: DocumentContext,
	caller: string,
): ReturnType<typeof runAllChecks> {
	// The caller may change its buffer in the meantime.
	const served = copyBytes(bytes, "the document");
	const { runChecks: run } = await loadOnDemand();
	return run(served, context, caller);
}

function firstFailure(results: readonly CheckResult[]): OrgpassError | undefined {
	return results.find(({ name, error }) => error !== undefined && name !== "validity")?.error;
}
