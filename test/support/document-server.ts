/**
 * A local HTTP server of named documents, which counts what was asked of it.
 * @module
 */
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll } from "vitest";

/** How a document is served. */
export interface ServeOptions {
	/** 200 unless given. */
	readonly status?: number;
	/** Added to `content-type: application/json`, which they may replace. */
	readonly headers?: Record<string, string>;
}

/** A server on a free port of 127.0.0.1. */
export interface DocumentServer {
	/** The URL of a path, served or not. */
	url(path: string): string;
	/** Serves a body from now on, instead of what the path served before; returns its URL. */
	serve(path: string, body: string | Uint8Array, options?: ServeOptions): string;
	/** The number of requests, for one path or in total. */
	requests(path?: string): number;
	close(): Promise<void>;
}

/** A server for the tests of this file or block: started before them, closed after them. */
export function useDocumentServer(): DocumentServer {
	const server = {} as DocumentServer;
	beforeAll(async () => void Object.assign(server, await startDocumentServer()));
	afterAll(() => server.close());
	return server;
}

/** Starts a server without documents: every path answers 404 until it is served. */
export async function startDocumentServer(): Promise<DocumentServer> {
	const documents = new Map<string, { body: string | Uint8Array; options: ServeOptions }>();
	const asked: string[] = [];
	const server = createServer((incoming, outgoing) => {
		const path = incoming.url ?? "";
		asked.push(path);
		const document = documents.get(path);
		const { status = 200, headers } = document?.options ?? { status: 404 };
		outgoing.writeHead(status, { "content-type": "application/json", ...headers });
		outgoing.end(document?.body ?? '{"error":"no such document"}');
	});
	server.listen(0, "127.0.0.1");
	await once(server, "listening");
	const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
	return { url, serve, requests, close };

	function url(path: string): string {
		return `${origin}${path.startsWith("/") ? path : `/${path}`}`;
	}

	function serve(path: string, body: string | Uint8Array, options: ServeOptions = {}): string {
		const address = url(path);
		documents.set(address.slice(origin.length), { body, options });
		return address;
	}

	function requests(path?: string): number {
		if (path === undefined) return asked.length;
		const wanted = url(path).slice(origin.length);
		return asked.filter((one) => one === wanted).length;
	}

	async function close(): Promise<void> {
		server.closeAllConnections();
		server.close();
		await once(server, "close");
	}
}
