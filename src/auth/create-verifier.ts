/**
 * The verifier: checks an untrusted token in a fixed order and returns who sent it.
 *
 * The order is: size, form, strict base64url, UTF-8 and JSON; header; the issuer's syntax; claims; the key; the
 * signature; all claims again; the key's validity; policies; whether the token was used before. No network request is
 * made before the claims have been checked, and nothing in the token is trusted before its signature is verified.
 * @module
 */
import pTimeout from "p-timeout";
import * as v from "valibot";
import { type Awaitable, isThenable } from "../encoding/awaitable.js";
import { ConfigError, DidError } from "../errors/errors.js";
import { MAX_CLOCK_TOLERANCE_SECONDS, type TimeLimits } from "../jws/claims.js";
import { DEFAULT_MAX_TOKEN_BYTES } from "../jws/decode-token.js";
import type { Observer } from "../observe/observer.js";
import { assertOptions } from "../options/assert-options.js";
import { invalidOption } from "../options/invalid-option.js";
import { anyFunction, finiteNumber, objectWith, optionsSchema, restriction } from "../options/schemas.js";
import { positiveInteger, positiveSeconds } from "../options/value-schemas.js";
import { DEFAULT_MAX_LIFETIME_SECONDS } from "../tokens/lifetime.js";
import type { Profile, RequiredGrant } from "../tokens/token-kind.js";
import type { VerifiedToken } from "../tokens/verified-token.js";
import type { ExplainedStep, Explanation } from "./explain/explanation.js";
import { observeVerification, type Progress } from "./observe-verification.js";
import type { Policy } from "./policies/policy.js";
import { registerPromptVerification } from "./prompt-verification.js";
import { createRememberedTokens, type TokenCacheOptions } from "./remembered-tokens.js";
import { type ReplayStore, replayStore } from "./replay/replay-store.js";
import { spendVerified } from "./replay/spend-token.js";
import { needOrigins } from "./replay/token-use.js";
import { copyRequirements, requiredPolicies } from "./required-policies.js";
import { createVerifierClock } from "./verifier-clock.js";
import { createTokenVerification } from "./verify-token.js";

/** Options of {@link createVerifier}. */
export interface VerifierOptions {
	/** The kinds of token to accept, each at most once. */
	readonly profiles: readonly Profile[];
	/** How far the clocks of minter and verifier may differ, in seconds; 30 by default, 300 at most. */
	readonly clockToleranceSeconds?: number | undefined;
	/** The longest lifetime of a token, `exp` minus `iat`, in seconds; 86,400 by default. */
	readonly maxLifetimeSeconds?: number | undefined;
	/** The largest size of a token, in bytes; 8,192 by default. Larger tokens are refused without being parsed. */
	readonly maxTokenBytes?: number | undefined;
	/**
	 * The maximum duration of one verification, including lookups and policies, in seconds. Default: 15. After that it
	 * fails with `did/resolution`, an outage.
	 */
	readonly timeoutSeconds?: number | undefined;
	/** What a valid token must grant; all policies must accept it. */
	readonly policies?: readonly Policy[];
	/** Accepts each token once, after the policies. Default: a token may be used until it expires. */
	readonly replay?: ReplayStore;
	/**
	 * Remembers tokens whose signatures were verified, so that a token that is used repeatedly takes a few microseconds.
	 * Everything else is checked at every use, and the signature again if anything about its issuer has changed. Only
	 * issuers that can be looked up without waiting profit, such as the organizations in the cache of
	 * `createOrgIdResolver`. On by default, except with `replay`; `false`: off.
	 */
	readonly cache?: TokenCacheOptions | false | undefined;
	/** Observes each verification. */
	readonly observer?: Observer | undefined;
	/**
	 * The clock: seconds since the epoch. Default: the system clock, except that setting it back doesn't make expired
	 * tokens valid again. A custom clock is used as is.
	 */
	readonly now?: (() => number) | undefined;
}

/** Options of one verification: what the call requires besides the verifier's policies. */
export interface VerifyOptions extends RequiredGrant {}

/** Verifies tokens of the kinds given to {@link createVerifier}. */
export interface Verifier {
	/** Returns the verified token, or throws a coded error. */
	verify(token: string, options?: VerifyOptions): Promise<VerifiedToken>;
	/**
	 * Explains what `verify` would do with a token: every step, and after a refusal also the later ones that can still be
	 * judged. It uses no token up, and adds nothing to the caches of verifier and resolver. `onStep` gets each step as it
	 * is judged; nothing waits for it, and what it throws is ignored. Rejects only if the options are invalid.
	 *
	 * Don't show the result to whoever sent the token: it says more than an error response.
	 */
	explain(token: string, options?: VerifyOptions, onStep?: (step: ExplainedStep) => unknown): Promise<Explanation>;
	/**
	 * Whether tokens of all kinds can be verified now, for a health endpoint. It asks the networks of `createOrgIdResolver`
	 * and fetches JWK Sets that aren't up to date; other sources of keys count as ready. Never rejects.
	 */
	isReady(): Promise<boolean>;
}

export const DEFAULT_TIMEOUT_SECONDS = 15;

/** A timer with a longer delay would fire immediately. */
const MAX_TIMER_MS = 2 ** 31 - 1;
const TOLERANCE = `a number of seconds from 0 to ${MAX_CLOCK_TOLERANCE_SECONDS}`;

const PROFILES = "a non-empty array of profiles";

const cache = optionsSchema<TokenCacheOptions>(
	{ maxEntries: v.optional(positiveInteger), ttlSeconds: v.optional(positiveSeconds) },
	"false, or an object of maxEntries and ttlSeconds",
);

const schema = optionsSchema<VerifierOptions>({
	profiles: v.pipe(v.array(objectWith("recognizes"), PROFILES), v.nonEmpty(PROFILES)),
	clockToleranceSeconds: v.optional(
		v.pipe(finiteNumber(TOLERANCE), v.minValue(0, TOLERANCE), v.maxValue(MAX_CLOCK_TOLERANCE_SECONDS, TOLERANCE)),
	),
	maxLifetimeSeconds: v.optional(positiveSeconds),
	maxTokenBytes: v.optional(positiveInteger),
	timeoutSeconds: v.optional(positiveSeconds),
	policies: restriction(v.array(anyFunction, "an array of functions")),
	replay: restriction(replayStore),
	cache: v.optional(v.lazy((value) => (value === false ? v.literal(false) : cache))),
	observer: v.optional(anyFunction),
	now: v.optional(anyFunction),
});

/**
 * Creates a verifier. Create one and reuse it for all requests; its only state is its clock and its cache.
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
 * @param options the kinds of token, the limits and the clock
 * @returns the verifier; its `verify` throws `token/*`, `did/*` or `document/*` for an invalid token, `policy/*` for a
 * valid one that doesn't grant what is required, `replay/seen` for one that was used before, and `registry/*`,
 * `did/resolution`, `replay/unavailable` or another outage if something can't be looked up
 * @throws {ConfigError} `config/unknown-option`, `config/invalid-option`, `config/duplicate-profile`
 */
export function createVerifier(options: VerifierOptions): Verifier {
	assertOptions(schema, options, "createVerifier");
	const {
		clockToleranceSeconds = 30,
		maxLifetimeSeconds = DEFAULT_MAX_LIFETIME_SECONDS,
		maxTokenBytes = DEFAULT_MAX_TOKEN_BYTES,
		timeoutSeconds = DEFAULT_TIMEOUT_SECONDS,
		replay,
		cache,
		observer,
		now = createVerifierClock(),
	} = options;
	const milliseconds = Math.min(timeoutSeconds * 1_000, MAX_TIMER_MS);
	const profiles = [...options.profiles];
	const policies = [...(options.policies ?? [])];
	assertUniqueNames(profiles);
	if (replay !== undefined) needOrigins();
	// With `replay`, a token is accepted once.
	const remembered = cache === false || replay !== undefined ? undefined : createRememberedTokens(cache);
	const rules = { profiles, policies, maxTokenBytes, remembered, limits };
	const verifyToken = createTokenVerification(rules);

	const verifier: Verifier = Object.freeze({ verify, explain, isReady });
	registerPromptVerification(verifier, verifyPromptly);
	return verifier;

	async function isReady(): Promise<boolean> {
		const asking = Promise.all(profiles.map(async (profile) => (await profile.isReady?.()) ?? true));
		try {
			const answers = await pTimeout(asking, { milliseconds });
			return answers.every((answer) => answer === true);
		} catch {
			return false;
		}
	}

	/** Not an async function, which takes longer even if it awaits nothing. */
	function verify(token: string, required?: VerifyOptions): Promise<VerifiedToken> {
		try {
			return Promise.resolve(verifyPromptly(token, required));
		} catch (error) {
			return Promise.reject(error);
		}
	}

	async function explain(
		token: string,
		required: VerifyOptions = {},
		onStep: (step: ExplainedStep) => unknown = () => undefined,
	): Promise<Explanation> {
		assertOptions(anyFunction, onStep, "onStep");
		requiredPolicies(required);
		const question = { token, required: copyRequirements(required), onStep };
		const { explainToken } = await import("./explain/on-demand.js").catch(throwNotLoaded);
		return explainToken({ ...rules, replay, milliseconds, throwTimeout }, question);
	}

	function verifyPromptly(token: string, required?: VerifyOptions): Awaitable<VerifiedToken> {
		if (observer === undefined) return verifyInTime(token, required);
		return observeVerification(observer, async (progress) => verifyInTime(token, required, progress));
	}

	function verifyInTime(token: string, required?: VerifyOptions, progress?: Progress): Awaitable<VerifiedToken> {
		const startedAt = replay === undefined ? 0 : performance.now();
		const verifying = verifyToken(token, required, progress);
		if (!isThenable(verifying) && replay === undefined) return verifying;
		return finish(verifying, startedAt, progress);
	}

	async function finish(
		verifying: Awaitable<VerifiedToken>,
		startedAt: number,
		progress: Progress | undefined,
	): Promise<VerifiedToken> {
		const verified = isThenable(verifying)
			? await pTimeout(verifying, { milliseconds, fallback: throwTimeout })
			: verifying;
		if (replay === undefined) return verified;
		// A verification that fails, also for want of time, never spends its token.
		progress?.begin("replay");
		await spendVerified(replay, verified, milliseconds - (performance.now() - startedAt));
		return verified;
	}

	function throwTimeout(): never {
		throw new DidError("did/resolution", `the token could not be verified within ${timeoutSeconds} seconds`);
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

function throwNotLoaded(cause: unknown): never {
	throw new DidError("did/resolution", "what explains tokens could not be loaded", { cause });
}

function assertUniqueNames(profiles: readonly Profile[]): void {
	const names = profiles.map(({ name }) => name);
	const profile = names.find((name, index) => names.indexOf(name) !== index);
	if (profile === undefined) return;
	const message = `the profile ${profile} is given twice`;
	throw new ConfigError("config/duplicate-profile", message, { details: { profile } });
}
