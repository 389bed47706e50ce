/**
 * Issuers' keys from a JWK Set (RFC 7517 section 5) on the network. Each entry is checked separately.
 * @module
 */
import * as v from "valibot";
import { sendRequest } from "#send-request";
import { isInForce, type MethodPeriod, periodOfMethod } from "../../did/method-period.js";
import { ignoreRejection } from "../../encoding/ignore-rejection.js";
import { hasMoreValues, type JsonObject } from "../../encoding/json.js";
import { parseNative } from "../../encoding/native-json.js";
import { nextTurn } from "../../encoding/next-turn.js";
import { formatValue, isOrgpassError, KeyError } from "../../errors/errors.js";
import { importPublicKey } from "../../keys/import-public-key.js";
import type { RsaPublicKey } from "../../keys/rsa-public-key.js";
import { describeFailure } from "../../network/describe-failure.js";
import { assertOk, isAbsence, TransportError, type TransportFailure } from "../../network/http-message.js";
import { createSharedWork } from "../../network/shared-work.js";
import { type Facts, observe } from "../../observe/observe.js";
import type { Observer } from "../../observe/observer.js";
import { assertOptions } from "../../options/assert-options.js";
import { invalidOption } from "../../options/invalid-option.js";
import { anyFunction, optionsSchema, restriction } from "../../options/schemas.js";
import { positiveInteger, positiveSeconds, secondsOrZero } from "../../options/value-schemas.js";
import { APP_ID, toAppId } from "./app-id.js";
import { type IssuerKeyLookup, markStale, registerInternals } from "./issuer-keys.js";

/** Options of {@link keysFromJwks}. */
export interface JwksOptions {
	/** The issuer that all keys of the set belong to. Default: the `kid` of each key names its issuer. */
	readonly issuer?: string;
	/** How long a fetched set is used, in seconds; 600 by default. From half of it on, a new one is fetched. */
	readonly cacheMaxAgeSeconds?: number | undefined;
	/**
	 * How long after that the set is still used if its host is down, in seconds; 0 by default. Verified tokens are then
	 * marked as `stale`. A set that the host has removed or replaced isn't used.
	 */
	readonly staleIfErrorSeconds?: number | undefined;
	/** The shortest time between fetches, even failed ones, for an unknown issuer or key, in seconds; 30 by default. */
	readonly cooldownSeconds?: number | undefined;
	/** How long a fetch may take, in milliseconds; 5,000 by default. */
	readonly timeoutMs?: number | undefined;
	/** Observes the fetches of the set. */
	readonly observer?: Observer | undefined;
}

const schema = optionsSchema<JwksOptions>({
	issuer: restriction(v.custom<string>((value) => typeof value === "string" && toAppId(value) !== undefined, APP_ID)),
	cacheMaxAgeSeconds: v.optional(positiveSeconds),
	staleIfErrorSeconds: v.optional(secondsOrZero),
	cooldownSeconds: v.optional(secondsOrZero),
	timeoutMs: v.optional(positiveInteger),
	observer: v.optional(anyFunction),
});

const MAX_BYTES = 1_048_576;
const MAX_VALUES = 20_000;
/** Keys imported per turn of the event loop. */
const KEYS_AT_ONCE = 20;
const LOOPBACK: ReadonlySet<string> = new Set(["localhost", "127.0.0.1", "[::1]"]);

interface NamedKey {
	readonly kid: string | undefined;
	/** The part of `kid` before the first `#`. */
	readonly issuer: string | undefined;
	readonly key: RsaPublicKey;
	/** By its `exp`, `nbf` and `revoked` (OpenID Federation 1.0). */
	readonly period: MethodPeriod;
}

/** An entry of the set that isn't used, and why. */
interface SkippedEntry {
	readonly issuer: string | undefined;
	readonly reason: string;
}

const MAX_SKIPPED = 1_000;

/** Responses that say nothing about the set. */
const OUTAGES: ReadonlySet<TransportFailure> = new Set(["overhead", "coding", "json"]);

/**
 * Creates a lookup of keys in a JWK Set. A key belongs to the issuer that its `kid` names before the first `#`: `12345`
 * and `12345#next` are two keys of the issuer `12345`. With the option `issuer`, all keys belong to that issuer.
 * Entries that can't be used, or not now because of their `exp`, `nbf` or `revoked`, are skipped; the error for an unknown
 * issuer says which and why. The set is cached; it is fetched again when it is old or doesn't contain the issuer or the
 * key, but no more often than the cooldown allows.
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
	const { cacheMaxAgeSeconds = 600, staleIfErrorSeconds = 0, cooldownSeconds = 30 } = options;
	const { timeoutMs = 5_000, observer } = options;
	const location = parseUrl(url);
	let keys: ReadonlyMap<string | undefined, readonly NamedKey[]> = new Map();
	let skipped: readonly SkippedEntry[] = [];
	let loadedAt = Number.NEGATIVE_INFINITY;
	let failedAt = Number.NEGATIVE_INFINITY;
	let lastFailure: unknown;
	/** Whether the host has said since that there is no set, or sent something else. */
	let isWithdrawn = false;
	const loading = createSharedWork<void>(timeoutMs);

	registerInternals(keysFromSet, { skippedFor, load: update });
	return keysFromSet;

	/** A known key of a set that is fresh needs no waiting. */
	function keysFromSet(name: string, keyId: string | undefined): ReturnType<IssuerKeyLookup> {
		const issuer = toAppId(name) ?? name;
		if (owner !== undefined && issuer !== owner) return undefined;
		const found = isFresh() ? find(issuer, keyId) : [];
		if (found.length === 0) return updateAndFind(issuer, keyId);
		ignoreRejection(update());
		return found;
	}

	async function updateAndFind(
		issuer: string,
		keyId: string | undefined,
	): Promise<readonly RsaPublicKey[] | undefined> {
		await update();
		const found = find(issuer, keyId);
		if (found.length > 0) return isFresh() ? found : markStale(found);
		if (!isFresh() || secondsSince(loadedAt) >= cooldownSeconds) await reload();
		const again = find(issuer, keyId);
		return again.length > 0 || find(issuer, undefined).length > 0 ? again : undefined;
	}

	function find(issuer: string, keyId: string | undefined): readonly RsaPublicKey[] {
		const isNamed = ({ kid, key }: NamedKey): boolean =>
			keyId === undefined || kid === keyId || key.thumbprint === keyId;
		const now = currentTime();
		return (keys.get(issuer) ?? [])
			.filter((named) => isNamed(named) && isInForce(named.period, now))
			.map(({ key }) => key);
	}

	function skippedFor(issuer: string): readonly string[] {
		const [own, others] = [true, false].map((isOwn) => skipped.filter((entry) => (entry.issuer === issuer) === isOwn));
		return [...(own ?? []), ...(others ?? [])].map(({ reason }) => reason);
	}

	/** Nothing waits for the host while the set is fresh, or the host has just failed and the set can be used. */
	async function update(): Promise<void> {
		if (secondsSince(loadedAt) < cacheMaxAgeSeconds / 2) return;
		const reloading = reload().catch((error: unknown) => {
			if (!isFresh() && !isUsable()) throw error;
		});
		const isDown = secondsSince(failedAt) < cooldownSeconds * 2;
		if (isFresh() || (isDown && isUsable())) reloading.catch(() => undefined);
		else await reloading;
	}

	function isFresh(): boolean {
		return secondsSince(loadedAt) < cacheMaxAgeSeconds;
	}

	/** Whether the last fetch failed, and the set before it isn't too old. */
	function isUsable(): boolean {
		const hasFailed = failedAt > loadedAt && !isWithdrawn;
		return hasFailed && secondsSince(loadedAt) < cacheMaxAgeSeconds + staleIfErrorSeconds;
	}

	function reload(): Promise<void> {
		return loading.run("set", load);
	}

	async function load(): Promise<void> {
		if (secondsSince(failedAt) < cooldownSeconds) throw unreachable(location, lastFailure);
		const { host } = location;
		const entries =
			observer === undefined ? await fetchSet() : await observe(observer, { operation: "jwks", host }, fetchSet);
		const [imported, others] = await importAll(entries, owner);
		keys = Map.groupBy(imported, ({ issuer }) => owner ?? issuer);
		skipped = others;
		loadedAt = performance.now();
		isWithdrawn = false;
	}

	async function fetchSet(facts?: Facts<"jwks">): Promise<readonly unknown[]> {
		try {
			return await fetchEntries(location, timeoutMs, facts);
		} catch (cause) {
			failedAt = performance.now();
			lastFailure = cause;
			isWithdrawn ||= !isOutage(cause);
			throw unreachable(location, cause);
		}
	}
}

function secondsSince(timeMs: number): number {
	return (performance.now() - timeMs) / 1_000;
}

/** A set may have tens of thousands of entries, so other work runs in between. */
async function importAll(
	entries: readonly unknown[],
	owner: string | undefined,
): Promise<[readonly NamedKey[], readonly SkippedEntry[]]> {
	const keys: NamedKey[] = [];
	const skipped: SkippedEntry[] = [];
	for (const [at, entry] of entries.entries()) {
		if (at > 0 && at % KEYS_AT_ONCE === 0) await nextTurn();
		const kid = (Object(entry) as JsonObject)["kid"];
		const issuer = typeof kid === "string" ? toAppId(kid.split("#", 1)[0]) : undefined;
		const skip = (why: string): void => {
			const reason = `entry ${at + 1}${kid === undefined ? "" : ` with the kid ${formatValue(kid)}`}: ${why}`;
			if (skipped.length < MAX_SKIPPED) skipped.push({ issuer, reason });
		};
		try {
			if (typeof entry !== "object" || entry === null) throw new KeyError("key/unrecognized", "expected a JWK");
			const key = importPublicKey(entry, { algorithm: "RS256" });
			if (issuer === undefined && owner === undefined) throw kidError(kid);
			const period = periodOfMethod({ publicKeyJwk: entry });
			keys.push({ kid: typeof kid === "string" ? kid : undefined, issuer, key, period });
			if (!isInForce(period, currentTime())) skip("its exp, nbf or revoked says that it isn't valid now");
		} catch (error) {
			if (!isOrgpassError(error)) throw error;
			skip(error.message);
		}
	}
	return [keys, skipped];
}

function currentTime(): number {
	return Date.now() / 1_000;
}

function kidError(kid: unknown): KeyError {
	const expected = "expected kid to be an app's id as text, or one followed by # and a name";
	return new KeyError("key/malformed", `${expected}, got ${formatValue(kid)}`);
}

async function fetchEntries(url: URL, timeoutMs: number, facts?: Facts<"jwks">): Promise<readonly unknown[]> {
	const headers = { accept: "application/json, application/jwk-set+json" };
	const response = await sendRequest({ url, headers, signal: AbortSignal.timeout(timeoutMs) });
	try {
		assertOk(response);
		const bytes = await response.readBody(MAX_BYTES);
		if (facts !== undefined) facts.receivedBytes = bytes.length;
		const text = new TextDecoder().decode(bytes);
		if (hasMoreValues(text, MAX_VALUES)) {
			throw new TransportError("too-large", `the JWK Set has more than ${MAX_VALUES} values`);
		}
		const { keys } = Object(parseSet(text)) as { keys?: unknown };
		if (Array.isArray(keys)) return keys;
		throw new TransportError("content", "the JWK Set has no array of keys");
	} finally {
		response.close();
	}
}

/** Whether a failed fetch says nothing about the set. */
function isOutage(failure: unknown): boolean {
	if (!(failure instanceof TransportError)) return true;
	const { code, status = 0 } = failure;
	return code === "status" ? !isAbsence(status) : OUTAGES.has(code);
}

function parseSet(text: string): unknown {
	try {
		return parseNative(text);
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
