/**
 * A request as it is sent, possibly more than once, and the request that a redirect asks for (Fetch standard, section
 * "HTTP-redirect fetch").
 * @module
 */
import { ClientError } from "../errors/errors.js";

export interface OutgoingRequest {
	/** The first argument of `fetch`; a redirected request is a URL. */
	readonly target: string | Request;
	readonly url: URL;
	readonly method: string;
	readonly headers: Headers;
	readonly init: RequestInit;
	/** Whether there is no body, or one that can be sent again. */
	readonly isRepeatable: boolean;
	/** Whether every origin so far may be trusted with a token. */
	readonly isTrusted: boolean;
}

const REDIRECT_STATUSES: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);
/** RFC 9110 section 9.2.1. */
const SAFE_METHODS: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS", "TRACE"]);
const BODY_HEADERS = ["content-encoding", "content-language", "content-length", "content-location", "content-type"];
const CREDENTIAL_HEADERS = ["authorization", "cookie", "host", "proxy-authorization"];
/** What a redirected request keeps of a `Request`, if the runtime has it. */
const KEPT_MEMBERS = ["cache", "credentials", "integrity", "keepalive", "mode", "referrer", "referrerPolicy", "signal"];

/** Reads the arguments of `fetch`; throws what `fetch` would for a URL that is invalid or has a user name. */
export function toOutgoingRequest(input: string | URL | Request, init: RequestInit): OutgoingRequest {
	if (init instanceof Request) return toOutgoingRequest(new Request(input, init), {});
	// A copy's URL is the one that is requested: that of a changed object or a subclass may not be.
	const request = input instanceof Request ? new Request(input) : undefined;
	const url = (request ?? new Request(String(input))).url;
	const method = (init.method ?? request?.method ?? "GET").toUpperCase();
	return {
		target: request ?? url,
		url: new URL(url),
		method,
		headers: new Headers(init.headers ?? request?.headers),
		init: {
			...keptMembers(request),
			...withoutUndefined(init),
			redirect: init.redirect ?? request?.redirect ?? "follow",
		},
		isRepeatable: init.body == null ? !hasBody(request, method) : isRepeatableBody(init.body),
		// The origin of `blob:https://…` is that of the page.
		isTrusted: /^https?:/.test(url),
	};
}

/** Returns the request that a response redirects to; undefined if it isn't a redirect. */
export function toRedirected(request: OutgoingRequest, response: Response): OutgoingRequest | undefined {
	if (response.type === "opaqueredirect") throw redirectError("this runtime doesn't show where a redirect leads");
	const location = response.headers.get("location");
	if (!REDIRECT_STATUSES.has(response.status) || location === null) return undefined;
	const url = parseLocation(location, request.url);
	const headers = new Headers(request.headers);
	if (url.origin !== request.url.origin) for (const name of CREDENTIAL_HEADERS) headers.delete(name);
	const method = becomesGet(request.method, response.status) ? "GET" : request.method;
	const redirected = { ...request, target: url.href, url, headers, isTrusted: staysTrusted(request, url, method) };
	if (method === request.method) {
		if (!request.isRepeatable) throw redirectError("the body can't be sent again");
		return redirected;
	}
	for (const name of BODY_HEADERS) headers.delete(name);
	return { ...redirected, method, init: { ...request.init, method, body: null }, isRepeatable: true };
}

/** No server may have us sign in to another one with a request that changes something there. */
function staysTrusted({ isTrusted, url: from }: OutgoingRequest, to: URL, method: string): boolean {
	if (from.origin === to.origin) return isTrusted;
	return isTrusted && SAFE_METHODS.has(method) && !(from.protocol === "https:" && to.protocol === "http:");
}

export function redirectError(reason: string): ClientError {
	return new ClientError("client/redirect", `the redirect can't be followed: ${reason}`);
}

function parseLocation(location: string, base: URL): URL {
	const url = URL.parse(location, base.href);
	if (url === null) throw redirectError("its location is invalid");
	if (!/^https?:$/.test(url.protocol)) throw redirectError("its location isn't http or https");
	if (url.username !== "" || url.password !== "") throw redirectError("its location has a user name");
	if (url.hash === "") url.hash = base.hash;
	return url;
}

function becomesGet(method: string, status: number): boolean {
	if (status === 303) return method !== "GET" && method !== "HEAD";
	return (status === 301 || status === 302) && method === "POST";
}

/** Firefox has no `request.body`. */
function hasBody(request: Request | undefined, method: string): boolean {
	if (request === undefined) return false;
	return request.body === undefined ? method !== "GET" && method !== "HEAD" : request.body !== null;
}

function isRepeatableBody(body: unknown): boolean {
	if (typeof body === "string" || ArrayBuffer.isView(body)) return true;
	return [ArrayBuffer, Blob, FormData, URLSearchParams].some((type) => body instanceof type);
}

function keptMembers(request: Request | undefined): RequestInit {
	if (request === undefined) return {};
	const members = Object.fromEntries(KEPT_MEMBERS.map((name) => [name, request[name as keyof Request]]));
	return { method: request.method, ...withoutUndefined(members) };
}

function withoutUndefined(members: object): RequestInit {
	return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
}
