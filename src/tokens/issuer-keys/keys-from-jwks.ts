/**
 * Issuers' keys from a JWK Set (RFC 7517 5) on the network, by jose's remote set.
 * @module
 */
import {
	createRemoteJWKSet,
	customFetch,
	type FetchImplementation,
	type JSONWebKeySet,
	type JWK,
} from "jose";
import * as z from "zod/mini";
import { chunksOf, collectBytes } from "../../encoding/byte-stream.js";
import { isOrgpassError, KeyError } from "../../errors/errors.js";
import { importPublicKey } from "../../keys/import-public-key.js";
import type { RsaPublicKey } from "../../keys/rsa-public-key.js";
import { checkOptions } from "../../options/check-options.js";
import { invalidOption } from "../../options/invalid-option.js";
import { nonEmptyString, positiveInteger, positiveSeconds, secondsOrZero } from "../../options/schemas.js";
import type { IssuerKeyLookup } from "./issuer-keys.js";

/** Options of {@link keysFromJwks}. */
export interface JwksOptions {
	/** Whose set it is; without it, the `kid` of each key names its issuer. */
	readonly issuer?: string | undefined;
	/** How long a set is kept; 600 seconds by default. */
	readonly cacheMaxAgeSeconds?: number | undefined;
	/** How long after a fetch, also a failed one, an unknown issuer or key leads to no other; 30 by default. */
	readonly cooldownSeconds?: number | undefined;
	/** How long a fetch may take; 5,000 ms by default. */
	readonly timeoutMs?: number | undefined;
}

const optionsSchema = z.strictObject(
	{
		issuer: z.optional(nonEmptyString),
		cacheMaxAgeSeconds: z.optional(positiveSeconds),
		cooldownSeconds: z.optional(secondsOrZero),
		timeoutMs: z.optional(positiveInteger),
	},
	"an object",
);

const MAX_BYTES = 1_048_576;
const LOOPBACK: ReadonlySet<string> = new Set(["localhost", "127.0.0.1", "[::1]"]);

/** A key of the set with the names it goes by. */
interface NamedKey {
	readonly kid: string | undefined;
	/** The issuer that `kid` names; one, so that an id with a `#` in it is no other issuer's key. */
	readonly belongsTo: string | undefined;
	readonly key: RsaPublicKey;
}

/**
 * Makes the look-up of keys in a JWK Set. A key belongs to the issuer that its `kid` names up to the first `#`:
 * `12345` and `12345#next` are keys of the issuer `12345`, which is how one issuer has several. With the option
 * `issuer` the whole set is that issuer's, whatever its `kid`s. Only keys fit for RS256 count. The set is kept,
 * fetched anew when it is old or lacks what is asked for, and no more often than the cooldown allows.
 *
 * @example
 * ```ts
 * import { githubApp, keysFromJwks } from "orgpass/tokens";
 *
 * githubApp({ keys: keysFromJwks("https://apps.example/jwks.json") }).name; // => "github-app"
 * ```
 * @param url https; http to this machine alone
 * @param options whose set, how long it is kept
 * @returns the look-up, for the `keys` of a profile; it throws `key/unreachable` when the set can't be had
 * @throws {ConfigError} `config/unknown-option`, `config/invalid-option`
 */
export function keysFromJwks(url: string | URL, options: JwksOptions = {}): IssuerKeyLookup {
	checkOptions(optionsSchema, options, "keysFromJwks");
	const { issuer: owner, cacheMaxAgeSeconds = 600, cooldownSeconds = 30, timeoutMs = 5_000 } = options;
	const set = createRemoteJWKSet(checkUrl(url), {
		timeoutDuration: timeoutMs,
		[customFetch]: fetchBounded,
	});
	let keys: readonly NamedKey[] = [];
	let loadedAt = Number.NEGATIVE_INFINITY;
	let failedAt = Number.NEGATIVE_INFINITY;
	let loading: Promise<void> | undefined;

	return async function keysFromSet(issuer, keyId) {
		if (owner !== undefined && issuer !== owner) return undefined;
		if (secondsSince(loadedAt) >= cacheMaxAgeSeconds) await reload();
		const found = find(issuer, keyId);
		if (found.length > 0) return found;
		if (secondsSince(loadedAt) >= cooldownSeconds) await reload();
		const again = find(issuer, keyId);
		return again.length > 0 || find(issuer, undefined).length > 0 ? again : undefined;
	};

	function find(issuer: string, keyId: string | undefined): readonly RsaPublicKey[] {
		const isOf = ({ belongsTo }: NamedKey): boolean => owner !== undefined || belongsTo === issuer;
		const isNamed = ({ kid, key }: NamedKey): boolean =>
			keyId === undefined || kid === keyId || key.thumbprint === keyId;
		return keys.filter((one) => isOf(one) && isNamed(one)).map(({ key }) => key);
	}

	/**
	 * Ages and flights are kept here, not by jose: it counts its cooldown from the last fetch that worked, so that a
	 * host that is down would be asked all the time, and it calls a set fresh before its keys are read.
	 */
	function reload(): Promise<void> {
		loading ??= load().finally(() => {
			loading = undefined;
		});
		return loading;
	}

	async function load(): Promise<void> {
		if (secondsSince(failedAt) < cooldownSeconds) throw unreachable();
		try {
			await set.reload();
		} catch (cause) {
			failedAt = performance.now();
			throw unreachable(cause);
		}
		keys = (set.jwks() as JSONWebKeySet).keys.flatMap(importNamed);
		loadedAt = performance.now();
	}
}

function secondsSince(moment: number): number {
	return (performance.now() - moment) / 1_000;
}

/** Keys of other kinds, and weak ones, don't count: a set may hold what isn't for us. */
function importNamed(jwk: JWK): readonly NamedKey[] {
	try {
		const kid = typeof jwk.kid === "string" ? jwk.kid : undefined;
		return [{ kid, belongsTo: kid?.split("#", 1)[0], key: importPublicKey(jwk, { algorithm: "RS256" }) }];
	} catch (error) {
		if (isOrgpassError(error)) return [];
		throw error;
	}
}

const fetchBounded: FetchImplementation = async (url, options) => {
	const response = await fetch(url, options);
	if (response.status !== 200 || response.body === null) {
		await response.body?.cancel();
		throw new TypeError(`expected status 200 and a body, got ${response.status}`);
	}
	const bytes = await collectBytes(chunksOf(response.body), MAX_BYTES);
	if (bytes === undefined) throw new RangeError(`the JWK Set is larger than ${MAX_BYTES} bytes`);
	return new Response(bytes, { status: 200, headers: response.headers });
};

function checkUrl(text: string | URL): URL {
	const url = URL.canParse(text) ? new URL(text) : undefined;
	const isSafe = url?.protocol === "https:" || (url?.protocol === "http:" && LOOPBACK.has(url.hostname));
	// Fetch refuses a URL with credentials, and would quote them.
	if (url !== undefined && isSafe && url.username === "" && url.password === "") return url;
	throw invalidOption("url", "an https URL without credentials", { subject: "keysFromJwks" });
}

function unreachable(cause?: unknown): KeyError {
	return new KeyError("key/unreachable", "the JWK Set can't be fetched now", { cause });
}
