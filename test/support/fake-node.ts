/**
 * A JSON-RPC server with any responses, including those of no honest node.
 * @module
 */
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { postJson } from "./post-json.ts";

/** Answers one call: with a result, an error, bytes of any kind, or never. */
export type Answer =
	| { readonly result: unknown }
	| { readonly error: { readonly code: number; readonly message: string; readonly data?: unknown } }
	| { readonly status: number; readonly body: string; readonly headers?: Readonly<Record<string, string>> }
	| { readonly hang: true }
	| { readonly hangUp: true };

interface Call {
	readonly jsonrpc: string;
	readonly id: number;
	readonly method: string;
	readonly params: readonly unknown[];
}

/** A fake node. */
export interface FakeNode {
	readonly url: string;
	/** Methods called, in order. */
	readonly calls: string[];
	/** Answers from now on. */
	answer: (method: string, params: readonly unknown[]) => Answer | Promise<Answer>;
	readonly close: () => Promise<void>;
}

/** As much of a contract's code as tells that it is an orgpass registry: PUSH4 of two selectors. */
export const ORGPASS_CODE = "0x63c531051763d17ea54d";

const NO_REQUEST: Answer = { error: { code: -32_600, message: "the request isn't of JSON-RPC 2.0" } };

/** What every honest node of chain 31337 responds to the initial checks. */
export function greet(method: string): Answer | undefined {
	if (method === "eth_chainId") return { result: "0x7a69" };
	return method === "eth_getCode" ? { result: ORGPASS_CODE } : undefined;
}

/** Starts a node that greets honestly and answers everything else as told. */
export async function startFakeNode(answer: FakeNode["answer"]): Promise<FakeNode> {
	let isClosed = false;
	const server = createServer((incoming, outgoing) => {
		respond(incoming, outgoing).catch((error: unknown) => {
			// What it asked when it was closed, another server of the test may not answer any more.
			if (!isClosed) throw error;
		});
	});
	server.listen(0, "127.0.0.1");
	await once(server, "listening");
	const node: FakeNode = {
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
		calls: [],
		answer,
		close: async () => {
			isClosed = true;
			server.closeAllConnections();
			server.close();
			await once(server, "close");
		},
	};
	return node;

	async function respond(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
		let body = "";
		for await (const chunk of incoming) body += chunk;
		const asked = JSON.parse(body) as Call | Call[];
		const answers: { id: number; answer: Answer }[] = [];
		for (const { jsonrpc, id, method, params } of [asked].flat()) {
			node.calls.push(method);
			const answer = jsonrpc === "2.0" ? await node.answer(method, params) : NO_REQUEST;
			answers.push({ id, answer });
		}
		send(outgoing, answers, Array.isArray(asked));
	}
}

/** Asks a real node, for fakes that lie about one thing only. */
export async function passOn(url: string, method: string, params: readonly unknown[]): Promise<Answer> {
	const { body } = await postJson(url, JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }));
	return JSON.parse(body) as Answer;
}

/** In a batch, one answer that isn't JSON-RPC is the answer to all. */
function send(
	outgoing: ServerResponse,
	answers: readonly { readonly id: number; readonly answer: Answer }[],
	isBatch: boolean,
): void {
	const all = answers.map(({ answer }) => answer);
	if (all.some((answer) => "hang" in answer)) return;
	if (all.some((answer) => "hangUp" in answer)) {
		outgoing.destroy();
		return;
	}
	const raw = all.find((answer) => "status" in answer);
	outgoing.writeHead(raw?.status ?? 200, { "content-type": "application/json", ...raw?.headers });
	const results = answers.map(({ id, answer }) => ({ jsonrpc: "2.0", id, ...pick(answer) }));
	outgoing.end(raw?.body ?? JSON.stringify(isBatch ? results : results[0]));
}

function pick(answer: object): object {
	return "error" in answer ? { error: answer.error } : { result: (answer as { result: unknown }).result };
}
