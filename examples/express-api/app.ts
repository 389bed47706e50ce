/** The hotel's routes. */
import express, { type Express } from "express";
import type { Verifier } from "orgpass";
import { toLogFields } from "orgpass/http";
import { bearerAuth } from "orgpass/http/express";
import type { Registry } from "prom-client";

export interface AppOptions {
	verifier: Verifier;
	register: Registry;
	log: (fields: object) => void;
}

export function createApp({ verifier, register, log }: AppOptions): Express {
	const app = express().disable("x-powered-by");
	const auth = bearerAuth({
		verifier,
		onDenied(denied, { method, baseUrl, path }) {
			// A bug or a wrong configuration: the response doesn't say what it is.
			const error = denied.status === 500 ? String(denied.cause) : undefined;
			log({ ...toLogFields(denied), method, path: baseUrl + path, error });
		},
	});

	// Remembered for five seconds, because anyone may ask.
	let health = { isReady: false, expiresAt: 0 };
	app.get("/health", async (_req, res) => {
		if (performance.now() >= health.expiresAt) {
			health = { isReady: await verifier.isReady(), expiresAt: performance.now() + 5_000 };
		}
		const { isReady } = health;
		res.status(isReady ? 200 : 503).json({ isReady });
	});
	app.get("/metrics", async (_req, res) => {
		res.type(register.contentType).send(await register.metrics());
	});
	// Anyone may see the offers; organizations that sign in pay less.
	app.get("/offers", auth({ optional: true }), (req, res) => {
		res.json({ issuer: req.auth?.issuer ?? null, offers: [{ room: "101", price: req.auth ? 80 : 100 }] });
	});
	// Everything below /api requires a valid token.
	app.use("/api", auth());
	app.get("/api/me", (req, res) => {
		const { issuer, keyId, scopes, expiresAt } = auth.of(req);
		res.json({ issuer, keyId, scopes, expiresAt });
	});
	app.post("/api/bookings", auth.requires({ scope: "book" }), express.json(), (req, res) => {
		res.status(201).json({ issuer: req.auth?.issuer, room: req.body?.room ?? "101" });
	});
	return app;
}
