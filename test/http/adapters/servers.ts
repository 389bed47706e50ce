/**
 * The same routes behind every adapter, on real servers.
 * @module
 */
import { once } from "node:events";
import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Readable } from "node:stream";
import { createAdaptorServer, getRequestListener } from "@hono/node-server";
import express from "express";
import Fastify, { type FastifyRequest } from "fastify";
import { Hono } from "hono";
import type { Verifier } from "../../../src/auth/create-verifier.ts";
import type { RouteRequirements } from "../../../src/auth/route-requirements.ts";
import type { Authenticated } from "../../../src/http/bearer.ts";
import type { Denied } from "../../../src/http/denial.ts";
import { bearerAuth as expressAuth } from "../../../src/http/express.ts";
import { type BearerHook, bearerAuth as fastifyAuth } from "../../../src/http/fastify.ts";
import { bearerAuth as fetchAuth } from "../../../src/http/fetch.ts";
import { bearerAuth as honoAuth } from "../../../src/http/hono.ts";
import { bearerAuth as nodeAuth } from "../../../src/http/node.ts";

export interface GuardedServer {
	readonly port: number;
	close(): Promise<void>;
}

/** What the routes are guarded with. */
export interface ServerOptions {
	readonly verifier: Pick<Verifier, "verify">;
	/** Of the second of two guards of `/api/twice`, which know nothing of each other; `verifier` by default. */
	readonly secondVerifier?: Pick<Verifier, "verify">;
	readonly issuers: readonly string[];
	readonly onDenied: (denied: Denied) => void;
	/** Called by every handler that is reached. */
	readonly onHandled: () => void;
}

/** What a handler responds with. */
interface Shown {
	readonly issuer: string | null;
	readonly scopes: readonly string[];
	/** The size of the request's body, on the routes that require something. */
	readonly bytes?: number;
}

type Auth = Pick<Authenticated, "issuer" | "scopes"> | null | undefined;

/** The routes and what they require; the guard of `/api` and that of the route share one verification. */
const ROUTES: Readonly<Record<string, readonly RouteRequirements[]>> = {
	"/api/book": [{ scope: "book" }],
	"/api/issuers": [{ issuers: [] }],
	"/api/policy": [
		{
			policy: ({ scopes }) => {
				if (scopes.includes("break")) throw new TypeError("secret of the policy");
				return scopes.includes("vip");
			},
		},
	],
	"/api/three": [{ scope: "book" }, { issuers: [] }, { policy: ({ scopes }) => scopes.includes("vip") }],
};

function secondGuardOf({ verifier, secondVerifier = verifier }: ServerOptions): Pick<ServerOptions, "verifier"> {
	return { verifier: secondVerifier };
}

function show(auth: Auth, { onHandled }: ServerOptions): Shown {
	onHandled();
	return { issuer: auth?.issuer ?? null, scopes: auth?.scopes ?? [] };
}

function routesOf({ issuers }: ServerOptions): readonly (readonly [string, readonly RouteRequirements[]])[] {
	return Object.entries(ROUTES).map(([path, all]) => [
		path,
		all.map((requirements) => (requirements.issuers ? { issuers } : requirements)),
	]);
}

async function showWithBody(
	auth: Auth,
	body: AsyncIterable<Uint8Array> | null,
	options: ServerOptions,
): Promise<Shown> {
	const shown = show(auth, options);
	let bytes = 0;
	for await (const chunk of body ?? []) bytes += chunk.length;
	return { ...shown, bytes };
}

/** `/api` is mounted, so that the framework rewrites the path where it can: the guards must judge the original one. */
export const ADAPTERS: Readonly<Record<string, (options: ServerOptions) => Promise<GuardedServer>>> = {
	async express(options) {
		const auth = expressAuth({ verifier: options.verifier, onDenied: options.onDenied });
		const app = express().disable("x-powered-by");
		app.set("env", "test");
		app.use("/optional", auth({ optional: true }), (req, res) => void res.json(show(req.auth, options)));
		const api = express.Router();
		api.use(auth());
		app.use("/api", api);
		for (const [path, all] of routesOf(options)) {
			const guards = all.map((requirements) => auth.requires(requirements));
			api.use(path.slice("/api".length), ...guards, async (req, res) => {
				res.json(await showWithBody(req.auth, req, options));
			});
		}
		api.use("/twice", expressAuth(secondGuardOf(options))(), (req, res) => void res.json(show(req.auth, options)));
		// A mounted application, whose own path is cut off.
		const mounted = express();
		mounted.use((req, res) => void res.json(show(auth.of(req), options)));
		api.use("/v1", mounted);
		api.use((req, res) => void res.json(show(req.auth, options)));
		return listen(createServer(app));
	},

	async fastify(options) {
		const app = Fastify({ exposeHeadRoutes: false, handlerTimeout: 0 });
		app.removeAllContentTypeParsers();
		app.addContentTypeParser("*", (_request, payload, done) => done(null, payload));
		let second: BearerHook;
		await app.register(async (sibling) => {
			await sibling.register(fastifyAuth, secondGuardOf(options));
			second = sibling.bearer();
		});
		await app.register(fastifyAuth, { verifier: options.verifier, onDenied: options.onDenied });
		const method = ["GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"] as const;
		app.route({
			method: [...method],
			url: "/optional",
			onRequest: app.bearer({ optional: true }),
			handler: (request) => show(request.auth, options),
		});
		await app.register(
			async (api) => {
				api.addHook("onRequest", api.bearer());
				for (const [path, all] of routesOf(options)) {
					const onRequest = all.map((requirements) => api.bearer.requires(requirements));
					const handler = (request: FastifyRequest): Promise<Shown> =>
						showWithBody(request.auth, (request.body as Readable | undefined) ?? null, options);
					api.route({ method: [...method], url: path.slice("/api".length), onRequest, handler });
				}
				api.get("/twice", { onRequest: second }, (request) => show(request.auth, options));
				api.route({ method: [...method], url: "/*", handler: (request) => show(request.auth, options) });
			},
			{ prefix: "/api" },
		);
		await app.listen({ port: 0, host: "127.0.0.1" });
		return { port: (app.server.address() as AddressInfo).port, close: () => app.close() };
	},

	async hono(options) {
		const auth = honoAuth({ verifier: options.verifier, onDenied: options.onDenied });
		const app = new Hono();
		app.all("/optional", auth({ optional: true }), (c) => c.json(show(c.var.auth, options)));
		app.use("/api/*", auth());
		for (const [path, all] of routesOf(options)) {
			for (const requirements of all) app.use(path, auth.requires(requirements));
			app.all(path, auth(), async (c) => c.json(await showWithBody(c.var.auth, c.req.raw.body, options)));
		}
		app.get("/api/twice", honoAuth(secondGuardOf(options))(), (c) => c.json(show(c.var.auth, options)));
		app.all("/api/*", auth(), (c) => c.json(show(c.var.auth, options)));
		return listen(createAdaptorServer({ fetch: app.fetch }) as Server);
	},

	async fetch(options) {
		const auth = fetchAuth({ verifier: options.verifier, onDenied: options.onDenied });
		const respond = (_request: Request, token: Auth): Response => Response.json(show(token, options));
		const echo = auth()(async ({ body }, token) => Response.json(await showWithBody(token, body, options)));
		const routes = new Map(
			routesOf(options).map(([path, all]) => [
				path,
				all.reduce((next, requirements) => auth.requires(requirements)((request) => next(request)), echo),
			]),
		);
		const twice = fetchAuth(secondGuardOf(options))()(respond);
		routes.set(
			"/api/twice",
			auth()((request) => twice(request)),
		);
		const optional = auth({ optional: true })(respond);
		const api = auth()(respond);
		return listen(
			createServer(
				getRequestListener((request) => {
					const { pathname } = new URL(request.url);
					return (routes.get(pathname) ?? (pathname === "/optional" ? optional : api))(request);
				}),
			),
		);
	},

	async node(options) {
		const auth = nodeAuth({ verifier: options.verifier, onDenied: options.onDenied });
		const send = (response: ServerResponse, shown: Shown): void => {
			response.setHeader("content-type", "application/json").end(JSON.stringify(shown));
		};
		const echo = auth()(async (request, response, token) => {
			send(response, await showWithBody(token, request, options));
		});
		const routes = new Map(
			routesOf(options).map(([path, all]) => [
				path,
				all.reduce((next, requirements) => auth.requires(requirements)(next), echo),
			]),
		);
		const twice = nodeAuth(secondGuardOf(options))()((_request, response, token) => {
			send(response, show(token, options));
		});
		routes.set(
			"/api/twice",
			auth()((request, response) => twice(request, response)),
		);
		const optional = auth({ optional: true })((_request, response, token) => send(response, show(token, options)));
		const api = auth()((_request, response, token) => send(response, show(token, options)));
		return listen(
			createServer((request, response) => {
				const path = (request.url ?? "").split("?")[0] as string;
				const handle = routes.get(path) ?? (path === "/optional" ? optional : api);
				// As without a guard, errors of asynchronous handlers are the server's to catch.
				handle(request, response).catch(() => response.destroy());
			}),
		);
	},
};

/** Listens on a free port. */
export async function listen(server: Server): Promise<GuardedServer> {
	server.listen(0, "127.0.0.1");
	await once(server, "listening");
	return {
		port: (server.address() as AddressInfo).port,
		close: async () => {
			server.closeAllConnections();
			await new Promise((resolve) => server.close(resolve));
		},
	};
}
