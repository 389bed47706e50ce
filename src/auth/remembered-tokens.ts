/**
 * Tokens whose signatures were verified, by their whole text. An entry holds what a signature proves and nothing else:
 * the issuer's state, times, policies and requirements are checked at every use.
 * @module
 */
import type { CompactJws } from "../jws/decode-token.js";
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
	/** When it was verified, in seconds since the epoch. */
	readonly since: number;
}

export interface RememberedTokens {
	find(token: string, now: number): RememberedToken | undefined;
	add(token: string, remembered: RememberedToken): void;
}

/** The size of all tokens in characters; decoded, one takes up to twenty times as many bytes. */
const MAX_CHARACTERS = 2 ** 23;

/** Forgets the oldest first: the order of use would have to be updated by every request. */
export function createRememberedTokens({
	maxEntries = 10_000,
	ttlSeconds = 300,
}: TokenCacheOptions = {}): RememberedTokens {
	const entries = new Map<string, RememberedToken>();
	/** One iterator for all: it continues where it was, whereas a new one would first skip everything deleted. */
	const oldest = entries.keys();
	let characters = 0;
	return {
		find(token, now) {
			const entry = entries.get(token);
			if (entry === undefined || isCurrent(entry, now)) return entry;
			remove(token);
			return undefined;
		},
		add(token, remembered) {
			const { size } = entries;
			entries.set(token, remembered);
			if (entries.size > size) characters += token.length;
			while (entries.size > maxEntries || characters > MAX_CHARACTERS) remove(oldest.next().value as string);
		},
	};

	function remove(token: string): void {
		if (entries.delete(token)) characters -= token.length;
	}

	/** Also false if the clock was set back since, because the age is unknown then. */
	function isCurrent(
		{ since, verified: { expiresAt = Number.POSITIVE_INFINITY } }: RememberedToken,
		now: number,
	): boolean {
		return now >= since && now < since + ttlSeconds && now < expiresAt;
	}
}
