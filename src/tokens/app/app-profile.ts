/**
 * What the profiles of apps have in common: the header, the claims all of them have, and the lookup of RSA keys.
 * @module
 */
import * as v from "valibot";
import { type Awaitable, whenReady } from "../../encoding/awaitable.js";
import type { JsonObject } from "../../encoding/json.js";
import { formatValue, TokenError } from "../../errors/errors.js";
import type { TimeLimits } from "../../jws/claims.js";
import { type CompactJws, signedTextOf } from "../../jws/decode-token.js";
import { assertHeader } from "../../jws/header.js";
import { type RsaPublicKey, verifyRsa } from "../../keys/rsa-public-key.js";
import { assertOptions } from "../../options/assert-options.js";
import { optionsSchema } from "../../options/schemas.js";
import { stringOrStrings } from "../../options/value-schemas.js";
import {
	areStale,
	createKeyFinder,
	createKeyReadiness,
	type IssuerKeys,
	issuerKeysOption,
} from "../issuer-keys/issuer-keys.js";
import type { Profile, ResolvedIssuer, TokenIssuer, VerifiedClaims } from "../token-kind.js";
import { type AppName, parseAppIssuer, verifyAppClaims } from "./app-claims.js";

/** Options of the profiles of apps. */
export interface AppProfileOptions {
	/** The apps' public keys by their ids. */
	readonly keys: IssuerKeys;
	/** The server's own names: `aud` must contain one of them. Without them, tokens must not name an audience. */
	readonly audience?: string | readonly string[] | undefined;
}

const schema = optionsSchema<AppProfileOptions>({ keys: issuerKeysOption, audience: v.optional(stringOrStrings) });

/** What differs between the kinds of app when their tokens are verified. */
export interface AppForm extends Pick<Profile, "name" | "recognizes" | "assertGrant"> {
	parseIssuer(claims: JsonObject): string;
	verifyClaims(claims: JsonObject, audience: readonly string[], limits: TimeLimits): VerifiedClaims;
}

/** Creates the profile of GitHub's or ICR's apps. */
export function createAppProfile(name: AppName, options: AppProfileOptions, subject: string): Profile {
	const form: AppForm = {
		name,
		recognizes: ({ header, claims }) => header["alg"] === "RS256" && claims["application_id"] === undefined,
		parseIssuer: parseAppIssuer,
		verifyClaims: verifyAppClaims,
	};
	return createRsaProfile(form, options, subject);
}

export function createRsaProfile(form: AppForm, options: AppProfileOptions, subject: string): Profile {
	assertOptions(schema, options, subject);
	const audience = Object.freeze([options.audience ?? []].flat() as string[]);
	const findKeys = createKeyFinder(options.keys, subject);
	const resolveKeys = createKeyResolver();
	return Object.freeze({
		...form,
		parseIssuer,
		verifyClaims: ({ claims }: CompactJws, limits: TimeLimits) => form.verifyClaims(claims, audience, limits),
		...createKeyReadiness(options.keys),
	}) satisfies Profile;

	function parseIssuer({ header, claims }: CompactJws): TokenIssuer {
		assertHeader(header, { algorithm: "RS256", keyId: header["kid"] });
		const keyId = parseKeyId(header);
		const issuer = form.parseIssuer(claims);
		return {
			issuer,
			signer: `the app ${issuer}`,
			resolve: () => whenReady(findKeys(issuer, keyId), (keys) => resolveKeys(keys, keyId)),
		};
	}
}

interface ResolvedKeys extends ResolvedIssuer {
	readonly keys: readonly RsaPublicKey[];
}

/** Creates the function that returns the same object while the keys of an issuer stay the same. */
function createKeyResolver(): (keys: readonly RsaPublicKey[], keyId: string | undefined) => ResolvedIssuer {
	/** By the first of the keys. */
	const latest = new WeakMap<RsaPublicKey, ResolvedKeys>();
	return (keys, keyId) => {
		const [first] = keys;
		const isStale = areStale(keys);
		if (first === undefined) return { isStale, findSigner: () => throwNoKey(keyId) };
		const known = latest.get(first);
		if (known?.isStale === isStale && isSameList(known.keys, keys)) return known;
		const resolved = { keys: [...keys], isStale, findSigner: (jws: CompactJws) => findSigner(resolved.keys, jws) };
		latest.set(first, resolved);
		return resolved;
	};
}

function isSameList(one: readonly RsaPublicKey[], other: readonly RsaPublicKey[]): boolean {
	return one.length === other.length && one.every((key, at) => key === other[at]);
}

/** Tries the keys one after the other; where WebCrypto verifies, the result is a promise. */
function findSigner([key, ...others]: readonly RsaPublicKey[], jws: CompactJws): Awaitable<string | undefined> {
	if (key === undefined) return undefined;
	return whenReady(verifyRsa(key, signedTextOf(jws), jws.signature), (isSigner) =>
		isSigner ? key.thumbprint : findSigner(others, jws),
	);
}

function throwNoKey(keyId: string | undefined): never {
	throw keyIdError(`expected a kid of the app's keys or none, got ${formatValue(keyId)}`);
}

/** A `kid` only selects among the issuer's keys. */
function parseKeyId({ kid }: JsonObject): string | undefined {
	if (kid === undefined || (typeof kid === "string" && kid !== "")) return kid;
	throw keyIdError(`expected kid to be a non-empty string or absent, got ${formatValue(kid)}`);
}

function keyIdError(message: string): TokenError {
	return new TokenError("token/key-id", message);
}
