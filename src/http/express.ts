/**
 * Bearer authentication for Express 4 and 5.
 * @module
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Request } from "express";
import type { RouteRequirements } from "../auth/route-requirements.js";
import { isThenable } from "../encoding/awaitable.js";
import type { JsonObject } from "../encoding/json.js";
import type { VerifiedToken } from "../tokens/verified-token.js";
import type { Authenticated } from "./bearer.js";
import { createGuards, type Guard, type GuardOptions, type RouteOptions } from "./guard.js";
import { sendDenial } from "./node.js";
import { nodeFacts } from "./request-facts.js";

declare global {
	namespace Express {
		interface Request {
			/** The request's verified token; set by orgpass. */
			auth?: VerifiedToken;
		}
	}
}

/** Middleware for Express. It isn't a `RequestHandler`, which would hide the types of a route's parameters. */
export type ExpressMiddleware = (
	request: IncomingMessage,
	response: ServerResponse,
	next: (error?: unknown) => void,
) => Promise<void>;

/** Creates middleware for Express. */
export interface ExpressAuth<Claims = JsonObject> {
	/** Requires a valid token, unless it is optional, and sets `req.auth`. */
	(options?: RouteOptions): ExpressMiddleware;
	/** Requires a valid token that meets the requirements. */
	requires(requirements: RouteRequirements): ExpressMiddleware;
	/**
	 * The verified token of a request, with its claims typed by the option `claims`.
	 *
	 * @throws {ConfigError} `config/missing` if no middleware of this `bearerAuth` has let the request through with a token
	 */
	of(request: IncomingMessage): Authenticated<Claims>;
}

/**
 * Creates middleware for Express. Requests that are denied get the error response of RFC 6750; if authentication itself
 * fails, the error goes to `next`. Access control lists are compared with the whole path, wherever a router is mounted.
 *
 * @example
 * ```ts
 * import express from "express";
 * import { createVerifier, orgid } from "orgpass";
 * import { bearerAuth } from "orgpass/http/express";
 *
 * const resolver = { resolve: async () => ({ didDocument: null, didDocumentMetadata: {}, didResolutionMetadata: {} }) };
 * const audience = `did:orgid:100:0x${"0b".repeat(32)}`;
 * const auth = bearerAuth({ verifier: createVerifier({ profiles: [orgid({ audience, resolver })] }) });
 * const app = express();
 * app.use("/api", auth());
 * app.post("/api/bookings", auth.requires({ scope: "book" }), (req, res) => {
 *   res.json({ by: req.auth?.issuer });
 * });
 * ```
 * @param options the verifier, and how requests are read and denied
 * @returns the function that creates middleware
 * @throws {ConfigError} `config/unknown-option`, `config/invalid-option`
 * @see RFC 6750 section 3
 */
export function bearerAuth<Claims = JsonObject>(options: GuardOptions<Request, Claims>): ExpressAuth<Claims> {
	const guards = createGuards(options, (request) => nodeFacts(request, request.originalUrl));
	const authenticate = (route?: RouteOptions): ExpressMiddleware => toMiddleware(guards.authenticate(route));
	const requires = (requirements: RouteRequirements): ExpressMiddleware => toMiddleware(guards.requires(requirements));
	const of = (request: IncomingMessage): Authenticated<Claims> => guards.of(request as Request);
	return Object.assign(authenticate, { requires, of });
}

function toMiddleware<Claims>(guard: Guard<Request, Claims>): ExpressMiddleware {
	return async function bearerAuth(incoming, response, next) {
		const request = incoming as Request;
		const deciding = guard(request);
		const decision = isThenable(deciding) ? await deciding : deciding;
		if (decision === undefined) {
			delete request.auth;
			return next();
		}
		if (decision.granted) {
			request.auth = decision.auth as unknown as VerifiedToken;
			return next();
		}
		if (decision.status !== 500) return sendDenial(response, decision);
		// Express prints an error's stack.
		const error = new Error("the request could not be authenticated", { cause: decision.cause });
		next(Object.assign(error, { status: 500, stack: undefined }));
	};
}
