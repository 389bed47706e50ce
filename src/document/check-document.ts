/**
 * The one way in for a document: everything that must hold before a word of it is believed. Registries that
 * keep a hash vouch for the bytes; where there is none, the credential's proof must come from the owner or
 * from a delegate that the document and the chain both name.
 * @module
 */
import type { VerificationMethod } from "did-resolver";
import * as z from "zod/mini";
import { type CanonicalDidUrl, parseDidUrl, toCanonicalDidUrl } from "../did/did-url.js";
import { copyBytes } from "../encoding/bytes.js";
import type { ErrorCode } from "../errors/codes.js";
import { DocumentError, isOrgpassError, type OrgpassError } from "../errors/errors.js";
import { checkOptions } from "../options/check-options.js";
import { anyFunction, epochSeconds } from "../options/schemas.js";
import type { OrgRecord } from "../registry/org-record.js";
import { parseProof, verifyProof } from "./credential/credential-proof.js";
import {
	assertInValidity,
	type CredentialValidity,
	parseValidity,
} from "./credential/credential-validity.js";
import { authorizeSigner } from "./credential/proof-authority.js";
import { verifyDocumentHash } from "./document-hash.js";
import { authenticationIds, type OrgJson, parseOrgJson } from "./org-json.js";

/** What is looked at: the registry's record, the clock, and the way to other organizations' keys. */
export interface DocumentContext {
	/** The organization's record; its `documentEvidence` decides whether a hash or a proof is required. */
	readonly record: OrgRecord;
	/** Seconds since the epoch. */
	readonly now: number;
	/** Also accept the hash that resolvers of 2020-21 computed, over the re-indented document; false by default. */
	readonly acceptPrettyPrintedHash?: boolean | undefined;
	/**
	 * Resolves a key of another organization, in bounded depth; throws `document/delegation` for circles. Without
	 * it, documents signed by other organizations' keys are refused.
	 */
	readonly loadDelegate?: ((didUrl: CanonicalDidUrl) => Promise<VerificationMethod>) | undefined;
}

/** The checks by name, in the order they are made; which of them apply depends on the registry. */
export type DocumentCheckName =
	| "hash"
	| "syntax"
	| "subject"
	| "keys"
	| "proof"
	| "signer"
	| "signature"
	| "validity";

/** One check. */
export interface DocumentCheck {
	readonly name: DocumentCheckName;
	readonly ok: boolean;
	/** Why it failed. */
	readonly code?: ErrorCode;
	/** The same in words. */
	readonly message?: string;
	/** What there is to know about a check that passed. */
	readonly detail?: string;
}

/** A credential whose proof holds. Its validity is for the verifier to judge, with its own clock. */
export interface VerifiedCredential extends CredentialValidity {
	/** The DID that issued it, as written: the organization, or its delegate's. */
	readonly issuer: string;
	/** `owner`, or the DID URL of the delegate's key as the chain has it. */
	readonly signer: string;
}

/** A document that may be believed. */
export interface VerifiedDocument {
	readonly orgJson: OrgJson;
	/** There where a proof was asked for. */
	readonly credential?: VerifiedCredential;
}

/** What {@link inspectDocument} found. */
export interface DocumentReport extends Partial<VerifiedDocument> {
	/** Every check passed. */
	readonly ok: boolean;
	readonly checks: readonly DocumentCheck[];
}

const TOLERANCE_SECONDS = 30;

const contextSchema = z.strictObject(
	{
		record: z.looseObject({}, "an organization's record"),
		now: epochSeconds,
		acceptPrettyPrintedHash: z.optional(z.boolean("true or false")),
		loadDelegate: z.optional(anyFunction),
	},
	"an object",
);

/**
 * Makes every check of a document and tells of each; a check that needs one that failed is left out. The key of
 * a delegate of the organization's own stands in the very document that it signs and nowhere else: there the
 * document's host is trusted, and the `detail` of `signer` says so.
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
 * @param context the registry's record, the clock, the way to delegates
 * @returns the checks, and the document where all passed
 * @throws TypeError when the file isn't bytes
 * @throws {ConfigError} `config/unknown-option`, `config/invalid-option`
 */
export async function inspectDocument(bytes: Uint8Array, context: DocumentContext): Promise<DocumentReport> {
	const { document, results } = await runChecks(bytes, context, "inspectDocument");
	const ok = results.every(({ error }) => error === undefined);
	return Object.freeze({
		ok,
		checks: Object.freeze(results.map(toCheck)),
		...(ok && document !== undefined ? document : {}),
	});
}

/**
 * Reads a document that may be believed, or throws the first reason why not. Its validity is not judged here:
 * it is returned, so that it can be judged at every use.
 */
export async function verifyDocument(bytes: Uint8Array, context: DocumentContext): Promise<VerifiedDocument> {
	const { document, results } = await runChecks(bytes, context, "verifyDocument");
	const failed = results.find(({ name, error }) => error !== undefined && name !== "validity");
	if (failed?.error !== undefined) throw failed.error;
	return document as VerifiedDocument;
}

interface CheckResult {
	readonly name: DocumentCheckName;
	readonly error?: OrgpassError;
	readonly detail?: string;
}

interface Run {
	readonly results: CheckResult[];
	/** Makes a check; what it finds wrong is its result, and what it returns is for the next ones. */
	check<T>(
		name: DocumentCheckName,
		work: () => T | Promise<T>,
		detail?: (value: T) => string | undefined,
	): Promise<T | undefined>;
}

async function runChecks(
	bytes: Uint8Array,
	context: DocumentContext,
	caller: string,
): Promise<{ readonly document: VerifiedDocument | undefined; readonly results: readonly CheckResult[] }> {
	checkOptions(contextSchema, context, caller);
	const { record, acceptPrettyPrintedHash = false } = context;
	// What was hashed is what is read, whatever the caller does to its buffer meanwhile.
	const served = copyBytes(bytes, "the document");
	const subject = toCanonicalDidUrl(parseDidUrl(record.did));
	const run = createRun();
	const needsProof = record.documentEvidence === "proof";
	if (!needsProof) {
		const options = { acceptPrettyPrinted: acceptPrettyPrintedHash };
		await run.check("hash", () => verifyDocumentHash(served, record.document?.hash, options), String);
	}
	const parsed = parse(run, served, subject, context);
	if (parsed === undefined) return { document: undefined, results: run.results };
	const { orgJson } = parsed;
	const credential = needsProof ? await checkCredential(run, parsed, subject, context) : undefined;
	const document = Object.freeze({ orgJson, ...(credential === undefined ? {} : { credential }) });
	return { document, results: run.results };
}

interface Parsed {
	readonly orgJson: OrgJson;
	readonly validity: CredentialValidity;
}

/** One parser finds three kinds of faults. The dates of a credential count where its proof does. */
function parse(
	run: Run,
	bytes: Uint8Array,
	subject: CanonicalDidUrl,
	{ record, now }: DocumentContext,
): Parsed | undefined {
	const passed: DocumentCheckName[] = ["syntax", "subject"];
	try {
		const orgJson = parseOrgJson(bytes, subject);
		const { credential, methods } = orgJson;
		const isProved = record.documentEvidence === "proof" && credential !== undefined;
		const validity = isProved ? parseValidity(credential) : {};
		const count = authenticationIds(orgJson, now).length;
		run.results.push(...passed.map((name) => ({ name })), {
			name: "keys",
			detail: `${count} of ${methods.length} keys authenticate`,
		});
		return { orgJson, validity };
	} catch (error) {
		if (!isOrgpassError(error)) throw error;
		const failed = error.code === "document/malformed" ? 0 : error.code === "document/subject" ? 1 : 2;
		run.results.push(...passed.slice(0, failed).map((name) => ({ name })), {
			name: passed[failed] ?? "keys",
			error,
		});
		return undefined;
	}
}

/** What costs nothing first; another organization is resolved only for a proof that names it rightly. */
async function checkCredential(
	run: Run,
	{ orgJson, validity }: Parsed,
	subject: CanonicalDidUrl,
	context: DocumentContext,
): Promise<VerifiedCredential | undefined> {
	const { credential } = orgJson;
	const proof = await run.check("proof", () => {
		if (credential !== undefined) return parseProof(credential);
		throw new DocumentError("document/proof-missing", "the document is no credential and carries no proof");
	});
	if (credential === undefined) return undefined;
	const authority =
		proof &&
		(await run.check(
			"signer",
			() => authorizeSigner(orgJson, proof.verificationMethod, { ...context, subject }),
			({ signer, detail }) => (detail === undefined ? signer : `${signer}: ${detail}`),
		));
	const isSigned =
		proof &&
		authority &&
		(await run.check("signature", async () => {
			await verifyProof(proof, authority.key);
			return true;
		}));
	await run.check(
		"validity",
		() => assertInValidity(validity, context.now, TOLERANCE_SECONDS),
		() => describeTolerance(validity, context.now),
	);
	if (isSigned !== true || authority === undefined) return undefined;
	return Object.freeze({ issuer: String(credential["issuer"]), signer: authority.signer, ...validity });
}

/** Where only the tolerance lets a credential pass. */
function describeTolerance({ validFrom, validUntil }: CredentialValidity, now: number): string | undefined {
	const isLate = validUntil !== undefined && now >= validUntil;
	const isEarly = validFrom !== undefined && now < validFrom;
	if (!isLate && !isEarly) return undefined;
	return `${isLate ? "expired" : "not valid yet"}: passes only by the tolerance of ${TOLERANCE_SECONDS} s`;
}

function createRun(): Run {
	const results: CheckResult[] = [];
	return {
		results,
		async check(name, work, detail) {
			try {
				const value = await work();
				const told = detail?.(value);
				results.push(told === undefined ? { name } : { name, detail: told });
				return value;
			} catch (error) {
				if (!isOrgpassError(error)) throw error;
				results.push({ name, error });
				return undefined;
			}
		},
	};
}

function toCheck({ name, error, detail }: CheckResult): DocumentCheck {
	return Object.freeze({
		name,
		ok: error === undefined,
		...(error === undefined ? {} : { code: error.code, message: error.message }),
		...(detail === undefined ? {} : { detail }),
	});
}
