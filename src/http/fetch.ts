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
 * Wraps a handler so that it only sees requests with a good token; the others get the RFC 6750 answer. A token
 * with an access control list is held against the request's method, the path of its URL and its query. A body isn't
 * read, and may name a parameter otherwise than the query: with a body, rules with filters allow nothing. Who reads
 * the body first hands its parameters to `createBearer`.
 *
 * @example
 * ```ts
 * import { bearerAuth } from "orgpass/http/fetch";
 * import { createVerifier, orgid } from "orgpass";
 *
 * const resolver = { resolve: async () => ({ didDocument: null, didDocumentMetadata: {}, didResolutionMetadata: {} }) };
 * const verifier = createVerifier({ profiles: [orgid({ audience: "did:orgid:100:0x…", resolver })] });
 * const handler = bearerAuth({ verifier }, (_request, auth) => Response.json({ hello: auth.issuer }));
 * const response = await handler(new Request("http://localhost/"));
 * response.status; // => 401
 * response.headers.get("www-authenticate"); // => 'Bearer realm="orgpass"'
 * ```
 * @param options the verifier, and what every request must carry
 * @param handler called with the request and who sent it
 * @returns a handler of any request
 * @throws {ConfigError} `config/unknown-option`, `config/invalid-option`
 */
export function bearerAuth(
	options: BearerOptions,
	handler: AuthenticatedHandler,
): (request: Request) => Promise<Response> {
	const bearer = createBearer(options);
	return async function authenticated(request: Request): Promise<Response> {
		const { pathname, searchParams } = new URL(request.url);
		const parameters = request.body === null ? oneOfEach(searchParams) : undefined;
		const target = { method: request.method, path: pathname, parameters };
		const decision = await bearer(request.headers.get("authorization"), target);
		if (decision.granted) return handler(request, decision.auth);
		return new Response(decision.body, { status: decision.status, headers: { ...decision.headers } });
	};
}

/** A parameter that stands there twice, or as `name[…]`, which some read as a list, has two readings: it counts as none. */
function oneOfEach(query: URLSearchParams): Readonly<Record<string, string>> {
	const found = new Map<string, string | undefined>();
	for (const [written, value] of query) {
		const [name = ""] = written.split("[", 1);
		found.set(name, found.has(name) || name !== written ? undefined : value);
	}
	const once = [...found].filter((entry): entry is [string, string] => entry[1] !== undefined);
	return Object.fromEntries(once);
}
