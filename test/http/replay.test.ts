/** The option `replay` of routes: one request spends its token once, however many guards it passes. */
import express from "express";
import { Hono } from "hono";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { createMemoryReplayStore } from "../../src/auth/replay/memory-store.ts";
import type { ReplayStore } from "../../src/auth/replay/replay-store.ts";
import { createBearer } from "../../src/http/bearer.ts";
import { bearerAuth as expressAuth } from "../../src/http/express.ts";
import { bearerAuth } from "../../src/http/fetch.ts";
import { bearerAuth as honoAuth } from "../../src/http/hono.ts";
import { policyToken } from "../support/policy-token.ts";
import { expectRefusal } from "../support/refusal.ts";
import { createOfflineStage, type TokenStage } from "../support/token-stage.ts";

let stage: TokenStage;
beforeAll(async () => {
	stage = await createOfflineStage();
});

const request = (token: string, method = "GET"): Request =>
	new Request("https://hotel.example/", { method, headers: { authorization: `Bearer ${token}` } });

const ok = (): Response => new Response("ok");

describe("a route that accepts each token once", () => {
	it("responds to the second request with 401 and a challenge", async () => {
		const auth = bearerAuth({ verifier: stage.verifier });
		const handle = auth.requires({ replay: createMemoryReplayStore() })(ok);
		const token = await stage.forge();
		expect((await handle(request(token))).status).toBe(200);
		const refused = await handle(request(token));
		expect(refused.status).toBe(401);
		expect(refused.headers.get("www-authenticate")).toBe(
			'Bearer realm="orgpass", error="invalid_token", error_description="replay/seen"',
		);
		expect(await refused.json()).toMatchObject({ status: 401, code: "replay/seen" });
	});

	it("responds with 503 and Retry-After while the store can't tell", async () => {
		const replay = { spend: () => Promise.reject(new Error("gone")) };
		const denials: unknown[] = [];
		const auth = bearerAuth({ verifier: stage.verifier, onDenied: ({ cause }) => denials.push(cause) });
		const refused = await auth.requires({ replay })(ok)(request(await stage.forge()));
		expect(refused.status).toBe(503);
		expect(refused.headers.get("retry-after")).toBe("5");
		expect(await refused.json()).toMatchObject({ code: "replay/unavailable" });
		expect(denials).toMatchObject([{ code: "replay/unavailable", cause: new Error("gone") }]);
	});

	it("spends no token of a request that it refuses for another reason", async () => {
		const replay = createMemoryReplayStore();
		const auth = bearerAuth({ verifier: stage.verifier });
		const token = await stage.forge({ payload: stage.claims({ scope: "book" }) });
		expect((await auth.requires({ scope: "pay", replay })(ok)(request(token))).status).toBe(403);
		expect((await auth.requires({ policy: () => false, replay })(ok)(request(token))).status).toBe(403);
		expect((await auth.requires({ scope: "book", replay })(ok)(request(token))).status).toBe(200);
	});

	it("doesn't accept a used token whose request was slow, so that the store has forgotten it", async () => {
		let now = stage.now();
		const exp = now + 60;
		const replay = { spend: vi.fn(async () => true) };
		const auth = bearerAuth({ verifier: stage.verifierWith({ now: () => now }) });
		const handle = auth()(async (uploaded) => {
			now = exp + 300;
			return auth.requires({ replay })(ok)(uploaded);
		});
		const refused = await handle(request(await stage.forge({ payload: stage.claims({ exp }) })));
		expect(await refused.json()).toMatchObject({ status: 401, code: "token/expired" });
		expect(replay.spend).not.toHaveBeenCalled();
	});

	it("has its own store: what one route has accepted, another one accepts once more", async () => {
		const auth = bearerAuth({ verifier: stage.verifier });
		const routes = [0, 1].map(() => auth.requires({ replay: createMemoryReplayStore() })(ok));
		const token = await stage.forge();
		for (const handle of routes) {
			expect((await handle(request(token))).status).toBe(200);
			expect((await handle(request(token))).status).toBe(401);
		}
	});

	it.each(["HEAD", "OPTIONS", "POST"])("treats %s like any other method", async (method) => {
		const handle = bearerAuth({ verifier: stage.verifier }).requires({ replay: createMemoryReplayStore() })(ok);
		const token = await stage.forge();
		expect((await handle(request(token, method))).status).toBe(200);
		expect((await handle(request(token, method))).status).toBe(401);
	});

	it("accepts one of many requests at once", async () => {
		const handle = bearerAuth({ verifier: stage.verifier }).requires({ replay: createMemoryReplayStore() })(ok);
		const token = await stage.forge();
		const responses = await Promise.all(Array.from({ length: 20 }, () => handle(request(token))));
		expect(responses.filter(({ status }) => status === 200)).toHaveLength(1);
	});
});

describe("several guards with the same store", () => {
	it.each([
		["a verifier that asks no store", false],
		["a verifier with this store", true],
	])("accept a request once, after %s", async (_what, hasStore) => {
		const replay = createMemoryReplayStore();
		const spend = vi.spyOn({ ...replay }, "spend");
		const store = { spend };
		const auth = honoAuth({ verifier: stage.verifierWith(hasStore ? { replay: store } : {}) });
		const guards = [auth(), auth.requires({ replay: store }), auth.requires({ scope: "book", replay: store })] as const;
		const app = new Hono().use(...guards).get("/", (c) => c.text("ok"));
		const token = await stage.forge({ payload: stage.claims({ scope: "book" }) });
		expect((await app.request(request(token))).status).toBe(200);
		expect(spend).toHaveBeenCalledOnce();
		expect((await app.request(request(token))).status).toBe(401);
	});

	it("of which the first one is optional let requests without a token through", async () => {
		const replay = { spend: vi.fn<ReplayStore["spend"]>(async () => true) };
		const auth = bearerAuth({ verifier: stage.verifierWith({ replay }) });
		expect((await auth({ optional: true })(ok)(new Request("https://hotel.example/"))).status).toBe(200);
		expect(replay.spend).not.toHaveBeenCalled();
	});

	it("deny the whole request if the token was used before", async () => {
		const replay = createMemoryReplayStore();
		const auth = expressAuth({ verifier: stage.verifier });
		const app = express().use(auth.requires({ replay }), auth.requires({ replay }), (_req, res) => void res.send("ok"));
		const server = app.listen(0, "127.0.0.1");
		await new Promise((resolve) => server.once("listening", resolve));
		const url = `http://127.0.0.1:${(server.address() as { port: number }).port}/`;
		const headers = { authorization: `Bearer ${await stage.forge()}` };
		expect((await fetch(url, { headers })).status).toBe(200);
		expect((await fetch(url, { headers })).status).toBe(401);
		server.closeAllConnections();
		server.close();
	});
});

describe("a wrapper of the verifier that returns", () => {
	it.each<[string, <Token extends object>(token: Token) => Token]>([
		["the same token again", (token) => token],
		["copies of the same token", (token) => ({ ...token })],
	])("%s doesn't have it accepted twice", async (_what, toResult) => {
		const replay = createMemoryReplayStore();
		const token = await stage.forge();
		const verified = await stage.verifierWith({ replay }).verify(token);
		const bearer = createBearer({ verifier: { verify: async () => toResult(verified) } });
		const assertNew = bearer.requires({ replay });
		expect(await assertNew(await bearer(`Bearer ${token}`))).toMatchObject({ granted: true });
		expect(await assertNew(await bearer(`Bearer ${token}`))).toMatchObject({ status: 401 });
	});

	it("tokens of its own can't protect them", async () => {
		const bearer = createBearer({ verifier: { verify: async () => policyToken({ expiresAt: 1e10 }) } });
		const decision = await bearer.requires({ replay: createMemoryReplayStore() })(await bearer("Bearer token"));
		expect(decision).toMatchObject({ status: 500, cause: { code: "config/invalid-option" } });
	});
});

it.each([{}, { spend: 1 }, true])("doesn't take %j as a store", async (replay) => {
	const auth = bearerAuth({ verifier: stage.verifier });
	await expectRefusal(() => auth.requires({ replay } as object), "config/invalid-option");
});
