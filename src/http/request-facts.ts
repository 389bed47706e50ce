/**
 * Reads what the decision about a request depends on.
 * @module
 */
import { LazyRequest } from "../auth/lazy-request.js";
import type { RequestFacts } from "./guard.js";

const AUTHORIZATION = "authorization";
/** As many as Express and `node:querystring` read. */
const MAX_PARAMETERS = 1_000;

/** The part of Node's `IncomingMessage` that is read. */
export interface NodeRequest {
	readonly method?: string | undefined;
	readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
	/** Names and values in turn; `headers` omits all but the first Authorization header. */
	readonly rawHeaders: readonly string[];
	/** Only for HTTP/2, where a body needs no header that announces it (RFC 9113 section 8.1). */
	readonly stream?: { readonly endAfterHeaders: boolean };
}

/**
 * Reads what {@link createBearer}'s functions need from a request to Node's server: all its Authorization headers, the
 * whole path and, if there is no body, the query. For a framework's own guards, such as those of NestJS.
 *
 * @example
 * ```ts
 * import { readNodeRequest } from "orgpass/http";
 *
 * const request = { method: "GET", headers: {}, rawHeaders: ["Authorization", "Bearer a.b.c"] };
 * const { authorization, details } = readNodeRequest(request, "/rooms?from=2027-01-01");
 * authorization; // => "Bearer a.b.c"
 * details; // => { method: "GET", path: "/rooms", parameters: { from: "2027-01-01" } }
 * ```
 * @param request an `IncomingMessage`
 * @param target the whole request target (RFC 9112 section 3.2): `request.url` or, in frameworks that shorten it for
 *   mounted routers, `originalUrl`
 * @returns the arguments for the function that {@link createBearer} returns
 */
export function readNodeRequest(request: NodeRequest, target: string): RequestFacts {
	return withPlainDetails(nodeFacts(request, target));
}

/**
 * Reads what {@link createBearer}'s functions need from a fetch-style request.
 *
 * @example
 * ```ts
 * import { readFetchRequest } from "orgpass/http";
 *
 * const headers = { authorization: "Bearer a.b.c" };
 * const { authorization, details } = readFetchRequest(new Request("https://hotel.example/rooms", { headers }));
 * authorization; // => "Bearer a.b.c"
 * details; // => { method: "GET", path: "/rooms", parameters: {} }
 * ```
 * @param request its body isn't read
 * @returns the arguments for the function that {@link createBearer} returns
 */
export function readFetchRequest(request: Request): RequestFacts {
	return withPlainDetails(fetchFacts(request));
}

/** As {@link readNodeRequest}, but the target is parsed only when a policy or an access control list reads it. */
export function nodeFacts(request: NodeRequest, target: string): RequestFacts {
	const details = new LazyRequest(request.method ?? "", () => {
		const [path = "", ...rest] = target.split("?");
		// URLSearchParams ignores a leading question mark: a second one belongs to the first name.
		const query = `?${rest.join("?")}`;
		// RFC 9112 section 3.2: no fragment. Express would ignore what follows it, Fastify wouldn't.
		const isClear = !hasBody(request) && !query.includes("#");
		return { path, parameters: isClear ? parametersOf(query) : undefined };
	});
	return { authorization: readAuthorization(request.rawHeaders), details };
}

/** As {@link readFetchRequest}, but the URL is parsed only when a policy or an access control list reads it. */
export function fetchFacts(request: Request): RequestFacts {
	const details = new LazyRequest(request.method, () => {
		const { url, body } = request;
		const { pathname, search } = new URL(url);
		// Older versions of Hono 4 take a fragment for a part of the path or the query.
		if (url.includes("#")) return { path: `${pathname}#`, parameters: undefined };
		return { path: pathname, parameters: body === null ? parametersOf(search) : undefined };
	});
	return { authorization: request.headers.get("authorization"), details };
}

function withPlainDetails({ authorization, details }: RequestFacts): RequestFacts {
	const { method, path, parameters } = details;
	return { authorization, details: { method, path, parameters } };
}

function readAuthorization(rawHeaders: readonly string[]): string | undefined {
	let joined: string | undefined;
	for (let at = 0; at < rawHeaders.length; at += 2) {
		const name = rawHeaders[at];
		if (name?.length !== AUTHORIZATION.length || name.toLowerCase() !== AUTHORIZATION) continue;
		const value = rawHeaders[at + 1] ?? "";
		joined = joined === undefined ? value : `${joined}, ${value}`;
	}
	return joined;
}

function hasBody({ headers, stream }: NodeRequest): boolean {
	if (stream?.endAfterHeaders === false) return true;
	return headers["transfer-encoding"] !== undefined || (headers["content-length"] ?? "0") !== "0";
}

/**
 * Repeated parameters are passed as `name[]`, which never satisfies an access control list's filter on `name`; undefined if
 * there are so many that the handler may not see all.
 */
function parametersOf(query: string): Readonly<Record<string, string>> | undefined {
	if (query.split("&", MAX_PARAMETERS + 1).length > MAX_PARAMETERS) return undefined;
	const byName = Map.groupBy(new URLSearchParams(query), ([name]) => name);
	return Object.fromEntries(
		[...byName].map(([name, pairs]) => [pairs.length > 1 ? `${name}[]` : name, pairs[0]?.[1] ?? ""]),
	);
}
