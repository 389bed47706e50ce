/** The hotel's routes. */
import { Hono } from "hono";
import type { Verifier } from "orgpass";
import { toLogFields } from "orgpass/http";
import { bearerAuth } from "orgpass/http/hono";

export interface AppOptions {
	verifier: Verifier;
	log: (fields: object) => void;
}

export function createApp({ verifier, log }: AppOptions) {
	const app = new Hono();
	const auth = bearerAuth({
		verifier,
		onDenied(denied, { method, url }) {
			// A bug or a wrong configuration: the response doesn't say what it is.
			const error = denied.status === 500 ? String(denied.cause) : undefined;
			log({ ...toLogFields(denied), method, path: new URL(url).pathname, error });
		},
	});

	// Remembered for five seconds, because anyone may ask.
	let health = { isReady: false, expiresAt: 0 };
	app.get("/health", async (c) => {
		if (performance.now() >= health.expiresAt) {
			health = { isReady: await verifier.isReady(), expiresAt: performance.now() + 5_000 };
		}
		const { isReady } = health;
		return c.json({ isReady }, isReady ? 200 : 503);
	});
	// Anyone may see the offers; organizations that sign in pay less.
	app.get("/offers", auth({ optional: true }), (c) =>
		c.json({ issuer: c.var.auth?.issuer ?? null, offers: [{ room: "101", price: c.var.auth ? 80 : 100 }] }),
	);
	// Everything below /api requires a valid token.
	app.use("/api/*", auth());
	app.get("/api/me", auth(), (c) => {
		const { issuer, keyId, scopes, expiresAt } = c.var.auth;
		return c.json({ issuer, keyId, scopes, expiresAt });
	});
	app.post("/api/bookings", auth.requires({ scope: "book" }), (c) => c.json({ issuer: c.var.auth.issuer }, 201));
	return app;
}
