/**
 * The examples' servers, for the behaviour suite: as far as they have the suite's routes.
 * @module
 */
import { createServer, type Server } from "node:http";
import { createAdaptorServer } from "@hono/node-server";
import { Registry } from "prom-client";
import { createApp as createExpressApp } from "../../../examples/express-api/app.ts";
import { createApp as createFastifyApp } from "../../../examples/fastify-api/app.ts";
import { createApp as createHonoApp } from "../../../examples/hono-edge/app.ts";
import type { Verifier } from "../../../src/auth/create-verifier.ts";
import type { Denied } from "../../../src/http/denial.ts";
import { type GuardedServer, listen, type ServerOptions } from "./servers.ts";

/** What the examples log of a denial. */
type LoggedDenial = Pick<Denied, "status"> & { readonly outcome?: "denied" | "failed" };

interface SuiteCase {
	readonly method?: string;
	readonly target?: string;
	readonly lines?: readonly string[] | undefined;
	readonly body?: string;
	readonly status: number;
}

export const EXAMPLES: Readonly<Record<string, (options: ServerOptions) => Promise<GuardedServer>>> = {
	"express-api": ({ verifier, onDenied, onHandled }) => {
		const app = createExpressApp({
			verifier: withHealth(verifier),
			register: new Registry(),
			log: (fields) => onDenied(fields as Denied),
		});
		return listen(reportHandled(createServer(app), onHandled));
	},

	async "fastify-api"({ verifier, onDenied, onHandled }) {
		const stream = { write: (line: string) => reportDenial(JSON.parse(line), onDenied) };
		const app = await createFastifyApp({ verifier: withHealth(verifier), logger: { stream } });
		await app.ready();
		return listen(reportHandled(app.server, onHandled));
	},

	"hono-edge": ({ verifier, onDenied, onHandled }) => {
		const app = createHonoApp({ verifier: withHealth(verifier), log: (fields) => onDenied(fields as Denied) });
		return listen(reportHandled(createAdaptorServer({ fetch: app.fetch }) as Server, onHandled));
	},
};

/** The request and response of a case with the routes that all examples have; undefined if they have none for it. */
export function toExampleCase<Case extends SuiteCase>(request: Case): Case | undefined {
	const { method = "GET", target = "/api/me", status } = request;
	const [path, query = ""] = target.split(/(?=\?)/);
	if (path === "/optional") return { ...request, target: `/offers${query}` };
	const isBooking = path === "/api/book" || (path === "/api/me" && method === "POST" && status !== 200);
	if (isBooking) {
		const lines = [...(request.lines ?? []), ...(request.body === undefined ? [] : ["Content-Type: application/json"])];
		const booking = { method: "POST", target: `/api/bookings${query}`, lines, status: status === 200 ? 201 : status };
		return { ...request, ...booking };
	}
	return path === "/api/me" && /^(?:GET|HEAD)$/.test(method) ? request : undefined;
}

/** The handlers of the examples report nothing, so a response that isn't an error counts. */
function reportHandled(server: Server, onHandled: () => void): Server {
	return server.on("request", (_request, response) => {
		response.once("finish", () => {
			if (response.statusCode < 400) onHandled();
		});
	});
}

/** The suite doesn't ask for the examples' health. */
function withHealth(verifier: ServerOptions["verifier"]): Verifier {
	return { ...verifier, isReady: async () => true };
}

function reportDenial(logged: LoggedDenial, onDenied: (denied: Denied) => void): void {
	if (logged.outcome !== undefined) onDenied(logged as Denied);
}
