/**
 * The checks of a document. If the registry stores a hash, it covers the bytes; otherwise the document is a credential
 * whose proof must be made by the owner, or by a delegate that both the document and the chain name.
 * @module
 */
import { type CanonicalDidUrl, parseDidUrl, toCanonicalDidUrl } from "../did/did-url.js";
import { DocumentError, isOrgpassError, type OrgpassError } from "../errors/errors.js";
import { assertOptions } from "../options/assert-options.js";
import { parseProof, verifyProof } from "./credential/credential-proof.js";
import type { CredentialValidity } from "./credential/credential-validity.js";
import { assertCredentialInForce, parseValidity } from "./credential/credential-validity.js";
import { authorizeSigner } from "./credential/proof-authority.js";
import { type DocumentContext, documentContext } from "./document-context.js";
import { verifyDocumentHash } from "./document-hash.js";
import { authenticationIds, type OrgJson, parseOrgJson } from "./org-json.js";

/** The checks by name, in order; the registry decides which of them apply. */
export type DocumentCheckName = "hash" | "syntax" | "subject" | "keys" | "proof" | "signer" | "signature" | "validity";

/** A credential whose proof is valid. The verifier must check its validity period, with its own clock. */
export interface VerifiedCredential extends CredentialValidity {
	/** The issuer's DID as written: the organization, or a delegate's organization. */
	readonly issuer: string;
	/** `owner`, or the DID URL of the delegate's key as written on chain. */
	readonly signer: string;
}

/** A document that passed its checks. */
export interface VerifiedDocument {
	readonly orgJson: OrgJson;
	/** Present only when a proof was required. */
	readonly credential?: VerifiedCredential;
}

export interface CheckResult {
	readonly name: DocumentCheckName;
	readonly error?: OrgpassError;
	readonly detail?: string | undefined;
}

const TOLERANCE_SECONDS = 30;
/** The checks that `parseOrgJson` runs, in its order. */
const PARSER_CHECKS: readonly DocumentCheckName[] = ["syntax", "subject", "keys"];

/** Runs every check that doesn't depend on one that failed. The bytes must not change in the meantime. */
export async function runChecks(
	served: Uint8Array<ArrayBuffer>,
	context: DocumentContext,
	caller: string,
): Promise<{ readonly document?: VerifiedDocument; readonly results: readonly CheckResult[] }> {
	assertOptions(documentContext, context, caller);
	const { record, acceptPrettyPrintedHash = false } = context;
	const subject = toCanonicalDidUrl(parseDidUrl(record.did));
	const run = new Run();
	const needsProof = record.documentEvidence === "proof";
	if (!needsProof) {
		const options = { acceptPrettyPrinted: acceptPrettyPrintedHash };
		await run.check("hash", () => verifyDocumentHash(served, record.document?.hash, options), String);
	}
	const parsed = parse(run, served, subject, context);
	if (parsed === undefined) return { results: run.results };
	const { orgJson } = parsed;
	const credential = needsProof ? await checkCredential(run, parsed, subject, context) : undefined;
	const document = Object.freeze({ orgJson, ...(credential === undefined ? {} : { credential }) });
	return { document, results: run.results };
}

interface Parsed {
	readonly orgJson: OrgJson;
	readonly validity: CredentialValidity;
}

/** The parser covers three checks. A credential's dates matter only if its proof does. */
function parse(
	run: Run,
	bytes: Uint8Array,
	subject: CanonicalDidUrl,
	{ record, now }: DocumentContext,
): Parsed | undefined {
	try {
		const orgJson = parseOrgJson(bytes, subject);
		const { credential, methods } = orgJson;
		const isProved = record.documentEvidence === "proof" && credential !== undefined;
		const validity = isProved ? parseValidity(credential) : {};
		const detail = `${authenticationIds(orgJson, now).length} of ${methods.length} keys authenticate`;
		run.results.push({ name: "syntax" }, { name: "subject" }, { name: "keys", detail });
		return { orgJson, validity };
	} catch (error) {
		if (!isOrgpassError(error)) throw error;
		const failed = error.code === "document/malformed" ? 0 : error.code === "document/subject" ? 1 : 2;
		const checks = PARSER_CHECKS.slice(0, failed + 1);
		run.results.push(...checks.map((name, at) => (at === failed ? { name, error } : { name })));
		return undefined;
	}
}

/** Cheap checks come first: another organization is resolved only for a well-formed proof. */
async function checkCredential(
	run: Run,
	{ orgJson, validity }: Parsed,
	subject: CanonicalDidUrl,
	context: DocumentContext,
): Promise<VerifiedCredential | undefined> {
	const { credential } = orgJson;
	const { now } = context;
	const proof = await run.check("proof", () => {
		if (credential !== undefined) return parseProof(credential);
		throw new DocumentError("document/proof-missing", "the document isn't a credential and has no proof");
	});
	if (credential === undefined) return undefined;
	const authority =
		proof &&
		(await run.check(
			"signer",
			() => authorizeSigner(orgJson, proof.verificationMethod, subject, context),
			({ signer, detail }) => (detail === undefined ? signer : `${signer}: ${detail}`),
		));
	const isSigned =
		proof &&
		authority &&
		(await run.check("signature", async () => {
			await verifyProof(proof, authority.key);
			return true;
		}));
	const assertInForce = () => assertCredentialInForce(validity, now, TOLERANCE_SECONDS);
	await run.check("validity", assertInForce, () => describeTolerance(validity, now));
	if (isSigned !== true || authority === undefined) return undefined;
	return Object.freeze({ issuer: String(credential["issuer"]), signer: authority.signer, ...validity });
}

/** For a credential that passes only because of the tolerance. */
function describeTolerance({ validFrom, validUntil }: CredentialValidity, now: number): string | undefined {
	const isLate = validUntil !== undefined && now >= validUntil;
	const isEarly = validFrom !== undefined && now < validFrom;
	if (!isLate && !isEarly) return undefined;
	return `${isLate ? "expired" : "not valid yet"}: passes only within the tolerance of ${TOLERANCE_SECONDS} s`;
}

class Run {
	readonly results: CheckResult[] = [];

	/** Runs a check, records its outcome, and returns its value for the next checks. */
	async check<T>(
		name: DocumentCheckName,
		work: () => T | Promise<T>,
		detail?: (value: T) => string | undefined,
	): Promise<T | undefined> {
		try {
			const value = await work();
			this.results.push({ name, detail: detail?.(value) });
			return value;
		} catch (error) {
			if (!isOrgpassError(error)) throw error;
			this.results.push({ name, error });
			return undefined;
		}
	}
}
