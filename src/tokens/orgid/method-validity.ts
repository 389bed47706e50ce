/**
 * Checks that a verification method is valid now: at every verification and with the verifier's clock, not when the
 * organization was resolved.
 * @module
 */
import type { VerificationMethod } from "did-resolver";
import { parseAccountId } from "../../did/account-id.js";
import { type CanonicalDidUrl, formatDidUrl } from "../../did/did-url.js";
import { KEY_MEMBERS } from "../../did/key-forms.js";
import { assertCredentialInForce } from "../../document/credential/credential-validity.js";
import { isExpired } from "../../document/document-methods.js";
import { parseDateTime } from "../../encoding/date-time.js";
import { DidError, formatValue } from "../../errors/errors.js";
import type { TimeLimits } from "../../jws/claims.js";
import { assertKeyInForce } from "../../registry/org-record.js";
import type { ResolvedOrganization } from "./resolve-organization.js";

/** `revoked` and `expires` of a method (Controlled Identifiers 1.0). */
type MarkedMethod = VerificationMethod & { readonly revoked?: unknown; readonly expires?: unknown };

/** Throws if the method is revoked or expired, in the document or on chain, or the document's credential is invalid. */
export function assertMethodValidity(
	method: MarkedMethod,
	keyId: CanonicalDidUrl,
	resolved: ResolvedOrganization,
	limits: TimeLimits,
): void {
	assertAccountName(method, keyId, resolved);
	assertNotRevoked(method, keyId, limits);
	assertNotExpired(method, limits);
	assertOnChainTimes(keyId, resolved, limits);
	assertCredentialTimes(method, resolved, limits);
}

/** `#owner` and `#director` must be the accounts named in the registry, regardless of the document. */
function assertAccountName(
	method: MarkedMethod,
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

/** A future date is an announcement; an invalid date counts as past. */
function assertNotRevoked({ revoked }: MarkedMethod, keyId: CanonicalDidUrl, { now }: TimeLimits): void {
	if (revoked === undefined) return;
	const revokedAt = parseDateTime(revoked);
	if (revokedAt !== undefined && now < revokedAt) return;
	throw new DidError("did/key-revoked", `the document marks the key ${formatDidUrl(keyId)} as revoked`);
}

/** An invalid date counts as past. */
function assertNotExpired(method: MarkedMethod, { now, clockToleranceSeconds }: TimeLimits): void {
	if (!isExpired(method, now - clockToleranceSeconds)) return;
	const expires = formatValue(method.expires);
	throw new DidError("did/key-expired", `the document says the key was valid until ${expires}`);
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
