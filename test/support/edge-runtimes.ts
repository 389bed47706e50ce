/**
 * Runtimes without Node's built-ins, with code bundled as users bundle it: Cloudflare Workers, Edge Runtime.
 * @module
 */
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
	for (const compatibilityDate of ["2024-10-14", "2026-07-01"]) {
		describeWithTool(`Workers of ${compatibilityDate}`, `${ROOT}node_modules/.bin/workerd`, ["--version"], () =>
			describeWorker(async (script) => startWorkerd(script, compatibilityDate)),
		);
	}
	describe("Edge Runtime", () => describeWorker(async (script) => startEdgeRuntime(script)));
}

function startWorkerd(script: string, compatibilityDate: string): EdgeWorker {
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
