/**
 * The RSA keys of apps, in one shape for every source.
 * @module
 */
import * as v from "valibot";
import { BoundedCache } from "../../caching/bounded-cache.js";
import { type Awaitable, whenReady } from "../../encoding/awaitable.js";
import { formatValue, KeyError, TokenError } from "../../errors/errors.js";
import { importPublicKey } from "../../keys/import-public-key.js";
import { isRsaPublicKey, type RsaPublicKey } from "../../keys/rsa-public-key.js";
import { invalidOption } from "../../options/invalid-option.js";
import { callWithTimeout } from "../call-with-timeout.js";
import { APP_ID, toAppId } from "./app-id.js";

/** One key: an imported key, PEM or a JWK. */
export type IssuerKey = RsaPublicKey | string | object;

/** The keys of one issuer: one, or several while they are rotated. */
export type KeysOfIssuer = IssuerKey | readonly IssuerKey[];

/**
 * Looks up an issuer's keys; `keyId` is the header's `kid`, if there is one. Returns null or undefined if the issuer is
 * unknown, and an empty list if it has no key with that `keyId`; an error means that the keys are unavailable now.
 */
export type IssuerKeyLookup = (
	issuer: string,
	keyId: string | undefined,
) => KeysOfIssuer | null | undefined | Promise<KeysOfIssuer | null | undefined>;

/** Keys by issuer (an app's id): a map, a plain object, or a function like those from `keysFromJwks`. */
export type IssuerKeys =
	| ReadonlyMap<string | number, KeysOfIssuer>
	| Readonly<Record<string, KeysOfIssuer>>
	| IssuerKeyLookup;

/** Finds the keys of an issuer; returns an empty list if a known issuer has no key with that id. */
export type KeyFinder = (issuer: string, keyId: string | undefined) => Awaitable<readonly RsaPublicKey[]>;

const EXPECTED = "keys by issuer: a map or object that isn't empty, or a function";
const MAX_KEYS = 16;
/** How many of a source's skipped entries an error names. */
const MAX_NAMED = 5;
const MAX_IMPORTED = 1_000;

/** The shape of {@link IssuerKeys}. */
export const issuerKeysOption: v.GenericSchema<IssuerKeys> = v.custom<IssuerKeys>(isSource, EXPECTED);

/** What a lookup on the network can do besides finding keys. */
export interface LookupInternals {
	/** Explains why the lookup doesn't know an issuer. */
	readonly skippedFor: (issuer: string) => readonly string[];
	/** Fetches the keys, unless they are up to date. */
	readonly load: () => Promise<void>;
}

/** By lookup; properties of the function would be public. */
const internals = new WeakMap<IssuerKeyLookup, LookupInternals>();

/** Registers what a lookup can do besides finding keys. */
export function registerInternals(lookup: IssuerKeyLookup, members: LookupInternals): void {
	internals.set(lookup, members);
}

/** Keys that were found in a set that is older than it should be, because its host is down. */
const staleKeys = new WeakSet<readonly RsaPublicKey[]>();

/** Marks keys that are used because of an outage. */
export function markStale(keys: readonly RsaPublicKey[]): readonly RsaPublicKey[] {
	staleKeys.add(keys);
	return keys;
}

/** Whether keys are marked by {@link markStale}. */
export function areStale(keys: unknown): boolean {
	return staleKeys.has(keys as readonly RsaPublicKey[]);
}

/** Creates `isReady` of a profile with these keys; undefined if they don't come from the network. */
export function createKeyReadiness(keys: IssuerKeys): { readonly isReady?: () => Promise<boolean> } {
	const load = typeof keys === "function" ? internals.get(keys)?.load : undefined;
	return load === undefined ? {} : { isReady: () => load().then(() => true) };
}

/** Creates the function that finds an issuer's keys in any source. */
export function createKeyFinder(keys: IssuerKeys, subject: string): KeyFinder {
	const importKey = createKeyImporter();
	if (typeof keys === "function") return (issuer, keyId) => lookUp(keys, issuer, keyId, importKey);
	const entries = keys instanceof Map ? [...keys] : Object.entries(keys);
	const known = new Map(
		entries.map(([name, ofIssuer]) => {
			const issuer = toAppId(name);
			if (issuer === undefined) throw invalidOption("keys", APP_ID, { subject, label: "a name in keys", got: name });
			return [issuer, importKeys(ofIssuer, importKey, `${subject}: keys.${issuer}`)];
		}),
	);
	if (known.size < entries.length) {
		const expected =
			'issuers that differ as text: the number 7 and the text "7" are the same, as is a UUID in any case';
		throw invalidOption("keys", expected, { subject });
	}
	return (issuer, keyId) => {
		const found = known.get(issuer);
		if (found === undefined) throw unknownIssuer(issuer);
		return keyId === undefined ? found : found.filter((key) => key.thumbprint === keyId);
	};
}

function lookUp(
	keys: IssuerKeyLookup,
	issuer: string,
	keyId: string | undefined,
	importKey: (key: IssuerKey) => RsaPublicKey,
): Awaitable<readonly RsaPublicKey[]> {
	const looking = callWithTimeout(() => keys(issuer, keyId), "the lookup of the issuer's keys");
	return whenReady(looking, (found) => {
		const isEmpty = Array.isArray(found) && found.length === 0;
		if (found === undefined || found === null || (isEmpty && keyId === undefined)) {
			throw unknownIssuer(issuer, internals.get(keys)?.skippedFor(issuer));
		}
		if (isEmpty) return [];
		const imported = importKeys(found, importKey, "the lookup's result");
		return areStale(found) ? markStale(imported) : imported;
	});
}

function importKeys(
	found: KeysOfIssuer,
	importKey: (key: IssuerKey) => RsaPublicKey,
	subject: string,
): readonly RsaPublicKey[] {
	const keys: readonly IssuerKey[] = Array.isArray(found) ? found : [found as IssuerKey];
	if (keys.length === 0 || keys.length > MAX_KEYS) {
		throw invalidOption("keys", `1 to ${MAX_KEYS} keys`, { label: subject, got: keys.length });
	}
	try {
		return keys.map(importKey);
	} catch (error) {
		throw error instanceof KeyError ? keyErrorOf(subject, error) : error;
	}
}

export function keyErrorOf(subject: string, cause: KeyError): KeyError {
	return new KeyError(cause.code, `${subject}: ${cause.message}`, { details: cause.details, cause });
}

/** Caches imports, so that a text that a lookup returns repeatedly is parsed only once, even if it is unusable. */
function createKeyImporter(): (key: IssuerKey) => RsaPublicKey {
	const byText = new BoundedCache<RsaPublicKey | KeyError>(MAX_IMPORTED);
	return (key) => {
		if (isRsaPublicKey(key)) return key;
		if (typeof key !== "string") return importPublicKey(key, { algorithm: "RS256" });
		let imported = byText.get(key);
		if (imported === undefined) {
			imported = importText(key);
			byText.set(key, imported);
		}
		if (imported instanceof KeyError) throw imported;
		return imported;
	};
}

/** Returns the error if the text isn't a usable key. */
function importText(text: string): RsaPublicKey | KeyError {
	try {
		return importPublicKey(text, { algorithm: "RS256" });
	} catch (error) {
		if (error instanceof KeyError) return error;
		throw error;
	}
}

function unknownIssuer(issuer: string, skipped: readonly string[] = []): TokenError {
	const message = `expected an issuer whose keys are known, got ${formatValue(issuer)}`;
	if (skipped.length === 0) return new TokenError("token/issuer-unknown", message, { details: { issuer } });
	const named = skipped.slice(0, MAX_NAMED);
	const others = skipped.length > MAX_NAMED ? [`and ${skipped.length - MAX_NAMED} more`] : [];
	const details = { issuer, skipped: named };
	return new TokenError("token/issuer-unknown", `${message}; skipped: ${[...named, ...others].join("; ")}`, {
		details,
	});
}

function isSource(value: unknown): boolean {
	if (typeof value === "function") return true;
	if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
	return (value instanceof Map ? value.size : Object.keys(value).length) > 0;
}
