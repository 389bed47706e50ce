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
import { assertCredentialInForce, type CredentialValidity } from "../../document/credential/credential-validity.js";
import { DidError } from "../../errors/errors.js";
import type { TimeLimits } from "../../jws/claims.js";
import { assertKeyInForce } from "../../registry/org-record.js";
import type { ResolvedOrganization } from "./resolve-organization.js";

/**
 * Creates the check of a method: that it is in force in the document and on chain, and that the document's credential is
 * valid. What doesn't depend on the time is found out once.
 */
export function createValidityCheck(
	method: VerificationMethod,
	keyId: CanonicalDidUrl,
	resolved: ResolvedOrganization,
	name: string = formatDidUrl(keyId),
): (limits: TimeLimits) => void {
	const isNamed = isNamedByRegistry(method, keyId, resolved);
	const period = intersect(periodOfDocument(resolved.document), periodOfMethod(method));
	const key = resolved.organization?.keys.find(({ fragment }) => fragment === keyId.fragment);
	const credential = credentialOf(method, resolved);
	return ({ now, clockToleranceSeconds }) => {
		if (!isNamed) {
			const message = `expected ${keyId.fragment} to be the account that the registry names, got another key of the document`;
			throw new DidError("did/document-invalid", message);
		}
		assertInForce(period, name, now, clockToleranceSeconds);
		if (key !== undefined) assertKeyInForce(key, name, now, clockToleranceSeconds);
		if (credential !== undefined) assertCredentialInForce(credential, now, clockToleranceSeconds);
	};
}

/** `#owner` and `#director` must be the accounts named in the registry, regardless of the document. */
function isNamedByRegistry(
	method: VerificationMethod,
	{ chainId, fragment }: CanonicalDidUrl,
	{ organization }: ResolvedOrganization,
): boolean {
	if (organization === undefined || !(fragment === "owner" || fragment === "director")) return true;
	const hasKey = KEY_MEMBERS.some((member) => method[member] !== undefined);
	const account = hasKey ? undefined : parseAccountId(method.blockchainAccountId);
	const isSame = account?.address.toLowerCase() === organization[fragment]?.toLowerCase();
	return account?.chainId === chainId && isSame;
}

/** Only keys and accounts on chain don't depend on the credential; keys of unknown origin do. */
function credentialOf(
	method: VerificationMethod,
	{ credential, methodSources }: ResolvedOrganization,
): CredentialValidity | undefined {
	const source = methodSources?.[method.id];
	return source === "registry" || source === "account" ? undefined : credential;
}
