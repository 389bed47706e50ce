/**
 * Bearer authentication for `node:http`, also over TLS and HTTP/2.
 * @module
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Http2ServerRequest, Http2ServerResponse } from "node:http2";
import type { RouteRequirements } from "../auth/route-requirements.js";
import { isThenable } from "../encoding/awaitable.js";
import type { JsonObject } from "../encoding/json.js";
import type { Authenticated } from "./bearer.js";
import type { Denied } from "./denial.js";
import { createGuards, type Guard, type GuardOptions, type RouteOptions } from "./guard.js";
import { nodeFacts } from "./request-facts.js";

/** A request of `node:http`, `node:https` or `node:http2`. */
export type NodeServerRequest = IncomingMessage | Http2ServerRequest;

/** The response to a {@link NodeServerRequest}. */
export type NodeServerResponse = ServerResponse | Http2ServerResponse;

/** Wraps a handler so that it only receives requests that a guard allows. The promise rejects if the handler fails. */
export type NodeProtect<Auth> = <
	Request extends NodeServerRequest = IncomingMessage,
	Response extends NodeServerResponse = ServerResponse,
>(
	handler: (request: Request, response: Response, auth: Auth) => unknown,
) => (request: Request, response: Response) => Promise<void>;

/** Guards for `node:http`. */
export interface NodeAuth<Claims = JsonObject> {
	/** Lets requests without a token through, with `undefined` instead of the token. */
	(options: { readonly optional: true }): NodeProtect<Authenticated<Claims> | undefined>;
	/** Requires a valid token. */
	(options?: RouteOptions): NodeProtect<Authenticated<Claims>>;
	/** Requires a valid token that meets the requirements. */
	requires(requirements: RouteRequirements): NodeProtect<Authenticated<Claims>>;
}

/**
 * Creates guards for request listeners of `node:http`. Requests that are denied get the error response of RFC 6750.
 *
 * @example
 * ```ts
 * import { createServer } from "node:http";
 * import { createVerifier, orgid } from "orgpass";
 * import { bearerAuth } from "orgpass/http/node";
 *
 * const resolver = { resolve: async () => ({ didDocument: null, didDocumentMetadata: {}, didResolutionMetadata: {} }) };
 * const audience = `did:orgid:100:0x${"0b".repeat(32)}`;
 * const auth = bearerAuth({ verifier: createVerifier({ profiles: [orgid({ audience, resolver })] }) });
 * const server = createServer(auth()((_request, response, { issuer }) => response.end(`hello ${issuer}`)));
 * server.listening; // => false
 * ```
 * @param options the verifier, and how requests are read and denied
 * @returns the function that creates guards
 * @throws {ConfigError} `config/unknown-option`, `config/invalid-option`
 * @see RFC 6750 section 3
 */
export function bearerAuth<Claims = JsonObject>(options: GuardOptions<IncomingMessage, Claims>): NodeAuth<Claims> {
	const guards = createGuards(options, (request) => nodeFacts(request, request.url ?? ""));
	const authenticate = (route?: RouteOptions): NodeProtect<never> => protect(guards.authenticate(route));
	const requires = (requirements: RouteRequirements): NodeProtect<never> => protect(guards.requires(requirements));
	return Object.assign(authenticate, { requires }) as unknown as NodeAuth<Claims>;
}

function protect<Claims>(guard: Guard<IncomingMessage, Claims>): NodeProtect<never> {
	return (handler) =>
		async function authenticated(request, response) {
			const deciding = guard(request as IncomingMessage);
			const decision = isThenable(deciding) ? await deciding : deciding;
			if (decision === undefined || decision.granted) await handler(request, response, decision?.auth as never);
			else sendDenial(response, decision);
		};
}

/** Sends the response of a denied request, unless a time limit has already responded. */
export function sendDenial(response: NodeServerResponse, { status, headers, body }: Denied): void {
	if (response.headersSent) return;
	for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
	response.statusCode = status;
	response.end(body);
}
