/**
 * What the profiles of apps have in common: the header, the claims all of them have, and the lookup of RSA keys.
 * @module
 */
import * as z from "zod/mini";
import type { JsonObject } from "../../encoding/json.js";
import { formatValue, TokenError } from "../../errors/errors.js";
import type { TimeLimits } from "../../jws/claims.js";
import type { CompactJws } from "../../jws/decode-token.js";
import { assertHeader } from "../../jws/header.js";
import { verifyRsa } from "../../keys/rsa-public-key.js";
import { assertOptions } from "../../options/assert-options.js";
import { optionsSchema, stringOrStrings } from "../../options/schemas.js";
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

const schema = optionsSchema<AppProfileOptions>({ keys: issuerKeysOption, audience: z.optional(stringOrStrings) });

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
		return { issuer, signer: `the app ${issuer}`, resolve: () => resolve(issuer, keyId) };
	}

	async function resolve(issuer: string, keyId: string | undefined): Promise<ResolvedIssuer> {
		const keys = await findKeys(issuer, keyId);
		return {
			isStale: areStale(keys),
			async findSigner({ signingInput, signature }) {
				if (keys.length === 0) {
					throw keyIdError(`expected a kid of the app's keys or none, got ${formatValue(keyId)}`);
				}
				for (const key of keys) if (await verifyRsa(key, signingInput, signature)) return key.thumbprint;
				return undefined;
			},
		};
	}
}

/** A `kid` only selects among the issuer's keys. */
function parseKeyId({ kid }: JsonObject): string | undefined {
	if (kid === undefined || (typeof kid === "string" && kid !== "")) return kid;
	throw keyIdError(`expected kid to be a non-empty string or absent, got ${formatValue(kid)}`);
}

function keyIdError(message: string): TokenError {
	return new TokenError("token/key-id", message);
}
