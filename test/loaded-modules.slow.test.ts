/** What is loaded at once by importing an entry point or running a command; `import()` loads the rest when it's needed. */
import { build, type Metafile } from "esbuild";
import { beforeAll, describe, expect, it } from "vitest";
import { ROOT } from "./support/bundle-sources.ts";

const COMMANDS = "src/cli/commands";
const ENTRY_POINTS = ["keys", "jws", "did", "resolver", "tokens", "auth", "http", "client"];

describe("modules loaded at once", () => {
	let inputs: Metafile["inputs"];

	beforeAll(async () => {
		const { metafile } = await build({
			entryPoints: ["src/cli/main.ts", ...ENTRY_POINTS.map((name) => `src/${name}.ts`)],
			...{ bundle: true, splitting: true, format: "esm", platform: "node", packages: "external" },
			...{ outdir: "bundle", absWorkingDir: ROOT, metafile: true, write: false },
		});
		inputs = metafile.inputs;
	});

	/** The files of src and the packages that are loaded together with the given files. */
	function loadedWith(...files: readonly string[]): readonly string[] {
		const loaded = new Set(files);
		for (const file of loaded) {
			for (const { path, kind } of inputs[file]?.imports ?? []) if (kind === "import-statement") loaded.add(path);
		}
		return [...loaded].filter((path) => !path.startsWith("node:"));
	}

	it.each(ENTRY_POINTS)("orgpass/%s: neither ethers nor zod", (name) => {
		const loaded = loadedWith(`src/${name}.ts`);
		expect(loaded.length).toBeGreaterThan(10);
		expect(loaded.filter((path) => /^(?:ethers|zod|hardhat)/.test(path))).toEqual([]);
	});

	it("orgpass --version: no package, and none of the commands", () => {
		expect(loadedWith("src/cli/main.ts").toSorted()).toEqual([
			"src/cli/exit-code.ts",
			"src/cli/main.ts",
			"src/cli/version.ts",
		]);
	});

	it("orgpass --help: commander, and none of the commands", () => {
		const loaded = loadedWith("src/cli/main.ts", "src/cli/run-cli.ts");
		expect(loaded.filter((path) => !path.startsWith("src/"))).toEqual(["commander"]);
		expect(loaded.filter((path) => path.startsWith(`${COMMANDS}/`))).toEqual([]);
		expect(loaded.length).toBeLessThanOrEqual(20);
	});

	it.each([
		["token decode", "token/token.ts", "token/decode.ts"],
		["keys generate", "keys.ts"],
	])("orgpass %s: neither ethers nor the resolver nor the verifier", (_command, ...files) => {
		const loaded = loadedWith("src/cli/run-cli.ts", ...files.map((file) => `${COMMANDS}/${file}`));
		expect(loaded.filter((path) => /^(?:ethers|zod|hardhat|src\/(?:auth|resolver|testing)\/)/.test(path))).toEqual([]);
	});

	it("orgpass token decode: no keys, and no options of the library", () => {
		const files = ["token/token.ts", "token/decode.ts"].map((file) => `${COMMANDS}/${file}`);
		const loaded = loadedWith("src/cli/run-cli.ts", ...files);
		expect(loaded.filter((path) => !path.startsWith("src/"))).toEqual(["commander"]);
		expect(loaded.filter((path) => path.startsWith("src/keys/"))).toEqual([]);
	});
});
