/**
 * Tokens whose signatures were verified, by their whole text. An entry holds what a signature proves and nothing else:
 * the issuer's state, times, policies and requirements are checked at every use.
 * @module
 */
import type { CompactJws } from "../jws/decode-token.js";
import { BoundedCache } from "../resolver/bounded-cache.js";
import type { Profile, ResolvedIssuer, TokenIssuer } from "../tokens/token-kind.js";
import type { VerifiedToken } from "../tokens/verified-token.js";

/** Options of {@link VerifierOptions.cache}. */
export interface TokenCacheOptions {
	/** How many tokens are remembered; 10,000 by default. */
	readonly maxEntries?: number | undefined;
	/** How long a signature isn't verified again, in seconds; 300 by default. */
	readonly ttlSeconds?: number | undefined;
}

/** A token as it was verified. */
export interface RememberedToken {
	readonly jws: CompactJws;
	readonly profile: Profile;
	readonly tokenIssuer: TokenIssuer;
	/** The issuer's keys when the signature was verified: it must be verified again if they aren't the same object. */
	readonly resolved: ResolvedIssuer;
	readonly verified: VerifiedToken;
}

export interface RememberedTokens {
	find(token: string, now: number): RememberedToken | undefined;
	add(token: string, remembered: RememberedToken, now: number): void;
}

interface Entry extends RememberedToken {
	readonly since: number;
	/** In characters. */
	readonly size: number;
}

/** The size of all tokens in characters; decoded, one takes up to twenty times as many bytes. */
const MAX_CHARACTERS = 2 ** 23;

export function createRememberedTokens({
	maxEntries = 10_000,
	ttlSeconds = 300,
}: TokenCacheOptions = {}): RememberedTokens {
	const entries = new BoundedCache<Entry>(maxEntries, { maxSize: MAX_CHARACTERS, sizeCalculation: ({ size }) => size });
	return {
		find(token, now) {
			const entry = entries.get(token);
			if (entry === undefined || isCurrent(entry, now)) return entry;
			entries.delete(token);
			return undefined;
		},
		add: (token, remembered, now) => void entries.set(token, { ...remembered, since: now, size: token.length }),
	};

	/** Also false if the clock was set back since, because the age is unknown then. */
	function isCurrent({ since, verified: { expiresAt = Number.POSITIVE_INFINITY } }: Entry, now: number): boolean {
		return now >= since && now < since + ttlSeconds && now < expiresAt;
	}
}
