/**
 * A JSON-RPC server in front of another one, which remembers every response: the chain must not change meanwhile.
 * @module
 */
import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { postJson } from "../../test/support/post-json.ts";

interface Call {
	readonly id: number;
	readonly method: string;
	readonly params: readonly unknown[];
}

/** Starts the server, and returns its URL. */
export async function startRememberingNode(target: string): Promise<string> {
	const responses = new Map<string, Promise<object>>();
	const server = createServer(async (incoming, outgoing) => {
		const body: Call | readonly Call[] = JSON.parse(await readBody(incoming));
		const answer = Array.isArray(body) ? await Promise.all(body.map(respond)) : await respond(body as Call);
		outgoing.writeHead(200, { "content-type": "application/json" });
		outgoing.end(JSON.stringify(answer));
	});
	server.listen(0, "127.0.0.1");
	await once(server, "listening");
	return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

	async function respond({ id, ...call }: Call): Promise<object> {
		const key = JSON.stringify([call.method, call.params]);
		const asking = responses.get(key) ?? ask({ ...call, id: 1 });
		responses.set(key, asking);
		return { ...(await asking), id };
	}

	async function ask(call: Call): Promise<object> {
		const { body } = await postJson(target, JSON.stringify(call));
		return JSON.parse(body);
	}
}

async function readBody(incoming: IncomingMessage): Promise<string> {
	let body = "";
	for await (const chunk of incoming) body += chunk;
	return body;
}
