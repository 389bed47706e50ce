/**
 * Tokens of IoTeX's `ioctl jwt sign` and of iotex-antenna-go: the header says ES256, the curve is secp256k1 and the
 * issuer is the public key.
 * @module
 */
import * as v from "valibot";
import { BoundedCache } from "../../caching/bounded-cache.js";
import { type Awaitable, whenReady } from "../../encoding/awaitable.js";
import { decodeHex, encodeHex, type Hex } from "../../encoding/hex.js";
import type { JsonObject } from "../../encoding/json.js";
import { formatValue, isOrgpassError, TokenError } from "../../errors/errors.js";
import {
	assertOptionalAudience,
	invalidClaim,
	missingClaim,
	parseOptionalText,
	type TimeLimits,
	verifyOptionalTimes,
} from "../../jws/claims.js";
import { type CompactJws, signedTextOf } from "../../jws/decode-token.js";
import { assertHeader } from "../../jws/header.js";
import { toAddress, toIoAddress } from "../../keys/address.js";
import { fromEncodedPoint } from "../../keys/import-ec-public-key.js";
import { type PublicKey, verifySync } from "../../keys/public-key.js";
import { assertOptions } from "../../options/assert-options.js";
import { optionsSchema, restriction } from "../../options/schemas.js";
import { nonEmptyString } from "../../options/value-schemas.js";
import { callWithTimeout } from "../call-with-timeout.js";
import { assertGranted } from "../grant.js";
import type { Profile, ResolvedIssuer, TokenIssuer, VerifiedClaims } from "../token-kind.js";
import { IOCTL_OPERATIONS } from "./ioctl-operations.js";
import { type IoctlIssuer, parseTrustedIssuers, type TrustedIssuers } from "./trusted-issuers.js";

/** Options of {@link ioctl}. */
export interface IoctlProfileOptions {
	/** The issuers whose tokens to accept. Required, because otherwise anyone's tokens would be accepted. */
	readonly trustedIssuers: TrustedIssuers;
	/** The resource that every token's `sub` must name exactly; a route can also require one. */
	readonly resource?: string;
	/** The operation that every token must grant: Create, Read, Update or Delete; a route can also require one. */
	readonly operation?: string;
	/** Whether `exp` is required; tokens without one never expire. Default: true. */
	readonly requireExpiration?: boolean | undefined;
}

const TRUSTED = "a non-empty array of public keys and addresses, or a function";
const OPERATION = "Create, Read, Update or Delete";

const schema = optionsSchema<IoctlProfileOptions>({
	trustedIssuers: v.custom<TrustedIssuers>(
		(value) => typeof value === "function" || (Array.isArray(value) && value.length > 0),
		TRUSTED,
	),
	resource: restriction(nonEmptyString),
	operation: restriction(v.pipe(v.string(OPERATION), v.check<string, string>(isOperation, OPERATION))),
	requireExpiration: v.optional(v.boolean("true or false")),
});

const ISSUER = "0x04 and 128 lower-case hex digits, a point of secp256k1";
const ISSUER_CHARACTERS = 132;

/** An issuer whose key is parsed. */
interface KnownIssuer {
	readonly iss: Hex;
	readonly signer: IoctlIssuer;
	/** The same object each time: nothing about the issuer but whether it is trusted can change. */
	readonly resolved: ResolvedIssuer;
}

/** The number of trusted issuers whose parsed keys are cached. */
const MAX_KNOWN_ISSUERS = 10_000;

/**
 * Creates the profile of ioctl tokens: the header is exactly `{"alg":"ES256","typ":"JWT"}`; `iss` is the uncompressed
 * secp256k1 key that signed, and must be trusted. `sub` names a resource and `scope` one operation on it; both are
 * compared exactly. A token with another `scope` is valid but grants nothing. High S is accepted, because ioctl doesn't
 * normalize signatures.
 *
 * @example
 * ```ts
 * import { createIoctlMinter, createVerifier, generateKeyPair, ioctl } from "orgpass";
 *
 * const { privateKey, publicKey } = await generateKeyPair();
 * const verifier = createVerifier({ profiles: [ioctl({ trustedIssuers: [publicKey] })] });
 * const minter = createIoctlMinter({ key: privateKey });
 * const token = await minter.mint({ resource: "https://hotel.example/rooms", operation: "Read" });
 * const required = { resource: "https://hotel.example/rooms", operation: "Read" };
 * (await verifier.verify(token, required)).scopes; // => ["Read"]
 * await verifier.verify(token, { ...required, operation: "Delete" }).catch((error) => error.code); // => "policy/operation"
 * ```
 * @param options the trusted issuers, and what every token must grant
 * @returns the profile, for `createVerifier`
 * @throws {ConfigError} `config/unknown-option`, `config/invalid-option`
 */
export function ioctl(options: IoctlProfileOptions): Profile {
	assertOptions(schema, options, "ioctl");
	const { trustedIssuers, resource, operation, requireExpiration = true } = options;
	const isTrusted = toPredicate(trustedIssuers);
	const known = new BoundedCache<KnownIssuer>(MAX_KNOWN_ISSUERS);

	return Object.freeze({
		name: "ioctl",
		recognizes,
		parseIssuer,
		verifyClaims,
		assertGrant,
	}) satisfies Profile;

	function parseIssuer({ header, claims }: CompactJws): TokenIssuer {
		assertIoctlHeader(header);
		// The key of a trusted issuer isn't parsed again.
		const issuer = known.get(claims["iss"] as Hex) ?? toKnownIssuer(parseIss(claims));
		const { iss, signer } = issuer;
		return {
			issuer: signer.ioAddress,
			signer: `the key ${iss.slice(0, 12)}… that iss names`,
			resolve: () => resolveIssuer(issuer),
		};
	}

	function resolveIssuer(issuer: KnownIssuer): Awaitable<ResolvedIssuer> {
		const { iss, signer, resolved } = issuer;
		const asking = callWithTimeout(() => isTrusted(signer), "the function trustedIssuers");
		return whenReady(asking, (answer) => {
			if (answer !== true) {
				const message = `expected a trusted issuer, got ${signer.ioAddress}`;
				throw new TokenError("token/issuer-unknown", message, { details: { issuer: signer.ioAddress } });
			}
			known.set(iss, issuer);
			return resolved;
		});
	}

	function verifyClaims({ claims }: CompactJws, limits: TimeLimits): VerifiedClaims {
		const expiresAt = verifyOptionalTimes(claims, limits);
		if (expiresAt === undefined && requireExpiration) throw missingClaim("exp");
		for (const name of ["sub", "scope", "jti"]) parseOptionalText(claims, name);
		assertOptionalAudience(claims, []);
		const scope = claims["scope"] as string | undefined;
		return { expiresAt, scopes: Object.freeze(isOperation(scope) ? [scope] : []) };
	}

	function assertGrant(claims: JsonObject, scopes: readonly string[]): void {
		assertGranted(claims, scopes, { resource, operation });
	}
}

/** Winding Tree's tokens also say ES256, but their issuer is a DID, not a key. */
function recognizes({ header, claims }: CompactJws): boolean {
	if (header["alg"] === "EK256K") return true;
	const { iss } = claims;
	const isKey = typeof iss === "string" && iss.startsWith("0x");
	return header["alg"] === "ES256" && header["kid"] === undefined && isKey;
}

function assertIoctlHeader(header: JsonObject): void {
	if (header["alg"] === "EK256K") {
		const message = 'expected alg "ES256", got "EK256K": the dialect of iotex-antenna for JavaScript';
		throw new TokenError("token/dialect", message);
	}
	assertHeader(header, { algorithm: "ES256", keyId: undefined, type: "JWT" });
	const parameter = Object.keys(header).find((name) => name !== "alg" && name !== "typ");
	if (parameter === undefined) return;
	const message = `expected only alg and typ in the header, got ${formatValue(parameter)}`;
	throw new TokenError("token/header", message, { details: { parameter } });
}

/** Go accepts more spellings than it writes; here, each key must have exactly one name. */
function parseIss({ iss }: JsonObject): Hex {
	if (iss === undefined) throw missingClaim("iss");
	if (typeof iss === "string" && iss.length === ISSUER_CHARACTERS && iss.startsWith("0x04")) {
		try {
			if (encodeHex(decodeHex(iss)) === iss) return iss as Hex;
		} catch {
			// Not hexadecimal: reported below.
		}
	}
	throw invalidClaim("iss", ISSUER, iss);
}

function toKnownIssuer(iss: Hex): KnownIssuer {
	const signer = parseIssuerKey(iss);
	const { publicKey } = signer;
	return {
		iss,
		signer,
		resolved: {
			findSigner: (jws) => (verifySync(publicKey, signedTextOf(jws), jws.signature) ? iss : undefined),
		},
	};
}

function parseIssuerKey(iss: Hex): IoctlIssuer {
	let publicKey: PublicKey;
	try {
		publicKey = fromEncodedPoint(decodeHex(iss));
	} catch (error) {
		if (!isOrgpassError(error)) throw error;
		throw invalidClaim("iss", ISSUER, iss);
	}
	return Object.freeze({ address: toAddress(publicKey), ioAddress: toIoAddress(publicKey), publicKey });
}

function toPredicate(trusted: TrustedIssuers): (issuer: IoctlIssuer) => boolean | Promise<boolean> {
	if (typeof trusted === "function") return trusted;
	const accounts = parseTrustedIssuers(trusted);
	return ({ address }) => accounts.has(address);
}

function isOperation(scope: unknown): scope is string {
	return IOCTL_OPERATIONS.includes(scope as string);
}
