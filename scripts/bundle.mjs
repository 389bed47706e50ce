/**
 * Bundles `dist/node` from the sources in the current folder: the entry points and the program as Node.js loads them, because
 * loading several hundred small files takes longer than running them. Entry points share chunks, so a class is the same in
 * all of them. Dependencies aren't bundled. Other runtimes and their bundlers use what tsc writes, a file for each source.
 * @module
 */
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { rolldown } from "rolldown";

/**
 * The chunks, in order: these sources, and all that they import and that isn't in a chunk before. So an entry point or a
 * command loads a few files, and little that it doesn't need.
 */
const CHUNKS = {
	start: /src\/cli\/(?:exit-code|version)\.ts$/,
	base: /src\/(?:errors|encoding\/(?!hex))|\/(?:decode-token|token-advice|invalid-option|known-networks|adapter|did-url|ioctl-operations)\.ts$/,
	curve: /src\/keys\/(?:address|export-public-key|generate-ec-key|private-key-writers)\.ts$/,
	options: /src\/(?:options|keys\/sign\.ts$)/,
	keys: /src\/keys\.ts$/,
	jws: /src\/jws\.ts$/,
	auth: /src\/auth\.ts$/,
	did: /src\/did\.ts$/,
	registry: /src\/registry\.ts$/,
	resolver: /src\/resolver\.ts$/,
	tokens: /src\/tokens\.ts$/,
	program: /src\/cli\/(?:run-cli|command|password-options|standard-input)\.ts$/,
	token: /src\/cli\/commands\/token\/(?:token|decode)\.ts$/,
};

const { exports, imports } = JSON.parse(readFileSync("package.json", "utf8"));
const toSource = (target) => resolve(target.replace("./dist/", "src/").replace(/\.js$/, ".ts"));
const toEntry = ({ default: target }) => [target.slice("./dist/".length, -".js".length), toSource(target)];
const entryPoints = Object.values(exports).filter((target) => typeof target === "object");

const bundle = await rolldown({
	input: { ...Object.fromEntries(entryPoints.map(toEntry)), "cli/main": resolve("src/cli/main.ts") },
	platform: "node",
	external: /^[^./#]/,
	resolve: { extensionAlias: { ".js": [".ts"] } },
	plugins: [
		{
			name: "node-variants",
			resolveId: (specifier) => (specifier.startsWith("#") ? toSource(imports[specifier].node) : undefined),
		},
	],
});
await bundle.write({
	dir: "dist/node",
	chunkFileNames: "chunks/[name]-[hash].js",
	comments: { jsdoc: false },
	codeSplitting: {
		groups: Object.entries(CHUNKS).map(([name, test], index) => ({ name, test, priority: 100 - index })),
	},
});
