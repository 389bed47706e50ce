import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createAuthFetch } from "../../src/client/auth-fetch.ts";
import { decodeToken } from "../../src/jws/decode-token.ts";
import {
	closeSites,
	HOTEL,
	NOW,
	type Received,
	refuse,
	type Site,
	stageMinter,
	startGuarded,
	startSite,
} from "./guarded-servers.ts";

afterEach(closeSites);

/** A server that refuses its first requests with a code. */
function startRefusing(code: string, times = 1): Promise<Site> {
	let left = times;
	return startSite((_request, response) => {
		left -= 1;
		if (left < 0) response.end("ok");
		else refuse(response, code);
	});
}

function stage(site: Site, options: { reuse?: boolean } = {}) {
	const staged = stageMinter();
	return {
		...staged,
		authFetch: createAuthFetch({ ...options, minter: staged.minter, audiences: { [site.origin]: HOTEL } }),
	};
}

const tokensOf = ({ received }: Site): (string | undefined)[] => received.map(({ token }) => token);

describe("a refused token", () => {
	it.each(["token/expired", "did/key-revoked", "token/not-yet-valid", "token/issued-in-future"])(
		"(%s) is replaced and the request repeated",
		async (code) => {
			const site = await startRefusing(code);
			const { state, authFetch } = stage(site);
			const response = await authFetch(site.origin, { method: "POST", body: "room 7" });
			expect(await response.text()).toBe("ok");
			expect(site.received.map(({ method, body }) => [method, body])).toEqual([
				["POST", "room 7"],
				["POST", "room 7"],
			]);
			expect(new Set(tokensOf(site)).size).toBe(2);
			await authFetch(site.origin);
			expect(state.signatures).toBe(2);
		},
	);

	it.each([
		"token/audience",
		"token/signature",
		"did/key-not-found",
		"did/deactivated",
		"token/expired-not",
		"expired",
	])("(%s) isn't replaced", async (code) => {
		const site = await startRefusing(code);
		const { authFetch } = stage(site);
		expect((await authFetch(site.origin)).status).toBe(401);
		expect(site.received).toHaveLength(1);
	});

	it("is replaced only once per request", async () => {
		const site = await startRefusing("token/expired", 5);
		const { authFetch } = stage(site);
		expect((await authFetch(site.origin)).status).toBe(401);
		expect(site.received).toHaveLength(2);
	});

	it("is replaced only once per request even across redirects", async () => {
		const site: Site = await startSite(({ path }, response) => {
			if (path === "/") return refuse(response, "token/expired");
			response.writeHead(302, { location: "/" }).end();
		});
		const { authFetch } = stage(site);
		expect((await authFetch(`${site.origin}/a`)).status).toBe(401);
		expect(site.received.map(({ path }) => path)).toEqual(["/a", "/", "/"]);
	});

	it("is replaced by one token for concurrent requests", async () => {
		let first: string | undefined;
		const site = await startSite(({ token }, response) => {
			first ??= token;
			if (token === first) refuse(response, "did/key-revoked");
			else response.end("ok");
		});
		const { state, authFetch } = stage(site);
		const responses = await Promise.all(Array.from({ length: 50 }, () => authFetch(site.origin)));
		expect(responses.every(({ ok }) => ok)).toBe(true);
		expect(state.signatures).toBe(2);
	});

	it("is recognized by the problem details alone", async () => {
		let count = 0;
		const site = await startSite((_request, response) => {
			count += 1;
			if (count > 1) return void response.end("ok");
			response.writeHead(401, { "content-type": "application/problem+json; charset=utf-8" });
			response.end(JSON.stringify({ status: 401, code: "token/expired" }));
		});
		expect((await stage(site).authFetch(site.origin)).status).toBe(200);
	});

	it.each([
		["not JSON", "{"],
		["no object", "[]"],
		["another code", '{"code":"token/audience"}'],
		["a code that is no text", '{"code":["token/expired"]}'],
		["too large", JSON.stringify({ code: "token/expired", detail: "x".repeat(20_000) })],
	])("isn't recognized by problem details that are %s, and the caller gets them", async (_what, body) => {
		const site = await startSite((_request, response) => {
			response.writeHead(401, { "content-type": "application/problem+json" }).end(body);
		});
		const response = await stage(site).authFetch(site.origin);
		expect(await response.text()).toBe(body);
		expect(site.received).toHaveLength(1);
	});

	it.each<[string, () => BodyInit, boolean]>([
		["text", () => "room 7", true],
		["bytes", () => new TextEncoder().encode("room 7"), true],
		["a buffer", () => new TextEncoder().encode("room 7").buffer, true],
		["a blob", () => new Blob(["room 7"]), true],
		["parameters", () => new URLSearchParams({ room: "7" }), true],
		["a form", () => toForm({ room: "7" }), true],
		["a stream", () => new Blob(["room 7"]).stream(), false],
	])("with %s as body: repeated if the body can be", async (_what, body, isRepeated) => {
		const site = await startRefusing("token/expired");
		const init = { method: "POST", body: body(), duplex: "half" } as RequestInit;
		const response = await stage(site).authFetch(site.origin, init);
		expect([response.status, site.received.length]).toEqual(isRepeated ? [200, 2] : [401, 1]);
		for (const received of site.received) expect(received.body).toContain("7");
	});

	it("of a Request is replaced if that has no body", async () => {
		const sites = [await startRefusing("token/expired"), await startRefusing("token/expired")] as const;
		const bodiless = await stage(sites[0]).authFetch(new Request(sites[0].origin));
		const init = { method: "POST", body: "room 7" };
		const withBody = await stage(sites[1]).authFetch(new Request(sites[1].origin, init));
		expect([bodiless.status, withBody.status]).toEqual([200, 401]);
	});
});

describe("a key that is rotated", () => {
	it("costs no failed request, though requests with the old key's tokens are in progress", async () => {
		const revoked: string[] = [];
		const waiting: (() => void)[] = [];
		const site = await startSite(async ({ token = "", path }, response) => {
			if (path === "/slow" && waiting.length < 10) await new Promise<void>((resolve) => waiting.push(resolve));
			if (revoked.includes(String(decodeToken(token).claims["iss"]))) refuse(response, "did/key-revoked");
			else response.end("ok");
		});
		const { authFetch } = stage(site);
		const requests = Array.from({ length: 10 }, () => authFetch(`${site.origin}/slow`, { method: "POST", body: "7" }));
		await vi.waitUntil(() => waiting.length === 10);
		const renewed = stageMinter({ fragment: "next" });
		authFetch.setMinter(renewed.minter);
		revoked.push(String(decodeToken(site.received[0]?.token ?? "").claims["iss"]));
		for (const resume of waiting) resume();
		const responses = await Promise.all([...requests, authFetch(site.origin)]);
		expect(responses.map(({ status }) => status)).toEqual(Array.from({ length: 11 }, () => 200));
		expect(renewed.state.signatures).toBe(1);
	});
});

describe("the server's clock", () => {
	it.each([
		["two hours behind", -7_200],
		["minutes ahead", 600],
		["hours ahead", 20_000],
	])("is followed by a client that is %s", async (_what, difference) => {
		const hotel = await startGuarded(HOTEL);
		const { state, authFetch } = stage(hotel);
		state.now = NOW + difference;
		for (const _ of [1, 2, 3]) expect((await authFetch(hotel.origin)).status).toBe(200);
		expect(hotel.received).toHaveLength(4);
		expect(state.signatures).toBe(2);
		expect(decodeToken(hotel.received[1]?.token ?? "").claims["iat"]).toBe(NOW);
	});

	it("isn't followed because a key is revoked", async () => {
		const site = await startSite(({ token }, response) => {
			response.setHeader("date", new Date((NOW + 600) * 1_000).toUTCString());
			if (token === tokensOf(site)[0]) refuse(response, "did/key-revoked");
			else response.end("ok");
		});
		const { authFetch } = stage(site);
		expect((await authFetch(site.origin)).status).toBe(200);
		expect(tokensOf(site).map((token = "") => decodeToken(token).claims["iat"])).toEqual([NOW, NOW]);
	});

	it("is followed by a minter that was set while the request was in progress", async () => {
		const hotel = await startGuarded(HOTEL);
		const { state, minter, authFetch } = stage(hotel);
		const renewed = stageMinter();
		for (const clock of [state, renewed.state]) clock.now = NOW - 7_200;
		const replacing = { ...minter, token: async () => minter.token({ audience: HOTEL }).finally(replace) };
		function replace(): void {
			authFetch.setMinter(renewed.minter);
		}
		authFetch.setMinter(replacing);
		expect((await authFetch(hotel.origin)).status).toBe(200);
		expect([state.signatures, renewed.state.signatures, hotel.received.length]).toEqual([1, 1, 2]);
	});

	it("is followed by tokens that are used once", async () => {
		const hotel = await startGuarded(HOTEL);
		const { state, authFetch } = stage(hotel, { reuse: false });
		state.now = NOW + 600;
		for (const _ of [1, 2, 3]) expect((await authFetch(hotel.origin)).status).toBe(200);
		expect(hotel.received).toHaveLength(4);
		expect(new Set(tokensOf(hotel)).size).toBe(4);
	});

	it.each(["yesterday", "Sun, 06 Nov 1994 08:49:37 GMT", ""])("isn't followed if it says %j", async (date) => {
		let count = 0;
		const site = await startSite((_request, response) => {
			count += 1;
			response.setHeader("date", date);
			if (count > 1) response.end("ok");
			else refuse(response, "token/expired");
		});
		const { authFetch } = stage(site);
		expect((await authFetch(site.origin)).status).toBe(200);
		expect(decodeToken(tokensOf(site)[1] ?? "").claims["iat"]).toBe(NOW);
	});
});

describe("Retry-After", () => {
	/** A server that is unavailable at first. */
	function startUnavailable(headers: Readonly<Record<string, string>>, body = "", times = 1): Promise<Site> {
		let left = times;
		return startSite((_request, response) => {
			left -= 1;
			if (left < 0) response.end("ok");
			else response.writeHead(503, { ...headers }).end(body);
		});
	}

	const OUTAGE = { "content-type": "application/problem+json", "retry-after": "0" };

	it.each([
		["0", {}],
		["Tue, 01 Jan 2030 00:00:00 GMT", { date: "Tue, 01 Jan 2030 00:00:00 GMT" }],
		["Sun, 06 Nov 1994 08:49:37 GMT", {}],
	])("%s: repeated once", async (retryAfter, headers) => {
		const site = await startUnavailable({ "retry-after": retryAfter, ...headers });
		const { state, authFetch } = stage(site);
		expect((await authFetch(site.origin)).status).toBe(200);
		expect(state.signatures).toBe(1);
	});

	it.each(["31", "999999999999999999999", "-1x", "soon", "", "Tue, 01 Jan 2030 00:00:31 GMT"])(
		"%j: returned at once",
		async (retryAfter) => {
			const site = await startUnavailable({ "retry-after": retryAfter, date: "Tue, 01 Jan 2030 00:00:00 GMT" });
			expect((await stage(site).authFetch(site.origin)).status).toBe(503);
			expect(site.received).toHaveLength(1);
		},
	);

	it("a server that stays unavailable gets two requests", async () => {
		const site = await startUnavailable({ "retry-after": "0" }, "", 5);
		expect((await stage(site).authFetch(site.origin)).status).toBe(503);
		expect(site.received).toHaveLength(2);
	});

	it.each([
		["GET", "", 2],
		["DELETE", "", 2],
		["POST", "", 1],
		["PATCH", "", 1],
		["POST", '{"code":"policy/scope"}', 1],
		["POST", '{"code":"did/resolution"}', 2],
		["PATCH", '{"code":"registry/unreachable"}', 2],
	])("%s that is answered with %j is sent %i times", async (method, body, count) => {
		const site = await startUnavailable(OUTAGE, body);
		await stage(site).authFetch(site.origin, { method });
		expect(site.received).toHaveLength(count);
	});

	describe("of some seconds", () => {
		beforeEach(() => void vi.useFakeTimers());
		afterEach(() => void vi.useRealTimers());

		function stageOffline(): { sent: string[]; authFetch: ReturnType<typeof createAuthFetch> } {
			const sent: string[] = [];
			const authFetch = createAuthFetch({
				minter: stageMinter().minter,
				audiences: { "https://hotel.example": HOTEL },
				fetch: async () => {
					sent.push("request");
					return sent.length > 1
						? new Response()
						: new Response(null, { status: 503, headers: { "retry-after": "30" } });
				},
			});
			return { sent, authFetch };
		}

		it("is waited for", async () => {
			const { sent, authFetch } = stageOffline();
			const response = authFetch("https://hotel.example");
			await vi.advanceTimersByTimeAsync(29_999);
			expect(sent).toHaveLength(1);
			await vi.advanceTimersByTimeAsync(1);
			expect((await response).status).toBe(200);
			expect(sent).toHaveLength(2);
		});

		it.each(["init", "Request"])("can be aborted by the signal of the %s", async (where) => {
			const { sent, authFetch } = stageOffline();
			const { signal, ...controller } = abortable();
			const response =
				where === "init"
					? authFetch("https://hotel.example", { signal })
					: authFetch(new Request("https://hotel.example", { signal }));
			const rejected = expect(response).rejects.toThrow("enough");
			await vi.advanceTimersByTimeAsync(10_000);
			controller.abort();
			await rejected;
			expect(sent).toHaveLength(1);
			expect(vi.getTimerCount()).toBe(0);
		});
	});
});

describe("an abort", () => {
	it("before the request mints nothing", async () => {
		const site = await startSite();
		const { state, authFetch } = stage(site);
		await expect(authFetch(site.origin, { signal: AbortSignal.abort(new Error("enough")) })).rejects.toThrow("enough");
		expect([state.signatures, site.received.length]).toEqual([0, 0]);
	});

	it("while the token is minted ends the request, and others still get the token", async () => {
		const site = await startSite();
		const { minter } = stageMinter();
		let resume = (): void => undefined;
		const minting = new Promise<void>((resolve) => {
			resume = resolve;
		});
		const slow = { ...minter, token: (options?: object) => minting.then(() => minter.token(options)) };
		const authFetch = createAuthFetch({ minter: slow, audiences: { [site.origin]: HOTEL } });
		const { signal, abort } = abortable();
		const aborted = authFetch(site.origin, { signal });
		const other = authFetch(site.origin);
		abort();
		await expect(aborted).rejects.toThrow("enough");
		resume();
		expect((await other).status).toBe(200);
		expect(site.received).toHaveLength(1);
	});

	it("while the server responds ends the request, which isn't repeated", async () => {
		const { signal, abort } = abortable();
		const site = await startSite(() => abort());
		await expect(stage(site).authFetch(site.origin, { signal })).rejects.toThrow("enough");
		expect(site.received).toHaveLength(1);
	});

	it("between two redirects ends the request", async () => {
		const { signal, abort } = abortable();
		const site = await startSite(({ path }: Received, response) => {
			if (path === "/next") return abort();
			response.writeHead(302, { location: "/next" }).end();
		});
		await expect(stage(site).authFetch(new Request(site.origin, { signal }))).rejects.toThrow("enough");
	});
});

function abortable(): { signal: AbortSignal; abort: () => void } {
	const controller = new AbortController();
	return { signal: controller.signal, abort: () => controller.abort(new Error("enough")) };
}

function toForm(fields: Readonly<Record<string, string>>): FormData {
	const form = new FormData();
	for (const [name, value] of Object.entries(fields)) form.set(name, value);
	return form;
}
