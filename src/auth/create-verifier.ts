/**
 * The verifier: takes a stranger's token through the checks in their fixed order and answers who sent it.
 *
 * The order is: size, shape, strict base64url, UTF-8 and JSON; header; issuer grammar; cheap refusals by
 * claims; the key; the signature; all claims again; the key's validity; policies. Nothing goes out on the
 * network before the cheap refusals have passed, and nothing is believed before the signature holds.
 * @module
 */
import * as z from "zod/mini";
import { ConfigError, PolicyError, TokenError } from "../errors/errors.js";
import type { TimeLimits } from "../jws/claims.js";
import { type CompactJws, DEFAULT_MAX_TOKEN_BYTES, decodeToken } from "../jws/decode-token.js";
import { checkOptions } from "../options/check-options.js";
import { invalidOption } from "../options/invalid-option.js";
import {
	anyFunction,
	nonEmptyString,
	objectWith,
	positiveInteger,
	positiveSeconds,
	stringOrStrings,
} from "../options/schemas.js";
import { assertGranted } from "../tokens/grant.js";
import { DEFAULT_MAX_LIFETIME_SECONDS } from "../tokens/lifetime.js";
import type { Profile, RequiredGrant } from "../tokens/token-kind.js";
import type { VerifiedToken } from "../tokens/verified-token.js";
import { type Policy, requireScope } from "./policies.js";
import { selectProfile } from "./select-profile.js";

/** What a call that asks for nothing asks for. */
const NOTHING: VerifyOptions = Object.freeze({});

/** Options of {@link createVerifier}. */
export interface VerifierOptions {
	/** The kinds of token to accept, each at most once. */
	readonly profiles: readonly Profile[];
	/** How far the two machines' clocks may differ; 30 by default, 300 at most. */
	readonly clockToleranceSeconds?: number | undefined;
	/** The longest life of a token, `exp` minus `iat`; 86,400 by default. */
	readonly maxLifetimeSeconds?: number | undefined;
	/** The size above which a token is refused unread; 8,192 by default. */
	readonly maxTokenBytes?: number | undefined;
	/** What a good token must grant; all must agree. */
	readonly policies?: readonly Policy[] | undefined;
	/**
	 * The clock: seconds since the epoch. The system's by default, which is never let run backwards, so that
	 * no token becomes valid again; a clock given here is taken at its word.
	 */
	readonly now?: (() => number) | undefined;
}

/** Options of one verification: what the call asks for, besides the verifier's policies. */
export interface VerifyOptions extends RequiredGrant {}

/** Verifies tokens of the kinds it was made for. */
export interface Verifier {
	/** Answers who sent the token, or throws a coded error. */
	verify(token: string, options?: VerifyOptions): Promise<VerifiedToken>;
}

const MAX_TOLERANCE = "a number of seconds from 0 to 300";

const optionsSchema = z.strictObject(
	{
		profiles: z
			.array(objectWith("recognizes"), "a non-empty array of profiles")
			.check(z.minLength(1, "a non-empty array of profiles")),
		clockToleranceSeconds: z.optional(
			z.number(MAX_TOLERANCE).check(z.gte(0, MAX_TOLERANCE), z.lte(300, MAX_TOLERANCE)),
		),
		maxLifetimeSeconds: z.optional(positiveSeconds),
		maxTokenBytes: z.optional(positiveInteger),
		policies: z.optional(z.array(anyFunction, "an array of functions")),
		now: z.optional(anyFunction),
	},
	"an object",
);

const verifyOptionsSchema = z.strictObject(
	{
		scope: z.optional(stringOrStrings),
		resource: z.optional(nonEmptyString),
		operation: z.optional(nonEmptyString),
		request: z.optional(
			z.strictObject(
				{
					method: z.string("text"),
					path: z.string("text"),
					parameters: z.optional(z.looseObject({}, "an object")),
				},
				"an object of method and path",
			),
		),
	},
	"an object",
);

/**
 * Makes a verifier. It keeps no state but its clock's; make one and use it for every request.
 *
 * @example
 * ```ts
 * import { createVerifier, orgid } from "orgpass";
 * import { startTestNetwork } from "orgpass/testing";
 *
 * const network = await startTestNetwork();
 * const [airline, hotel] = network.organizations;
 * const verifier = createVerifier({
 *   profiles: [orgid({ audience: hotel.did, resolver: network.resolver })],
 *   now: network.now,
 * });
 * const token = await airline.minter({ audience: hotel.did }).mint({ scope: "book" });
 * const { issuer, scopes } = await verifier.verify(token);
 * issuer === airline.did; // => true
 * scopes; // => ["book"]
 * await network.close();
 * ```
 * @param options the kinds of token, the bounds, the clock
 * @returns the verifier; its `verify` throws `token/*` and `did/*` for a bad token, `policy/*` for a good one
 * that doesn't grant what is asked, `registry/*` and `did/resolution` when the issuer can't be looked up
 * @throws {ConfigError} `config/unknown-option`, `config/invalid-option`, `config/duplicate-profile`
 */
export function createVerifier(options: VerifierOptions): Verifier {
	checkOptions(optionsSchema, options, "createVerifier");
	const {
		clockToleranceSeconds = 30,
		maxLifetimeSeconds = DEFAULT_MAX_LIFETIME_SECONDS,
		maxTokenBytes = DEFAULT_MAX_TOKEN_BYTES,
		now = monotonicClock(),
	} = options;
	const profiles = [...options.profiles];
	const policies = [...(options.policies ?? [])];
	refuseDuplicates(profiles);

	return Object.freeze({ verify });

	async function verify(token: string, asked: VerifyOptions = NOTHING): Promise<VerifiedToken> {
		const asksFor = asked === NOTHING ? policies : [...policies, ...policiesOf(asked)];
		const jws = decodeToken(token, maxTokenBytes);
		const { profile, from, resolved } = await selectProfile(candidatesOf(jws), jws, limits);
		const keyId = await resolved.findSigner(jws);
		if (keyId === undefined) {
			throw new TokenError("token/signature", `expected the signature of ${from.signer}, got another one`);
		}
		const { expiresAt, scopes } = profile.verifyClaims(jws, limits());
		resolved.assertValidity?.(limits());
		const { organization } = resolved;
		const verified: VerifiedToken = Object.freeze({
			profile: profile.name,
			issuer: from.issuer,
			keyId,
			claims: jws.claims,
			scopes,
			...(organization === undefined ? {} : { organization }),
			...(expiresAt === undefined ? {} : { expiresAt }),
		});
		profile.assertGrant?.(jws.claims, scopes, asked);
		for (const policy of asksFor) {
			const answer: unknown = await policy(verified, asked);
			if (answer !== undefined && answer !== true)
				throw new PolicyError("policy/refused", "a policy refused the token");
		}
		return verified;
	}

	/** A lone profile judges every token, for its refusals say more than "unrecognized". */
	function candidatesOf(jws: CompactJws): readonly Profile[] {
		const candidates = profiles.length === 1 ? profiles : profiles.filter((one) => one.recognizes(jws));
		if (candidates.length > 0) return candidates;
		const names = profiles.map(({ name }) => name).join(", ");
		throw new TokenError("token/unrecognized", `expected a token of one of the kinds ${names}`);
	}

	function limits(): TimeLimits {
		const seconds = now();
		if (!Number.isFinite(seconds))
			throw invalidOption("now", "a function that returns seconds since the epoch", {
				subject: "createVerifier",
			});
		return { now: seconds, clockToleranceSeconds, maxLifetimeSeconds };
	}
}

function policiesOf(asked: VerifyOptions): readonly Policy[] {
	checkOptions(verifyOptionsSchema, asked, "verify");
	const { scope } = asked;
	const scopes = scope === undefined ? [] : [requireScope(scope)];
	return [...scopes, ({ claims, scopes: carried }) => assertGranted(claims, carried, asked)];
}

function refuseDuplicates(profiles: readonly Profile[]): void {
	const names = profiles.map(({ name }) => name);
	const twice = names.find((name, index) => names.indexOf(name) !== index);
	if (twice !== undefined) {
		throw new ConfigError("config/duplicate-profile", `the profile ${twice} is given twice`, {
			details: { profile: twice },
		});
	}
}

/** The system's clock, which stands still where the system's goes back. */
function monotonicClock(): () => number {
	let latest = 0;
	return () => {
		latest = Math.max(latest, Date.now() / 1_000);
		return latest;
	};
}
