/**
 * The examples' servers, and what the suite's requests are with their routes.
 * @module
 */
import { createServer, type Server } from "node:http";
import { createAdaptorServer } from "@hono/node-server";
import { Registry } from "prom-client";
import { createHotel } from "../../../examples/client-cron/hotel.ts";
import { createApp as createExpressApp } from "../../../examples/express-api/app.ts";
import { createApp as createFastifyApp } from "../../../examples/fastify-api/app.ts";
import { createApp as createHonoApp } from "../../../examples/hono-edge/app.ts";
import { createVerifier, type Verifier } from "../../../src/auth/create-verifier.ts";
import type { Denied } from "../../../src/http/denial.ts";
import { createPrometheusObserver } from "../../../src/observe/prometheus.ts";
import { ioctl } from "../../../src/tokens/ioctl/ioctl.ts";
import type { Subject } from "./behaviour-suite.ts";
import type { Case } from "./cases.ts";
import { listen, type ServerOptions } from "./servers.ts";

/** The examples that the root's packages are enough for. */
export const EXAMPLES: readonly Subject[] = [
	{
		name: "the example express-api",
		adapt: toHotelRequest,
		start({ verifier, onDenied, onHandled }) {
			const log = (fields: object): void => reportDenial(fields, onDenied);
			const register = new Registry();
			const observer = createPrometheusObserver({ register });
			const app = createExpressApp({ verifier: withHealth(verifier), observer, register, log });
			return listen(reportHandled(createServer(app), onHandled));
		},
	},
	{
		name: "the example fastify-api",
		adapt: toHotelRequest,
		async start({ verifier, onDenied, onHandled }) {
			const stream = { write: (line: string) => reportDenial(JSON.parse(line), onDenied) };
			const app = await createFastifyApp({ verifier: withHealth(verifier), logger: { stream } });
			await app.ready();
			return listen(reportHandled(app.server, onHandled));
		},
	},
	{
		name: "the example hono-edge",
		adapt: toHotelRequest,
		start({ verifier, onDenied, onHandled }) {
			const app = createHonoApp({ verifier: withHealth(verifier), log: (fields) => reportDenial(fields, onDenied) });
			return listen(reportHandled(createAdaptorServer({ fetch: app.fetch }) as Server, onHandled));
		},
	},
	{
		name: "the example client-cron",
		adapt: toOffersRequest,
		hides: ["denials"],
		start: ({ verifier, onHandled }) => listen(reportHandled(createHotel(withHealth(verifier)), onHandled)),
	},
];

/** With the routes that all hotels have: `GET /api/me`, `POST /api/bookings` for the scope `book`, `GET /offers`. */
export function toHotelRequest(request: Case): Case | string {
	const { method = "GET", target = "/api/me", status } = request;
	const [path, query = ""] = target.split(/(?=\?)/);
	if (path === "/optional") return { ...request, target: `/offers${query}` };
	const isBooking = path === "/api/book" || (path === "/api/me" && method === "POST" && status !== 200);
	if (isBooking) {
		const booking = { method: "POST", target: `/api/bookings${query}`, status: status === 200 ? 201 : status };
		return { ...request, ...booking, lines: withContentType(request), scope: "book" };
	}
	if (path !== "/api/me") return REQUIRES_NOTHING_ELSE;
	return /^(?:GET|HEAD)$/.test(method) ? request : "the route has only the methods GET and HEAD";
}

/** With the one route of the hotel in client-cron: any path and any method, for the scope `offers`. */
function toOffersRequest(request: Case): Case | string {
	const { target = "/api/me", status, lines = [] } = request;
	const [path, query = ""] = target.split(/(?=\?)/);
	if (path === "/optional") return "the token is never optional";
	if (path !== "/api/me" && path !== "/api/book") return REQUIRES_NOTHING_ELSE;
	const needed = status === 200 ? lines.map((line) => line.replace(/\{(?:good|book)\}/, "{offers}")) : lines;
	return { ...request, target: `/offers${query}`, lines: needed, scope: "offers" };
}

const REQUIRES_NOTHING_ELSE = "no route requires an issuer or a policy, or accepts access control lists";

/** A body that isn't JSON must not be refused for saying that it is. */
function withContentType({ lines = [], body }: Case): readonly string[] {
	if (body === undefined) return lines;
	return [...lines, `Content-Type: application/${body.startsWith("{") ? "json" : "x-www-form-urlencoded"}`];
}

/** The handlers of the examples report nothing, so a response that isn't an error counts. */
export function reportHandled(server: Server, onHandled: () => void): Server {
	return server.on("request", (_request, response) => {
		response.once("finish", () => {
			if (response.statusCode < 400) onHandled();
		});
	});
}

/** The suite doesn't ask for the examples' health. */
export function withHealth(verifier: ServerOptions["verifier"]): Verifier {
	const { explain } = createVerifier({ profiles: [ioctl({ trustedIssuers: () => false })] });
	return { explain, ...verifier, isReady: async () => true };
}

/** Reports what an example logs, if it is about a denial. */
export function reportDenial(
	logged: Partial<Denied> & { readonly outcome?: string },
	onDenied: ServerOptions["onDenied"],
): void {
	if (logged.outcome !== undefined) onDenied(logged as Denied);
}
