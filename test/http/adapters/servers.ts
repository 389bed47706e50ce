/**
 * The same routes behind every adapter, on real servers.
 * @module
 */
import { once } from "node:events";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { createAdaptorServer, getRequestListener } from "@hono/node-server";
import express from "express";
import Fastify from "fastify";
import { Hono } from "hono";
import type { Verifier } from "../../../src/auth/create-verifier.ts";
import type { RouteRequirements } from "../../../src/auth/route-requirements.ts";
import type { Authenticated } from "../../../src/http/bearer.ts";
import type { Denied } from "../../../src/http/denial.ts";
import { bearerAuth as expressAuth } from "../../../src/http/express.ts";
import { bearerAuth as fastifyAuth } from "../../../src/http/fastify.ts";
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
	readonly issuers: readonly string[];
	readonly onDenied: (denied: Denied) => void;
	/** Called by every handler that is reached. */
	readonly onHandled: () => void;
}

/** What a handler responds with. */
type Shown = { readonly issuer: string | null; readonly scopes: readonly string[] };

type Auth = Pick<Authenticated, "issuer" | "scopes"> | null | undefined;

/** The routes and what they require; the guard of `/api` and that of the route share one verification. */
const ROUTES: Readonly<Record<string, RouteRequirements>> = {
	"/api/book": { scope: "book" },
	"/api/issuers": { issuers: [] },
	"/api/policy": {
		policy: ({ scopes }) => {
			if (scopes.includes("break")) throw new TypeError("secret of the policy");
			return scopes.includes("vip");
		},
	},
};

function show(auth: Auth, { onHandled }: ServerOptions): Shown {
	onHandled();
	return { issuer: auth?.issuer ?? null, scopes: auth?.scopes ?? [] };
}

function routesOf({ issuers }: ServerOptions): readonly (readonly [string, RouteRequirements])[] {
	return Object.entries(ROUTES).map(([path, requirements]) => [
		path,
		requirements.issuers ? { issuers } : requirements,
	]);
}

export const ADAPTERS: Readonly<Record<string, (options: ServerOptions) => Promise<GuardedServer>>> = {
	async express(options) {
		const auth = expressAuth({ verifier: options.verifier, onDenied: options.onDenied });
		const app = express().disable("x-powered-by");
		app.set("env", "test");
		app.use("/optional", auth({ optional: true }), (req, res) => void res.json(show(req.auth, options)));
		const api = express.Router();
		api.use(auth());
		app.use("/api", api);
		for (const [path, requirements] of routesOf(options)) {
			api.use(
				path.slice("/api".length),
				auth.requires(requirements),
				(req, res) => void res.json(show(req.auth, options)),
			);
		}
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
		app.addContentTypeParser("*", (_request, payload, done) => payload.resume().on("end", () => done(null)));
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
				for (const [path, requirements] of routesOf(options)) {
					const onRequest = api.bearer.requires(requirements);
					const handler = (request: { auth: Auth }): Shown => show(request.auth, options);
					api.route({ method: [...method], url: path.slice("/api".length), onRequest, handler });
				}
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
		for (const [path, requirements] of routesOf(options)) {
			app.all(path, auth.requires(requirements), (c) => c.json(show(c.var.auth, options)));
		}
		app.all("/api/*", auth(), (c) => c.json(show(c.var.auth, options)));
		return listen(createAdaptorServer({ fetch: app.fetch }) as Server);
	},

	async fetch(options) {
		const auth = fetchAuth({ verifier: options.verifier, onDenied: options.onDenied });
		const respond = (_request: Request, token: Auth): Response => Response.json(show(token, options));
		const routes = new Map(
			routesOf(options).map(([path, requirements]) => [path, auth.requires(requirements)(respond)]),
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
		const respond = (...[, response, token]: Parameters<Parameters<ReturnType<typeof auth>>[0]>): void => {
			response.setHeader("content-type", "application/json").end(JSON.stringify(show(token, options)));
		};
		const routes = new Map<string, RequestListener>(
			routesOf(options).map(([path, requirements]) => [path, auth()(auth.requires(requirements)(respond))]),
		);
		const optional = auth({ optional: true })((_request, response, token) => {
			response.setHeader("content-type", "application/json").end(JSON.stringify(show(token, options)));
		});
		const api = auth()(respond);
		return listen(
			createServer((request, response) => {
				const path = (request.url ?? "").split("?")[0] as string;
				void (routes.get(path) ?? (path === "/optional" ? optional : api))(request, response);
			}),
		);
	},
};

async function listen(server: Server): Promise<GuardedServer> {
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
