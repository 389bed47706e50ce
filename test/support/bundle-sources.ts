/**
 * Bundling the package's sources as its users bundle what they installed.
 * @module
 */
import type { Plugin } from "esbuild";
import manifest from "../../package.json" with { type: "json" };

export const ROOT: string = new URL("../..", import.meta.url).pathname;

/** Resolves `orgpass/*` and `#*` to the sources that a browser bundle of the package has. */
export const sources: Plugin = {
	name: "orgpass-sources",
	setup({ onResolve }) {
		onResolve({ filter: /^orgpass(\/|$)/ }, ({ path }) => resolve(manifest.exports, path.replace("orgpass", ".")));
		onResolve({ filter: /^#/ }, ({ path }) => resolve(manifest.imports, path));
	},
};

function resolve(map: object, name: string): { path: string; sideEffects: boolean } {
	const target = (map as Record<string, string | { readonly default: string }>)[name] as string | { default: string };
	const path = typeof target === "string" ? target : target.default;
	return { path: ROOT + path.replace("./dist/", "src/").replace(/\.js$/, ".ts"), sideEffects: false };
}
