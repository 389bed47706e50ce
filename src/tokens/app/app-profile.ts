/**
 * What the kinds of token signed with an app's RSA key have in common: the header, and the way to the keys.
 * @module
 */
import * as z from "zod/mini";
import type { JsonObject } from "../../encoding/json.js";
import { TokenError } from "../../errors/errors.js";
import { formatValue } from "../../errors/format-value.js";
import type { TimeLimits } from "../../jws/claims.js";
import type { CompactJws } from "../../jws/decode-token.js";
import { assertHeader } from "../../jws/header.js";
import { verifyRsa } from "../../keys/rsa-public-key.js";
import { checkOptions } from "../../options/check-options.js";
import { stringOrStrings } from "../../options/schemas.js";
import {
	createKeyFinder,
	type IssuerKeys,
	issuerKeysOption,
	type KeyFinder,
} from "../issuer-keys/issuer-keys.js";
import type { Profile, ResolvedIssuer, TokenIssuer, VerifiedClaims } from "../token-kind.js";
import { type AppName, parseAppIssuer, verifyAppClaims } from "./app-claims.js";

/** Options of the profiles of apps. */
export interface AppProfileOptions {
	/** The apps' public keys by their ids. */
	readonly keys: IssuerKeys;
	/** The server's own names, one of which `aud` must hold; without them tokens must name no audience. */
	readonly audience?: string | readonly string[] | undefined;
}

/** The shape of {@link AppProfileOptions}. */
export const APP_OPTIONS: z.ZodMiniType = z.strictObject(
	{ keys: issuerKeysOption, audience: z.optional(stringOrStrings) },
	"an object",
);

/** Makes the profile of one kind of app. */
export function createAppProfile(name: AppName, options: AppProfileOptions, subject: string): Profile {
	checkOptions(APP_OPTIONS, options, subject);
	const audience = Object.freeze([options.audience ?? []].flat() as string[]);
	const findKeys = createKeyFinder(options.keys, subject);
	return Object.freeze({
		name,
		recognizes: ({ header, claims }: CompactJws) =>
			header["alg"] === "RS256" && claims["application_id"] === undefined,
		parseIssuer: (jws: CompactJws) => createRsaIssuer(jws, parseAppIssuer, findKeys),
		verifyClaims: ({ claims }: CompactJws, limits: TimeLimits): VerifiedClaims =>
			verifyAppClaims(name, claims, audience, limits),
	}) satisfies Profile;
}

/** Holds the header of an RS256 token against the rules, and names the way to its issuer's keys. */
export function createRsaIssuer(
	{ header, claims }: CompactJws,
	parseIssuer: (claims: JsonObject) => string,
	findKeys: KeyFinder,
): TokenIssuer {
	assertHeader(header, { algorithm: "RS256", keyId: header["kid"] });
	const keyId = readKeyId(header);
	const issuer = parseIssuer(claims);
	return { issuer, signer: `the app ${issuer}`, resolve };

	async function resolve(): Promise<ResolvedIssuer> {
		const keys = await findKeys(issuer, keyId);
		return {
			async findSigner({ signingInput, signature }) {
				if (keys.length === 0) {
					throw new TokenError(
						"token/key-id",
						`expected a kid of the app's keys or none, got ${formatValue(keyId)}`,
					);
				}
				for (const key of keys) if (await verifyRsa(key, signingInput, signature)) return key.thumbprint;
				return undefined;
			},
		};
	}
}

/** It only picks among the issuer's keys. */
function readKeyId(header: JsonObject): string | undefined {
	const keyId = header["kid"];
	if (keyId === undefined || (typeof keyId === "string" && keyId !== "")) return keyId;
	throw new TokenError(
		"token/key-id",
		`expected kid to be a non-empty string or absent, got ${formatValue(keyId)}`,
	);
}
