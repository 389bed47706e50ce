/**
 * For programs of the tests that Node.js runs from the sources: `--import` this file first. Imports of `.js` files and of
 * package.json's `#…` lead to the TypeScript files that they are built from.
 * @module
 */
import { registerHooks } from "node:module";
import { pathToFileURL } from "node:url";
import manifest from "../../package.json" with { type: "json" };

const ROOT = new URL("../..", import.meta.url);
const IMPORTS: Readonly<Record<string, { readonly node: string } | undefined>> = manifest.imports;

registerHooks({
	resolve(specifier, context, nextResolve) {
		const target = IMPORTS[specifier]?.node.replace("./dist/", `${ROOT.pathname}src/`);
		const path = target === undefined ? specifier : pathToFileURL(target).href;
		const isSource = target !== undefined || (path.startsWith(".") && context.parentURL?.startsWith(`${ROOT}src/`));
		return nextResolve(isSource ? path.replace(/\.js$/, ".ts") : path, context);
	},
});
