/**
 * Bearer authentication for Hono.
 * @module
 */
import type { Context, MiddlewareHandler } from "hono";
import type { RouteRequirements } from "../auth/route-requirements.js";
import { isThenable } from "../encoding/awaitable.js";
import type { JsonObject } from "../encoding/json.js";
import type { Authenticated } from "./bearer.js";
import { toResponse } from "./fetch.js";
import { createGuards, type Guard, type GuardOptions, type RouteOptions } from "./guard.js";
import { keepAlive } from "./keep-alive.js";
import { fetchFacts } from "./request-facts.js";

/** What the middleware adds to a context. */
export interface AuthEnv<Auth> {
	Variables: { readonly auth: Auth };
}

/** Middleware for Hono. */
export interface HonoAuth<Claims = JsonObject> {
	/** Lets requests without a token through; `c.var.auth` is then undefined. */
	(options: { readonly optional: true }): MiddlewareHandler<AuthEnv<Authenticated<Claims> | undefined>>;
	/** Requires a valid token, and sets `c.var.auth`. */
	(options?: RouteOptions): MiddlewareHandler<AuthEnv<Authenticated<Claims>>>;
	/** Requires a valid token that meets the requirements. */
	requires(requirements: RouteRequirements): MiddlewareHandler<AuthEnv<Authenticated<Claims>>>;
}

/**
 * Creates middleware for Hono, in any runtime. Requests that are denied get the error response of RFC 6750.
 *
 * @example
 * ```ts
 * import { Hono } from "hono";
 * import { createVerifier, orgid } from "orgpass";
 * import { bearerAuth } from "orgpass/http/hono";
 *
 * const resolver = { resolve: async () => ({ didDocument: null, didDocumentMetadata: {}, didResolutionMetadata: {} }) };
 * const audience = `did:orgid:100:0x${"0b".repeat(32)}`;
 * const auth = bearerAuth({ verifier: createVerifier({ profiles: [orgid({ audience, resolver })] }) });
 * const app = new Hono();
 * app.post("/bookings", auth.requires({ scope: "book" }), (c) => c.json({ by: c.var.auth.issuer }));
 * const { status } = await app.request("/bookings", { method: "POST" });
 * status; // => 401
 * ```
 * @param options the verifier, and how requests are read and denied
 * @returns the function that creates middleware
 * @throws {ConfigError} `config/unknown-option`, `config/invalid-option`
 * @see RFC 6750 section 3
 */
export function bearerAuth<Claims = JsonObject>(options: GuardOptions<Request, Claims>): HonoAuth<Claims> {
	const guards = createGuards(options, fetchFacts);
	const authenticate = (route?: RouteOptions): MiddlewareHandler => toMiddleware(guards.authenticate(route));
	const requires = (requirements: RouteRequirements): MiddlewareHandler => toMiddleware(guards.requires(requirements));
	return Object.assign(authenticate, { requires }) as unknown as HonoAuth<Claims>;
}

function toMiddleware<Claims>(guard: Guard<Request, Claims>): MiddlewareHandler {
	return async function bearerAuth(context: Context, next): Promise<Response | undefined> {
		const deciding = guard(context.req.raw);
		keepAlive(executionContextOf(context), deciding);
		const decision = isThenable(deciding) ? await deciding : deciding;
		if (decision !== undefined && !decision.granted) return toResponse(decision);
		context.set("auth", decision?.auth);
		await next();
		return undefined;
	};
}

/** Node's server passes none, and Hono's getter would then throw, which takes longer than verifying a token. */
function executionContextOf(context: Context): Context["executionCtx"] | undefined {
	if (Array.isArray(context.env?.incoming?.rawHeaders)) return undefined;
	try {
		return context.executionCtx;
	} catch {
		return undefined;
	}
}
