/**
 * A fetch-style handler behind Node's HTTP server, for the commands that serve something on this machine.
 * @module
 */
import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { portError } from "../network/port-error.js";

export interface LocalServer {
	readonly url: string;
	close(): Promise<void>;
}

/** Serves a handler on a local port; any free one by default. */
export async function serveFetch(
	handler: (request: Request) => Promise<Response>,
	listenPort = 0,
): Promise<LocalServer> {
	const server = createServer(async (incoming, outgoing) => {
		const request = toRequest(incoming);
		const response =
			request === undefined
				? new Response(null, { status: 400 })
				: await handler(request).catch(() => new Response(null, { status: 500 }));
		outgoing.writeHead(response.status, Object.fromEntries(response.headers));
		outgoing.end(Buffer.from(await response.arrayBuffer()));
	});
	server.listen(listenPort, "127.0.0.1");
	try {
		await once(server, "listening");
	} catch (cause) {
		throw portError(listenPort, cause);
	}
	const { port } = server.address() as AddressInfo;
	return {
		url: `http://127.0.0.1:${port}/`,
		close: async () => {
			server.closeAllConnections();
			server.close();
			await once(server, "close");
		},
	};
}

/**
 * Keeps repeated headers separate, so that two Authorization headers aren't merged. Undefined for what Node accepts and
 * fetch doesn't, such as the method TRACE.
 */
function toRequest(incoming: IncomingMessage): Request | undefined {
	const headers = Object.entries(incoming.headersDistinct).flatMap(([name, values = []]) =>
		values.map((value): [string, string] => [name, value]),
	);
	try {
		return new Request(`http://localhost${incoming.url ?? "/"}`, { method: incoming.method ?? "GET", headers });
	} catch {
		return undefined;
	}
}
