/** Bundles the worker and runs it in Miniflare, Cloudflare's runtime on this machine. */
import { build } from "esbuild";
import { Miniflare } from "miniflare";

const { outputFiles } = await build({
	entryPoints: ["worker.ts"],
	absWorkingDir: import.meta.dirname,
	bundle: true,
	format: "esm",
	platform: "browser",
	conditions: ["workerd", "worker", "browser"],
	target: "es2022",
	// In a clone, esbuild would find its tsconfig.json, whose paths name orgpass's modules for Node.js.
	tsconfigRaw: {},
	write: false,
});
const { RPC_URL = "", CHAIN_ID = "", REGISTRY = "", AUDIENCE = "", PORT } = process.env;
const miniflare = new Miniflare({
	modules: true,
	script: outputFiles[0]?.text ?? "",
	compatibilityDate: "2026-07-01",
	bindings: { RPC_URL, CHAIN_ID, REGISTRY, AUDIENCE },
	port: Number(PORT),
});
console.log(`listening at ${(await miniflare.ready).href}`);
for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => miniflare.dispose());
