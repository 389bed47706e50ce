/**
 * Who may sign a document: the owner on chain, or a delegate that both the document and the chain name.
 * @module
 */
import type { VerificationMethod } from "did-resolver";
import { parseAccountId } from "../../did/account-id.js";
import { canonicalizeId, isSubjectDid } from "../../did/did-aliases.js";
import { type CanonicalDidUrl, formatDidUrl, parseDidUrl, toCanonicalDidUrl } from "../../did/did-url.js";
import { assertInForce, periodOfMethod } from "../../did/method-period.js";
import { importVerificationKey } from "../../did/verification-method.js";
import { undefinedOnError } from "../../encoding/undefined-on-error.js";
import { DidError, DocumentError, formatValue, isOrgpassError } from "../../errors/errors.js";
import type { Address, OrgRecord } from "../../registry/org-record.js";
import type { DocumentContext } from "../document-context.js";
import type { DocumentMethod } from "../document-methods.js";
import type { OrgJson } from "../org-json.js";
import type { ProofKey } from "./credential-proof.js";

/** An authorized signer and its key. */
export interface Authority {
	/** `owner`, or the delegate's DID URL as written on chain. */
	readonly signer: string;
	readonly key: ProofKey;
	/** A caveat about trusting this signer. */
	readonly detail?: string;
}

/** Only the registry says whose these are. */
const ACCOUNT_NAMES: ReadonlySet<string | undefined> = new Set(["owner", "director"]);
const ACCOUNT_METHOD = "EcdsaSecp256k1RecoveryMethod2020";
const OWN_DELEGATE =
	"the delegate's key is only in the document that it signs, so whoever controls the document's host can replace it";

/** Finds the key that a proof names; throws if it may not sign this document. */
export async function authorizeSigner(
	orgJson: OrgJson,
	keyName: string,
	subject: CanonicalDidUrl,
	context: DocumentContext,
): Promise<Authority> {
	const { record, now } = context;
	const name = parseKeyName(keyName, subject);
	const own = canonicalizeId(keyName, subject);
	const method = own === undefined ? undefined : findOwn(orgJson, own);
	if (method !== undefined) assertMethodInForce(method, now);
	const owner = method === undefined ? undefined : ownerAccountOf(method, record, subject);
	if (owner !== undefined) return { signer: "owner", key: { account: owner } };
	if (ACCOUNT_NAMES.has(name.fragment)) {
		throw unauthorized(`expected a delegate, got the name of an account in the registry: ${formatValue(keyName)}`);
	}
	const isNamed = orgJson.capabilityDelegation.some((entry) =>
		typeof entry === "string"
			? (canonicalizeId(entry, subject) ?? entry) === (own ?? keyName)
			: entry.id === (own ?? keyName),
	);
	if (!isNamed || record.delegates?.includes(keyName) !== true) {
		throw unauthorized(
			`expected ${formatValue(keyName)} to be an account of the owner ${record.owner}, or a delegate named ` +
				`${isNamed ? "on chain, not only in the document" : "in the document's capabilityDelegation"}`,
		);
	}
	if (own === undefined) {
		return { signer: keyName, key: toProofKey(await loadForeignKey(name, keyName, context), name) };
	}
	if (method === undefined) throw unauthorized(`the document has no key ${formatValue(keyName)}`);
	if (!isSubjectDid(method.controller, subject)) {
		throw unauthorized(`expected ${subject.did} to control its delegate ${formatValue(keyName)}`);
	}
	return { signer: keyName, key: toProofKey(method, name), detail: OWN_DELEGATE };
}

function parseKeyName(keyName: string, subject: CanonicalDidUrl): CanonicalDidUrl {
	let name: CanonicalDidUrl;
	try {
		const parts = parseDidUrl(keyName);
		// Another organization's key must be named with its chain.
		name = toCanonicalDidUrl(parts, parts.orgId === subject.orgId ? subject.chainId : undefined);
	} catch (cause) {
		if (!(cause instanceof DidError)) throw cause;
		throw new DocumentError("document/proof-invalid", `the proof's key: ${cause.message}`, { cause });
	}
	if (name.fragment !== undefined) return name;
	throw new DocumentError("document/proof-invalid", "expected the proof to name a key, got a bare DID");
}

function findOwn(orgJson: OrgJson, own: string): DocumentMethod | undefined {
	const inline = orgJson.capabilityDelegation.filter((entry) => typeof entry === "object");
	return [...orgJson.methods, ...inline].find(({ id }) => id === own);
}

/** The account of a method, if it is the owner's account on the registry's chain. */
function ownerAccountOf(method: DocumentMethod, record: OrgRecord, subject: CanonicalDidUrl): Address | undefined {
	if (method.type !== ACCOUNT_METHOD || !isSubjectDid(method.controller, subject)) return undefined;
	const account = undefinedOnError(() => parseAccountId(method["blockchainAccountId"]));
	if (account?.chainId !== record.chainId) return undefined;
	return account.address.toLowerCase() === record.owner.toLowerCase() ? account.address : undefined;
}

async function loadForeignKey(
	name: CanonicalDidUrl,
	keyName: string,
	{ loadDelegate, now }: DocumentContext,
): Promise<VerificationMethod> {
	if (loadDelegate === undefined) {
		const message = `${formatValue(keyName)} is another organization's key, and there is no loadDelegate`;
		throw new DocumentError("document/delegation", message);
	}
	const { fragment: _, ...organization } = name;
	const method = await loadDelegate(name);
	if (canonicalizeId(method.id, organization) !== formatDidUrl(name)) {
		throw unauthorized(`expected the key ${formatValue(keyName)}, got ${formatValue(method.id)}`);
	}
	if (!isSubjectDid(method.controller, organization)) {
		throw unauthorized(`expected ${name.did} to control its key ${formatValue(keyName)}`);
	}
	assertMethodInForce(method, now);
	return method;
}

/** An account must be on the chain of its DID. */
function toProofKey(method: VerificationMethod, { chainId }: CanonicalDidUrl): ProofKey {
	try {
		if (method.type !== ACCOUNT_METHOD) return { publicKey: importVerificationKey(method) };
		const account = parseAccountId(method["blockchainAccountId"]);
		if (account.chainId === chainId) return { account: account.address };
	} catch (cause) {
		if (!isOrgpassError(cause)) throw cause;
		throw new DocumentError("document/proof-unauthorized", `the delegate's key: ${cause.message}`, { cause });
	}
	throw unauthorized(`expected the account of ${formatValue(method.id)} to be on the chain ${chainId}`);
}

function assertMethodInForce(method: object & { readonly id: string }, now: number): void {
	try {
		assertInForce(periodOfMethod(method), formatValue(method.id), now, 0);
	} catch (cause) {
		if (!(cause instanceof DidError)) throw cause;
		throw new DocumentError("document/proof-unauthorized", cause.message, { cause });
	}
}

function unauthorized(message: string): DocumentError {
	return new DocumentError("document/proof-unauthorized", message);
}
