/**
 * Bearer authentication (RFC 6750) without a framework: from a request's Authorization header to a decision. Tokens in
 * a query or a body (sections 2.2 and 2.3) are never read.
 * @module
 */
import * as v from "valibot";
import type { Verifier } from "../auth/create-verifier.js";
import { promptVerificationOf } from "../auth/prompt-verification.js";
import { needOrigins } from "../auth/replay/token-use.js";
import { createRequirementsCheck, type RouteRequirements } from "../auth/route-requirements.js";
import { type Awaitable, isThenable, whenReady } from "../encoding/awaitable.js";
import { ignoreRejection } from "../encoding/ignore-rejection.js";
import type { JsonObject } from "../encoding/json.js";
import { isOrgpassError, TokenError } from "../errors/errors.js";
import { toScopes } from "../jws/scope.js";
import { assertOptions } from "../options/assert-options.js";
import { invalidOption } from "../options/invalid-option.js";
import { objectWith, optionsSchema, restriction, type Shape } from "../options/schemas.js";
import type { RequestDetails } from "../tokens/token-kind.js";
import type { VerifiedToken } from "../tokens/verified-token.js";
import { createChallenger, type Denied, type Failure, toFailure } from "./denial.js";

/** A verified token, with claims that match the server's schema if it has one. */
export interface Authenticated<Claims = JsonObject> extends Omit<VerifiedToken, "claims"> {
	readonly claims: Claims;
}

/** A schema for claims, such as a Zod schema. */
export interface ClaimsSchema<Claims> {
	/** Returns the claims, an object, or throws. Anything else it returns, such as a promise, is a bug (500). */
	parse(claims: unknown): Claims;
}

/** Options of {@link createBearer}. */
export interface BearerOptions<Claims = JsonObject> {
	/** Verifies the tokens. */
	readonly verifier: Pick<Verifier, "verify">;
	/** The realm in challenges (RFC 9110 section 11.5); `orgpass` by default. */
	readonly realm?: string | undefined;
	/** The URL of this server's metadata (RFC 9728), named in challenges. */
	readonly resourceMetadata?: string | undefined;
	/** Checks and types the claims that this server needs. Tokens that don't match fail with `token/claim-invalid`. */
	readonly claims?: ClaimsSchema<Claims>;
}

/** The request is allowed. */
export interface Granted<Claims = JsonObject> {
	readonly granted: true;
	/** The request's verified token. */
	readonly auth: Authenticated<Claims>;
}

/** The decision about a request. */
export type Decision<Claims = JsonObject> = Granted<Claims> | Denied;

/** Authenticates requests, and checks what routes require of them. Its promises never reject. */
export interface Bearer<Claims = JsonObject> {
	/**
	 * Verifies the token of an Authorization header. Tokens with an access control list are refused unless `request` is
	 * given.
	 */
	(authorization: string | null | undefined, request?: RequestDetails): Promise<Decision<Claims>>;
	/**
	 * Returns a function that denies a granted request if its token doesn't meet the requirements. The token isn't
	 * verified again.
	 *
	 * @throws {ConfigError} `config/unknown-option`, `config/invalid-option`
	 */
	requires(requirements: RouteRequirements): (decision: Decision<Claims>) => Promise<Decision<Claims>>;
}

/** As {@link Bearer}, but without a promise if nothing has to be awaited. */
export interface PromptBearer<Claims> {
	decide(authorization: string | null | undefined, request?: RequestDetails): Awaitable<Decision<Claims>>;
	requires(requirements: RouteRequirements): (decision: Decision<Claims>) => Awaitable<Decision<Claims>>;
}

const REALM = "printable ASCII without quotes and backslashes";
const METADATA = "an https URL";

/** The members of {@link BearerOptions}. */
export const bearerShape: Shape<BearerOptions<never>> = {
	verifier: objectWith("verify"),
	realm: v.optional(v.pipe(v.string(REALM), v.regex(/^[\x20\x21\x23-\x5b\x5d-\x7e]+$/, REALM))),
	resourceMetadata: v.optional(v.pipe(v.string(METADATA), v.regex(/^https:\/\/[!#-[\]-~]+$/, METADATA))),
	claims: restriction(objectWith("parse")),
};
const schema = optionsSchema<BearerOptions<never>>(bearerShape);

/**
 * Creates the framework-independent core of all HTTP adapters.
 *
 * @example
 * ```ts
 * import { createBearer } from "orgpass/http";
 * import { createVerifier, orgid } from "orgpass";
 *
 * const resolver = { resolve: async () => ({ didDocument: null, didDocumentMetadata: {}, didResolutionMetadata: {} }) };
 * const audience = `did:orgid:100:0x${"0b".repeat(32)}`;
 * const verifier = createVerifier({ profiles: [orgid({ audience, resolver })] });
 * const bearer = createBearer({ verifier });
 * const mayBook = bearer.requires({ scope: "book" });
 * const decision = await mayBook(await bearer(null));
 * decision.granted; // => false
 * ```
 * @param options the verifier, and what challenges say
 * @returns a function that decides about requests, and `requires` for routes
 * @throws {ConfigError} `config/unknown-option`, `config/invalid-option`
 * @see RFC 6750
 */
export function createBearer<Claims = JsonObject>(options: BearerOptions<Claims>): Bearer<Claims> {
	assertOptions(schema, options, "createBearer");
	const { decide, requires } = createPromptBearer(options);
	const bearer = async (...args: Parameters<Bearer<Claims>>): Promise<Decision<Claims>> => decide(...args);
	return Object.assign(bearer, {
		requires(requirements: RouteRequirements) {
			const decideAbout = requires(requirements);
			return async (decision: Decision<Claims>) => decideAbout(decision);
		},
	});
}

/** Creates what {@link createBearer} is made of, of checked options. Nothing that it returns throws or rejects. */
export function createPromptBearer<Claims>(options: BearerOptions<Claims>): PromptBearer<Claims> {
	const { verifier, realm = "orgpass", resourceMetadata, claims } = options;
	const verify = promptVerificationOf(verifier);
	// A route with a store may be created after its request's token was verified.
	needOrigins();
	const deny = createChallenger(realm, resourceMetadata);
	/** Why requests were denied: a route names its scopes in a new challenge for the same failure. */
	const failures = new WeakMap<Denied, Failure>();
	/** For tokens with a schema's claims: requirements are about the claims as signed. */
	const tokens = new WeakMap<object, VerifiedToken>();
	return { decide, requires };

	function decide(authorization: string | null | undefined, request?: RequestDetails): Awaitable<Decision<Claims>> {
		if (!isBearer(authorization)) return denied({ status: 401 });
		const token = readToken(authorization);
		if (token === undefined) return denied({ status: 400, error: "invalid_request" });
		const refuse = (cause: unknown): Denied => denied(toFailure(cause));
		return settle<Decision<Claims>>(() => whenReady(verify(token, { request }), grant), refuse);
	}

	function grant(verified: VerifiedToken): Granted<Claims> {
		const auth = parseClaims(verified, claims);
		if (claims !== undefined) tokens.set(auth, verified);
		return Object.freeze({ granted: true, auth });
	}

	function requires(requirements: RouteRequirements): (decision: Decision<Claims>) => Awaitable<Decision<Claims>> {
		const assertMet = createRequirementsCheck(requirements);
		const scopes = requirements.scope === undefined ? undefined : toScopes(requirements.scope);
		return function decideAbout(decision) {
			if (!decision.granted) {
				const failure = failures.get(decision);
				return failure === undefined ? decision : denied(failure, scopes);
			}
			const token = tokens.get(decision.auth) ?? (decision.auth as Authenticated<never>);
			const refuse = (cause: unknown): Denied => denied({ ...toFailure(cause), issuer: token.issuer }, scopes);
			return settle<Decision<Claims>>(() => whenReady(assertMet(token, decision), () => decision), refuse);
		};
	}

	function denied(failure: Failure, scopes?: readonly string[]): Denied {
		const decision = deny(failure, scopes);
		failures.set(decision, failure);
		return decision;
	}
}

/** Returns the outcome of an attempt that may throw or reject. */
function settle<Outcome>(attempt: () => Awaitable<Outcome>, refuse: (cause: unknown) => Outcome): Awaitable<Outcome> {
	try {
		const outcome = attempt();
		return isThenable(outcome) ? outcome.then(undefined, refuse) : outcome;
	} catch (cause) {
		return refuse(cause);
	}
}

function parseClaims<Claims>(token: VerifiedToken, schema: ClaimsSchema<Claims> | undefined): Authenticated<Claims> {
	if (schema === undefined) return token as unknown as Authenticated<Claims>;
	try {
		const claims = schema.parse(token.claims);
		assertDecided(claims);
		return Object.freeze({ ...token, claims });
	} catch (cause) {
		if (isOrgpassError(cause)) throw cause;
		throw new TokenError("token/claim-invalid", "the claims don't match this server's schema", { cause });
	}
}

/** The promise of an asynchronous schema, or a validator's `false`, would accept every token. */
function assertDecided(claims: unknown): void {
	const isPromise = typeof (Object(claims) as { readonly then?: unknown }).then === "function";
	if (typeof claims === "object" && claims !== null && !isPromise) return;
	ignoreRejection(claims);
	throw invalidOption("claims", "a schema whose parse returns the claims, an object, or throws");
}

/** Schemes are case-insensitive (RFC 9110 section 11.1); another scheme counts as no token (RFC 6750 section 3.1). */
export function isBearer(authorization: unknown): authorization is string {
	if (typeof authorization !== "string") return false;
	return authorization.slice(0, 7).trimEnd().toLowerCase() === "bearer";
}

/**
 * One token after one or more spaces (RFC 6750 section 2.1), which {@link isBearer} doesn't tell from other white space; a
 * comma means that two headers were merged.
 */
function readToken(authorization: string): string | undefined {
	let start = 6;
	while (authorization[start] === " ") start += 1;
	const token = authorization.slice(start);
	return token !== "" && !/[\s,]/.test(token) ? token : undefined;
}
