/**
 * Tokens of IoTeX's `ioctl jwt sign` and of iotex-antenna-go: the header says ES256, the curve is secp256k1,
 * and the key is the issuer.
 * @module
 */
import { LRUCache } from "lru-cache";
import * as z from "zod/mini";
import { decodeHex, encodeHex, type Hex } from "../../encoding/hex.js";
import type { JsonObject } from "../../encoding/json.js";
import { isOrgpassError, TokenError } from "../../errors/errors.js";
import { formatValue } from "../../errors/format-value.js";
import {
	assertAgreedAudience,
	invalidClaim,
	missingClaim,
	parseOptionalText,
	type TimeLimits,
	verifyOptionalTimes,
} from "../../jws/claims.js";
import type { CompactJws } from "../../jws/decode-token.js";
import { assertHeader } from "../../jws/header.js";
import { toAddress, toIoAddress } from "../../keys/addresses.js";
import { fromEncodedPoint } from "../../keys/import-ec-key.js";
import { type PublicKey, verifySync } from "../../keys/public-key.js";
import { checkOptions } from "../../options/check-options.js";
import { nonEmptyString } from "../../options/schemas.js";
import { askInTime } from "../ask-in-time.js";
import { assertGranted } from "../grant.js";
import type { Profile, ResolvedIssuer, TokenIssuer, VerifiedClaims } from "../token-kind.js";
import { IOCTL_OPERATIONS } from "./ioctl-claims.js";
import { type IoctlIssuer, parseTrustedIssuers, type TrustedIssuers } from "./trusted-issuers.js";

/** Options of {@link ioctl}. */
export interface IoctlProfileOptions {
	/** Whose tokens to accept; without it anybody's would be, so there is no default. */
	readonly trustedIssuers: TrustedIssuers;
	/** The resource every token must name in `sub`, exactly; a route can name one besides. */
	readonly resource?: string | undefined;
	/** The operation every token must grant: Create, Read, Update or Delete; a route can name one besides. */
	readonly operation?: string | undefined;
	/** False takes tokens without `exp`, too, which never end; true by default. */
	readonly requireExpiration?: boolean | undefined;
}

const TRUSTED = "a non-empty array of public keys and addresses, or a function";
const OPERATION = "Create, Read, Update or Delete";

const optionsSchema = z.strictObject(
	{
		trustedIssuers: z.custom<TrustedIssuers>(
			(value) => typeof value === "function" || (Array.isArray(value) && value.length > 0),
			TRUSTED,
		),
		resource: z.optional(nonEmptyString),
		operation: z.optional(z.string(OPERATION).check(z.refine(isOperation, OPERATION))),
		requireExpiration: z.optional(z.boolean("true or false")),
	},
	"an object",
);

const ISSUER = "0x04 and 128 lower-case hex digits, a point of secp256k1";
const ISSUER_CHARACTERS = 132;

/** Issuers whose key was parsed and found trusted; a key is parsed once. */
const MAX_KNOWN_ISSUERS = 10_000;

/**
 * Makes the profile of ioctl tokens: header exactly `{"alg":"ES256","typ":"JWT"}`, `iss` the uncompressed
 * secp256k1 key that signed, one that `trustedIssuers` knows. `sub` names a resource and `scope` one
 * operation on it, both compared exactly; another `scope` is a good signature that grants nothing. Both forms
 * of S are accepted, because ioctl doesn't normalize it.
 *
 * @example
 * ```ts
 * import { createIoctlMinter, createVerifier, generateKeyPair, ioctl } from "orgpass";
 *
 * const { privateKey, publicKey } = await generateKeyPair();
 * const verifier = createVerifier({ profiles: [ioctl({ trustedIssuers: [publicKey] })] });
 * const minter = createIoctlMinter({ key: privateKey });
 * const token = await minter.mint({ resource: "https://hotel.example/rooms", operation: "Read" });
 * const asked = { resource: "https://hotel.example/rooms", operation: "Read" };
 * (await verifier.verify(token, asked)).scopes; // => ["Read"]
 * await verifier.verify(token, { ...asked, operation: "Delete" }).catch((error) => error.code); // => "policy/operation"
 * ```
 * @param options whom to trust, and what every token must grant
 * @returns the profile, for `createVerifier`
 * @throws {ConfigError} `config/unknown-option`, `config/invalid-option`
 */
export function ioctl(options: IoctlProfileOptions): Profile {
	checkOptions(optionsSchema, options, "ioctl");
	const { trustedIssuers, resource, operation, requireExpiration = true } = options;
	const isTrusted = toDecision(trustedIssuers);
	const known = new LRUCache<Hex, IoctlIssuer>({ max: MAX_KNOWN_ISSUERS });

	return Object.freeze({
		name: "ioctl",
		recognizes,
		parseIssuer,
		verifyClaims,
		assertGrant,
	}) satisfies Profile;

	function parseIssuer({ header, claims }: CompactJws): TokenIssuer {
		refuseAntennaDialect(header);
		assertHeader(header, { algorithm: "ES256", keyId: undefined, type: "JWT" });
		const others = Object.keys(header).filter((name) => name !== "alg" && name !== "typ");
		if (others.length > 0) {
			throw new TokenError(
				"token/header",
				`expected alg and typ in the header alone, got ${formatValue(others[0])}`,
				{
					details: { parameter: others[0] },
				},
			);
		}
		// What was trusted once isn't decoded again.
		const kept = known.get(claims["iss"] as Hex);
		const iss = kept === undefined ? parseIss(claims) : (claims["iss"] as Hex);
		const issuer = kept ?? readIssuer(iss);
		return {
			issuer: issuer.ioAddress,
			signer: `the key ${iss.slice(0, 12)}… that iss names`,
			resolve: () => resolveIssuer(iss, issuer),
		};
	}

	async function resolveIssuer(iss: Hex, issuer: IoctlIssuer): Promise<ResolvedIssuer> {
		if ((await askInTime(() => isTrusted(issuer), "the function trustedIssuers")) !== true) {
			throw new TokenError("token/issuer-unknown", `expected a trusted issuer, got ${issuer.ioAddress}`, {
				details: { issuer: issuer.ioAddress },
			});
		}
		known.set(iss, issuer);
		return {
			findSigner: async ({ signingInput, signature }) =>
				verifySync(issuer.publicKey, signingInput, signature) ? iss : undefined,
		};
	}

	function verifyClaims({ claims }: CompactJws, limits: TimeLimits): VerifiedClaims {
		const expiresAt = verifyOptionalTimes(claims, limits);
		if (expiresAt === undefined && requireExpiration) throw missingClaim("exp");
		for (const name of ["sub", "scope", "jti"]) parseOptionalText(claims, name);
		assertAgreedAudience(claims, []);
		const scope = claims["scope"] as string | undefined;
		return { expiresAt, scopes: Object.freeze(isOperation(scope) ? [scope] : []) };
	}

	function assertGrant(claims: JsonObject, scopes: readonly string[]): void {
		assertGranted(claims, scopes, { resource, operation });
	}
}

/** Told apart from Winding Tree's ES256 tokens by the issuer, which is a key and no DID. */
function recognizes({ header, claims }: CompactJws): boolean {
	if (header["alg"] === "EK256K") return true;
	const iss = claims["iss"];
	return (
		header["alg"] === "ES256" &&
		header["kid"] === undefined &&
		typeof iss === "string" &&
		iss.startsWith("0x")
	);
}

function refuseAntennaDialect(header: JsonObject): void {
	if (header["alg"] !== "EK256K") return;
	throw new TokenError(
		"token/dialect",
		'expected alg "ES256", got "EK256K": the dialect of iotex-antenna for JavaScript',
	);
}

/** FORMATS: Go takes more spellings than it writes; one key must have one name here. */
function parseIss(claims: JsonObject): Hex {
	const iss = claims["iss"];
	if (iss === undefined) throw missingClaim("iss");
	const isSpeltRight = typeof iss === "string" && iss.length === ISSUER_CHARACTERS && iss.startsWith("0x04");
	if (isSpeltRight) {
		try {
			if (encodeHex(decodeHex(iss)) === iss) return iss as Hex;
		} catch {
			// Told below: what isn't hexadecimal is no key.
		}
	}
	throw invalidClaim("iss", ISSUER, iss);
}

function readIssuer(iss: Hex): IoctlIssuer {
	let publicKey: PublicKey;
	try {
		publicKey = fromEncodedPoint(decodeHex(iss));
	} catch (error) {
		if (!isOrgpassError(error)) throw error;
		throw invalidClaim("iss", ISSUER, iss);
	}
	return Object.freeze({ address: toAddress(publicKey), ioAddress: toIoAddress(publicKey), publicKey });
}

function toDecision(trusted: TrustedIssuers): (issuer: IoctlIssuer) => boolean | Promise<boolean> {
	if (typeof trusted === "function") return trusted;
	const accounts = parseTrustedIssuers(trusted);
	return ({ address }) => accounts.has(address);
}

function isOperation(scope: unknown): scope is string {
	return IOCTL_OPERATIONS.includes(scope as string);
}
