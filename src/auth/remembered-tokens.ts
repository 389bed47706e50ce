/**
 * Tokens whose signatures were verified, by their whole text. An entry holds what a signature proves and nothing else:
 * the issuer's state, times, policies and requirements are checked at every use.
 * @module
 */
import { createTextMemory } from "../caching/text-memory.js";
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
	/** Its whole text, once it was found: a copy, which doesn't keep a longer text in memory. */
	token: string | undefined;
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

/** What is remembered about a token that was just verified. */
export type ProvenToken = Omit<RememberedToken, "token" | "decoded"> & { readonly token: string };

export interface RememberedTokens {
	find(token: string, now: number): RememberedToken | undefined;
	add(token: ProvenToken): void;
}

/** The size of all tokens in characters; decoded, one takes up to twenty times as many bytes. */
const MAX_CHARACTERS = 2 ** 23;

/** Tokens are found by their ends, parts of their signatures. Of tokens with the same end, the last one is remembered. */
const END_LENGTH = 12;

interface Entry extends RememberedToken {
	/** Where its text is until it is found. */
	readonly place: number;
	readonly length: number;
}

/** Forgets the oldest first: the order of use would have to be updated by every request. */
export function createRememberedTokens({
	maxEntries = 10_000,
	ttlSeconds = 300,
}: TokenCacheOptions = {}): RememberedTokens {
	const entries = new Map<string, Entry>();
	const texts = createTextMemory(MAX_CHARACTERS);
	/** One iterator for all: it continues where it was, whereas a new one would first skip everything deleted. */
	const oldest = entries.keys();
	let characters = 0;
	return {
		find(token, now) {
			const end = endOf(token);
			const entry = entries.get(end);
			if (entry?.length !== token.length) return undefined;
			const text = entry.token ?? texts.read(entry.place, entry.length);
			if (text !== token) return undefined;
			entry.token = text;
			if (isCurrent(entry, now)) return entry;
			remove(end);
			return undefined;
		},
		add(proven) {
			const { token } = proven;
			const { length } = token;
			const end = endOf(token);
			remove(end);
			if (length > MAX_CHARACTERS) return;
			entries.set(end, { ...proven, token: undefined, decoded: undefined, place: texts.write(token), length });
			characters += length;
			while (entries.size > maxEntries || characters > MAX_CHARACTERS) remove(oldest.next().value as string);
		},
	};

	function remove(end: string): void {
		const entry = entries.get(end);
		if (entry === undefined) return;
		entries.delete(end);
		characters -= entry.length;
	}

	/** Also false if the clock was set back since, because the age is unknown then. */
	function isCurrent({ since, expiresAt = Number.POSITIVE_INFINITY }: RememberedToken, now: number): boolean {
		return now >= since && now < since + ttlSeconds && now < expiresAt;
	}
}

/** So short that V8 copies it instead of keeping the token, and hashes it in a fraction of a whole token's time. */
function endOf(token: string): string {
	return token.slice(-END_LENGTH);
}
