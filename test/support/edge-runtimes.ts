/**
 * Runtimes without Node's built-ins, with code bundled as users bundle it: Cloudflare Workers, Edge Runtime.
 * @module
 */
import { once } from "node:events";
import { connect } from "node:net";
import { EdgeVM } from "@edge-runtime/vm";
import { build } from "esbuild";
import { Miniflare } from "miniflare";
import { describe } from "vitest";
import { ROOT, sources } from "./bundle-sources.ts";
import { describeWithTool } from "./tools.ts";

export interface EdgeAnswer {
	readonly status: number;
	readonly text: string;
}

/** A started worker. */
export interface EdgeWorker {
	/** Requests a path, with a bearer token or without. */
	ask(path: string, token?: string): Promise<EdgeAnswer>;
	close(): Promise<void>;
}

/** A started Cloudflare Worker. */
export interface Workerd extends EdgeWorker {
	/** Requests a path over a connection that the returned function resets, as Cloudflare does if a client is gone. */
	askAndLeave(path: string, token: string): Promise<() => Promise<void>>;
}

/** Bundles a file that exports `handle`, which answers requests; `CONFIG` is put in. */
export async function bundleWorker(entryPoint: string, config: object): Promise<string> {
	const { outputFiles } = await build({
		entryPoints: [`${ROOT}${entryPoint}`],
		bundle: true,
		format: "iife",
		globalName: "worker",
		platform: "browser",
		conditions: ["workerd", "worker", "browser"],
		target: "es2022",
		define: { CONFIG: JSON.stringify(config) },
		absWorkingDir: ROOT,
		write: false,
		plugins: [sources],
	});
	return outputFiles[0]?.text as string;
}

/** Describes what a bundled worker does in each runtime. */
export function describeEdgeRuntimes(describeWorker: (start: (script: string) => Promise<EdgeWorker>) => void): void {
	describeWorkerd(describeWorker);
	describe("Edge Runtime", () => describeWorker(async (script) => startEdgeRuntime(script)));
}

/** Describes what a bundled worker does in Cloudflare Workers of the oldest compatibility date and of a recent one. */
export function describeWorkerd(describeWorker: (start: (script: string) => Promise<Workerd>) => void): void {
	for (const compatibilityDate of ["2024-10-14", "2026-07-01"]) {
		describeWithTool(`Workers of ${compatibilityDate}`, `${ROOT}node_modules/.bin/workerd`, ["--version"], () =>
			describeWorker(async (script) => startWorkerd(script, compatibilityDate)),
		);
	}
}

function startWorkerd(script: string, compatibilityDate: string): Workerd {
	const miniflare = new Miniflare({
		modules: true,
		script: `${script}\nexport default { fetch: worker.handle };`,
		compatibilityDate,
	});
	return {
		async ask(path, token) {
			const response = await miniflare.dispatchFetch(`http://worker.example${path}`, { headers: headersOf(token) });
			return { status: response.status, text: await response.text() };
		},
		async askAndLeave(path, token) {
			const { hostname, port } = await miniflare.ready;
			const socket = connect(Number(port), hostname);
			await once(socket, "connect");
			socket.write(`GET ${path} HTTP/1.1\r\nhost: worker.example\r\nauthorization: Bearer ${token}\r\n\r\n`);
			return async () => {
				// workerd doesn't cancel a request whose client has only ended its side of the connection.
				socket.resetAndDestroy();
				await once(socket, "close");
				await this.ask("/");
			};
		},
		close: () => miniflare.dispose(),
	};
}

function startEdgeRuntime(script: string): EdgeWorker {
	const runtime = new EdgeVM({ initialCode: script });
	return {
		async ask(path, token) {
			const request = JSON.stringify([`http://worker.example${path}`, { headers: headersOf(token) }]);
			const response: Response = await runtime.evaluate(`worker.handle(new Request(...${request}))`);
			return { status: response.status, text: await response.text() };
		},
		close: async () => undefined,
	};
}

function headersOf(token: string | undefined): Record<string, string> {
	return token === undefined ? {} : { authorization: `Bearer ${token}` };
}
