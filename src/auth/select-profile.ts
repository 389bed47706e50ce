/**
 * From a token taken apart to its profile and its issuer's keys: everything that comes before the signature.
 * @module
 */
import { formatValue, isOrgpassError, TokenError } from "../errors/errors.js";
import type { TimeLimits } from "../jws/claims.js";
import type { CompactJws } from "../jws/decode-token.js";
import type { Profile, ResolvedIssuer, TokenIssuer } from "../tokens/token-kind.js";

/** A token whose claims passed, with the keys it must be signed by; nothing in it is believed yet. */
export interface Candidate {
	readonly profile: Profile;
	readonly from: TokenIssuer;
	readonly resolved: ResolvedIssuer;
}

/**
 * Checks header, issuer and claims, then finds the issuer's keys. Where several profiles may judge the token,
 * the one that knows the issuer does; an issuer that two of them know is refused.
 */
export async function selectProfile(
	candidates: readonly Profile[],
	jws: CompactJws,
	limits: () => TimeLimits,
): Promise<Candidate> {
	const [profile, second] = candidates as readonly [Profile, ...Profile[]];
	if (second === undefined) {
		const from = profile.parseIssuer(jws);
		profile.verifyClaims(jws, limits());
		return { profile, from, resolved: await from.resolve() };
	}
	return chooseByIssuer(candidates, jws, limits());
}

/** Nobody's keys are looked up for a token that none of the candidates could accept. */
async function chooseByIssuer(
	candidates: readonly Profile[],
	jws: CompactJws,
	limits: TimeLimits,
): Promise<Candidate> {
	const read = candidates.map((profile) => ({ profile, from: profile.parseIssuer(jws) }));
	const refusals = read.map(({ profile }) => refusalOf(() => profile.verifyClaims(jws, limits)));
	if (refusals.every((refusal) => refusal !== undefined)) throw refusals[0];
	const resolved = await Promise.all(read.map(({ from }) => resolveKnown(from)));
	const known = [...read.keys()].filter((at) => resolved[at] !== undefined);
	const [at, other] = known;
	if (at === undefined) {
		const { issuer } = (read[0] as (typeof read)[number]).from;
		throw new TokenError(
			"token/issuer-unknown",
			`expected an issuer whose keys are known, got ${formatValue(issuer)}`,
			{ details: { issuer } },
		);
	}
	if (other !== undefined) {
		const names = known.map((index) => read[index]?.profile.name);
		throw new TokenError("token/issuer-ambiguous", `the issuer is known to both ${names.join(" and ")}`, {
			details: { profiles: names },
		});
	}
	if (refusals[at] !== undefined) throw refusals[at];
	return { ...(read[at] as (typeof read)[number]), resolved: resolved[at] as ResolvedIssuer };
}

function refusalOf(check: () => unknown): unknown {
	try {
		check();
		return undefined;
	} catch (error) {
		return error;
	}
}

async function resolveKnown(from: TokenIssuer): Promise<ResolvedIssuer | undefined> {
	try {
		return await from.resolve();
	} catch (error) {
		if (isOrgpassError(error) && error.code === "token/issuer-unknown") return undefined;
		throw error;
	}
}
