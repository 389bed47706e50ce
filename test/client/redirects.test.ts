import { afterEach, describe, expect, it } from "vitest";
import { createAuthFetch } from "../../src/client/auth-fetch.ts";
import { expectRefusal } from "../support/refusal.ts";
import { AIRLINE, closeSites, HOTEL, type Received, type Site, stageMinter, startSite } from "./guarded-servers.ts";

afterEach(closeSites);

/** A server that redirects `/<status>` to a location, and responds to anything else. */
function startRedirecting(location: () => string): Promise<Site> {
	return startSite(({ path }, response) => {
		const status = Number(path.slice(1, 4));
		if (status >= 300 && status < 400) response.writeHead(status, { location: location() });
		response.end("redirecting");
	});
}

/** A hotel that redirects to `location`, an airline and a site that isn't configured. */
async function stage(location: (sites: { hotel: Site; airline: Site; third: Site }) => string) {
	const [airline, third] = [await startSite(), await startSite()];
	const hotel: Site = await startRedirecting(() => location({ hotel, airline, third }));
	const { minter, state } = stageMinter();
	const audiences = { [hotel.origin]: HOTEL, [airline.origin]: AIRLINE };
	return { hotel, airline, third, state, minter, audiences, authFetch: createAuthFetch({ minter, audiences }) };
}

const audiencesOf = ({ received }: Site): unknown[] => received.map(({ audience }) => audience);
const summary = ({ method, path, body, headers }: Received): unknown[] => [method, path, body, headers["content-type"]];

describe("T92: a redirect", () => {
	it.each([301, 302, 303, 307, 308])("(%i) to an origin that isn't configured gets no credentials", async (status) => {
		const { hotel, third, authFetch } = await stage(({ third }) => `${third.origin}/next`);
		const headers = { cookie: "a=b", "proxy-authorization": "Basic eDp5", "x-trace": "7" };
		const response = await authFetch(`${hotel.origin}/${status}`, { headers });
		expect(await response.text()).toBe("ok");
		expect(response.url).toBe(`${third.origin}/next`);
		expect(audiencesOf(hotel)).toEqual([HOTEL]);
		expect(third.received).toHaveLength(1);
		expect(Object.keys(third.received[0]?.headers ?? {})).not.toEqual(
			expect.arrayContaining([expect.stringMatching(/authorization|cookie/)]),
		);
		expect(third.received[0]?.headers["x-trace"]).toBe("7");
	});

	it.each([301, 302, 303, 307, 308])("(%i) to a configured origin gets that audience's token", async (status) => {
		const { hotel, airline, authFetch } = await stage(({ airline }) => `${airline.origin}/next`);
		await authFetch(new Request(`${hotel.origin}/${status}`));
		expect([audiencesOf(hotel), audiencesOf(airline)]).toEqual([[HOTEL], [AIRLINE]]);
	});

	it("to a configured origin of a request that changes something there gets no token", async () => {
		const { hotel, airline, authFetch } = await stage(({ airline }) => `${airline.origin}/next`);
		for (const method of ["DELETE", "POST", "PUT", "PATCH"]) await authFetch(`${hotel.origin}/307`, { method });
		expect(airline.received.map(({ method }) => method)).toEqual(["DELETE", "POST", "PUT", "PATCH"]);
		expect(audiencesOf(airline)).toEqual([undefined, undefined, undefined, undefined]);
		await authFetch(`${hotel.origin}/303`, { method: "POST" });
		expect(audiencesOf(airline).at(-1)).toBe(AIRLINE);
	});

	it.each(["/next?q=1", "next?q=1", "//HOST/next?q=1"])("within the origin (%s) keeps the token", async (location) => {
		const { hotel, state, authFetch } = await stage(({ hotel }) =>
			location.replace("HOST", new URL(hotel.origin).host),
		);
		const response = await authFetch(`${hotel.origin}/302#part`);
		expect(audiencesOf(hotel)).toEqual([HOTEL, HOTEL]);
		expect(hotel.received[1]?.path).toBe("/next?q=1");
		expect(new URL(response.url).pathname).toBe("/next");
		expect(state.signatures).toBe(1);
	});

	it("that returns from another origin gets no token any more", async () => {
		const back: Site = await startRedirecting(() => `${hotel.origin}/back`);
		const { hotel, authFetch } = await stage(() => `${back.origin}/302`);
		await authFetch(`${hotel.origin}/302`);
		expect(audiencesOf(hotel)).toEqual([HOTEL, undefined]);
		expect(audiencesOf(back)).toEqual([undefined]);
	});

	it("from an origin that isn't configured to one that is gets no token", async () => {
		const { hotel, minter, audiences } = await stage(() => "/");
		const outside = await startRedirecting(() => `${hotel.origin}/next`);
		await createAuthFetch({ minter, audiences })(`${outside.origin}/302`);
		expect(audiencesOf(hotel)).toEqual([undefined]);
	});

	it("from https to http gets no token, even to an origin that is configured", async () => {
		const sent: [string, boolean][] = [];
		const authFetch = createAuthFetch({
			minter: stageMinter().minter,
			audiences: { "https://hotel.example": HOTEL, "http://hotel.example": HOTEL, "http://localhost": AIRLINE },
			allowHttp: true,
			fetch: async (url, init) => {
				sent.push([String(url), new Headers(init?.headers).has("authorization")]);
				const next = {
					"https://hotel.example/": "http://hotel.example/",
					"http://hotel.example/": "http://localhost/",
				};
				const location = (next as Record<string, string>)[String(url)];
				return location === undefined ? new Response() : new Response(null, { status: 307, headers: { location } });
			},
		});
		await authFetch("https://hotel.example");
		expect(sent).toEqual([
			["https://hotel.example/", true],
			["http://hotel.example/", false],
			["http://localhost/", false],
		]);
	});

	it.each([
		[301, "POST", "GET", ""],
		[302, "POST", "GET", ""],
		[303, "POST", "GET", ""],
		[303, "PUT", "GET", ""],
		[301, "PUT", "PUT", "room 7"],
		[302, "DELETE", "DELETE", "room 7"],
		[307, "POST", "POST", "room 7"],
		[308, "POST", "POST", "room 7"],
	])("(%i) of %s is a %s with the body %j", async (status, method, expected, body) => {
		const { hotel, airline, authFetch } = await stage(({ airline }) => airline.origin);
		await authFetch(`${hotel.origin}/${status}`, { method, body: "room 7", headers: { "content-type": "text/x" } });
		expect(airline.received.map(summary)).toEqual([[expected, "/", body, body === "" ? undefined : "text/x"]]);
		expect(audiencesOf(airline)).toEqual([expected === "GET" ? AIRLINE : undefined]);
	});

	it("of HEAD stays HEAD", async () => {
		const { hotel, airline, authFetch } = await stage(({ airline }) => airline.origin);
		await authFetch(`${hotel.origin}/303`, { method: "HEAD" });
		expect(airline.received.map(({ method }) => method)).toEqual(["HEAD"]);
	});

	it("with a body that can't be sent again is an error, unless the body is dropped", async () => {
		const { hotel, airline, authFetch } = await stage(({ airline }) => airline.origin);
		const send = (status: number) =>
			authFetch(new Request(`${hotel.origin}/${status}`, { method: "POST", body: "room 7" }));
		await expectRefusal(() => send(307), "client/redirect");
		expect(airline.received).toEqual([]);
		expect((await send(303)).status).toBe(200);
		expect(airline.received.map(({ method }) => method)).toEqual(["GET"]);
	});

	it.each([
		"http://",
		"http://[::1",
		"file:///etc/passwd",
		"data:text/plain,x",
		"javascript:alert(1)",
		"ws://localhost/",
		"http://user@localhost/",
		"http://:pass@localhost/",
	])("to %s is an error", async (location) => {
		const { hotel, authFetch } = await stage(() => location);
		const error = await expectRefusal(() => authFetch(`${hotel.origin}/302`), "client/redirect");
		expect(error.message).not.toMatch(/eyJ|pass/);
	});

	it("that loops is followed 20 times, as fetch follows it", async () => {
		const { hotel, state, authFetch } = await stage(() => "/302");
		await expectRefusal(() => authFetch(`${hotel.origin}/302`), "client/redirect");
		const count = hotel.received.length;
		await expect(fetch(`${hotel.origin}/302`)).rejects.toThrow();
		expect([count, hotel.received.length]).toEqual([21, 42]);
		expect(state.signatures).toBe(1);
	});

	it("isn't followed if the caller says so", async () => {
		const { hotel, airline, authFetch } = await stage(({ airline }) => airline.origin);
		const response = await authFetch(`${hotel.origin}/302`, { redirect: "manual" });
		expect([response.status, response.headers.get("location")]).toEqual([302, airline.origin]);
		await expect(authFetch(`${hotel.origin}/302`, { redirect: "error" })).rejects.toThrow(TypeError);
		await expect(authFetch(new Request(`${hotel.origin}/302`, { redirect: "error" }))).rejects.toThrow(TypeError);
		expect(airline.received).toEqual([]);
	});

	it("whose location the runtime hides, as browsers do, is an error", async () => {
		const hidden = Object.defineProperty(new Response(), "type", { value: "opaqueredirect" });
		const audiences = { "https://hotel.example": HOTEL };
		const authFetch = createAuthFetch({ minter: stageMinter().minter, audiences, fetch: async () => hidden });
		await expectRefusal(() => authFetch("https://hotel.example"), "client/redirect");
		expect((await authFetch("https://hotel.example", { redirect: "manual" })).type).toBe("opaqueredirect");
	});

	it("that the runtime has followed by itself is an error, even if the caller follows none", async () => {
		const followed = Object.defineProperty(new Response(), "redirected", { value: true });
		const audiences = { "https://hotel.example": HOTEL };
		const authFetch = createAuthFetch({ minter: stageMinter().minter, audiences, fetch: async () => followed });
		await expectRefusal(() => authFetch("https://hotel.example"), "client/redirect");
		await expectRefusal(() => authFetch("https://hotel.example", { redirect: "manual" }), "client/redirect");
	});

	it.each([300, 304, 305, 201])("isn't a response with the status %i", async (status) => {
		const { hotel, authFetch } = await stage(({ third }) => third.origin);
		expect((await authFetch(`${hotel.origin}/${status}`)).status).toBe(status === 201 ? 200 : status);
		expect(hotel.received).toHaveLength(1);
	});
});

it("fetch itself drops the header on the way to another origin, where redirects aren't ours to follow", async () => {
	const { hotel, third } = await stage(({ third }) => third.origin);
	await fetch(`${hotel.origin}/307`, { headers: { authorization: "Basic eDp5" } });
	expect(third.received[0]?.headers.authorization).toBeUndefined();
});
