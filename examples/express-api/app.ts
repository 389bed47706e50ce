/** The hotel's routes. */
import express, { type Express } from "express";
import { isOrgpassError, type Verifier } from "orgpass";
import { bearerAuth } from "orgpass/http/express";

export interface AppOptions {
	verifier: Verifier;
	log: (fields: object) => void;
}

export function createApp({ verifier, log }: AppOptions): Express {
	const app = express().disable("x-powered-by");
	const auth = bearerAuth({
		verifier,
		onDenied({ status, cause }, { method, baseUrl, path }) {
			const code = isOrgpassError(cause) ? cause.code : undefined;
			log({ level: status < 500 ? "info" : "error", message: "denied", status, code, method, path: baseUrl + path });
		},
	});

	app.get("/health", (_req, res) => {
		res.json({ status: "ok" });
	});
	// Anyone may see the offers; organizations that sign in are recognized.
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
