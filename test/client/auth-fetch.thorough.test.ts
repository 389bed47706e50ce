import { afterEach, describe, expect, it } from "vitest";
import { type AuthFetchOptions, createAuthFetch } from "../../src/client/auth-fetch.ts";
import { decodeToken } from "../../src/jws/decode-token.ts";
import { expectRefusal } from "../support/refusal.ts";
import { thorough } from "../support/thorough.ts";
import { AIRLINE, closeSites, HOTEL, NOW, stageMinter, startGuarded, startSite } from "./guarded-servers.ts";

afterEach(closeSites);

/** An auth fetch whose requests go nowhere: returns what would have been sent. */
function stageFetch(options: Partial<AuthFetchOptions> = {}) {
	const sent: { url: string; audience: unknown; scope?: unknown }[] = [];
	const authFetch = createAuthFetch({
		minter: stageMinter().minter,
		audiences: { "https://api.hotel.example": HOTEL },
		fetch: async (input, init) => {
			const token = new Headers(init?.headers).get("authorization")?.slice("Bearer ".length);
			const url = input instanceof Request ? input.url : String(input);
			const { aud: audience, scope } = token === undefined ? {} : decodeToken(token).claims;
			sent.push({ url, audience, ...(scope === undefined ? {} : { scope }) });
			return new Response("ok");
		},
		...options,
	});
	return { sent, authFetch };
}

describe("tokens", () => {
	it("gives each of two servers its own token, and a third server none", async () => {
		const [hotel, airline, third] = [await startGuarded(HOTEL), await startGuarded(AIRLINE), await startSite()];
		const { state, minter } = stageMinter();
		const authFetch = createAuthFetch({ minter, audiences: { [hotel.origin]: HOTEL, [airline.origin]: AIRLINE } });
		for (const path of ["/a", "/b"]) {
			expect(await (await authFetch(hotel.origin + path)).text()).toBe(HOTEL);
			expect(await (await authFetch(new URL(path, airline.origin))).text()).toBe(AIRLINE);
			expect(await (await authFetch(new Request(third.origin + path))).text()).toBe("ok");
		}
		expect([hotel.count(), airline.count()]).toEqual([2, 2]);
		expect(third.received.map(({ headers }) => headers.authorization)).toEqual([undefined, undefined]);
		expect(state.signatures).toBe(2);
	});

	it("mints once per four fifths of a lifetime: 8 tokens for any number of requests in an hour", async () => {
		const requests = thorough(1_000, 100);
		const { state, minter } = stageMinter({ lifetimeSeconds: 600 });
		const hotel = await startGuarded(HOTEL, () => state.now);
		const authFetch = createAuthFetch({ minter, audiences: { [hotel.origin]: HOTEL } });
		for (let count = 0; count < requests; count += 1) {
			state.now = NOW + (count * 3_600) / requests;
			await (await authFetch(hotel.origin)).text();
		}
		expect(hotel.count()).toBe(requests);
		expect(state.signatures).toBe(8);
		expect(new Set(hotel.received.map(({ token }) => token)).size).toBe(8);
	});

	it("mints one token for concurrent requests to a server", async () => {
		const hotel = await startGuarded(HOTEL);
		const { state, minter } = stageMinter();
		const authFetch = createAuthFetch({ minter, audiences: { [hotel.origin]: HOTEL } });
		const responses = await Promise.all(Array.from({ length: 50 }, () => authFetch(hotel.origin)));
		expect(new Set(responses.map(({ status }) => status))).toEqual(new Set([200]));
		expect(state.signatures).toBe(1);
	});

	it("mints one token for 100 requests at the moment of renewal", async () => {
		const { state, minter } = stageMinter({ lifetimeSeconds: 600 });
		const { sent, authFetch } = stageFetch({ minter });
		await authFetch("https://api.hotel.example");
		state.now += 480;
		await Promise.all(Array.from({ length: 100 }, () => authFetch("https://api.hotel.example")));
		expect([sent.length, state.signatures]).toEqual([101, 2]);
	});

	it("gives every request its own token if reuse is false", async () => {
		const hotel = await startGuarded(HOTEL);
		const { state, minter } = stageMinter();
		const authFetch = createAuthFetch({ minter, audiences: { [hotel.origin]: HOTEL }, reuse: false });
		await Promise.all(Array.from({ length: 10 }, () => authFetch(hotel.origin)));
		expect(state.signatures).toBe(10);
		const ids = hotel.received.map(({ token = "" }) => decodeToken(token).claims["jti"]);
		expect(new Set(ids).size).toBe(10);
		expect(hotel.count()).toBe(10);
	});

	it("has the scopes of the origin's entry, with one token for each set of scopes", async () => {
		const { state, minter } = stageMinter();
		const scoped = { audience: HOTEL, scope: ["book", "cancel"] };
		const audiences = { "https://a.example": scoped, "https://b.example": HOTEL, "https://c.example": AIRLINE };
		const { sent, authFetch } = stageFetch({ minter, audiences });
		scoped.scope.push("admin");
		const other = stageFetch({ minter, audiences: { "https://d.example": { audience: HOTEL, scope: "cancel book" } } });
		for (const _ of [1, 2]) {
			for (const origin of Object.keys(audiences)) await authFetch(origin);
			await other.authFetch("https://d.example");
		}
		const seen = [
			{ url: "https://a.example/", audience: HOTEL, scope: "book cancel" },
			{ url: "https://b.example/", audience: HOTEL },
			{ url: "https://c.example/", audience: AIRLINE },
		];
		expect(sent).toEqual([...seen, ...seen]);
		expect(other.sent.map(({ scope }) => scope)).toEqual(["book cancel", "book cancel"]);
		expect(state.signatures).toBe(3);
	});

	it("has the scopes also if every request has its own", async () => {
		const audiences = { "https://a.example": { audience: HOTEL, scope: "book" } };
		const { sent, authFetch } = stageFetch({ audiences, reuse: false });
		await authFetch("https://a.example");
		expect(sent).toEqual([{ url: "https://a.example/", audience: HOTEL, scope: "book" }]);
	});

	it("keeps the method, headers, and body", async () => {
		const hotel = await startSite();
		const authFetch = createAuthFetch({ minter: stageMinter().minter, audiences: { [hotel.origin]: HOTEL } });
		const init = { method: "POST", headers: { "x-trace": "7", "content-type": "text/plain" }, body: "room 7" };
		await authFetch(`${hotel.origin}/rooms?q=1`, init);
		await authFetch(new Request(`${hotel.origin}/rooms?q=1`, init));
		await authFetch(`${hotel.origin}/rooms?q=1`, new Request(hotel.origin, init));
		expect(hotel.received).toHaveLength(3);
		for (const { method, path, headers, body, audience } of hotel.received) {
			expect([method, path, headers["x-trace"], headers["content-type"], body]).toEqual([
				"POST",
				"/rooms?q=1",
				"7",
				"text/plain",
				"room 7",
			]);
			expect(audience).toBe(HOTEL);
		}
	});

	it("doesn't replace an Authorization header of the caller's", async () => {
		const hotel = await startSite();
		const { state, minter } = stageMinter();
		const authFetch = createAuthFetch({ minter, audiences: { [hotel.origin]: HOTEL } });
		await authFetch(hotel.origin, { headers: { AUTHORIZATION: "Basic eDp5" } });
		await authFetch(new Request(hotel.origin, { headers: { authorization: "Basic eDp5" } }));
		expect(hotel.received.map(({ headers }) => headers.authorization)).toEqual(["Basic eDp5", "Basic eDp5"]);
		expect(state.signatures).toBe(0);
	});
});

describe("T92: origins", () => {
	it.each([
		"https://api.hotel.example/offers",
		"https://API.Hotel.Example/",
		"HTTPS://api.hotel.example:443/",
		"https:\\\\api.hotel.example\\x",
		"https://api.hotel.example#@evil.example",
	])("%s gets a token", async (url) => {
		const { sent, authFetch } = stageFetch();
		await authFetch(url);
		expect(sent.map(({ audience }) => audience)).toEqual([HOTEL]);
	});

	it.each([
		"http://api.hotel.example/",
		"https://api.hotel.example:8443/",
		"https://api.hotel.example./",
		"https://hotel.example/",
		"https://api.hotel.example.evil.example/",
		"https://evil.example/https://api.hotel.example/",
		"https://evil.example#@api.hotel.example",
		"https://xn--api-hotel.example/",
		"data:text/plain,https://api.hotel.example",
		"blob:https://api.hotel.example/7f0e",
	])("%s gets none", async (url) => {
		const { sent, authFetch } = stageFetch();
		await authFetch(url);
		expect(sent.map(({ audience }) => audience)).toEqual([undefined]);
	});

	it.each(["https://api.hotel.example@evil.example/", "https://user:pass@api.hotel.example/", "offers", "https://"])(
		"%s is rejected as fetch rejects it",
		async (url) => {
			const { sent, authFetch } = stageFetch();
			await expect(authFetch(url)).rejects.toThrow(TypeError);
			expect(sent).toEqual([]);
		},
	);

	it.each([
		["https://API.HOTEL.example:443", "https://api.hotel.example/"],
		["https://api.hotel.example/", "https://api.hotel.example/"],
		["https://[2001:DB8:0::1]:8443", "https://[2001:db8::1]:8443/"],
		["https://hôtel.example", "https://xn--htel-vqa.example/"],
		["http://localhost:3000", "http://localhost:3000/"],
		["http://api.localhost", "http://api.localhost/"],
		["http://127.1:80", "http://127.0.0.1/"],
		["http://[::1]:3000", "http://[::1]:3000/"],
	])("can be written as %s", async (origin, url) => {
		const { sent, authFetch } = stageFetch({ audiences: { [origin]: HOTEL } });
		await authFetch(url);
		expect(sent).toEqual([{ url, audience: HOTEL }]);
	});

	it.each([
		"api.hotel.example",
		"",
		"*",
		"https://*",
		"https://api.hotel.example/v1",
		"https://api.hotel.example?x",
		"https://api.hotel.example/#",
		"https://user@api.hotel.example",
		"https://@api.hotel.example",
		"ftp://api.hotel.example",
		"file:///",
		"http://api.hotel.example",
		"http://127.evil.example",
		"http://localhost.evil.example",
		"http://10.0.0.1",
		"http://[::2]",
	])("can't be %j", async (origin) => {
		const error = await expectRefusal(() => stageFetch({ audiences: { [origin]: HOTEL } }), "config/invalid-option");
		expect(error.details).toEqual({ option: "audiences" });
	});

	it.each([
		"https://api.hotel.example/v1",
		"https://user:secret@api.hotel.example",
		"https://api.hotel.example?secret",
	])("are named without the rest if one is %j", async (url) => {
		const audiences = { "https://a.example": HOTEL, [url]: HOTEL };
		const { message } = await expectRefusal(() => stageFetch({ audiences }), "config/invalid-option");
		expect(message).toMatch(/without a path, .* got more than "https:\/\/api\.hotel\.example"$/);
	});

	it("may use http where it is allowed", async () => {
		const { sent, authFetch } = stageFetch({ audiences: { "http://api.hotel.internal": HOTEL }, allowHttp: true });
		await authFetch("http://api.hotel.internal/");
		await authFetch("https://api.hotel.internal/");
		expect(sent.map(({ audience }) => audience)).toEqual([HOTEL, undefined]);
	});

	it("aren't those that a changed Request claims to have", async () => {
		const { sent, authFetch } = stageFetch();
		class Lying extends Request {
			override get url(): string {
				return "https://api.hotel.example/";
			}
		}
		const changed = new Request("https://evil.example/");
		Object.defineProperty(changed, "url", { value: "https://api.hotel.example/" });
		await authFetch(new Lying("https://evil.example/"));
		await authFetch(changed);
		expect(sent).toEqual([1, 2].map(() => ({ url: "https://evil.example/", audience: undefined })));
	});

	it("doesn't follow a URL that changes while the token is minted", async () => {
		const { sent, authFetch } = stageFetch();
		const url = new URL("https://api.hotel.example/");
		const response = authFetch(url);
		url.host = "evil.example";
		await response;
		expect(sent).toEqual([{ url: "https://api.hotel.example/", audience: HOTEL }]);
	});
});

describe("options", () => {
	it.each([
		["no minter", { minter: undefined as never }],
		["a minter without discard", { minter: { mint: async () => "", token: async () => "" } as never }],
		["no origin", { audiences: {} }],
		["an empty audience", { audiences: { "https://api.hotel.example": "" } }],
		["an entry without an audience", { audiences: { "https://a.example": { scope: "book" } as never } }],
		["an invalid scope", { audiences: { "https://a.example": { audience: HOTEL, scope: 'bo"ok' } } }],
		["no scopes", { audiences: { "https://a.example": { audience: HOTEL, scope: [] } } }],
		["an audience with a fragment", { audiences: { "https://api.hotel.example": `${HOTEL}#key` } }],
		["an origin twice", { audiences: { "https://a.example": HOTEL, "https://A.example:443": AIRLINE } }],
		["a list of origins", { audiences: ["https://a.example"] as never }],
		["reuse as text", { reuse: "no" as never }],
		["fetch as text", { fetch: "undici" as never }],
	])("%s is refused", async (_what, options) => {
		await expectRefusal(() => stageFetch(options), "config/invalid-option");
	});

	it("unknown names are refused", async () => {
		const options = { audience: HOTEL } as never;
		const error = await expectRefusal(() => stageFetch(options), "config/unknown-option");
		expect(error.details).toEqual({ option: "audience" });
	});

	it("unknown names in an origin's entry are refused", async () => {
		const audiences = { "https://a.example": { audience: HOTEL, scopes: "book" } as never };
		const error = await expectRefusal(() => stageFetch({ audiences }), "config/unknown-option");
		expect(error.details).toEqual({ option: "audiences.https://a.example.scopes" });
	});

	it("setMinter refuses anything but a minter", async () => {
		const { authFetch } = stageFetch();
		await expectRefusal(() => authFetch.setMinter({} as never), "config/invalid-option");
		await expectRefusal(() => authFetch.setMinter(undefined as never), "config/invalid-option");
	});

	it("a failing minter rejects the request, which isn't sent", async () => {
		const { sent, authFetch } = stageFetch();
		const minter = stageMinter().minter;
		authFetch.setMinter({ ...minter, token: () => Promise.reject(new Error("the HSM is busy")) });
		await expect(authFetch("https://api.hotel.example")).rejects.toThrow("the HSM is busy");
		authFetch.setMinter(minter);
		await authFetch("https://api.hotel.example");
		expect(sent).toHaveLength(1);
	});

	it("an error about a token that can't be sent doesn't show it", async () => {
		const { authFetch } = stageFetch();
		authFetch.setMinter({ ...stageMinter().minter, token: async () => "secret\r\nx: y" });
		const error = await expectRefusal(() => authFetch("https://api.hotel.example"), "config/invalid-option");
		expect([error.message, error.stack, String(error.cause)].join()).not.toContain("secret");
	});
});
