/**
 * A process of its own: a JSON-RPC node that knows at once that an organization doesn't exist, and asks a real chain
 * about everything else. Its arguments are the chain's URL and the ids of the organizations that exist; it sends its own
 * URL to its parent, and answers each of its parent's messages with the number of reads of these organizations so far.
 * @module
 */
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { type Answer, passOn } from "../test/support/fake-node.ts";

interface Call {
	readonly id: number;
	readonly method: string;
	readonly params: readonly unknown[];
}

const WORD = 64;
const SELECTOR = 8;
const KEEP_ALIVE_MS = 3_600_000;
const [rpcUrl = "", ...existing] = process.argv.slice(2);
const known = new Set(existing.map((orgId) => orgId.slice(2)));
/** The chain's answers by the form of the call. */
const absences = new Map<string, Promise<Answer>>();
let reads = 0;

const server = createServer(async (incoming, outgoing) => {
	const asked = JSON.parse(await text(incoming)) as Call | Call[];
	const answers = await Promise.all([asked].flat().map(respond));
	outgoing.writeHead(200, { "content-type": "application/json" });
	outgoing.end(JSON.stringify(Array.isArray(asked) ? answers : answers[0]));
});
server.keepAliveTimeout = KEEP_ALIVE_MS;
server.listen(0, "127.0.0.1");
await once(server, "listening");
process.on("message", () => process.send?.(reads));
process.on("disconnect", () => process.exit());
process.send?.(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);

async function respond({ id, method, params }: Call): Promise<object> {
	return { ...(await answer(method, params)), jsonrpc: "2.0", id };
}

/** What the contract returns for organizations that don't exist depends only on how many they are. */
async function answer(method: string, params: readonly unknown[]): Promise<Answer> {
	if (method !== "eth_call") return passOn(rpcUrl, method, params);
	const { data } = params[0] as { readonly data: string };
	const words = data.slice(2 + SELECTOR).match(new RegExp(`.{${WORD}}`, "g")) ?? [];
	if (words.some((word) => known.has(word))) {
		reads += 1;
		return passOn(rpcUrl, method, params);
	}
	const form = data.slice(0, 2 + SELECTOR) + words.length;
	const absence = absences.get(form) ?? passOn(rpcUrl, method, params);
	absences.set(form, absence);
	return absence;
}
