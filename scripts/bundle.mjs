/**
 * Bundles `dist/node` from the sources in the current folder: the entry points and the program as Node.js loads them, because
 * loading several hundred small files takes longer than running them. Entry points share chunks, so a class is the same in
 * all of them. Of the dependencies, those that package.json pins to one version are bundled: whoever installs the package gets
 * the same code, without the files, comments and exports that it doesn't use, and `npm audit` still sees the version.
 * Other runtimes and their bundlers use what tsc writes, a file for each source.
 * @module
 */
import { readFileSync, writeFileSync } from "node:fs";
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
	program: /src\/cli\/(?:run-cli|command|files|password-options|standard-input)\.ts$/,
	token: /src\/cli\/commands\/token\/(?:token|decode)\.ts$/,
};

const { exports, imports, dependencies } = JSON.parse(readFileSync("package.json", "utf8"));
const bundled = Object.keys(dependencies).filter((name) => /^\d/.test(dependencies[name]));
const isBundled = (specifier) => bundled.some((name) => specifier === name || specifier.startsWith(`${name}/`));
const toSource = (target) => resolve(target.replace("./dist/", "src/").replace(/\.js$/, ".ts"));
const toEntry = ({ default: target }) => [target.slice("./dist/".length, -".js".length), toSource(target)];
const entryPoints = Object.values(exports).filter((target) => typeof target === "object");

const bundle = await rolldown({
	input: { ...Object.fromEntries(entryPoints.map(toEntry)), "cli/main": resolve("src/cli/main.ts") },
	platform: "node",
	external: (specifier) => /^[^./#]/.test(specifier) && !isBundled(specifier),
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
const readLicense = (name) => readFileSync(new URL(`../node_modules/${name}/LICENSE`, import.meta.url), "utf8").trim();
const licenses = bundled.map((name) => `${name}\n\n${readLicense(name)}\n`);
writeFileSync("dist/node/third-party-licenses.txt", licenses.join("\n\n"));
