/** A server with two guards, such as for two audiences: neither decides for the other. */
import { createServer } from "node:http";
import express from "express";
import Fastify from "fastify";
import { Hono } from "hono";
import { beforeAll, expect, it } from "vitest";
import { createVerifier, type Verifier } from "../../src/auth/create-verifier.ts";
import { bearerAuth as expressAuth } from "../../src/http/express.ts";
import { type BearerHook, bearerAuth as fastifyAuth } from "../../src/http/fastify.ts";
import { bearerAuth as honoAuth } from "../../src/http/hono.ts";
import { orgid } from "../../src/tokens/orgid/orgid.ts";
import { listen } from "../support/listen.ts";
import { createOfflineStage, type TokenStage } from "../support/token-stage.ts";
import { ADAPTERS } from "./adapters/servers.ts";

let stage: TokenStage;
let token: string;
beforeAll(async () => {
	stage = await createOfflineStage();
	token = await stage.forge();
});

const authorized = (): RequestInit => ({ headers: { authorization: `Bearer ${token}` } });
/** Another audience's verifier: accepts no token of this stage. */
const strict = (): Verifier => createVerifier({ profiles: [orgid({ audience: "shop", resolver: stage.resolver })] });
const withCookie = { headers: { cookie: "1" } };

it.each(Object.entries(ADAPTERS))(
	"decide separately behind %s: what one grants, the other refuses",
	async (_name, start) => {
		const [mine, theirs] = [stage.verifier, strict()];
		for (const [verifier, secondVerifier, status, calls] of [
			[mine, mine, 200, 1],
			[mine, theirs, 401, 0],
			[theirs, mine, 401, 0],
		] as const) {
			let handled = 0;
			const onHandled = (): void => {
				handled += 1;
			};
			const server = await start({
				verifier,
				secondVerifier,
				issuers: [stage.sender.did],
				onDenied: () => undefined,
				onHandled,
			});
			const response = await fetch(`http://127.0.0.1:${server.port}/api/twice`, authorized());
			expect([response.status, handled]).toEqual([status, calls]);
			await server.close();
		}
	},
);

it("the last one says whose request it is", async () => {
	const fromCookie = { verifier: stage.verifier, extractToken: () => token };
	const fromHeader = { verifier: strict() };
	const app = express();
	const [first, last] = [expressAuth(fromCookie), expressAuth(fromHeader)];
	app.get("/", first(), last({ optional: true }), (req, res) => {
		expect(() => last.of(req)).toThrow("no verified token");
		res.json([req.auth?.issuer ?? null, first.of(req).issuer]);
	});
	expect(await (await fetch(await listen(createServer(app)), withCookie)).json()).toEqual([null, stage.sender.did]);

	const inHono = new Hono();
	inHono.get("/", honoAuth(fromCookie as never)(), honoAuth(fromHeader)({ optional: true }), (c) =>
		c.json(c.var.auth?.issuer ?? null),
	);
	expect(await (await inHono.request("/", withCookie)).json()).toBeNull();

	const fastify = Fastify();
	const hooks: BearerHook[] = [];
	for (const [options, route] of [[fromCookie], [fromHeader, { optional: true }]] as const) {
		await fastify.register(async (child) => {
			await child.register(fastifyAuth, options);
			hooks.push(child.bearer(route));
		});
	}
	fastify.decorateRequest("auth", null);
	fastify.get("/", { onRequest: hooks }, ({ auth }) => [auth?.issuer ?? null]);
	expect((await fastify.inject({ url: "/", ...withCookie })).json()).toEqual([null]);
	await fastify.close();
});
