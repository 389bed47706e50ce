/** The hotel's routes. */
import Fastify, { type FastifyInstance, type FastifyServerOptions } from "fastify";
import { isOrgpassError, type Verifier } from "orgpass";
import { bearerAuth } from "orgpass/http/fastify";

export interface AppOptions {
	verifier: Verifier;
	logger: NonNullable<FastifyServerOptions["logger"]>;
}

export async function createApp({ verifier, logger }: AppOptions): Promise<FastifyInstance> {
	const app = Fastify({ logger });
	await app.register(bearerAuth, {
		verifier,
		onDenied({ status, cause }, { log, method, url }) {
			const code = isOrgpassError(cause) ? cause.code : undefined;
			log[status < 500 ? "info" : "error"]({ status, code, method, path: url.split("?")[0] }, "denied");
		},
	});

	app.get("/health", async (_request, reply) => {
		const { ready, problems } = await verifier.isReady();
		return reply.code(ready ? 200 : 503).send({ ready, problems });
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
		({ auth, body }, reply) => reply.code(201).send({ issuer: auth?.issuer, room: body?.room ?? "101" }),
	);
}
