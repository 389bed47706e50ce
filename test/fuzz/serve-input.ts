/**
 * A local HTTP server whose responses are made of the input that is being run.
 * @module
 */
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** A response. */
export interface Reply {
	readonly status?: number;
	readonly body: string | Buffer;
}

/** A server on a port of its own. */
export interface InputServer {
	readonly url: string;
	/** Responds in this way from now on. */
	answer: (requested: string) => Reply;
	close(): Promise<void>;
}

/** Starts a server of empty responses. */
export async function serveInput(): Promise<InputServer> {
	const server = createServer(async (incoming, outgoing) => {
		let requested = "";
		for await (const chunk of incoming) requested += chunk;
		const { status = 200, body } = serving.answer(requested);
		outgoing.writeHead(status, { "content-type": "application/json" });
		outgoing.end(body);
	});
	server.listen(0, "127.0.0.1");
	await once(server, "listening");
	const { port } = server.address() as AddressInfo;
	const serving: InputServer = {
		url: `http://127.0.0.1:${port}`,
		answer: () => ({ body: "" }),
		async close() {
			server.closeAllConnections();
			server.close();
			await once(server, "close");
		},
	};
	return serving;
}
