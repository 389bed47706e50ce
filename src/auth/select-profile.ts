/**
 * Selects a token's profile and resolves its issuer's keys: everything that comes before the signature.
 * @module
 */
import { type Awaitable, isThenable } from "../encoding/awaitable.js";
import { ignoreRejection } from "../encoding/ignore-rejection.js";
import { isOrgpassError, type OrgpassError, TokenError } from "../errors/errors.js";
import { isOutage } from "../errors/outage-codes.js";
import type { TimeLimits } from "../jws/claims.js";
import type { CompactJws } from "../jws/decode-token.js";
import { invalidOption } from "../options/invalid-option.js";
import type { Profile, ResolvedIssuer, TokenIssuer, VerifiedClaims } from "../tokens/token-kind.js";
import type { Progress } from "./observe-verification.js";

/** A token whose claims are valid, with the keys that may have signed it; nothing in it is trusted yet. */
export interface Candidate {
	readonly profile: Profile;
	readonly tokenIssuer: TokenIssuer;
	readonly resolved: ResolvedIssuer;
	/** Whether no other profile could have been selected. */
	readonly isOnly: boolean;
	/** What the claims say, if nothing was awaited since they were checked. */
	readonly claims?: VerifiedClaims | undefined;
}

/** A profile, and the issuer of a token that it didn't refuse. */
type Parsed = Pick<Candidate, "profile" | "tokenIssuer">;

/** Codes that say that a token isn't of this kind, rather than what is wrong with it. */
const OTHER_KIND: ReadonlySet<string> = new Set(["token/algorithm", "token/type"]);

/** Checks a token, then resolves its issuer's keys. Exactly one profile must know the issuer. */
export function selectProfile(
	candidates: readonly Profile[],
	jws: CompactJws,
	limits: TimeLimits,
	progress?: Progress,
): Awaitable<Candidate> {
	progress?.begin("claims");
	const [profile, second] = candidates as readonly [Profile, ...Profile[]];
	if (second !== undefined) {
		const parsed = parseIssuers(candidates, jws);
		if (parsed.length > 1) return chooseByIssuer(parsed, jws, limits, progress);
		const [only] = parsed as [Parsed];
		return resolveIssuer(only.profile, only.tokenIssuer, jws, limits, progress);
	}
	progress?.candidate(profile.name);
	return resolveIssuer(profile, profile.parseIssuer(jws), jws, limits, progress);
}

/** The same for a token whose profile and issuer are known. */
export function resolveIssuer(
	profile: Profile,
	tokenIssuer: TokenIssuer,
	jws: CompactJws,
	limits: TimeLimits,
	progress?: Progress,
): Awaitable<Candidate> {
	progress?.candidate(profile.name, tokenIssuer.issuer);
	const claims = verifyClaims(profile, jws, limits);
	progress?.begin("resolve");
	const resolved = tokenIssuer.resolve();
	if (!isThenable(resolved)) return { profile, tokenIssuer, resolved, claims, isOnly: true };
	return resolved.then((found) => ({ profile, tokenIssuer, resolved: found, isOnly: true }));
}

/** A promise would accept every token, so the result must have the right shape. */
export function verifyClaims(profile: Profile, jws: CompactJws, limits: TimeLimits): VerifiedClaims {
	const claims = profile.verifyClaims(jws, limits);
	if (Array.isArray((claims as Partial<VerifiedClaims> | null | undefined)?.scopes)) return claims;
	ignoreRejection(claims);
	throw invalidOption("verifyClaims", "a function that returns expiresAt and scopes, or throws", {
		subject: profile.name,
	});
}

/** The profiles that don't refuse the token, at least one. Bugs aren't refusals: they could hide who knows the issuer. */
function parseIssuers(candidates: readonly Profile[], jws: CompactJws): readonly Parsed[] {
	const parsed: Parsed[] = [];
	const refusals: OrgpassError[] = [];
	for (const profile of candidates) {
		try {
			parsed.push({ profile, tokenIssuer: profile.parseIssuer(jws) });
		} catch (error) {
			if (!isOrgpassError(error) || isOutage(error) || error.code.startsWith("config/")) throw error;
			refusals.push(error);
		}
	}
	if (parsed.length === 0) throw refusals.find(({ code }) => !OTHER_KIND.has(code)) ?? refusals[0];
	return parsed;
}

/** Looks up no keys if none of the profiles could accept the token. */
async function chooseByIssuer(
	parsed: readonly Parsed[],
	jws: CompactJws,
	limits: TimeLimits,
	progress: Progress | undefined,
): Promise<Candidate> {
	const errors = parsed.map(({ profile }) => errorOf(() => verifyClaims(profile, jws, limits)));
	if (errors.every((error) => error !== undefined)) throw errors[0];
	progress?.begin("resolve");
	const results = await Promise.all(parsed.map(({ tokenIssuer }) => resolveKnown(tokenIssuer)));
	const resolved = results.map((result) => (isOrgpassError(result) ? undefined : result));
	const known = [...parsed.keys()].filter((at) => resolved[at] !== undefined);
	const [at, other] = known;
	if (at === undefined) {
		const unknown = results.filter(isOrgpassError);
		throw unknown.find(({ details }) => details?.["skipped"] !== undefined) ?? unknown[0];
	}
	if (other !== undefined) {
		const names = known.map((index) => parsed[index]?.profile.name);
		const message = `the issuer is known to both ${names.join(" and ")}`;
		throw new TokenError("token/issuer-ambiguous", message, { details: { profiles: names } });
	}
	const { profile, tokenIssuer } = parsed[at] as Parsed;
	progress?.candidate(profile.name, tokenIssuer.issuer);
	if (errors[at] !== undefined) throw errors[at];
	return { profile, tokenIssuer, resolved: resolved[at] as ResolvedIssuer, isOnly: false };
}

function errorOf(check: () => unknown): unknown {
	try {
		check();
		return undefined;
	} catch (error) {
		return error;
	}
}

/** Resolves an issuer; returns the error if the issuer is unknown. */
async function resolveKnown(tokenIssuer: TokenIssuer): Promise<ResolvedIssuer | OrgpassError> {
	try {
		return await tokenIssuer.resolve();
	} catch (error) {
		if (isOrgpassError(error) && error.code === "token/issuer-unknown") return error;
		throw error;
	}
}
