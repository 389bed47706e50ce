/**
 * Tokens whose signatures were verified, by their whole text. An entry holds what a signature proves and nothing else:
 * the issuer's state, times, policies and requirements are checked at every use.
 * @module
 */
import { copyAscii } from "../encoding/base64.js";
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

/** A token as its signature was verified. */
export interface RememberedToken {
	/** Its whole text. */
	readonly token: string;
	readonly profile: Profile;
	/** The issuer's keys when the signature was verified: it must be verified again if they aren't the same object. */
	readonly resolved: ResolvedIssuer;
	readonly keyId: string;
	readonly expiresAt: number | undefined;
	/** When it was verified, in seconds since the epoch. */
	readonly since: number;
	/**
	 * Until the token is used again: most never are, and what the collector would have to move for them takes longer than
	 * decoding one again.
	 */
	decoded: DecodedToken | undefined;
}

/** A remembered token's parts. */
export interface DecodedToken {
	readonly jws: CompactJws;
	readonly tokenIssuer: TokenIssuer;
	/** The last result. */
	readonly verified: VerifiedToken;
}

export interface RememberedTokens {
	find(token: string, now: number): RememberedToken | undefined;
	add(remembered: Omit<RememberedToken, "decoded">): void;
}

/** The size of all tokens in characters; decoded, one takes up to twenty times as many bytes. */
const MAX_CHARACTERS = 2 ** 23;

/** Tokens are found by their ends, parts of their signatures. Of tokens with the same end, the last one is remembered. */
const END_LENGTH = 32;

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
			const end = endOf(token);
			const entry = entries.get(end);
			if (entry?.token !== token) return undefined;
			if (isCurrent(entry, now)) return entry;
			remove(end);
			return undefined;
		},
		add(remembered) {
			const token = copyAscii(remembered.token);
			const end = endOf(token);
			remove(end);
			entries.set(end, { ...remembered, token, decoded: undefined });
			characters += token.length;
			while (entries.size > maxEntries || characters > MAX_CHARACTERS) remove(oldest.next().value as string);
		},
	};

	function remove(end: string): void {
		const entry = entries.get(end);
		if (entry === undefined) return;
		entries.delete(end);
		characters -= entry.token.length;
	}

	/** Also false if the clock was set back since, because the age is unknown then. */
	function isCurrent({ since, expiresAt = Number.POSITIVE_INFINITY }: RememberedToken, now: number): boolean {
		return now >= since && now < since + ttlSeconds && now < expiresAt;
	}
}

/** V8 needs ten times as long to hash a whole token as to hash its end and to compare all of it. */
function endOf(token: string): string {
	return token.slice(-END_LENGTH);
}
