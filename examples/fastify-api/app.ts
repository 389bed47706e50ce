/** The hotel's routes. */
import Fastify, { type FastifyInstance, type FastifyServerOptions } from "fastify";
import type { Verifier } from "orgpass";
import { toLogFields } from "orgpass/http";
import { bearerAuth } from "orgpass/http/fastify";

export interface AppOptions {
	verifier: Verifier;
	logger: NonNullable<FastifyServerOptions["logger"]>;
}

export async function createApp({ verifier, logger }: AppOptions): Promise<FastifyInstance> {
	const app = Fastify({ logger });
	await app.register(bearerAuth, {
		verifier,
		onDenied(denied, { log, method, url }) {
			// A bug or a wrong configuration: the response doesn't say what it is.
			const err = denied.status === 500 ? denied.cause : undefined;
			log.info({ ...toLogFields(denied), method, path: url.split("?")[0], err }, "denied");
		},
	});

	// Remembered for five seconds, because anyone may ask.
	let health = { isReady: false, expiresAt: 0 };
	app.get("/health", async (_request, reply) => {
		if (performance.now() >= health.expiresAt) {
			health = { isReady: await verifier.isReady(), expiresAt: performance.now() + 5_000 };
		}
		const { isReady } = health;
		return reply.code(isReady ? 200 : 503).send({ isReady });
	});
	// Anyone may see the offers; organizations that sign in pay less.
	app.get("/offers", { onRequest: app.bearer({ optional: true }) }, ({ auth }) => ({
		issuer: auth?.issuer ?? null,
		offers: [{ room: "101", price: auth ? 80 : 100 }],
	}));
	await app.register(api, { prefix: "/api" });
	return app;
}

/** Everything below /api requires a valid token. */
async function api(app: FastifyInstance): Promise<void> {
	app.addHook("onRequest", app.bearer());
	app.get("/me", (request) => {
		const { issuer, keyId, scopes, expiresAt } = app.bearer.of(request);
		return { issuer, keyId, scopes, expiresAt };
	});
	app.post<{ Body?: { room: string } }>(
		"/bookings",
		{ onRequest: app.bearer.requires({ scope: "book" }) },
		(request, reply) =>
			reply.code(201).send({ issuer: app.bearer.of(request).issuer, room: request.body?.room ?? "101" }),
	);
}
