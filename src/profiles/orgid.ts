/**
 * Tokens of organizations with an ORGiD: ES256K, `iss` names a key of the organization, and the key comes
 * from the registry (or from any other did-resolver `Resolvable`).
 * @module
 */
import type { DIDDocumentMetadata, DIDResolutionResult, Resolvable, VerificationMethod } from "did-resolver";
import * as z from "zod/mini";
import { type CanonicalDidUrl, type DidUrl, formatDidUrl, parseDidUrl, toCanonical } from "../did/did-url.js";
import { importVerificationKey, selectVerificationMethod } from "../did/verification-method.js";
import { describe } from "../encoding/display.js";
import { DidError, TokenError } from "../errors.js";
import { checkOptions } from "../options/check-options.js";
import { chainIdNumber, objectWith, stringOrStrings } from "../options/schemas.js";
import type { OnChainKey, OrgRecord } from "../registry/org-record.js";
import { checkAudience, checkTimes, optionalText, type TimeLimits } from "../token/claims.js";
import type { CompactJws } from "../token/compact-jws.js";
import { checkHeader } from "../token/header.js";
import { readScopes } from "../token/scope.js";
import type { Profile, ResolvedIssuer, TokenIssuer } from "./profile.js";
import { resolutionError } from "./resolution-error.js";

/** Options of {@link orgid}. */
export interface OrgIdProfileOptions {
	/** This server's own DID, or several; one of them must stand in `aud`, to the letter. */
	readonly audience: string | readonly string[];
	/** Where issuers' keys come from: `createOrgIdResolver`'s, or any did-resolver `Resolvable`. */
	readonly resolver: Resolvable;
	/** The chains whose organizations are accepted; all that the resolver knows where absent. */
	readonly chainIds?: readonly number[];
	/** The chain of issuers that name none; without it they are refused. */
	readonly defaultChainId?: number;
}

/** The metadata of a resolver that may be ours. */
type MaybeOrgIdMetadata = DIDDocumentMetadata & {
	readonly organization?: OrgRecord;
	readonly revokedKey?: OnChainKey;
};

const optionsSchema = z.strictObject(
	{
		audience: stringOrStrings,
		resolver: objectWith("resolve"),
		chainIds: z.optional(z.array(chainIdNumber, "an array of chain ids")),
		defaultChainId: z.optional(chainIdNumber),
	},
	"an object",
);

/**
 * Makes the profile of ORGiD tokens. Refused are: any algorithm but ES256K, headers that embed or fetch a
 * key, an `iss` without fragment or on another chain, a `kid` that isn't `iss`, tokens without `exp`, with
 * another audience, of organizations that are unknown or deactivated, by keys that are unknown, revoked or
 * outside their validity.
 *
 * @example
 * ```ts
 * import { createOrgIdResolver, createVerifier, orgid } from "orgpass";
 *
 * const resolver = createOrgIdResolver({
 *   networks: [{ chainId: 31337, rpcUrl: "http://127.0.0.1:8545", registry: `0x${"11".repeat(20)}` }],
 * });
 * const audience = `did:orgid:31337:0x${"0a".repeat(32)}`;
 * const verifier = createVerifier({ profiles: [orgid({ audience, resolver, chainIds: [31337] })] });
 * await verifier.verify("not a token").catch((error) => error.code); // => "token/malformed"
 * resolver.close();
 * ```
 * @param options the server's own DID and its resolver
 * @returns the profile, for `createVerifier`
 * @throws {ConfigError} `config/unknown-option`, `config/invalid-option`
 */
export function orgid(options: OrgIdProfileOptions): Profile {
	checkOptions(optionsSchema, options, "orgid");
	const { resolver, defaultChainId } = options;
	const audience = Object.freeze([options.audience].flat() as string[]);
	const chainIds = options.chainIds === undefined ? undefined : new Set(options.chainIds);

	return Object.freeze({
		name: "orgid",
		recognizes: ({ header }: CompactJws) => header["alg"] === "ES256K",
		readIssuer,
		checkClaims,
	}) satisfies Profile;

	function readIssuer({ header, claims }: CompactJws): TokenIssuer {
		checkHeader(header, { algorithm: "ES256K", keyId: claims["iss"] });
		const parts = parseIssuer(claims["iss"]);
		const keyId = toCanonical(parts, defaultChainId);
		if (chainIds !== undefined && !chainIds.has(keyId.chainId)) {
			throw new DidError(
				"did/chain-unknown",
				`expected an issuer on ${[...chainIds]}, got ${keyId.chainId}`,
				{
					details: { chainId: keyId.chainId },
				},
			);
		}
		return {
			issuer: keyId.did,
			keyId: formatDidUrl(keyId),
			resolve: () => resolveIssuer(resolver, keyId),
		};
	}

	function checkClaims({ claims }: CompactJws, limits: TimeLimits): { expiresAt: number } {
		const expiresAt = checkTimes(claims, limits);
		checkAudience(claims, audience);
		optionalText(claims, "jti");
		readScopes(claims);
		return { expiresAt };
	}
}

function parseIssuer(iss: unknown): DidUrl {
	let parts: DidUrl;
	try {
		parts = parseDidUrl(iss);
	} catch (cause) {
		throw issuerError(iss, cause);
	}
	if (parts.fragment === undefined) throw issuerError(iss);
	return parts;
}

function issuerError(iss: unknown, cause?: unknown): TokenError {
	const message = `expected iss did:orgid:<chain id>:0x<64 lower-case hex digits>#<key>, got ${describe(iss)}`;
	return new TokenError("token/issuer", message, { cause });
}

async function resolveIssuer(resolver: Resolvable, keyId: CanonicalDidUrl): Promise<ResolvedIssuer> {
	const result = await resolve(resolver, keyId);
	const { deactivated = false, organization, revokedKey } = result.didDocumentMetadata as MaybeOrgIdMetadata;
	if (deactivated !== false || organization?.active === false) {
		throw new DidError("did/deactivated", `the organization ${keyId.did} is deactivated`);
	}
	if (result.didDocument === null || result.didResolutionMetadata.error !== undefined) {
		throw resolutionError(result, keyId.did);
	}
	if (revokedKey !== undefined) {
		const { revokedAt } = revokedKey;
		const name = formatDidUrl(keyId);
		throw new DidError("did/key-revoked", `the key ${name} was revoked at ${revokedAt}`, {
			details: { keyId: name, revokedAt },
		});
	}
	if (organization !== undefined && organization.did !== keyId.did) {
		throw new DidError("did/document-invalid", `expected the organization ${keyId.did}, got another one`);
	}
	const method = selectVerificationMethod(result.didDocument, keyId);
	refuseRevoked(method, keyId);
	return {
		publicKey: importVerificationKey(method),
		...(organization === undefined ? {} : { organization }),
		checkValidity(limits) {
			refuseExpired(method, limits);
			checkValidity(keyId, organization, limits);
		},
	};
}

async function resolve(resolver: Resolvable, keyId: CanonicalDidUrl): Promise<DIDResolutionResult> {
	try {
		const result: unknown = await resolver.resolve(keyId.did, { fragment: keyId.fragment });
		if (isResolutionResult(result)) return result;
	} catch (cause) {
		throw new DidError("did/resolution", `the resolver threw on ${keyId.did}`, { cause });
	}
	throw new DidError("did/resolution", `the resolver gave no resolution result for ${keyId.did}`);
}

/** `revoked` and `expires` of a method (Controlled Identifiers 1.0), which other resolvers may set. */
type MarkedMethod = VerificationMethod & { readonly revoked?: unknown; readonly expires?: unknown };

function refuseRevoked({ revoked }: MarkedMethod, keyId: CanonicalDidUrl): void {
	if (revoked === undefined) return;
	throw new DidError("did/key-revoked", `the document marks the key ${formatDidUrl(keyId)} as revoked`);
}

/** A date that can't be read is past. */
function refuseExpired({ expires }: MarkedMethod, { now, clockToleranceSeconds }: TimeLimits): void {
	if (expires === undefined || now < Date.parse(String(expires)) / 1_000 + clockToleranceSeconds) return;
	throw new DidError("did/key-expired", `the document says the key was valid until ${describe(expires)}`);
}

/** As much of its shape as is read here: a resolver may be anybody's. */
function isResolutionResult(value: unknown): value is DIDResolutionResult {
	if (!isObject(value) || !isObject(value["didResolutionMetadata"])) return false;
	const { didDocument, didDocumentMetadata } = value;
	if (!isObject(didDocumentMetadata) || !(didDocument === null || isObject(didDocument))) return false;
	const { organization, revokedKey } = didDocumentMetadata;
	const isOurs = isObject(organization) && isOrganization(organization);
	return (organization === undefined || isOurs) && (revokedKey === undefined || isObject(revokedKey));
}

function isOrganization({ did, active, keys }: Record<string, unknown>): boolean {
	return typeof did === "string" && typeof active === "boolean" && Array.isArray(keys) && keys.every(isKey);
}

function isKey(key: unknown): boolean {
	if (!isObject(key) || typeof key["fragment"] !== "string") return false;
	return Number.isFinite(key["validFrom"]) && Number.isFinite(key["validUntil"]);
}

function isObject(value: unknown): value is Record<string, unknown> {
	return typeof value === "object" && value !== null;
}

function checkValidity(
	keyId: CanonicalDidUrl,
	organization: OrgRecord | undefined,
	{ now, clockToleranceSeconds }: TimeLimits,
): void {
	const key = organization?.keys.find(({ fragment }) => fragment === keyId.fragment);
	if (key === undefined) return;
	const { validFrom, validUntil } = key;
	if (now < validFrom - clockToleranceSeconds) {
		throw new DidError("did/key-not-yet-valid", `the key is valid from ${validFrom}, now is ${now}`, {
			details: { validFrom, now },
		});
	}
	if (validUntil !== 0 && now >= validUntil + clockToleranceSeconds) {
		throw new DidError("did/key-expired", `the key was valid until ${validUntil}, now is ${now}`, {
			details: { validUntil, now },
		});
	}
}
