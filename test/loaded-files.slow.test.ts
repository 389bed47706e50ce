/** What Node loads of the built package: few files, because each takes a millisecond or so. */
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { generateKeyPair } from "../src/keys/generate.ts";
import { startTestNetwork } from "../src/testing/test-network.ts";
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
	async function load(...args: readonly string[]): Promise<{
		readonly files: readonly string[];
		readonly packages: readonly string[];
	}> {
		const command = ["--import", join(folder, "hooks.mjs"), ...args, "2>&1", ">/dev/null"];
		const { stdout } = await promisify(execFile)("/bin/sh", ["-c", `"${process.execPath}" ${command.join(" ")}`], {
			cwd: ROOT,
		});
		const urls = stdout.split("\n");
		const packages = urls.flatMap((url) =>
			url.startsWith(MODULES) ? (url.slice(MODULES.length).match(/^(@[^/]+\/)?[^/]+/)?.[0] ?? []) : [],
		);
		return { files: urls.filter((url) => url.startsWith(DIST)), packages: [...new Set(packages)].toSorted() };
	}

	it("orgpass --version: two", async () => {
		expect(await load("dist/node/cli/main.js", "--version")).toEqual({
			files: expect.objectContaining({ length: 2 }),
			packages: [],
		});
	});

	it("orgpass token decode: six", async () => {
		const { privateKey } = await generateKeyPair();
		const organization = `did:orgid:0x${"11".repeat(32)}`;
		const minter = createOrgIdMinter({ key: privateKey, issuer: `${organization}#k`, audience: organization });
		const { files, packages } = await load("dist/node/cli/main.js", "token", "decode", await minter.mint());
		expect(files.length).toBeLessThanOrEqual(6);
		expect(packages).toEqual([]);
	});

	it("orgpass keys generate: seven", async () => {
		const file = join(folder, "key.pem");
		const { files, packages } = await load("dist/node/cli/main.js", "keys", "generate", "--out", file);
		expect(readFileSync(file, "utf8")).toMatch(/^-----BEGIN EC PRIVATE KEY-----/);
		expect(files.length).toBeLessThanOrEqual(7);
		expect(packages).toEqual([]);
	});

	it("orgpass token verify: without ethers", async () => {
		const network = await startTestNetwork();
		const [airline, hotel] = network.organizations;
		const token = await airline.minter({ audience: hotel.did }).mint();
		const connection = ["--rpc-url", network.rpcUrl, "--registry", network.registry.address];
		const verify = ["token", "verify", token, "--audience", hotel.did, ...connection];
		const { packages } = await load("dist/node/cli/main.js", ...verify);
		expect(packages).not.toContain("ethers");
		await network.close();
	});
});
