/** What is particular to single adapters; adapters/behaviour-suite.ts has what they share. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { connect } from "node:net";
import { setImmediate as nextTurn } from "node:timers/promises";
import express, { type ErrorRequestHandler } from "express";
import Fastify, { type FastifyInstance } from "fastify";
import { Hono } from "hono";
import { beforeAll, describe, expect, expectTypeOf, it, vi } from "vitest";
import * as z from "zod";
import type { Verifier } from "../../src/auth/create-verifier.ts";
import { type ConfigError, TokenError } from "../../src/errors/errors.ts";
import { type Authenticated, createBearer } from "../../src/http/bearer.ts";
import type { Denied } from "../../src/http/denial.ts";
import { bearerAuth as expressAuth } from "../../src/http/express.ts";
import { bearerAuth as fastifyAuth } from "../../src/http/fastify.ts";
import { bearerAuth as fetchAuth } from "../../src/http/fetch.ts";
import { bearerAuth as honoAuth } from "../../src/http/hono.ts";
import { bearerAuth as nodeAuth } from "../../src/http/node.ts";
import type { VerifiedToken } from "../../src/tokens/verified-token.ts";
import { listen } from "../support/listen.ts";
import { expectRefusal } from "../support/refusal.ts";
import { createOfflineStage, type TokenStage } from "../support/token-stage.ts";

const failing: Pick<Verifier, "verify"> = { verify: () => Promise.reject(new TypeError("secret.x is undefined")) };

let stage: TokenStage;
let token: string;
beforeAll(async () => {
	stage = await createOfflineStage();
	token = await stage.forge({ payload: stage.claims({ scope: "book", tenant: "t1" }) });
});

const authorized = (): RequestInit => ({ headers: { authorization: `Bearer ${token}` } });

describe("a token from elsewhere", () => {
	const cookie = (value: string): RequestInit => ({ headers: { cookie: `token=${value}` } });
	const fromCookie = (request: Request) => request.headers.get("cookie")?.slice("token=".length);
	const guarded = (extractToken: (request: Request) => string | null | undefined) =>
		fetchAuth({ verifier: stage.verifier, extractToken })()((_request, { issuer }) => new Response(issuer));
	const statusOf = async (init: RequestInit, extract: Parameters<typeof guarded>[0] = fromCookie) =>
		(await guarded(extract)(new Request("https://hotel.example/", init))).status;

	it("is accepted if the server extracts it", async () => {
		expect(await statusOf(cookie(token))).toBe(200);
		expect(await statusOf(cookie("a.b.c"))).toBe(401);
		expect(await statusOf(cookie(`${token} ${token}`))).toBe(400);
		expect(await statusOf({})).toBe(401);
	});

	it("doesn't replace the header", async () => {
		expect(await statusOf(authorized())).toBe(200);
	});

	it("is malformed alongside a bearer header, whichever is valid (RFC 6750 section 2)", async () => {
		for (const [inHeader, inCookie] of [
			[token, token],
			[token, "a.b.c"],
			["a.b.c", token],
		]) {
			const headers = { authorization: `Bearer ${inHeader}`, cookie: `token=${inCookie}` };
			expect(await statusOf({ headers })).toBe(400);
		}
	});

	it("is accepted alongside another scheme", async () => {
		expect(await statusOf({ headers: { authorization: "Basic QTpC", cookie: `token=${token}` } })).toBe(200);
	});

	it("is a 500 for every guard if the function throws one of our errors", async () => {
		const extractToken = (): never => {
			throw new TokenError("token/malformed", "no cookie");
		};
		const auth = fetchAuth({ verifier: stage.verifier, extractToken });
		for (const guard of [auth(), auth.requires({ scope: "book" })]) {
			const request = new Request("https://hotel.example/");
			expect((await guard(() => new Response())(request)).status).toBe(500);
		}
	});

	it("is a 500 if the function throws, without its message", async () => {
		const extract = (): never => {
			throw new Error("secret");
		};
		const response = await guarded(extract)(new Request("https://hotel.example/", authorized()));
		expect(response.status).toBe(500);
		expect(await response.text()).not.toContain("secret");
	});

	it("may be null, as Headers.get returns it", async () => {
		const fromHeader = (request: Request) => request.headers.get("x-token");
		expect(await statusOf({ headers: { "x-token": token } }, fromHeader)).toBe(200);
		expect(await statusOf(authorized(), fromHeader)).toBe(200);
		expect(await statusOf({}, fromHeader)).toBe(401);
	});

	it("is a 500 if it isn't text; a promise's rejection doesn't end the process", async () => {
		const denials: Denied[] = [];
		const rejecting = async () => Promise.reject(new Error("secret"));
		for (const extract of [rejecting, () => ({ token }), () => [token], () => 7]) {
			const auth = fetchAuth({
				verifier: stage.verifier,
				extractToken: extract as unknown as () => string,
				onDenied: (denied) => denials.push(denied),
			});
			expect((await auth()(() => new Response("fine"))(new Request("https://hotel.example/"))).status).toBe(500);
		}
		await nextTurn();
		expect(denials.map(({ cause }) => (cause as ConfigError).code)).toEqual(Array(4).fill("config/invalid-option"));
		expect(String(denials[1]?.cause)).not.toContain(token);
	});
});

describe("onDenied", () => {
	it("may be asynchronous: nothing waits for it, and its rejection doesn't end the process", async () => {
		const onDenied = vi.fn(() =>
			Object.assign(Promise.reject(new Error("the log is down")), { catch: () => undefined }),
		);
		const auth = fetchAuth({ verifier: stage.verifier, onDenied });
		for (const guard of [auth(), auth.requires({ scope: "book" })]) {
			expect((await guard(() => new Response("fine"))(new Request("https://hotel.example/"))).status).toBe(401);
		}
		await nextTurn();
		expect(onDenied).toHaveBeenCalledTimes(2);
	});
});

describe("Express", () => {
	it("passes a failure of authentication to the error handler, with its cause and status", async () => {
		const app = express().set("env", "test");
		const errors: unknown[] = [];
		const handleError: ErrorRequestHandler = (error, _req, res, _next) => {
			errors.push(error);
			res.status(error.status).end("mine");
		};
		app.use(expressAuth({ verifier: failing })(), () => expect.fail("the handler was called"));
		app.use(handleError);
		const response = await fetch(await listen(createServer(app)), authorized());
		expect([response.status, await response.text()]).toEqual([500, "mine"]);
		expect(errors).toMatchObject([{ status: 500, cause: { message: "secret.x is undefined" } }]);
	});

	it("shows neither the cause nor a stack without an error handler", async () => {
		const app = express().set("env", "development");
		app.use(expressAuth({ verifier: failing })());
		const print = vi.spyOn(console, "error").mockReturnValue(undefined);
		const response = await fetch(await listen(createServer(app)), authorized());
		await vi.waitUntil(() => print.mock.calls.length > 0);
		print.mockRestore();
		const body = await response.text();
		expect(response.status).toBe(500);
		expect(body).not.toMatch(/secret|at .*\.ts/);
	});

	it("auth.of throws if the route isn't guarded, and types the claims", async () => {
		const auth = expressAuth({ verifier: stage.verifier, claims: z.object({ tenant: z.string() }) });
		await expectRefusal(() => auth.of({} as never), "config/missing");
		const app = express();
		app.get("/", auth(), (req, res) => {
			expectTypeOf(auth.of(req).claims).toEqualTypeOf<{ tenant: string }>();
			expectTypeOf(req.auth).toEqualTypeOf<VerifiedToken | undefined>();
			res.end(auth.of(req).claims.tenant);
		});
		expect(await (await fetch(await listen(createServer(app)), authorized())).text()).toBe("t1");
	});

	it("two guards in one application keep their claims apart, at run time and in types", async () => {
		const tenants = expressAuth({ verifier: stage.verifier, claims: z.object({ tenant: z.string() }) });
		const scopes = expressAuth({ verifier: stage.verifier, claims: z.object({ scope: z.string() }) });
		const app = express();
		app.get("/both", tenants(), scopes(), (req, res) => {
			expectTypeOf(scopes.of(req).claims).toEqualTypeOf<{ scope: string }>();
			res.json([tenants.of(req).claims, scopes.of(req).claims, req.auth?.claims]);
		});
		app.get("/one", tenants(), (req) => scopes.of(req));
		app.use(((error, _req, res, _next) => res.json(error.code)) as ErrorRequestHandler);
		const url = await listen(createServer(app));
		const json = async (path: string): Promise<unknown> => (await fetch(url + path, authorized())).json();
		expect(await json("/both")).toEqual([{ tenant: "t1" }, { scope: "book" }, { scope: "book" }]);
		expect(await json("/one")).toBe("config/missing");
	});

	it("freezes req.auth", async () => {
		const app = express();
		app.get("/", expressAuth({ verifier: stage.verifier })(), (req, res) => {
			res.json([Object.isFrozen(req.auth), Object.isFrozen(req.auth?.claims), Object.isFrozen(req.auth?.scopes)]);
		});
		expect(await (await fetch(await listen(createServer(app)), authorized())).json()).toEqual([true, true, true]);
	});
});

describe("Fastify", () => {
	it("guards the instance that registers the plugin and its children, and no other", async () => {
		const app = Fastify();
		const known: [boolean, boolean][] = [];
		const note = (instance: FastifyInstance): void => {
			known.push([instance.hasDecorator("bearer"), instance.hasRequestDecorator("auth")]);
		};
		await app.register(async (child) => {
			await child.register(fastifyAuth, { verifier: stage.verifier });
			child.get("/guarded", { onRequest: child.bearer() }, (request) => request.auth?.issuer);
			note(child);
			await child.register(async (grandchild) => note(grandchild));
		});
		await app.register(async (sibling) => note(sibling));
		app.get("/open", () => "open");
		expect(known).toEqual([
			[true, true],
			[true, true],
			[false, false],
		]);
		expect((await app.inject("/open")).statusCode).toBe(200);
		expect((await app.inject("/guarded")).statusCode).toBe(401);
		expect((await app.inject({ url: "/guarded", headers: { authorization: `Bearer ${token}` } })).body).toBe(
			stage.sender.did,
		);
		await app.close();
	});

	it("bearer.of types the claims, given the plugin's schema", async () => {
		const claims = z.object({ tenant: z.string() });
		const app = Fastify();
		await app.register(fastifyAuth, { verifier: stage.verifier, claims });
		app.get("/", { onRequest: app.bearer() }, (request) => {
			expectTypeOf(app.bearer.of(request, claims).claims).toEqualTypeOf<{ tenant: string }>();
			return app.bearer.of(request, claims).claims;
		});
		app.get("/other", { onRequest: app.bearer() }, (request) => app.bearer.of(request, z.object({})));
		app.get("/none", { onRequest: app.bearer({ optional: true }) }, (request) => app.bearer.of(request, claims));
		app.setErrorHandler<Error & { code: string }>((error) => error.code);
		const get = async (url: string, headers = {}): Promise<string> => (await app.inject({ url, headers })).body;
		const headers = { authorization: `Bearer ${token}` };
		expect(await get("/", headers)).toBe('{"tenant":"t1"}');
		expect(await get("/other", headers)).toBe("config/invalid-option");
		expect(await get("/none")).toBe("config/missing");
		await app.close();
	});

	it("is listed among the application's plugins as orgpass", async () => {
		const app = Fastify();
		await app.register(fastifyAuth, { verifier: stage.verifier });
		await app.ready();
		expect(app.hasPlugin("orgpass")).toBe(true);
		expect(app.printPlugins()).toContain("orgpass");
		await app.close();
	});

	it("rejects invalid options when it starts", async () => {
		const app = Fastify();
		const options = { verifier: stage.verifier, scopes: "book" };
		await expectRefusal(async () => app.register(fastifyAuth, options), "config/unknown-option");
	});
});

describe("Hono", () => {
	it("types c.var.auth by the guard", async () => {
		const auth = honoAuth({ verifier: stage.verifier, claims: z.object({ tenant: z.string() }) });
		const app = new Hono();
		app.get("/", auth(), (c) => {
			expectTypeOf(c.var.auth).toEqualTypeOf<Authenticated<{ tenant: string }>>();
			return c.text(c.var.auth.claims.tenant);
		});
		app.get("/optional", auth({ optional: true }), (c) => {
			expectTypeOf(c.var.auth).toEqualTypeOf<Authenticated<{ tenant: string }> | undefined>();
			return c.text(c.var.auth?.claims.tenant ?? "nobody");
		});
		expect(await (await app.request("/", authorized())).text()).toBe("t1");
		expect(await (await app.request("/optional")).text()).toBe("nobody");
	});
});

describe("fetch", () => {
	it("passes the framework's other arguments on", async () => {
		const auth = fetchAuth({ verifier: stage.verifier });
		const handler = auth()((_request, { scopes }, env: { name: string }, count: number) =>
			Response.json([scopes, env, count]),
		);
		const response = await handler(new Request("https://hotel.example/", authorized()), { name: "env" }, 2);
		expect(await response.json()).toEqual([["book"], { name: "env" }, 2]);
	});
});

describe("node:http", () => {
	it("verifies once for nested guards, with a type for each", async () => {
		let verifications = 0;
		const verifier: Pick<Verifier, "verify"> = {
			verify(...args) {
				verifications += 1;
				return stage.verifier.verify(...args);
			},
		};
		const auth = nodeAuth({ verifier });
		const inner = auth.requires({ scope: "book" })((_request, response, { issuer }) => response.end(issuer));
		const middle = auth.requires({ issuers: [stage.sender.did] })((request, response) => inner(request, response));
		const outer = auth({ optional: true })((request: IncomingMessage, response, token) => {
			expectTypeOf(token).toEqualTypeOf<Authenticated | undefined>();
			return middle(request, response);
		});
		const url = await listen(createServer((request, response) => void outer(request, response)));
		expect(await (await fetch(url, authorized())).text()).toBe(stage.sender.did);
		expect(verifications).toBe(1);
		expect((await fetch(url)).status).toBe(401);
	});

	it("has no part in upgrades that the server listens to, which createBearer guards", async () => {
		const guarded = nodeAuth({ verifier: stage.verifier })()(() => expect.fail("the handler was called"));
		const bearer = createBearer({ verifier: stage.verifier });
		const server = createServer((request, response) => void guarded(request, response));
		server.on("upgrade", async ({ headersDistinct }, socket) => {
			const { granted } = await bearer(headersDistinct["authorization"]?.join());
			socket.end(`HTTP/1.1 ${granted ? 101 : 401} x\r\n\r\n`);
		});
		const { port } = new URL(await listen(server));
		const statuses: string[] = [];
		for (const line of [
			`Bearer ${token}`,
			`Bearer ${token}x`,
			"",
			`Bearer ${token}\r\nAuthorization: Bearer ${token}`,
		]) {
			const socket = connect(Number(port), "127.0.0.1").setEncoding("latin1");
			socket.write(
				`GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nAuthorization: ${line}\r\n\r\n`,
			);
			for await (const text of socket) statuses.push(String(text).slice(9, 12));
		}
		expect(statuses).toEqual(["101", "401", "401", "401"]);
	});

	it("sends nothing more if a time limit has responded while the token was verified", async () => {
		const responded = Promise.withResolvers<void>();
		const verifier: Verifier = {
			...stage.verifier,
			async verify(...args) {
				await responded.promise;
				return stage.verifier.verify(...args);
			},
		};
		const handled: unknown[] = [];
		const note = (event: unknown): void => void handled.push(event);
		const respond = (response: ServerResponse): void =>
			void response.writeHead(504).end("too slow", () => responded.resolve());
		const inNode = nodeAuth({ verifier })()(note);
		const node = createServer((request, response) => {
			respond(response);
			inNode(request, response).then(() => handled.push("done"), note);
		});
		const app = express().use((_req, res, next) => {
			respond(res);
			next();
		});
		const denied = Promise.withResolvers<void>();
		const onDenied = (): unknown => setImmediate(denied.resolve);
		app.use(expressAuth({ verifier, onDenied })(), note, note as unknown as ErrorRequestHandler);
		const headers = { authorization: `Bearer ${token}x` };
		for (const server of [node, createServer(app)]) {
			expect((await fetch(await listen(server), { headers })).status).toBe(504);
		}
		await denied.promise;
		await vi.waitUntil(() => handled.length > 0);
		expect(handled).toEqual(["done"]);
	});

	it("survives a client that leaves while its token is verified", async () => {
		const verifying = Promise.withResolvers<void>();
		const leaving = Promise.withResolvers<void>();
		const verifier: Pick<Verifier, "verify"> = {
			async verify(...args) {
				verifying.resolve();
				await leaving.promise;
				return stage.verifier.verify(...args);
			},
		};
		const auth = nodeAuth({ verifier });
		const done = Promise.withResolvers<boolean>();
		const guarded = auth()((request, response) => {
			response.end("too late");
			done.resolve(request.socket.destroyed);
		});
		const server = createServer((request, response) => void guarded(request, response));
		const url = new URL(await listen(server));
		const socket = connect(Number(url.port), url.hostname);
		socket.write(`GET / HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\n\r\n`);
		await verifying.promise;
		socket.destroy();
		while ((await connections(server)) > 0) await new Promise((resolve) => setImmediate(resolve));
		leaving.resolve();
		expect(await done.promise).toBe(true);
	});
});

function connections(server: Server): Promise<number> {
	return new Promise((resolve) => server.getConnections((_error, count) => resolve(count)));
}
