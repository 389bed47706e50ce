/**
 * The same route on every framework, with and without a guard: it responds with a small JSON object.
 * @module
 */
import { once } from "node:events";
import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import fastifyJwt from "@fastify/jwt";
import { createAdaptorServer, getRequestListener } from "@hono/node-server";
import express, { type RequestHandler } from "express";
import { auth as expressOauth2 } from "express-oauth2-jwt-bearer";
import Fastify, { type FastifyInstance } from "fastify";
import { Hono, type MiddlewareHandler } from "hono";
import type { Verifier } from "orgpass";
import { bearerAuth as expressAuth } from "orgpass/http/express";
import { bearerAuth as fastifyAuth } from "orgpass/http/fastify";
import { bearerAuth as fetchAuth } from "orgpass/http/fetch";
import { bearerAuth as honoAuth } from "orgpass/http/hono";
import { bearerAuth as nodeAuth } from "orgpass/http/node";
import { ANSWER, PATH } from "./http-route.ts";

/** Creates a server, which isn't listening yet; without a guard if there is no verifier. */
export type CreateServer = (verifier: Pick<Verifier, "verify"> | undefined) => Server | Promise<Server>;

/** An issuer that signs with RS256. */
export interface RsIssuer {
	readonly pem: string;
	readonly issuer: string;
	readonly audience: string;
}

/** By the names of the adapters. */
export const ADAPTERS: Readonly<Record<string, CreateServer>> = {
	node(verifier) {
		const handler = (_request: unknown, response: ServerResponse): void =>
			void response.setHeader("content-type", "application/json").end(JSON.stringify(ANSWER));
		return createServer(verifier === undefined ? handler : nodeAuth({ verifier })()(handler));
	},
	express: (verifier) => createExpressServer(verifier && (expressAuth({ verifier })() as RequestHandler)),
	async fastify(verifier) {
		const app = Fastify();
		if (verifier !== undefined) await app.register(fastifyAuth, { verifier });
		return createFastifyServer(app, verifier && app.bearer());
	},
	fetch(verifier) {
		const handler = (): Response => Response.json(ANSWER);
		return createServer(getRequestListener(verifier === undefined ? handler : fetchAuth({ verifier })()(handler)));
	},
	hono(verifier) {
		const app = new Hono();
		if (verifier !== undefined) app.use(honoAuth({ verifier })() as MiddlewareHandler);
		app.get(PATH, (context) => context.json(ANSWER));
		return createAdaptorServer({ fetch: app.fetch }) as Server;
	},
};

/** Other guards, by their packages. */
export const PEER_GUARDS: Readonly<Record<string, (issuer: RsIssuer) => Server | Promise<Server>>> = {
	"express-oauth2-jwt-bearer": ({ pem, issuer, audience }) =>
		createExpressServer(expressOauth2({ issuer, audience, publicKey: pem, tokenSigningAlg: "RS256" })),
	async "@fastify/jwt"({ pem, issuer, audience }) {
		const app = Fastify();
		const verify = { algorithms: ["RS256" as const], allowedIss: issuer, allowedAud: audience };
		await app.register(fastifyJwt, { secret: { public: pem }, verify });
		return createFastifyServer(app, async (request) => void (await request.jwtVerify()));
	},
};

/** Listens on a free port, and returns it. */
export async function listen(server: Server): Promise<number> {
	server.listen(0, "127.0.0.1");
	await once(server, "listening");
	return (server.address() as AddressInfo).port;
}

function createExpressServer(guard: RequestHandler | undefined): Server {
	const app = express();
	if (guard !== undefined) app.use(guard);
	app.get(PATH, (_request, response) => void response.json(ANSWER));
	return createServer(app);
}

async function createFastifyServer(
	app: FastifyInstance,
	onRequest: ((...args: Parameters<ReturnType<FastifyInstance["bearer"]>>) => Promise<unknown>) | undefined,
): Promise<Server> {
	app.get(PATH, onRequest === undefined ? {} : { onRequest }, async () => ANSWER);
	await app.ready();
	return app.server;
}
