/**
 * What all adapters share: a request is authenticated once, however many guards it passes.
 * @module
 */
import * as v from "valibot";
import type { RouteRequirements } from "../auth/route-requirements.js";
import { type Awaitable, whenReady } from "../encoding/awaitable.js";
import { ignoreRejection } from "../encoding/ignore-rejection.js";
import type { JsonObject } from "../encoding/json.js";
import { ConfigError } from "../errors/errors.js";
import { observe } from "../observe/observe.js";
import type { Observer } from "../observe/observer.js";
import { assertOptions } from "../options/assert-options.js";
import { invalidOption } from "../options/invalid-option.js";
import { anyFunction, optionsSchema } from "../options/schemas.js";
import type { RequestDetails } from "../tokens/token-kind.js";
import {
	type Authenticated,
	type BearerOptions,
	bearerShape,
	createPromptBearer,
	type Decision,
	isBearer,
} from "./bearer.js";
import { createChallenger, type Denied } from "./denial.js";
import { toGuardFacts } from "./log-fields.js";
import { createRequestMemo } from "./request-memo.js";

/** Options of an adapter's `bearerAuth`. */
export interface GuardOptions<Request, Claims = JsonObject> extends BearerOptions<Claims> {
	/**
	 * Reads a token from somewhere other than the Authorization header, such as a cookie. A request with both is refused
	 * (RFC 6750 section 2). By default, only the header is read.
	 */
	readonly extractToken?: ((request: Request) => string | null | undefined) | undefined;
	/**
	 * Called for every denial. Its `cause` says more than the response does. Nothing waits for it, and what it throws or
	 * rejects with is ignored.
	 */
	readonly onDenied?: ((denied: Denied, request: Request) => unknown) | undefined;
	/** Observes each guard that a request passes. */
	readonly observer?: Observer | undefined;
}

/** Options of one guard. */
export interface RouteOptions {
	/** Whether requests without a token are let through; invalid tokens are still refused. */
	readonly optional?: boolean | undefined;
}

/** What the decision about a request depends on. */
export interface RequestFacts {
	/** All Authorization headers, joined with commas. */
	readonly authorization: string | null | undefined;
	readonly details: RequestDetails;
}

/**
 * Decides about a request, at once if nothing has to be awaited; undefined lets an anonymous one through. Never throws or
 * rejects.
 */
export type Guard<Request, Claims> = (request: Request) => Awaitable<Decision<Claims> | undefined>;

/** Creates a route's guard. */
export interface Guards<Request, Claims> {
	authenticate(options?: RouteOptions): Guard<Request, Claims>;
	requires(requirements: RouteRequirements): Guard<Request, Claims>;
	/** The token with which one of these guards let the request through; throws `config/missing` if there is none. */
	of(request: Request): Authenticated<Claims>;
}

/** What a set of guards knows about a request. */
interface Visit<Claims> {
	/** Never rejects. */
	readonly deciding: Awaitable<Decision<Claims>>;
	/** The token with which a guard let the request through. */
	auth: Authenticated<Claims> | undefined;
}

const schema = optionsSchema<GuardOptions<never, never>>({
	...bearerShape,
	...{ extractToken: v.optional(anyFunction), onDenied: v.optional(anyFunction), observer: v.optional(anyFunction) },
});
const routeSchema = optionsSchema<RouteOptions>({ optional: v.optional(v.boolean("a boolean")) });

/**
 * @param readFacts reads what the client sent: the URL before the framework rewrites it for mounted routes. The request
 * is one object for all of its guards. What to do with a decision of status 500 is the adapter's: frameworks that handle
 * errors get the error
 */
export function createGuards<Request extends object, Claims>(
	options: GuardOptions<Request, Claims>,
	readFacts: (request: Request) => RequestFacts,
): Guards<Request, Claims> {
	assertOptions(schema, options, "bearerAuth");
	const { extractToken, onDenied, observer } = options;
	const bearer = createPromptBearer(options);
	const visits = createRequestMemo<Request, Visit<Claims>>();
	return { authenticate, requires, of };

	function authenticate(route: RouteOptions = {}): Guard<Request, Claims> {
		assertNoRequest(route, "bearerAuth", "auth()");
		assertOptions(routeSchema, route, "bearerAuth");
		const { optional = false } = route;
		return observed((request) => {
			const visit = visitOf(request);
			return whenReady(visit.deciding, (decision) => {
				if (optional && !decision.granted && decision.isAnonymous) return undefined;
				return report(decision, request, visit);
			});
		});
	}

	function requires(requirements: RouteRequirements): Guard<Request, Claims> {
		assertNoRequest(requirements, "requires", "auth.requires({ … })");
		const decideAbout = bearer.requires(requirements);
		return observed((request) => {
			const visit = visitOf(request);
			return whenReady(whenReady(visit.deciding, decideAbout), (decision) => report(decision, request, visit));
		});
	}

	function observed(guard: Guard<Request, Claims>): Guard<Request, Claims> {
		if (observer === undefined) return guard;
		return (request) =>
			observe(observer, { operation: "guard" }, async (facts) => {
				const decision = await guard(request);
				Object.assign(facts, toGuardFacts(decision));
				return decision;
			});
	}

	function of(request: Request): Authenticated<Claims> {
		const auth = visits.get(request)?.auth;
		if (auth !== undefined) return auth;
		throw new ConfigError("config/missing", "the request has no verified token: guard its route with bearerAuth");
	}

	function visitOf(request: Request): Visit<Claims> {
		const known = visits.get(request);
		if (known !== undefined) return known;
		const visit = { deciding: decide(request), auth: undefined };
		visits.set(request, visit);
		return visit;
	}

	function decide(request: Request): Awaitable<Decision<Claims>> {
		try {
			const { authorization, details } = readFacts(request);
			const token = extractToken?.(request);
			if (token === undefined || token === null) return bearer.decide(authorization, details);
			if (typeof token !== "string") throw notText(token);
			return bearer.decide(isBearer(authorization) ? "Bearer" : `Bearer ${token}`, details);
		} catch (cause) {
			return createChallenger("orgpass", undefined)({ status: 500, cause }, undefined);
		}
	}

	function report(decision: Decision<Claims>, request: Request, visit: Visit<Claims>): Decision<Claims> {
		if (decision.granted) {
			visit.auth = decision.auth;
			return decision;
		}
		try {
			ignoreRejection(onDenied?.(decision, request));
		} catch {
			// A failing log must not affect the response.
		}
		return decision;
	}
}

/** A framework that is given `auth` instead of `auth()` passes its request, or Hono's context, where options belong. */
function assertNoRequest(options: unknown, subject: string, call: string): void {
	if (typeof options !== "object" || options === null || !("headers" in options || "req" in options)) return;
	const expected = `an object, got a request: the guard is what ${call} returns`;
	throw invalidOption("options", expected, { subject, label: '"options"' });
}

/** A promise could reject, and without a handler that ends the process. */
function notText(token: unknown): ConfigError {
	ignoreRejection(token);
	return invalidOption("extractToken", "a function that returns the token, null or undefined");
}
