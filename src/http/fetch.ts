/**
 * Bearer authentication for fetch-style handlers: `Request` in, `Response` out (Bun, Deno, Cloudflare
 * Workers, Next.js, and Node behind any adapter).
 * @module
 */
import type { VerifiedToken } from "../tokens/verified-token.js";
import { type BearerOptions, createBearer } from "./bearer.js";

/** A handler of authenticated requests. */
export type AuthenticatedHandler = (request: Request, auth: VerifiedToken) => Response | Promise<Response>;

/**
 * Wraps a handler so that it only receives requests with a valid token; others get the error response of RFC 6750. A
 * token's access control list must allow the request's method, the path of its URL and its query. The body isn't read
 * and could contradict the query, so rules with filters don't allow any request with a body. To use such rules, read
 * the body first and pass its parameters to `createBearer`.
 *
 * @example
 * ```ts
 * import { bearerAuth } from "orgpass/http/fetch";
 * import { createVerifier, orgid } from "orgpass";
 *
 * const resolver = { resolve: async () => ({ didDocument: null, didDocumentMetadata: {}, didResolutionMetadata: {} }) };
 * const audience = `did:orgid:100:0x${"0b".repeat(32)}`;
 * const verifier = createVerifier({ profiles: [orgid({ audience, resolver })] });
 * const handler = bearerAuth({ verifier }, (_request, auth) => Response.json({ hello: auth.issuer }));
 * const response = await handler(new Request("http://localhost/"));
 * response.status; // => 401
 * response.headers.get("www-authenticate"); // => 'Bearer realm="orgpass"'
 * ```
 * @param options the verifier, and what every token must grant
 * @param handler called with the request and its verified token
 * @returns a handler for all requests
 * @throws {ConfigError} `config/unknown-option`, `config/invalid-option`
 * @see RFC 6750 section 3
 */
export function bearerAuth(
	options: BearerOptions,
	handler: AuthenticatedHandler,
): (request: Request) => Promise<Response> {
	const bearer = createBearer(options);
	return async function authenticated(request: Request): Promise<Response> {
		const { pathname, searchParams } = new URL(request.url);
		const parameters = request.body === null ? parametersOf(searchParams) : undefined;
		const target = { method: request.method, path: pathname, parameters };
		const decision = await bearer(request.headers.get("authorization"), target);
		if (decision.granted) return handler(request, decision.auth);
		return new Response(decision.body, { status: decision.status, headers: { ...decision.headers } });
	};
}

/** Repeated parameters are passed as `name[]`, which never satisfies an access control list's filter on `name`. */
function parametersOf(query: URLSearchParams): Readonly<Record<string, string>> {
	const byName = Map.groupBy(query, ([name]) => name);
	return Object.fromEntries(
		[...byName].map(([name, pairs]) => [pairs.length > 1 ? `${name}[]` : name, pairs[0]?.[1] ?? ""]),
	);
}
