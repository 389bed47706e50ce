/**
 * A `fetch` that adds a token for each configured origin.
 * @module
 */
import pTimeout from "p-timeout";
import * as v from "valibot";
import { OUTAGE_CODES } from "../errors/outage-codes.js";
import { readRetryAfterSeconds } from "../network/retry-after.js";
import { assertOptions } from "../options/assert-options.js";
import { invalidOption } from "../options/invalid-option.js";
import { anyFunction, optionsSchema } from "../options/schemas.js";
import type { OrganizationTokenOptions } from "../tokens/orgid/organization-minter.js";
import type { Minter } from "../tokens/token-kind.js";
import { type OriginAudience, originAudiences, parseOriginAudiences } from "./origin-audiences.js";
import { type OutgoingRequest, redirectError, toOutgoingRequest, toRedirected } from "./outgoing-request.js";
import { readRefusalCode } from "./read-refusal.js";

/** Options of {@link createAuthFetch}. */
export interface AuthFetchOptions {
	/** Mints the tokens. */
	readonly minter: Minter<OrganizationTokenOptions>;
	/**
	 * The audience of each origin, with scopes where they are needed: `{ "https://api.hotel.example": "did:orgid:…" }` or
	 * `{ "https://api.hotel.example": { audience: "did:orgid:…", scope: "book" } }`. Other origins get no token.
	 */
	readonly audiences: Readonly<Record<string, string | OriginAudience>>;
	/** Whether a token is used again until a fifth of its lifetime is left; true by default. */
	readonly reuse?: boolean | undefined;
	/** Allows http for origins other than loopback addresses: anyone on the network path can read and use the tokens. */
	readonly allowHttp?: boolean | undefined;
	/** The `fetch` that sends the requests; by default the global one. */
	readonly fetch?: typeof fetch | undefined;
}

/** A `fetch` that adds a token. */
export interface AuthFetch {
	/** Takes and returns what `fetch` does; also rejects with the minter's errors and with `client/redirect`. */
	(input: string | URL | Request, init?: RequestInit): Promise<Response>;
	/** Replaces the minter, for a new key; requests in progress are repeated with it if the old key was revoked. */
	setMinter(minter: Minter<OrganizationTokenOptions>): void;
}

/** What has been repeated already. */
interface Repeats {
	refused: boolean;
	unavailable: boolean;
}

const MAX_REDIRECTS = 20;
const MAX_WAIT_SECONDS = 30;
/** Refusals that a new token may change: by the server's clock, or with another key. */
const CLOCK_CODES: ReadonlySet<string> = new Set(["token/expired", "token/not-yet-valid", "token/issued-in-future"]);
const KEY_CODE = "did/key-revoked";
/** RFC 9110 section 9.2.2. */
const IDEMPOTENT: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS", "PUT", "DELETE"]);

const minterSchema = v.custom<object>(
	(value) => ["mint", "token", "discard"].every((name) => typeof Object(value)[name] === "function"),
	"a minter",
);
const schema = optionsSchema<AuthFetchOptions>({
	minter: minterSchema,
	audiences: originAudiences,
	reuse: v.optional(v.boolean("a boolean")),
	allowHttp: v.optional(v.boolean("a boolean")),
	fetch: v.optional(anyFunction),
});
const setMinterSchema = optionsSchema<{ minter: unknown }>({ minter: minterSchema });

/**
 * Creates a `fetch` that adds `Authorization: Bearer` with a token for the origin's audience. Other origins get no
 * token, and neither does a request that has its own Authorization header.
 *
 * @example
 * ```ts
 * import { createOrgIdMinter, generateKeyPair } from "orgpass";
 * import { createAuthFetch } from "orgpass/client";
 *
 * const { privateKey } = await generateKeyPair();
 * const issuer = `did:orgid:100:0x${"0a".repeat(32)}#webserver`;
 * const authFetch = createAuthFetch({
 *   minter: createOrgIdMinter({ key: privateKey, issuer }),
 *   audiences: { "https://api.hotel.example": `did:orgid:100:0x${"0b".repeat(32)}` },
 *   fetch: async (_url, init) => new Response(new Headers(init?.headers).get("authorization")),
 * });
 * const response = await authFetch("https://api.hotel.example/offers");
 * (await response.text()).startsWith("Bearer eyJ"); // => true
 * ```
 * @param options the minter, and the audience of each origin
 * @returns the function to call instead of `fetch`
 * @throws {ConfigError} `config/unknown-option`, `config/invalid-option`
 * @see RFC 6750 section 2.1
 */
export function createAuthFetch(options: AuthFetchOptions): AuthFetch {
	assertOptions(schema, options, "createAuthFetch");
	const { reuse = true, allowHttp = false, fetch = (input, init) => globalThis.fetch(input, init) } = options;
	const audiences = parseOriginAudiences(options.audiences, allowHttp);
	let { minter } = options;
	return Object.freeze(Object.assign(authFetch, { setMinter }));

	async function authFetch(input: string | URL | Request, init: RequestInit = {}): Promise<Response> {
		let request = toOutgoingRequest(input, init);
		if (audienceOf(request) === undefined || request.headers.has("authorization"))
			return fetch(request.target, request.init);
		const repeats: Repeats = { refused: false, unavailable: false };
		for (let redirects = 0; ; redirects += 1) {
			const response = await exchange(request, repeats);
			if (request.init.redirect !== "follow") return response;
			const redirected = toRedirected(request, response);
			if (redirected === undefined) return response;
			discardBody(response);
			if (redirects === MAX_REDIRECTS) throw redirectError(`there were more than ${MAX_REDIRECTS}`);
			request = { ...redirected, isTrusted: audienceOf(redirected) !== undefined };
		}
	}

	/** Sends a request without following redirects, and once more where that can help. */
	async function exchange(request: OutgoingRequest, repeats: Repeats): Promise<Response> {
		const audience = audienceOf(request);
		if (audience === undefined) return send(request);
		const token = await obtainToken(audience, request.init.signal);
		const response = await send(request, token);
		if (!request.isRepeatable) return response;
		if (response.status === 401 && !repeats.refused) {
			const code = (await readRefusalCode(response)) ?? "";
			if (code !== KEY_CODE && !CLOCK_CODES.has(code)) return response;
			repeats.refused = true;
			minter.discard(token, { ...audience, serverDate: code === KEY_CODE ? null : response.headers.get("date") });
		} else if (response.status === 503 && !repeats.unavailable) {
			const seconds =
				readRetryAfterSeconds((name) => response.headers.get(name) ?? undefined) ?? Number.POSITIVE_INFINITY;
			if (seconds > MAX_WAIT_SECONDS || !(await isUnprocessed(request, response))) return response;
			repeats.unavailable = true;
			await wait(seconds, request.init.signal);
		} else return response;
		discardBody(response);
		return exchange(request, repeats);
	}

	function audienceOf({ isTrusted, url }: OutgoingRequest): OriginAudience | undefined {
		return isTrusted ? audiences.get(url.origin) : undefined;
	}

	async function send({ target, headers, init }: OutgoingRequest, token?: string): Promise<Response> {
		const sent = new Headers(headers);
		if (token !== undefined) setAuthorization(sent, token);
		const redirect = init.redirect === "error" ? "error" : "manual";
		const response = await fetch(target, { ...init, headers: sent, redirect });
		if (response.redirected) throw redirectError("this runtime's fetch follows redirects itself");
		return response;
	}

	async function obtainToken(audience: OriginAudience, signal: AbortSignal | null | undefined): Promise<string> {
		signal?.throwIfAborted();
		const minting = reuse ? minter.token(audience) : minter.mint(audience);
		return signal ? pTimeout(minting, { milliseconds: Number.POSITIVE_INFINITY, signal }) : minting;
	}

	function setMinter(newMinter: Minter<OrganizationTokenOptions>): void {
		assertOptions(setMinterSchema, { minter: newMinter }, "setMinter");
		minter = newMinter;
	}
}

/** Whether sending the request again can't have it processed twice: it was refused before its token was verified. */
async function isUnprocessed({ method }: OutgoingRequest, response: Response): Promise<boolean> {
	return IDEMPOTENT.has(method) || OUTAGE_CODES.has((await readRefusalCode(response)) ?? "");
}

/** The runtime's own error would contain the token. */
function setAuthorization(headers: Headers, token: string): void {
	try {
		headers.set("authorization", `Bearer ${token}`);
	} catch {
		throw invalidOption("minter", "one whose tokens can be sent in a header");
	}
}

async function wait(seconds: number, signal: AbortSignal | null | undefined): Promise<void> {
	const never = new Promise<void>(() => undefined);
	await pTimeout(never, {
		milliseconds: seconds * 1_000 || 1,
		fallback: () => undefined,
		...(signal ? { signal } : {}),
	});
}

/** Frees the connection. */
function discardBody(response: Response): void {
	response.body?.cancel().catch(() => undefined);
}
