/**
 * Builds the inspector and the console to `dist/inspector` from the sources in the current folder, with what the package's entry points
 * are in browsers.
 * @module
 */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { build } from "vite";

const OUTPUT = "dist/inspector";
const PAGES = ["index.html", "console.html"];

const { name, exports, imports } = JSON.parse(readFileSync("package.json", "utf8"));
const toSource = ({ default: target }) => resolve(target.replace("./dist/", "src/").replace(/\.js$/, ".ts"));
const toAlias = ([specifier, target]) => ({ find: new RegExp(`^${specifier}$`), replacement: toSource(target) });
const entryPoints = Object.entries(exports).filter(([, target]) => typeof target === "object");

const { output } = await build({
	configFile: false,
	root: resolve("inspector"),
	base: "./",
	logLevel: "warn",
	oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
	resolve: {
		alias: [
			...entryPoints.map(([path, target]) => toAlias([path.replace(".", name), target])),
			...Object.entries(imports).map(toAlias),
		],
	},
	build: {
		outDir: resolve(OUTPUT),
		emptyOutDir: true,
		target: "es2022",
		modulePreload: { polyfill: false },
		assetsInlineLimit: 0,
		rolldownOptions: { input: PAGES.map((page) => resolve("inspector", page)) },
	},
});

const files = output.flatMap(({ moduleIds = [] }) => moduleIds);
const packages = new Set(files.map((file) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1]).filter(Boolean));
const licenses = [...packages].sort().map((dependency) => `${dependency}\n\n${readLicense(dependency)}\n`);
writeFileSync(`${OUTPUT}/third-party-licenses.txt`, licenses.join("\n\n"));

function readLicense(dependency) {
	const folder = new URL(`../node_modules/${dependency}/`, import.meta.url);
	const file = readdirSync(folder).find((file) => /^licen[cs]e/i.test(file));
	if (file === undefined) throw new Error(`${dependency} has no license file`);
	return readFileSync(new URL(file, folder), "utf8").trim();
}
