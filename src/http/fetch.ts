/**
 * Bearer authentication for fetch-style handlers: `Request` in, `Response` out (Bun, Deno, Cloudflare Workers, Next.js,
 * and Node behind any adapter).
 * @module
 */
import type { RouteRequirements } from "../auth/route-requirements.js";
import { isThenable } from "../encoding/awaitable.js";
import type { JsonObject } from "../encoding/json.js";
import type { Authenticated } from "./bearer.js";
import type { Denied } from "./denial.js";
import { createGuards, type Guard, type GuardOptions, type RouteOptions } from "./guard.js";
import { isExecutionContext, keepAlive } from "./keep-alive.js";
import { fetchFacts } from "./request-facts.js";

/** A handler that also receives the verified token; the framework's other arguments follow. */
export type AuthHandler<Auth, Rest extends unknown[], Incoming extends Request = Request> = (
	request: Incoming,
	auth: Auth,
	...rest: Rest
) => Response | Promise<Response>;

/** Wraps a handler so that it only receives requests that a guard allows. */
export type Protect<Auth> = <Rest extends unknown[], Incoming extends Request = Request>(
	handler: AuthHandler<Auth, Rest, Incoming>,
) => (request: Incoming, ...rest: Rest) => Promise<Response>;

/** Guards for fetch-style handlers. */
export interface FetchAuth<Claims = JsonObject> {
	/** Lets requests without a token through, with `undefined` instead of the token. */
	(options: { readonly optional: true }): Protect<Authenticated<Claims> | undefined>;
	/** Requires a valid token. */
	(options?: RouteOptions): Protect<Authenticated<Claims>>;
	/** Requires a valid token that meets the requirements. */
	requires(requirements: RouteRequirements): Protect<Authenticated<Claims>>;
}

/**
 * Creates guards for fetch-style handlers. Requests that are denied get the error response of RFC 6750. A token's access
 * control list must allow the request's method, the path of its URL and its query. The body isn't read and could
 * contradict the query, so rules with filters don't allow any request with a body.
 *
 * @example
 * ```ts
 * import { bearerAuth } from "orgpass/http/fetch";
 * import { createVerifier, orgid } from "orgpass";
 *
 * const resolver = { resolve: async () => ({ didDocument: null, didDocumentMetadata: {}, didResolutionMetadata: {} }) };
 * const audience = `did:orgid:100:0x${"0b".repeat(32)}`;
 * const auth = bearerAuth({ verifier: createVerifier({ profiles: [orgid({ audience, resolver })] }) });
 * const GET = auth.requires({ scope: "book" })((_request, { issuer }) => Response.json({ hello: issuer }));
 * const response = await GET(new Request("http://localhost/"));
 * response.status; // => 401
 * response.headers.get("www-authenticate"); // => 'Bearer realm="orgpass", scope="book"'
 * ```
 * @param options the verifier, and how requests are read and denied
 * @returns the function that creates guards
 * @throws {ConfigError} `config/unknown-option`, `config/invalid-option`
 * @see RFC 6750 section 3
 */
export function bearerAuth<Claims = JsonObject>(options: GuardOptions<Request, Claims>): FetchAuth<Claims> {
	const guards = createGuards(options, fetchFacts);
	const authenticate = (route?: RouteOptions): Protect<never> => protect(guards.authenticate(route));
	const requires = (requirements: RouteRequirements): Protect<never> => protect(guards.requires(requirements));
	return Object.assign(authenticate, { requires }) as unknown as FetchAuth<Claims>;
}

function protect<Claims>(guard: Guard<Request, Claims>): Protect<never> {
	return (handler) =>
		async function authenticated(request, ...rest) {
			const deciding = guard(request);
			keepAlive(rest.find(isExecutionContext), deciding);
			const decision = isThenable(deciding) ? await deciding : deciding;
			if (decision === undefined || decision.granted) return handler(request, decision?.auth as never, ...rest);
			return toResponse(decision);
		};
}

/** Creates the response of a denied request. */
export function toResponse({ status, headers, body }: Denied): Response {
	return new Response(body, { status, headers: { ...headers } });
}
