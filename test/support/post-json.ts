/**
 * Sends a JSON-RPC request to the real node behind a server of the tests.
 * @module
 */
import { once } from "node:events";
import { type IncomingMessage, request } from "node:http";
import { text } from "node:stream/consumers";

/** Posts `body` on a connection of its own: a kept one may be closed by the node just as it is used. */
export async function postJson(url: string, body: string): Promise<{ readonly status: number; readonly body: string }> {
	const headers = { "content-type": "application/json", "content-length": Buffer.byteLength(body) };
	const outgoing = request(url, { method: "POST", headers, agent: false });
	outgoing.end(body);
	const [incoming] = (await once(outgoing, "response")) as [IncomingMessage];
	return { status: incoming.statusCode ?? 0, body: await text(incoming) };
}
