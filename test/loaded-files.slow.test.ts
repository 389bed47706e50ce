/** What Node loads of the built package: few files, because each takes a millisecond or so. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { generateKeyPair } from "../src/keys/generate.ts";
import { createOrgIdMinter } from "../src/tokens/orgid/orgid-minter.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const DIST = `${pathToFileURL(ROOT)}dist/`;
const MODULES = `${pathToFileURL(ROOT)}node_modules/`;
/** Writes the URLs of the loaded modules to standard error. */
const HOOKS = `
import { registerHooks } from "node:module";
registerHooks({
	load(url, context, next) {
		process._rawDebug(url);
		return next(url, context);
	},
});
`;

describe("files that Node loads", () => {
	let folder: string;

	beforeAll(() => {
		folder = mkdtempSync(join(tmpdir(), "orgpass-loaded-"));
		writeFileSync(join(folder, "hooks.mjs"), HOOKS);
	});
	afterAll(() => rmSync(folder, { recursive: true }));

	/** The loaded files of dist, and the packages. */
	function load(...args: readonly string[]): {
		readonly files: readonly string[];
		readonly packages: readonly string[];
	} {
		const command = ["--import", join(folder, "hooks.mjs"), ...args, "2>&1", ">/dev/null"];
		const output = execFileSync("/bin/sh", ["-c", `"${process.execPath}" ${command.join(" ")}`], {
			cwd: ROOT,
			encoding: "utf8",
		});
		const urls = output.split("\n");
		const packages = urls.flatMap((url) =>
			url.startsWith(MODULES) ? (url.slice(MODULES.length).match(/^(@[^/]+\/)?[^/]+/)?.[0] ?? []) : [],
		);
		return { files: urls.filter((url) => url.startsWith(DIST)), packages: [...new Set(packages)].toSorted() };
	}

	it("orgpass --version: two", () => {
		expect(load("dist/node/cli/main.js", "--version")).toEqual({
			files: expect.objectContaining({ length: 2 }),
			packages: [],
		});
	});

	it("orgpass token decode: six", async () => {
		const { privateKey } = await generateKeyPair();
		const organization = `did:orgid:0x${"11".repeat(32)}`;
		const minter = createOrgIdMinter({ key: privateKey, issuer: `${organization}#k`, audience: organization });
		const { files, packages } = load("dist/node/cli/main.js", "token", "decode", await minter.mint());
		expect(files.length).toBeLessThanOrEqual(6);
		expect(packages).toEqual([]);
	});

	it("orgpass keys generate: seven", () => {
		const file = join(folder, "key.pem");
		const { files, packages } = load("dist/node/cli/main.js", "keys", "generate", "--out", file);
		expect(readFileSync(file, "utf8")).toMatch(/^-----BEGIN EC PRIVATE KEY-----/);
		expect(files.length).toBeLessThanOrEqual(7);
		expect(packages).toEqual([]);
	});
});
