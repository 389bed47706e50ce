import { beforeAll, describe, expect, it, vi } from "vitest";
import type { Verifier } from "../../src/auth/create-verifier.ts";
import { bearerAuth } from "../../src/http/fetch.ts";
import type { VerifiedToken } from "../../src/tokens/verified-token.ts";
import { expectRefusal } from "../support/refusal.ts";
import { createOfflineStage, type TokenStage } from "../support/token-stage.ts";

const URL = "https://hotel.example/bookings";

let stage: TokenStage;
let token: string;
beforeAll(async () => {
	stage = await createOfflineStage();
	token = await stage.forge({ payload: stage.claims({ scope: "book" }) });
});

const handler = vi.fn(
	async (request: Request, auth: VerifiedToken): Promise<Response> =>
		Response.json({ method: request.method, body: await request.text(), issuer: auth.issuer }, { status: 201 }),
);

function requestWith(authorization: string | undefined, init: RequestInit = {}): Request {
	const headers = authorization === undefined ? {} : { authorization };
	return new Request(URL, { ...init, headers });
}

describe("bearerAuth", () => {
	it("passes an authenticated request on unchanged, and returns the handler's response", async () => {
		const authenticated = bearerAuth({ verifier: stage.verifier }).requires({ scope: "book" })(handler);
		expect(authenticated.name).toBe("authenticated");
		const request = requestWith(`Bearer ${token}`, { method: "POST", body: "two nights" });
		const response = await authenticated(request);
		expect(response.status).toBe(201);
		expect(await response.json()).toEqual({
			method: "POST",
			body: "two nights",
			issuer: stage.sender.did,
		});
	});

	it("accepts synchronous handlers", async () => {
		const authenticated = bearerAuth({ verifier: stage.verifier })()(() => new Response("fine"));
		expect(await (await authenticated(requestWith(`Bearer ${token}`))).text()).toBe("fine");
	});

	it.each<[string, () => string | undefined, number, string | null]>([
		["no token", () => undefined, 401, 'Bearer realm="orgpass", scope="book cancel"'],
		["a malformed header", () => "Bearer a b", 400, 'Bearer realm="orgpass", error="invalid_request"'],
		[
			"an invalid token",
			() => "Bearer a.b.c",
			401,
			'Bearer realm="orgpass", error="invalid_token", error_description="token/malformed", scope="book cancel"',
		],
		[
			"a missing scope",
			() => `Bearer ${token}`,
			403,
			'Bearer realm="orgpass", error="insufficient_scope", error_description="policy/scope", scope="book cancel"',
		],
	])("responds to %s without calling the handler", async (_what, authorization, status, challenge) => {
		handler.mockClear();
		const authenticated = bearerAuth({ verifier: stage.verifier }).requires({ scope: "book cancel" })(handler);
		const response = await authenticated(requestWith(authorization()));
		expect(response.status).toBe(status);
		expect(response.headers.get("www-authenticate")).toBe(challenge);
		expect(response.headers.get("content-type")).toBe("application/problem+json");
		expect(response.headers.get("cache-control")).toBe("no-store");
		expect(await response.json()).toMatchObject({ status });
		expect(handler).not.toHaveBeenCalled();
	});

	it("T60: rejects two Authorization headers, even if both are valid", async () => {
		handler.mockClear();
		const headers = new Headers();
		headers.append("authorization", `Bearer ${token}`);
		headers.append("authorization", `Bearer ${token}`);
		const authenticated = bearerAuth({ verifier: stage.verifier })()(handler);
		expect((await authenticated(new Request(URL, { headers }))).status).toBe(400);
		expect(handler).not.toHaveBeenCalled();
	});

	it("T60: ignores a token in the query, body, a cookie or another header", async () => {
		handler.mockClear();
		const authenticated = bearerAuth({ verifier: stage.verifier })()(handler);
		const requests = [
			new Request(`${URL}?access_token=${token}`),
			new Request(URL, { method: "POST", body: new URLSearchParams({ access_token: token }) }),
			new Request(URL, {
				headers: { "x-authorization": `Bearer ${token}`, "proxy-authorization": `Bearer ${token}` },
			}),
			new Request(URL, { headers: { cookie: `authorization=Bearer ${token}` } }),
		];
		for (const request of requests) expect((await authenticated(request)).status).toBe(401);
		expect(handler).not.toHaveBeenCalled();
	});

	it.each(["GET", "HEAD", "OPTIONS", "DELETE", "PATCH"])("T60: requires a token for %s too", async (method) => {
		handler.mockClear();
		const authenticated = bearerAuth({ verifier: stage.verifier })()(handler);
		expect((await authenticated(requestWith(undefined, { method }))).status).toBe(401);
		expect(handler).not.toHaveBeenCalled();
	});

	it("T60: rejects a header of 64 KB", async () => {
		const authenticated = bearerAuth({ verifier: stage.verifier })()(handler);
		const response = await authenticated(requestWith(`Bearer ${"a".repeat(65_536)}`));
		expect(response.status).toBe(401);
		expect(await response.json()).toMatchObject({ status: 401, code: "token/too-large" });
	});

	it("responds with 500 and no detail if the verifier throws an unknown error", async () => {
		handler.mockClear();
		const verifier: Pick<Verifier, "verify"> = { verify: () => Promise.reject(new TypeError("secret.x is undefined")) };
		const response = await bearerAuth({ verifier })()(handler)(requestWith(`Bearer ${token}`));
		expect(response.status).toBe(500);
		expect(response.headers.has("www-authenticate")).toBe(false);
		expect(await response.json()).toEqual({
			type: "about:blank",
			title: "The server can't authenticate requests",
			status: 500,
		});
		expect(handler).not.toHaveBeenCalled();
	});

	it("rethrows the handler's own error", async () => {
		const error = new Error("handler");
		const authenticated = bearerAuth({ verifier: stage.verifier })()(() => Promise.reject(error));
		await expect(authenticated(requestWith(`Bearer ${token}`))).rejects.toBe(error);
	});

	it("rejects invalid options immediately", async () => {
		await expectRefusal(() => bearerAuth({} as never), "config/invalid-option");
		const options = { verifier: stage.verifier, scopes: "x" };
		await expectRefusal(() => bearerAuth(options), "config/unknown-option");
	});
});
