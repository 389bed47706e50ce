/**
 * Issuers' keys from a JWK Set (RFC 7517 section 5) on the network, fetched with jose's remote set.
 * @module
 */

import { createRemoteJWKSet, customFetch, type FetchImplementation, type JSONWebKeySet, type JWK } from "jose";
import * as z from "zod/mini";
import { sendRequest } from "#send-request";
import { hasMoreValues } from "../../encoding/json.js";
import { nextTurn } from "../../encoding/next-turn.js";
import { formatValue, isOrgpassError, KeyError } from "../../errors/errors.js";
import { importPublicKey } from "../../keys/import-public-key.js";
import type { RsaPublicKey } from "../../keys/rsa-public-key.js";
import { describeFailure } from "../../network/describe-failure.js";
import { assertOk, TransportError } from "../../network/http-message.js";
import { assertOptions } from "../../options/assert-options.js";
import { invalidOption } from "../../options/invalid-option.js";
import { optionsSchema, positiveInteger, positiveSeconds, secondsOrZero } from "../../options/schemas.js";
import { APP_ID, toAppId } from "./app-id.js";
import type { IssuerKeyLookup } from "./issuer-keys.js";

/** Options of {@link keysFromJwks}. */
export interface JwksOptions {
	/** The issuer that all keys of the set belong to. Default: the `kid` of each key names its issuer. */
	readonly issuer?: string | undefined;
	/** How long a fetched set is used, in seconds; 600 by default. */
	readonly cacheMaxAgeSeconds?: number | undefined;
	/** How long after a fetch, even a failed one, an unknown issuer or key doesn't cause another; 30 seconds by default. */
	readonly cooldownSeconds?: number | undefined;
	/** How long a fetch may take, in milliseconds; 5,000 by default. */
	readonly timeoutMs?: number | undefined;
}

const schema = optionsSchema<JwksOptions>({
	issuer: z.optional(z.custom<string>((value) => typeof value === "string" && toAppId(value) !== undefined, APP_ID)),
	cacheMaxAgeSeconds: z.optional(positiveSeconds),
	cooldownSeconds: z.optional(secondsOrZero),
	timeoutMs: z.optional(positiveInteger),
});

const MAX_BYTES = 1_048_576;
const MAX_VALUES = 20_000;
/** Keys imported in one turn of the event loop. */
const KEYS_AT_ONCE = 20;
const LOOPBACK: ReadonlySet<string> = new Set(["localhost", "127.0.0.1", "[::1]"]);

interface NamedKey {
	readonly kid: string | undefined;
	/** The part of `kid` before the first `#`. */
	readonly issuer: string | undefined;
	readonly key: RsaPublicKey;
}

/**
 * Creates a lookup of keys in a JWK Set. A key belongs to the issuer that its `kid` names before the first `#`: `12345`
 * and `12345#next` are two keys of the issuer `12345`. With the option `issuer`, all keys belong to that issuer. Keys
 * that can't be used for RS256 are ignored. The set is cached; it is fetched again when it is old or doesn't contain
 * the issuer or the key, but no more often than the cooldown allows.
 *
 * @example
 * ```ts
 * import { githubApp, keysFromJwks } from "orgpass/tokens";
 *
 * githubApp({ keys: keysFromJwks("https://apps.example/jwks.json") }).name; // => "github-app"
 * ```
 * @param url an https URL, or an http URL on this machine
 * @param options the set's issuer, and how long the set is cached
 * @returns the lookup, for the `keys` of a profile; it throws `key/unreachable` if the set can't be fetched
 * @throws {ConfigError} `config/unknown-option`, `config/invalid-option`
 */
export function keysFromJwks(url: string | URL, options: JwksOptions = {}): IssuerKeyLookup {
	assertOptions(schema, options, "keysFromJwks");
	const owner = toAppId(options.issuer);
	const { cacheMaxAgeSeconds = 600, cooldownSeconds = 30, timeoutMs = 5_000 } = options;
	const location = parseUrl(url);
	const set = createRemoteJWKSet(location, {
		timeoutDuration: timeoutMs,
		[customFetch]: fetchBounded,
	});
	let keys: readonly NamedKey[] = [];
	let loadedAt = Number.NEGATIVE_INFINITY;
	let failedAt = Number.NEGATIVE_INFINITY;
	let lastFailure: unknown;
	let loading: Promise<void> | undefined;

	return async function keysFromSet(name, keyId) {
		const issuer = toAppId(name) ?? name;
		if (owner !== undefined && issuer !== owner) return undefined;
		if (secondsSince(loadedAt) >= cacheMaxAgeSeconds) await reload();
		const found = find(issuer, keyId);
		if (found.length > 0) return found;
		if (secondsSince(loadedAt) >= cooldownSeconds) await reload();
		const again = find(issuer, keyId);
		return again.length > 0 || find(issuer, undefined).length > 0 ? again : undefined;
	};

	function find(issuer: string, keyId: string | undefined): readonly RsaPublicKey[] {
		const isOwn = (key: NamedKey): boolean => owner !== undefined || key.issuer === issuer;
		const isNamed = ({ kid, key }: NamedKey): boolean =>
			keyId === undefined || kid === keyId || key.thumbprint === keyId;
		return keys.filter((key) => isOwn(key) && isNamed(key)).map(({ key }) => key);
	}

	/** Has its own cooldown: jose's starts at the last success, so it would contact a failing host on every call. */
	function reload(): Promise<void> {
		loading ??= load().finally(() => {
			loading = undefined;
		});
		return loading;
	}

	async function load(): Promise<void> {
		if (secondsSince(failedAt) < cooldownSeconds) throw unreachable(location, lastFailure);
		try {
			await set.reload();
		} catch (cause) {
			failedAt = performance.now();
			lastFailure = cause;
			throw unreachable(location, cause);
		}
		keys = await importAll((set.jwks() as JSONWebKeySet).keys);
		loadedAt = performance.now();
	}
}

function secondsSince(timeMs: number): number {
	return (performance.now() - timeMs) / 1_000;
}

/** A set may have tens of thousands of entries, so other work gets its turn in between. */
async function importAll(jwks: readonly JWK[]): Promise<readonly NamedKey[]> {
	const imported: NamedKey[] = [];
	for (let from = 0; from < jwks.length; from += KEYS_AT_ONCE) {
		if (from > 0) await nextTurn();
		imported.push(...jwks.slice(from, from + KEYS_AT_ONCE).flatMap(importNamed));
	}
	return imported;
}

/** Ignores weak keys and keys for other algorithms, which a set may contain for other purposes. */
function importNamed(jwk: JWK): readonly NamedKey[] {
	try {
		const kid = typeof jwk.kid === "string" ? jwk.kid : undefined;
		return [{ kid, issuer: toAppId(kid?.split("#", 1)[0]), key: importPublicKey(jwk, { algorithm: "RS256" }) }];
	} catch (error) {
		if (isOrgpassError(error)) return [];
		throw error;
	}
}

const fetchBounded: FetchImplementation = async (url, { headers, signal }) => {
	const response = await sendRequest({ url: new URL(url), headers: Object.fromEntries(headers), signal });
	try {
		assertOk(response);
		const text = new TextDecoder().decode(await response.readBody(MAX_BYTES));
		if (hasMoreValues(text, MAX_VALUES)) throw new RangeError(`the JWK Set has more than ${MAX_VALUES} values`);
		assertJson(text);
		return new Response(text, { status: 200 });
	} finally {
		response.close();
	}
};

/** jose doesn't say how a response failed. */
function assertJson(text: string): void {
	try {
		JSON.parse(text);
	} catch (cause) {
		throw new TransportError("json", "the JWK Set is not JSON", { cause });
	}
}

function parseUrl(text: string | URL): URL {
	const url = URL.canParse(text) ? new URL(text) : undefined;
	const isSafe = url?.protocol === "https:" || (url?.protocol === "http:" && LOOPBACK.has(url.hostname));
	// Fetch refuses a URL with credentials, and its message would quote them.
	if (url !== undefined && isSafe && url.username === "" && url.password === "") return url;
	throw invalidOption("url", "an https URL without credentials", { subject: "keysFromJwks" });
}

function unreachable({ host }: URL, cause: unknown): KeyError {
	const { reason, details } = describeFailure(cause);
	const message = `the JWK Set can't be fetched: ${formatValue(host)} ${reason}`;
	return new KeyError("key/unreachable", message, { details: { host, ...details }, cause });
}
