/**
 * Where the RSA keys of apps come from: what a server knows of its issuers, in one shape for every source.
 * @module
 */
import { LRUCache } from "lru-cache";
import * as z from "zod/mini";
import { formatValue, KeyError, TokenError } from "../../errors/errors.js";
import { importPublicKey } from "../../keys/import-public-key.js";
import { isRsaPublicKey, type RsaPublicKey } from "../../keys/rsa-public-key.js";
import { invalidOption } from "../../options/invalid-option.js";
import { askInTime } from "../ask-in-time.js";

/** One key: imported already, or as PEM or JWK. */
export type IssuerKey = RsaPublicKey | string | object;

/** The keys of one issuer: one, or several while they are rotated. */
export type KeysOfIssuer = IssuerKey | readonly IssuerKey[];

/**
 * Looks up an issuer's keys, `keyId` being the header's `kid` where it has one. Nothing means that the issuer
 * is unknown, an empty list that it has no key of that `keyId`, an error that its keys can't be had now.
 */
export type IssuerKeyLookup = (
	issuer: string,
	keyId: string | undefined,
) => KeysOfIssuer | null | undefined | Promise<KeysOfIssuer | null | undefined>;

/** Keys by issuer: a map or plain object, or a function such as `keysFromJwks` and `keysFromFolder` give. */
export type IssuerKeys =
	| ReadonlyMap<string | number, KeysOfIssuer>
	| Readonly<Record<string, KeysOfIssuer>>
	| IssuerKeyLookup;

/**
 * Finds the keys of an issuer, none where it is known but has no key of that id; throws `token/issuer-unknown`,
 * `key/unreachable`.
 */
export type KeyFinder = (issuer: string, keyId: string | undefined) => Promise<readonly RsaPublicKey[]>;

const EXPECTED = "keys by issuer: a map or object that isn't empty, or a function";
const MAX_KEYS = 16;
const MAX_IMPORTED = 1_000;

/** The shape of {@link IssuerKeys}. */
export const issuerKeysOption: z.ZodMiniType<IssuerKeys> = z.custom<IssuerKeys>(isSource, EXPECTED);

/** Makes the one way to an issuer's keys. */
export function createKeyFinder(keys: IssuerKeys, subject: string): KeyFinder {
	const importKey = createKeyImporter();
	if (typeof keys === "function") return (issuer, keyId) => lookUp(keys, issuer, keyId, importKey);
	const entries = keys instanceof Map ? [...keys] : Object.entries(keys);
	const known = new Map(
		entries.map(([issuer, ofIssuer]) => [
			// An app's id may be a number, in a map as in a token.
			String(issuer),
			importKeys(ofIssuer, importKey, `${subject}: keys.${issuer}`),
		]),
	);
	if (known.size < entries.length) {
		const expected = 'issuers that differ as text: the number 7 and the text "7" are the same';
		throw invalidOption("keys", expected, { subject });
	}
	return async (issuer, keyId) => {
		const found = known.get(issuer);
		if (found === undefined) throw unknown(issuer);
		return keyId === undefined ? found : found.filter((key) => key.thumbprint === keyId);
	};
}

async function lookUp(
	look: IssuerKeyLookup,
	issuer: string,
	keyId: string | undefined,
	importKey: (key: IssuerKey) => RsaPublicKey,
): Promise<readonly RsaPublicKey[]> {
	const found: KeysOfIssuer | null | undefined = await askInTime(
		() => look(issuer, keyId),
		"the look-up of the issuer's keys",
	);
	const isEmpty = Array.isArray(found) && found.length === 0;
	if (found === undefined || found === null || (isEmpty && keyId === undefined)) throw unknown(issuer);
	return isEmpty ? [] : importKeys(found, importKey, "the look-up's answer");
}

function importKeys(
	found: KeysOfIssuer,
	importKey: (key: IssuerKey) => RsaPublicKey,
	subject: string,
): readonly RsaPublicKey[] {
	const keys: readonly IssuerKey[] = Array.isArray(found) ? found : [found as IssuerKey];
	if (keys.length > 0 && keys.length <= MAX_KEYS) {
		return keys.map((key) => withSubject(subject, () => importKey(key)));
	}
	throw invalidOption("keys", `1 to ${MAX_KEYS} keys`, { label: subject, got: keys.length });
}

/** Says whose key it is that won't do: a server knows many. */
export function withSubject<Key>(subject: string, importKey: () => Key): Key {
	try {
		return importKey();
	} catch (error) {
		if (!(error instanceof KeyError)) throw error;
		const { code, message, details } = error;
		throw new KeyError(code, `${subject}: ${message}`, { details, cause: error });
	}
}

/** Texts are kept by themselves, so that what a look-up answers every time is parsed once. */
function createKeyImporter(): (key: IssuerKey) => RsaPublicKey {
	const byText = new LRUCache<string, RsaPublicKey>({ max: MAX_IMPORTED });
	return (key) => {
		if (isRsaPublicKey(key)) return key;
		if (typeof key !== "string") return importPublicKey(key, { algorithm: "RS256" });
		const imported = byText.get(key) ?? importPublicKey(key, { algorithm: "RS256" });
		byText.set(key, imported);
		return imported;
	};
}

function unknown(issuer: string): TokenError {
	return new TokenError(
		"token/issuer-unknown",
		`expected an issuer whose keys are known, got ${formatValue(issuer)}`,
		{
			details: { issuer },
		},
	);
}

function isSource(value: unknown): boolean {
	if (typeof value === "function") return true;
	if (value instanceof Map) return value.size > 0;
	return (
		typeof value === "object" && value !== null && !Array.isArray(value) && Object.keys(value).length > 0
	);
}
