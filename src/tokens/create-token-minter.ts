/**
 * What all minters share: the lifetime, the clock, and a token that is reused until shortly before it expires.
 * @module
 */
import * as v from "valibot";
import { DEFAULT_MAX_TOKEN_BYTES, decodeToken } from "../jws/decode-token.js";
import { toScopes } from "../jws/scope.js";
import { assertOptions } from "../options/assert-options.js";
import { invalidOption } from "../options/invalid-option.js";
import { optionsSchema } from "../options/schemas.js";
import { stringOrStrings } from "../options/value-schemas.js";
import { DEFAULT_MAX_LIFETIME_SECONDS, LIFETIME_SHAPE, type LifetimeOptions } from "./lifetime.js";
import { clockOffset } from "./server-date.js";
import type { DiscardOptions, Minter, ReusableTokenOptions, TokenMinter, TokenOptions } from "./token-kind.js";

interface CachedToken {
	readonly minting: Promise<string>;
	readonly mintedAt: number;
	/** The token, once it is minted. */
	token?: string;
}

/** {@link ReusableTokenOptions} of any kind of token. */
interface ReusableOptions {
	readonly audience?: string | readonly string[];
	readonly scope?: string | readonly string[];
	readonly resource?: string;
	readonly operation?: string;
}

const lifetimeSchema = optionsSchema<LifetimeOptions>(LIFETIME_SHAPE);
const optional = v.optional(stringOrStrings);
const REUSABLE_SHAPE = { audience: optional, scope: optional, resource: optional, operation: optional };
const reusableSchema = optionsSchema<ReusableOptions>(REUSABLE_SHAPE);
const discardSchema = optionsSchema<ReusableOptions & { serverDate: unknown }>({
	...REUSABLE_SHAPE,
	serverDate: v.optional(v.unknown()),
});
/** The tokens, and the audiences' clocks, that are remembered. */
const MAX_REMEMBERED = 1_000;

/**
 * Creates the minter of a kind of token. Built-in kinds have their own functions, such as `createOrgIdMinter`; use this
 * one for your own.
 *
 * @example
 * ```ts
 * import { generateKeyPair } from "orgpass/keys";
 * import { decodeToken, signToken } from "orgpass/jws";
 * import { createTokenMinter } from "orgpass/tokens";
 *
 * const { privateKey: signer } = await generateKeyPair();
 * const minter = createTokenMinter({
 *   defaultLifetimeSeconds: 60,
 *   assertOptions() {},
 *   mint(_options, { now, lifetimeSeconds }) {
 *     const header = { alg: "ES256K", typ: "shop+jwt" };
 *     return signToken({ header, claims: { iss: "shop-7", exp: Math.floor(now) + lifetimeSeconds }, signer });
 *   },
 * }, { now: () => 1_800_000_000 });
 * decodeToken(await minter.mint()).claims; // => { iss: "shop-7", exp: 1800000060 }
 * ```
 * @param kind how tokens of the kind are built and signed
 * @param options the lifetime, in seconds, and the clock
 * @returns the minter; its methods throw the kind's errors, and `config/invalid-option` for a lifetime out of range
 * @throws {ConfigError} `config/unknown-option`, `config/invalid-option`
 */
export function createTokenMinter<Options extends TokenOptions>(
	kind: TokenMinter<Options>,
	options: LifetimeOptions = {},
): Minter<Options> {
	return createMinter(kind, options, decodeToken);
}

/** The same for the built-in kinds: what they encode is checked already, so only the size of their tokens is. */
export function createBuiltInMinter<Options extends TokenOptions>(
	kind: TokenMinter<Options>,
	options: LifetimeOptions,
): Minter<Options> {
	return createMinter(kind, options, assertSize);
}

function createMinter<Options extends TokenOptions>(
	kind: TokenMinter<Options>,
	options: LifetimeOptions,
	assertToken: (token: string) => unknown,
): Minter<Options> {
	assertOptions(lifetimeSchema, options, "createTokenMinter");
	const { now = systemClock, serverDate } = options;
	const { backdateSeconds = 0 } = kind;
	const maxLifetimeSeconds = Math.min(
		options.maxLifetimeSeconds ?? DEFAULT_MAX_LIFETIME_SECONDS,
		kind.maxLifetimeSeconds ?? Number.POSITIVE_INFINITY,
	);
	const defaultLifetime = options.lifetimeSeconds ?? Math.min(kind.defaultLifetimeSeconds, maxLifetimeSeconds);
	const offset = serverDate === undefined ? 0 : clockOffset(serverDate, readClock());
	assertLifetime(defaultLifetime);
	const cache = new Map<string, CachedToken>();
	const serverOffsets = new Map<string, number>();

	return Object.freeze({ mint, token, discard });

	async function mint(options = {} as Options): Promise<string> {
		kind.assertOptions(options);
		const { lifetimeSeconds = defaultLifetime } = options;
		assertLifetime(lifetimeSeconds);
		const token = await kind.mint(options, {
			now: readClock() + offsetOf(options),
			lifetimeSeconds,
			maxLifetimeSeconds,
		});
		assertToken(token);
		return token;
	}

	async function token(options = {} as ReusableTokenOptions<Options>): Promise<string> {
		assertOptions(reusableSchema, options, "token");
		const cacheKey = toCacheKey(options);
		const cached = cache.get(cacheKey);
		if (cached !== undefined && isFresh(cached)) return cached.minting;
		const renewed: CachedToken = { minting: mint(options as Options), mintedAt: now() };
		setBounded(cache, cacheKey, renewed);
		renewed.minting.then(
			(token) => Object.assign(renewed, { token }),
			() => cache.get(cacheKey) === renewed && cache.delete(cacheKey),
		);
		return renewed.minting;
	}

	function discard(token: string, options = {} as DiscardOptions<Options>): void {
		assertOptions(discardSchema, options, "discard");
		const { serverDate, ...reusable } = options;
		kind.assertOptions(reusable as unknown as Options);
		const cacheKey = toCacheKey(options);
		if (cache.get(cacheKey)?.token === token) cache.delete(cacheKey);
		try {
			setBounded(serverOffsets, toClockKey(options), clockOffset(serverDate as string, readClock()));
		} catch {
			// There is no date, or none to rely on.
		}
	}

	function offsetOf(options: object): number {
		return serverOffsets.size === 0 ? offset : (serverOffsets.get(toClockKey(options)) ?? offset);
	}

	function isFresh({ mintedAt }: CachedToken): boolean {
		const age = now() - mintedAt;
		return age >= 0 && backdateSeconds + age < defaultLifetime * 0.8;
	}

	function readClock(): number {
		const seconds = now();
		if (Number.isFinite(seconds)) return seconds;
		throw invalidOption("now", "a function that returns seconds since the epoch");
	}

	function assertLifetime(lifetimeSeconds: number): void {
		let expected = `at most maxLifetimeSeconds (${maxLifetimeSeconds})`;
		if (lifetimeSeconds <= maxLifetimeSeconds) {
			// The lifetime counts from iat, so with a shorter one the token would already be expired.
			if (lifetimeSeconds > backdateSeconds) return;
			expected = `more than the ${backdateSeconds} seconds that iat is set back`;
		}
		throw invalidOption("lifetimeSeconds", `${expected}, got ${lifetimeSeconds}`);
	}
}

/** Refuses what `decodeToken` would refuse for its size alone. */
function assertSize(token: string): void {
	if (token.length > DEFAULT_MAX_TOKEN_BYTES) decodeToken(token);
}

function toClockKey(options: object): string {
	return JSON.stringify([(options as ReusableOptions).audience]);
}

/** Scopes are a set. */
function toCacheKey(options: object): string {
	const { audience, scope, resource, operation } = options as ReusableOptions;
	return JSON.stringify([audience, scope && [...toScopes(scope)].sort(), resource, operation]);
}

function setBounded<Value>(map: Map<string, Value>, key: string, value: Value): void {
	map.set(key, value);
	if (map.size > MAX_REMEMBERED) map.delete(map.keys().next().value as string);
}

function systemClock(): number {
	return Date.now() / 1_000;
}
