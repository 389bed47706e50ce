/** One behaviour suite for all adapters, over real sockets. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createVerifier, type Verifier } from "../../../src/auth/create-verifier.ts";
import { RegistryError } from "../../../src/errors/errors.ts";
import type { Denied } from "../../../src/http/denial.ts";
import { generateKeyPair } from "../../../src/keys/generate.ts";
import { orgid } from "../../../src/tokens/orgid/orgid.ts";
import { vonage } from "../../../src/tokens/vonage/vonage.ts";
import { createVonageMinter } from "../../../src/tokens/vonage/vonage-minter.ts";
import { createOfflineStage, type TokenStage } from "../../support/token-stage.ts";
import { EXAMPLES, toExampleCase } from "./example-servers.ts";
import { type RawResponse, sendRaw } from "./raw-client.ts";
import { ADAPTERS, type GuardedServer } from "./servers.ts";

const APPLICATION = "aaaaaaaa-bbbb-cccc-dddd-0123456789ab";

type TokenName = "good" | "book" | "vip" | "break" | "acl" | "expired" | "forged" | "stranger" | "down" | "broken";
const tokens = {} as Record<TokenName, string>;
let stage: TokenStage;
let verifier: Pick<Verifier, "verify">;
let verifications = 0;
beforeAll(async () => {
	stage = await createOfflineStage();
	const app = await generateKeyPair({ algorithm: "RS256" });
	const real = createVerifier({
		profiles: [
			orgid({ audience: stage.receiver.did, resolver: stage.resolver }),
			vonage({ keys: { [APPLICATION]: app.publicKey } }),
		],
	});
	verifier = {
		async verify(token, options) {
			verifications += 1;
			if (token === tokens.down) throw new RegistryError("registry/unreachable", "secret-node.example is down");
			if (token === tokens.broken) throw new TypeError("secret.x is undefined");
			return real.verify(token, options);
		},
	};
	const forge = (members: object = {}) => stage.forge({ payload: stage.claims({ ...members }) });
	const acl = {
		paths: { "/api/v1/users/*": { methods: ["GET"] }, "/api/v1/messages": { filters: { from: "44" } } },
	};
	Object.assign(tokens, {
		good: await forge(),
		book: await forge({ scope: "book" }),
		vip: await forge({ scope: "vip" }),
		break: await forge({ scope: "break" }),
		acl: await createVonageMinter({ key: app.privateKey, applicationId: APPLICATION }).mint({ claims: { acl } }),
		expired: await forge({ iat: stage.now() - 7_200, exp: stage.now() - 3_600 }),
		forged: await stage.forge({ key: (await generateKeyPair()).privateKey }),
		stranger: await stage.forge({
			header: stage.header({ kid: undefined }),
			payload: stage.claims({ iss: `did:orgid:31337:0x${"9".repeat(64)}#webserver` }),
		}),
		down: "down.down.down",
		broken: "broken.broken.broken",
	});
});

/** A request and what must come of it: the status, the code, and who the handler sees, if it is reached. */
interface Case {
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
	/** How often the token is verified; once by default if the handler is reached. */
	readonly verifications?: number;
}

const bearer = (token: TokenName, scheme = "Bearer "): readonly string[] => [`Authorization: ${scheme}{${token}}`];
const granted = { status: 200, seen: "sender" } as const;
const anonymous = { status: 401, verifications: 0 } as const;
const malformed = { status: 400, error: "invalid_request", verifications: 0 } as const;
const invalid = (code: string) => ({ status: 401, error: "invalid_token", code }) as const;
const refused = (code: string) => ({ status: 403, error: "insufficient_scope", code }) as const;

const CASES: readonly Case[] = [
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

it("has at least eighty requests", () => {
	expect(CASES.length).toBeGreaterThanOrEqual(80);
});

const EXAMPLE_CASES = CASES.flatMap((request) => toExampleCase(request) ?? []);
const SERVERS = [
	...Object.entries(ADAPTERS).map(([name, start]) => ({ name: `the adapter for ${name}`, start, cases: CASES })),
	...Object.entries(EXAMPLES).map(([name, start]) => ({ name: `the example ${name}`, start, cases: EXAMPLE_CASES })),
];

describe.each(SERVERS)("$name", ({ start, cases }) => {
	let server: GuardedServer;
	let handled = 0;
	let denials: Denied[] = [];
	beforeAll(async () => {
		server = await start({
			verifier,
			issuers: [stage.sender.did],
			onDenied: (denied) => {
				denials.push(denied);
				throw new Error("a log that fails");
			},
			onHandled: () => {
				handled += 1;
			},
		});
	});
	afterAll(() => server.close());
	beforeEach(() => {
		handled = 0;
		denials = [];
		verifications = 0;
	});

	const fill = (text: string): string => text.replace(/\{(\w+)\}/g, (_all, name: TokenName) => tokens[name]);
	const send = ({
		method = "GET",
		target = "/api/me",
		lines = [],
		body,
		version,
	}: Omit<Case, "what" | "status">): Promise<RawResponse> =>
		sendRaw(server.port, { method, target: fill(target), lines: lines.map(fill), body: body && fill(body), version });

	it.for(cases)("T60: $what", async (request) => {
		const { headers, body, status } = await send(request);
		expect(status).toBe(request.status);
		expect(handled).toBe(request.seen === undefined ? 0 : 1);
		expect(verifications).toBe(request.verifications ?? (request.error === "invalid_request" ? 0 : 1));
		if (request.seen !== undefined) return expectHandled(request, body);
		expect(denials.map((denied) => denied.status)).toEqual([status]);
		expectChallenge(request, headers);
		if (request.status === 500) expect(body).not.toMatch(/secret/);
		else if (request.method !== "HEAD") expectProblem(request, headers, body);
	});

	it("T61: simultaneous requests are kept apart", async () => {
		const names: TokenName[] = ["good", "forged", "book", "expired"];
		const responses = await Promise.all(
			Array.from({ length: 40 }, (_, at) => send({ lines: bearer(names[at % 4] as TokenName) })),
		);
		expect(responses.map(({ status }) => status)).toEqual(
			Array.from({ length: 40 }, (_, at) => (at % 2 === 0 ? 200 : 401)),
		);
		expect(handled).toBe(20);
	});

	function expectHandled({ method, seen }: Case, body: string): void {
		const issuers = { sender: stage.sender.did, app: APPLICATION, nobody: null };
		expect(denials).toEqual([]);
		if (method !== "HEAD") expect(JSON.parse(body)).toMatchObject({ issuer: issuers[seen as "sender"] });
	}

	function expectChallenge({ status, error, code, target }: Case, headers: Headers): void {
		const parts = ['Bearer realm="orgpass"'];
		if (error !== undefined) parts.push(`error="${error}"`);
		if (code !== undefined) parts.push(`error_description="${code}"`);
		const challenge = headers.get("www-authenticate");
		if (status >= 500) expect(challenge).toBeNull();
		else if (target?.startsWith("/api/book")) expect(challenge?.startsWith(parts.join(", "))).toBe(true);
		else expect(challenge).toBe(parts.join(", "));
		if (status === 503) expect(headers.get("retry-after")).toBe("5");
		if (status !== 500) expect(headers.get("cache-control")).toBe("no-store");
	}

	function expectProblem({ code }: Case, headers: Headers, body: string): void {
		expect(headers.get("content-type")).toMatch(/^application\/problem\+json/);
		const problem = JSON.parse(body) as Record<string, unknown>;
		expect(problem["code"]).toBe(code);
		expect(body).not.toMatch(/secret|eyJ/);
	}
});
