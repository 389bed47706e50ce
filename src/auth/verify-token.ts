/**
 * The steps of one verification. Nothing is awaited, not even a microtask, if the issuer is known and nothing else takes
 * time.
 * @module
 */
import { type Awaitable, isThenable, whenReady } from "../encoding/awaitable.js";
import { TokenError } from "../errors/errors.js";
import type { TimeLimits } from "../jws/claims.js";
import { type CompactJws, parseToken } from "../jws/decode-token.js";
import { addTokenAdvice } from "../jws/token-advice.js";
import type { Profile, RequiredGrant, TokenIssuer, VerifiedClaims } from "../tokens/token-kind.js";
import type { VerifiedToken } from "../tokens/verified-token.js";
import type { Progress } from "./observe-verification.js";
import { applyPolicies, type Policy } from "./policies/policy.js";
import type { RememberedToken, RememberedTokens } from "./remembered-tokens.js";
import { rememberOrigin } from "./replay/token-use.js";
import { copyRequirements, requiredPolicies } from "./required-policies.js";
import { type Candidate, resolveIssuer, selectProfile, verifyClaims } from "./select-profile.js";

/** What is the same for all tokens of a verifier. */
export interface VerificationRules {
	readonly profiles: readonly Profile[];
	readonly policies: readonly Policy[];
	readonly maxTokenBytes: number;
	readonly remembered: RememberedTokens | undefined;
	/** The limits at the time of the call. */
	readonly limits: () => TimeLimits;
}

/** One token's verification. */
interface Verification {
	readonly token: string;
	readonly jws: CompactJws;
	readonly required: RequiredGrant;
	readonly policies: readonly Policy[];
	/** The limits at its start. */
	readonly startedWith: TimeLimits;
	readonly known: RememberedToken | undefined;
	readonly progress: Progress | undefined;
}

type Mutable<T> = { -readonly [Name in keyof T]: T[Name] };

/** Verifies one token; throws or rejects with a coded error. */
export type VerifyToken = (
	token: string,
	required: RequiredGrant | undefined,
	progress: Progress | undefined,
) => Awaitable<VerifiedToken>;

/** No additional requirements. */
const NO_REQUIREMENTS: RequiredGrant = Object.freeze({});

/** Creates the function that takes a token through all steps except the store of used tokens. */
export function createTokenVerification(rules: VerificationRules): VerifyToken {
	const { profiles, policies, maxTokenBytes, remembered, limits } = rules;
	const now = (): number => limits().now;

	return function verifyToken(token, required = NO_REQUIREMENTS, progress) {
		const added = required === NO_REQUIREMENTS ? [] : requiredPolicies(required);
		const startedWith = limits();
		const known = typeof token === "string" ? remembered?.find(token, startedWith.now) : undefined;
		const verification: Verification = {
			token,
			jws: known?.decoded?.jws ?? decode(known?.token ?? token, maxTokenBytes),
			required: required === NO_REQUIREMENTS ? required : copyRequirements(required),
			policies: added.length === 0 ? policies : [...policies, ...added],
			startedWith,
			known,
			progress,
		};
		rememberOrigin(verification.jws, now);
		return whenReady(findKeys(verification), (candidate) => verifySignature(verification, candidate));
	};

	function findKeys({ jws, startedWith, known, progress }: Verification): Awaitable<Candidate> {
		progress?.begin("claims");
		if (known?.decoded !== undefined) {
			return resolveIssuer(known.profile, known.decoded.tokenIssuer, jws, startedWith, progress);
		}
		return selectProfile(candidatesOf(jws), jws, startedWith, progress);
	}

	function verifySignature(verification: Verification, candidate: Candidate): Awaitable<VerifiedToken> {
		const { jws, startedWith, known, progress } = verification;
		const { profile, tokenIssuer, resolved, claims } = candidate;
		progress?.begin("signature");
		// If something was awaited, the token may have expired meanwhile, and kinds from outside promise nothing.
		if (resolved === known?.resolved && profile === known.profile && claims !== undefined) {
			progress?.signedBy(tokenIssuer.issuer);
			const last = known.decoded?.verified;
			const isSame = last !== undefined && saysTheSame(last, candidate, claims);
			const verified = isSame ? last : toVerifiedToken(candidate, jws, known.keyId, claims);
			if (!isSame) known.decoded = { jws, tokenIssuer, verified };
			return accept(verification, candidate, verified, startedWith);
		}
		const signer = resolved.findSigner(jws);
		if (!isThenable(signer)) return acceptSigned(verification, candidate, signer, true);
		return Promise.resolve(signer).then((keyId) =>
			acceptSigned(verification, { ...candidate, claims: undefined }, keyId, false),
		);
	}

	function acceptSigned(
		verification: Verification,
		candidate: Candidate,
		signer: unknown,
		isRepeatable: boolean,
	): Awaitable<VerifiedToken> {
		const { token, jws, startedWith, progress } = verification;
		const { profile, tokenIssuer, resolved, claims, isOnly } = candidate;
		const keyId = nameOfSigner(signer, tokenIssuer);
		progress?.signedBy(tokenIssuer.issuer);
		const times = claims === undefined ? limits() : startedWith;
		const verified = toVerifiedToken(candidate, jws, keyId, claims ?? verifyClaims(profile, jws, times));
		if (isRepeatable && isOnly) {
			const { expiresAt } = verified;
			remembered?.add({ token, profile, resolved, keyId, expiresAt, since: startedWith.now });
		}
		return accept(verification, candidate, verified, times);
	}

	/** A single profile gets every token, because its errors are more specific than "unrecognized". */
	function candidatesOf(jws: CompactJws): readonly Profile[] {
		const candidates = profiles.length === 1 ? profiles : profiles.filter((profile) => profile.recognizes(jws));
		if (candidates.length > 0) return candidates;
		const names = profiles.map(({ name }) => name).join(", ");
		throw new TokenError("token/unrecognized", `expected a token of one of the kinds ${names}`);
	}
}

/** Throws unless the signature was made by someone: what isn't a name, such as `false`, is nobody. */
export function nameOfSigner(found: unknown, { signer }: TokenIssuer): string {
	if (typeof found === "string" && found !== "") return found;
	throw new TokenError("token/signature", `expected the signature of ${signer}, got another one`);
}

/** Everything that depends on more than the token and the issuer's keys. */
function accept(
	{ policies, required }: Verification,
	{ profile, resolved }: Candidate,
	verified: VerifiedToken,
	times: TimeLimits,
): Awaitable<VerifiedToken> {
	// If the checks of kinds from outside weren't awaited, asynchronous ones would accept every token.
	return whenReady(resolved.assertValidity?.(times), () =>
		whenReady(profile.assertGrant?.(verified.claims, verified.scopes, required), () =>
			whenReady(applyPolicies(policies, verified, required), () => verified),
		),
	);
}

function toVerifiedToken(
	{ profile, tokenIssuer, resolved: { organization, isStale = false } }: Candidate,
	{ claims }: CompactJws,
	keyId: string,
	{ expiresAt, scopes }: VerifiedClaims,
): VerifiedToken {
	const verified: Mutable<VerifiedToken> = { profile: profile.name, issuer: tokenIssuer.issuer, keyId, claims, scopes };
	if (organization !== undefined) verified.organization = organization;
	if (isStale) verified.stale = true;
	if (expiresAt !== undefined) verified.expiresAt = expiresAt;
	return Object.freeze(verified);
}

/** Whether a remembered result is still right: kinds from outside may judge the same token differently. */
function saysTheSame(last: VerifiedToken, { resolved }: Candidate, { expiresAt, scopes }: VerifiedClaims): boolean {
	const { organization, isStale = false } = resolved;
	if (last.organization !== organization || (last.stale === true) !== isStale) return false;
	if (last.expiresAt !== expiresAt || last.scopes.length !== scopes.length) return false;
	return scopes.every((scope, at) => scope === last.scopes[at]);
}

function decode(token: string, maxTokenBytes: number): CompactJws {
	try {
		return parseToken(token, maxTokenBytes);
	} catch (error) {
		throw addTokenAdvice(error, token);
	}
}
