/**
 * Checks that a verification method is valid now: at every verification and with the verifier's clock, not when the
 * organization was resolved.
 * @module
 */
import type { VerificationMethod } from "did-resolver";
import { parseAccountId } from "../../did/account-id.js";
import { type CanonicalDidUrl, formatDidUrl } from "../../did/did-url.js";
import { KEY_MEMBERS } from "../../did/key-forms.js";
import { assertInForce, intersect, periodOfDocument, periodOfMethod } from "../../did/method-period.js";
import { assertCredentialInForce } from "../../document/credential/credential-validity.js";
import { DidError } from "../../errors/errors.js";
import type { TimeLimits } from "../../jws/claims.js";
import { assertKeyInForce } from "../../registry/org-record.js";
import type { ResolvedOrganization } from "./resolve-organization.js";

/** Throws unless the method is in force in the document and on chain, and the document's credential is valid. */
export function assertMethodValidity(
	method: VerificationMethod,
	keyId: CanonicalDidUrl,
	resolved: ResolvedOrganization,
	limits: TimeLimits,
): void {
	assertAccountName(method, keyId, resolved);
	const period = intersect(periodOfDocument(resolved.document), periodOfMethod(method));
	assertInForce(period, formatDidUrl(keyId), limits.now, limits.clockToleranceSeconds);
	assertOnChainTimes(keyId, resolved, limits);
	assertCredentialTimes(method, resolved, limits);
}

/** `#owner` and `#director` must be the accounts named in the registry, regardless of the document. */
function assertAccountName(
	method: VerificationMethod,
	{ chainId, fragment }: CanonicalDidUrl,
	{ organization }: ResolvedOrganization,
): void {
	if (organization === undefined || !(fragment === "owner" || fragment === "director")) return;
	const hasKey = KEY_MEMBERS.some((member) => method[member] !== undefined);
	const account = hasKey ? undefined : parseAccountId(method.blockchainAccountId);
	const isNamed = account?.address.toLowerCase() === organization[fragment]?.toLowerCase();
	if (account?.chainId === chainId && isNamed) return;
	const message = `expected ${fragment} to be the account that the registry names, got another key of the document`;
	throw new DidError("did/document-invalid", message);
}

function assertOnChainTimes(
	keyId: CanonicalDidUrl,
	{ organization }: ResolvedOrganization,
	{ now, clockToleranceSeconds }: TimeLimits,
): void {
	const key = organization?.keys.find(({ fragment }) => fragment === keyId.fragment);
	if (key === undefined) return;
	assertKeyInForce(key, formatDidUrl(keyId), now, clockToleranceSeconds);
}

/** Only keys and accounts on chain don't depend on the credential; keys of unknown origin do. */
function assertCredentialTimes(
	method: VerificationMethod,
	{ credential, methodSources }: ResolvedOrganization,
	{ now, clockToleranceSeconds }: TimeLimits,
): void {
	const source = methodSources?.[method.id];
	if (credential === undefined || source === "registry" || source === "account") return;
	assertCredentialInForce(credential, now, clockToleranceSeconds);
}
