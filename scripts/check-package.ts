/**
 * Checks the package as users install it: builds and packs it in a temporary folder (dist isn't touched),
 * compares the list of files, runs publint and are-the-types-wrong, then imports and requires every entry point
 * from an installed copy that has only the production dependencies. `--write` updates the list of packed files.
 * @module
 */
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { packPackage } from "./pack-package.ts";
import { entryPoints, listFiles, type Problem, readManifest, report, root } from "./sources.ts";

const SNAPSHOT = "test/__snapshots__/packed-files.txt";
/** Of the dependencies that are bundled. */
const LICENSES = ["dist/node/third-party-licenses.txt", "dist/inspector/third-party-licenses.txt"];
/** Their files have names that change with their contents. */
const HASHED = ["dist/node/chunks/", "dist/inspector/assets/"];
const TO_BUILD = ["src", "inspector", "tsconfig.json", "tsconfig.build.json"];
/** Entry points that import a peer dependency when they are loaded; all others work without peers. */
const LOADED_PEERS: Readonly<Record<string, string>> = {
	"orgpass/observe/opentelemetry": "@opentelemetry/api",
	"orgpass/observe/prometheus": "prom-client",
};
/**
 * Runs in the consumer's folder: prints entry points that don't load, differ by import and require, or have copies of what
 * another one exports.
 */
const CONSUMER = `
const exported = new Map();
const main = async () => {
	for (const specifier of JSON.parse(process.argv[2])) {
		try {
			const required = Object.keys(require(specifier)).sort().join();
			const imported = Object.keys(await import(specifier)).sort().join();
			const names = (text) => text.split(",").filter((name) => name !== "module.exports").join();
			if (names(required) !== names(imported)) console.log(specifier + ": require and import differ");
			if (names(imported) === "") console.log(specifier + ": exports nothing");
			if (specifier.includes("/http/")) continue;
			for (const [name, value] of Object.entries(await import(specifier))) {
				if (!["module.exports", "default"].includes(name) && (exported.get(name) ?? value) !== value) {
					console.log(specifier + ": " + name + " isn't that of another entry point");
				}
				exported.set(name, value);
			}
		} catch (error) {
			console.log(specifier + ": " + String(error).split("\\n")[0]);
		}
	}
};
main();
`;

const manifest = readManifest();
const problems: Problem[] = [];
const folder = mkdtempSync(join(tmpdir(), "orgpass-package-"));
process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(1));

const { tarball, files } = packPackage(folder, run, build);
checkFiles(files);
run("publint", ["run", tarball, "--strict"]);
run("attw", [tarball, "--profile", "esm-only", "--no-definitely-typed"]);
checkConsumer(tarball);
report("package", problems, `${files.length} files, ${entryPoints().length} entry points`);

/** Runs a command and returns its output; a failure becomes a problem. */
function run(command: string, args: readonly string[], cwd = root): string {
	const { status, signal, stdout, stderr, error } = spawnSync(command, args, {
		cwd,
		encoding: "utf8",
		env: { ...process.env, PATH: `${root}/node_modules/.bin:${process.env["PATH"]}`, NO_COLOR: "1" },
	});
	if (error) throw error;
	if (signal) process.exit(1);
	if (status !== 0) problems.push(`package.json:1: ${basename(command)} failed\n${stdout}${stderr}`);
	return stdout;
}

/** Builds from src. */
function build(staged: string): void {
	for (const path of TO_BUILD) cpSync(`${root}/${path}`, `${staged}/${path}`, { recursive: true });
	run("node", [`${root}/node_modules/typescript/bin/tsc`, "-p", "tsconfig.build.json"], staged);
	run("node", [`${root}/scripts/bundle.mjs`], staged);
	run("node", [`${root}/scripts/build-inspector.mjs`], staged);
	run("node", [`${root}/scripts/write-man-pages.ts`], staged);
}

/** The files expected in `dist` are derived from src and the manifest, the others are in the snapshot. */
function checkFiles(packed: readonly string[]): void {
	const files = packed.filter((path) => HASHED.every((folder) => !path.startsWith(folder)));
	const compiled = listFiles("src", ".ts")
		.filter((path) => !path.startsWith("src/cli/"))
		.flatMap((path) => [".js", ".d.ts"].map((end) => path.replace(/^src\//, "dist/").replace(/\.ts$/, end)));
	const bundled = entryPoints().map(({ path }) => path.replace(/^src\//, "dist/node/").replace(/\.ts$/, ".js"));
	const pages = (manifest.man ?? []).map((path) => path.replace("./", ""));
	const built = [
		...compiled,
		...bundled,
		...pages,
		...LICENSES,
		"dist/inspector/index.html",
		"dist/inspector/console.html",
		...Object.values(manifest.bin ?? {}),
	];
	const others = files.filter((path) => !path.startsWith("dist/"));
	if (process.argv.includes("--write")) writeFileSync(`${root}/${SNAPSHOT}`, `${others.join("\n")}\n`);
	const snapshot = existsSync(`${root}/${SNAPSHOT}`) ? readFileSync(`${root}/${SNAPSHOT}`, "utf8") : "";
	const expected = new Set([...built, ...snapshot.split("\n").filter((path) => path !== "")]);
	for (const path of files) {
		if (!expected.delete(path)) problems.push(`${SNAPSHOT}:1: ${path} is packed but not expected (--write accepts it)`);
	}
	for (const path of expected) problems.push(`${SNAPSHOT}:1: ${path} is expected but not packed (--write accepts it)`);
}

function checkConsumer(tarball: string): void {
	const modules = `${folder}/consumer/node_modules`;
	mkdirSync(`${modules}/${manifest.name}`, { recursive: true });
	run("tar", ["-xzf", tarball, "--strip-components=1", "-C", `${modules}/${manifest.name}`]);
	// npm warns about the scripts of packages that are installed from a tarball.
	if (Object.hasOwn(JSON.parse(readFileSync(`${modules}/${manifest.name}/package.json`, "utf8")), "scripts")) {
		problems.push("package.json:1: the packed manifest has scripts");
	}
	writeFileSync(`${folder}/consumer/check.cjs`, CONSUMER);
	const specifiers = entryPoints().map(({ specifier }) => specifier);
	const install = (names: readonly string[]): void => {
		for (const name of names) {
			mkdirSync(dirname(`${modules}/${name}`), { recursive: true });
			symlinkSync(`${root}/node_modules/${name}`, `${modules}/${name}`);
		}
	};
	const load = (names: readonly string[]): void => {
		const output = run(process.execPath, ["check.cjs", JSON.stringify(names)], `${folder}/consumer`);
		for (const line of output.split("\n")) if (line !== "") problems.push(`package.json:1: ${line}`);
	};
	install(Object.keys(manifest.dependencies));
	load(specifiers.filter((specifier) => !Object.hasOwn(LOADED_PEERS, specifier)));
	install(Object.values(LOADED_PEERS));
	load(Object.keys(LOADED_PEERS));
	for (const [name, path] of Object.entries(manifest.bin ?? {})) {
		const help = run(process.execPath, [`node_modules/${manifest.name}/${path}`, "--help"], `${folder}/consumer`);
		if (!help.includes(name)) problems.push(`package.json:1: ${name} --help prints no help`);
	}
}
