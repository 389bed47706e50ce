/** The hotel's routes. */
import { STATUS_CODES } from "node:http";
import { inspect } from "node:util";
import express, { type ErrorRequestHandler, type Express } from "express";
import type { Verifier } from "orgpass";
import { toLogFields } from "orgpass/http";
import { bearerAuth } from "orgpass/http/express";
import type { Observer } from "orgpass/observe";
import type { Registry } from "prom-client";

export interface AppOptions {
	verifier: Verifier;
	observer: Observer;
	register: Registry;
	log: (fields: object) => void;
}

export function createApp({ verifier, observer, register, log }: AppOptions): Express {
	const app = express().disable("x-powered-by");
	const auth = bearerAuth({
		verifier,
		observer,
		onDenied: (denied, { method, baseUrl, path }) => log({ ...toLogFields(denied), method, path: baseUrl + path }),
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
	app.use(createErrorHandler(log));
	return app;
}

/** By default, Express responds with a page that shows the error's stack, unless NODE_ENV is `production`. */
function createErrorHandler(log: AppOptions["log"]): ErrorRequestHandler {
	return function handleError(error, { method, path }, res, next) {
		if (res.headersSent) return next(error);
		// The client's fault, such as a body that isn't JSON, is marked with `expose`.
		const status = error.expose === true ? error.status : 500;
		// A bug or a wrong configuration: the response doesn't say what it is.
		if (status === 500) log({ message: "failed", method, path, error: inspect(error) });
		const problem = { type: "about:blank", title: STATUS_CODES[status], status };
		res.status(status).type("application/problem+json").json(problem);
	};
}
