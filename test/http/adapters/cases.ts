/**
 * The requests of the behaviour suite.
 * @module
 */

export type TokenName =
	| "good"
	| "book"
	| "offers"
	| "vip"
	| "break"
	| "acl"
	| "expired"
	| "forged"
	| "stranger"
	| "down"
	| "broken";

/** A request and what must come of it: the status, the code, and who the handler sees, if it is reached. */
export interface Case {
	readonly what: string;
	readonly method?: string;
	readonly target?: string;
	readonly lines?: readonly string[] | undefined;
	readonly body?: string;
	readonly version?: string;
	readonly status: number;
	readonly code?: string;
	readonly error?: "invalid_request" | "invalid_token" | "insufficient_scope";
	readonly seen?: "sender" | "app" | "nobody";
	/** The scope that a challenge may name: not every guard before the handler knows it. */
	readonly scope?: string;
	/** How often the token is verified; once by default if the handler is reached. */
	readonly verifications?: number;
}

/** The header line with a token; the suite replaces its name. */
export const bearer = (token: TokenName, scheme = "Bearer "): readonly string[] => [
	`Authorization: ${scheme}{${token}}`,
];
const granted = { status: 200, seen: "sender" } as const;
const anonymous = { status: 401, verifications: 0 } as const;
const malformed = { status: 400, error: "invalid_request", verifications: 0 } as const;
const invalid = (code: string) => ({ status: 401, error: "invalid_token", code }) as const;
const refused = (code: string) => ({ status: 403, error: "insufficient_scope", code }) as const;

const ALL: readonly Case[] = [
	// Methods
	...["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"].flatMap((method): Case[] => [
		{ what: `${method} with a token`, method, lines: bearer("good"), ...granted },
		{ what: `${method} without a token`, method, ...anonymous },
		{ what: `${method} with a forged token`, method, lines: bearer("forged"), ...invalid("token/signature") },
	]),
	// The header
	{ what: "no header", ...anonymous },
	{ what: "an empty header", lines: ["Authorization: "], ...anonymous },
	{ what: "another scheme", lines: ["Authorization: Basic QTpC"], ...anonymous },
	{ what: "a token without a scheme", lines: ["Authorization: {good}"], ...anonymous },
	{ what: "a scheme that begins with Bearer", lines: bearer("good", "BearerX "), ...anonymous },
	{ what: "a lower-case scheme", lines: bearer("good", "bearer "), ...granted },
	{ what: "an upper-case scheme", lines: bearer("good", "BEARER "), ...granted },
	{ what: "two spaces", lines: bearer("good", "Bearer  "), ...granted },
	{ what: "many spaces", lines: bearer("good", `Bearer${" ".repeat(100)}`), ...granted },
	{ what: "a lower-case header name", lines: ["authorization: Bearer {good}"], ...granted },
	{ what: "an upper-case header name", lines: ["AUTHORIZATION: Bearer {good}"], ...granted },
	{ what: "spaces around the value", lines: ["Authorization:   Bearer {good}  "], ...granted },
	{ what: "the scheme alone", lines: ["Authorization: Bearer"], ...malformed },
	{ what: "a tab", lines: ["Authorization: Bearer\t{good}"], ...malformed },
	{ what: "two tokens", lines: ["Authorization: Bearer {good} {good}"], ...malformed },
	{ what: "a list of tokens", lines: ["Authorization: Bearer {good}, Bearer {good}"], ...malformed },
	{ what: "a trailing comma", lines: ["Authorization: Bearer {good},"], ...malformed },
	{ what: "two equal headers", lines: [...bearer("good"), ...bearer("good")], ...malformed },
	{ what: "a good header and a bad one", lines: [...bearer("good"), ...bearer("forged")], ...malformed },
	{ what: "a bad header and a good one", lines: [...bearer("forged"), ...bearer("good")], ...malformed },
	{ what: "a header and an empty one", lines: [...bearer("good"), "authorization: "], ...malformed },
	{ what: "Basic and then Bearer", lines: ["Authorization: Basic QTpC", ...bearer("good")], ...anonymous },
	{
		what: "parameters instead of a token",
		lines: ['Authorization: Bearer token="{good}"'],
		...invalid("token/malformed"),
	},
	{ what: "a header of 12 KB", lines: [`Authorization: Bearer ${"a".repeat(12_000)}`], ...invalid("token/too-large") },
	{ what: "HTTP/1.0", version: "1.0", lines: bearer("good"), ...granted },
	{ what: "HTTP/1.0 without a token", version: "1.0", ...anonymous },
	// Elsewhere than in the header
	{ what: "a token in the query", target: "/api/me?access_token={good}", ...anonymous },
	{ what: "a token in the body", method: "POST", body: "access_token={good}", ...anonymous },
	{ what: "a token in a cookie", lines: ["Cookie: access_token={good}; Authorization=Bearer {good}"], ...anonymous },
	{ what: "a token in Proxy-Authorization", lines: ["Proxy-Authorization: Bearer {good}"], ...anonymous },
	{ what: "a token in X-Authorization", lines: ["X-Authorization: Bearer {good}"], ...anonymous },
	// The token
	{ what: "rubbish", lines: ["Authorization: Bearer a.b.c"], ...invalid("token/malformed") },
	{ what: "two parts", lines: ["Authorization: Bearer a.b"], ...invalid("token/malformed") },
	{ what: "an expired token", lines: bearer("expired"), ...invalid("token/expired") },
	{ what: "an unknown organization's token", lines: bearer("stranger"), ...invalid("did/not-found") },
	{ what: "an outage", lines: bearer("down"), status: 503, code: "registry/unreachable" },
	{ what: "a bug of the verifier", lines: bearer("broken"), status: 500 },
	// What routes require
	{ what: "a scope that the token has", target: "/api/book", lines: bearer("book"), ...granted },
	{ what: "a scope that it doesn't have", target: "/api/book", lines: bearer("good"), ...refused("policy/scope") },
	{ what: "a scope, without a token", target: "/api/book", ...anonymous },
	{ what: "a scope, with a bad token", target: "/api/book", lines: bearer("expired"), ...invalid("token/expired") },
	{
		what: "a scope, in a POST with a body",
		method: "POST",
		target: "/api/book",
		lines: bearer("book"),
		body: "{}",
		...granted,
	},
	{ what: "a scope, with a query", target: "/api/book?scope=x", lines: bearer("good"), ...refused("policy/scope") },
	{
		what: "a scope, while the node is down",
		target: "/api/book",
		lines: bearer("down"),
		status: 503,
		code: "registry/unreachable",
	},
	{ what: "an issuer that is listed", target: "/api/issuers", lines: bearer("good"), ...granted },
	{ what: "an issuer that isn't listed", target: "/api/issuers", lines: bearer("acl"), ...refused("policy/acl") },
	{ what: "a policy that accepts", target: "/api/policy", lines: bearer("vip"), ...granted },
	{ what: "a policy that returns false", target: "/api/policy", lines: bearer("good"), ...refused("policy/refused") },
	{ what: "a policy that throws", target: "/api/policy", lines: bearer("break"), status: 500 },
	// Access control lists
	{
		what: "a list that allows the whole path",
		target: "/api/v1/users/alice",
		lines: bearer("acl"),
		status: 200,
		seen: "app",
	},
	{ what: "a list, with a query", target: "/api/v1/users/alice?a=1", lines: bearer("acl"), status: 200, seen: "app" },
	{
		what: "a list, with another method",
		method: "DELETE",
		target: "/api/v1/users/alice",
		lines: bearer("acl"),
		...refused("policy/acl"),
	},
	{ what: "a list, with another path", target: "/api/v1/users", lines: bearer("acl"), ...refused("policy/acl") },
	{
		what: "a list, with a deeper path",
		target: "/api/v1/users/alice/keys",
		lines: bearer("acl"),
		...refused("policy/acl"),
	},
	{
		what: "a list, with an encoded slash",
		target: "/api/v1/users/a%2fb",
		lines: bearer("acl"),
		...refused("policy/acl"),
	},
	{
		what: "a list, with a doubled slash",
		target: "/api//v1/users/alice",
		lines: bearer("acl"),
		...refused("policy/acl"),
	},
	{
		what: "a list, with a filter that matches",
		target: "/api/v1/messages?from=44",
		lines: bearer("acl"),
		status: 200,
		seen: "app",
	},
	{
		what: "a list, with a filter that doesn't",
		target: "/api/v1/messages?from=45",
		lines: bearer("acl"),
		...refused("policy/acl"),
	},
	{
		what: "a list, with a filter and a body",
		method: "POST",
		target: "/api/v1/messages?from=44",
		lines: bearer("acl"),
		body: '{"from":"45"}',
		...refused("policy/acl"),
	},
	{
		what: "a list, with a filter and a chunked body",
		method: "POST",
		target: "/api/v1/messages?from=44",
		lines: [...bearer("acl"), "Transfer-Encoding: chunked", "", "0", ""],
		...refused("policy/acl"),
	},
	{
		what: "a list, with a repeated parameter",
		target: "/api/v1/messages?from=44&from=45",
		lines: bearer("acl"),
		...refused("policy/acl"),
	},
	{
		what: "a list, with two question marks",
		target: "/api/v1/messages?from=44?",
		lines: bearer("acl"),
		...refused("policy/acl"),
	},
	{
		what: "a list, with a filter after a fragment, which Express cuts off",
		target: "/api/v1/messages?#&from=44",
		lines: bearer("acl"),
		...refused("policy/acl"),
	},
	{
		what: "a list, with a filter after a thousand parameters, of which Express reads no more",
		target: `/api/v1/messages?${"&".repeat(1_000)}from=44`,
		lines: bearer("acl"),
		...refused("policy/acl"),
	},
	// Optional authentication
	{ what: "an optional token that is missing", target: "/optional", status: 200, seen: "nobody", verifications: 0 },
	{ what: "an optional token that is good", target: "/optional", lines: bearer("good"), ...granted },
	{
		what: "an optional token that is bad",
		target: "/optional",
		lines: bearer("forged"),
		...invalid("token/signature"),
	},
	{
		what: "an optional token that is expired",
		target: "/optional",
		lines: bearer("expired"),
		...invalid("token/expired"),
	},
	{
		what: "an optional token, with a malformed header",
		target: "/optional",
		lines: ["Authorization: Bearer"],
		...malformed,
	},
	{
		what: "an optional token, with another scheme",
		target: "/optional",
		lines: ["Authorization: Basic QTpC"],
		status: 200,
		seen: "nobody",
		verifications: 0,
	},
	{
		what: "an optional token, during an outage",
		target: "/optional",
		lines: bearer("down"),
		status: 503,
		code: "registry/unreachable",
	},
];

export const CASES: readonly Case[] = ALL.map((request) =>
	request.target?.startsWith("/api/book") ? { ...request, scope: "book" } : request,
);
