/** Clients of servers that accept each token once. */
import { afterEach, expect, it } from "vitest";
import { createMemoryReplayStore } from "../../src/auth/replay/memory-store.ts";
import { createAuthFetch } from "../../src/client/auth-fetch.ts";
import { closeSites, HOTEL, type Site, stageMinter, startGuarded, startSite } from "./guarded-servers.ts";

afterEach(closeSites);

const stage = ({ origin }: Site, reuse: boolean) =>
	createAuthFetch({ minter: stageMinter().minter, audiences: { [origin]: HOTEL }, reuse });

const tokensOf = ({ received }: Site): ReadonlySet<unknown> => new Set(received.map(({ token }) => token));

it("a client that doesn't reuse tokens gets every request through, also many at once", async () => {
	const hotel = await startGuarded(HOTEL, undefined, createMemoryReplayStore());
	const authFetch = stage(hotel, false);
	const responses = await Promise.all(Array.from({ length: 8 }, () => authFetch(hotel.origin)));
	expect(responses.every(({ status }) => status === 200)).toBe(true);
	expect(tokensOf(hotel).size).toBe(8);
});

it("a client that reuses tokens gets one request through, and repeats none", async () => {
	const hotel = await startGuarded(HOTEL, undefined, createMemoryReplayStore());
	const authFetch = stage(hotel, true);
	expect((await authFetch(hotel.origin)).status).toBe(200);
	const refused = await authFetch(hotel.origin);
	expect(refused.status).toBe(401);
	expect(await refused.json()).toMatchObject({ code: "replay/seen" });
	expect(hotel.received).toHaveLength(2);
});

it("a client that doesn't reuse tokens has a new one for each redirect and each repeated request", async () => {
	let isAvailable = false;
	const site = await startSite(({ path }, response) => {
		if (path === "/") return response.writeHead(307, { location: "/offers" }).end();
		if (isAvailable) return response.end("ok");
		isAvailable = true;
		return response.writeHead(503, { "retry-after": "0" }).end();
	});
	expect((await stage(site, false)(`${site.origin}/`)).status).toBe(200);
	expect(site.received.map(({ path }) => path)).toEqual(["/", "/offers", "/offers"]);
	expect(tokensOf(site).size).toBe(3);
});

it("a POST that a store couldn't decide about is repeated with a new token", async () => {
	const memory = createMemoryReplayStore();
	let failures = 1;
	const hotel = await startGuarded(HOTEL, undefined, {
		spend: (...use) => {
			failures -= 1;
			return failures < 0 ? memory.spend(...use) : Promise.reject(new Error("gone"));
		},
	});
	const { origin } = hotel;
	let waited = "";
	const authFetch = createAuthFetch({
		minter: stageMinter().minter,
		audiences: { [origin]: HOTEL },
		reuse: false,
		// The server says five seconds.
		fetch: async (input, init) => {
			const response = await fetch(input, init);
			waited ||= response.headers.get("retry-after") ?? "";
			const headers = new Headers(response.headers);
			if (response.status === 503) headers.set("retry-after", "0");
			return new Response(response.body, { status: response.status, headers });
		},
	});
	expect((await authFetch(origin, { method: "POST", body: "room 7" })).status).toBe(200);
	expect(waited).toBe("5");
	expect(tokensOf(hotel).size).toBe(2);
});
