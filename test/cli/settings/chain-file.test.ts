import { spawnSync } from "node:child_process";
import { chownSync, existsSync, lchownSync, mkdirSync, readdirSync, symlinkSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
	assertNoneRunning,
	findRunningChain,
	publishChain,
	type RunningChain,
} from "../../../src/cli/settings/chain-file.ts";
import { plantNonce, servesNonce } from "../../../src/cli/settings/chain-proof.ts";
import { createCliWorld, silentContext } from "../../support/cli-world.ts";
import { type FakeNode, startFakeNode } from "../../support/fake-node.ts";
import { expectRefusal } from "../../support/refusal.ts";

const FILE = ".orgpass/chain.json";
const NONCE = `0x00${"ab".repeat(32)}`;
const isWindows = process.platform === "win32";

const world = createCliWorld();
/** Serves the nonce. */
let node: FakeNode;
let chain: RunningChain;
beforeAll(async () => {
	node = await startFakeNode(() => ({ result: NONCE }));
	chain = { pid: process.pid, rpcUrl: node.url, chainId: 31_337, registry: `0x${"11".repeat(20)}`, nonce: NONCE };
});
afterAll(async () => {
	await node.close();
	world.remove();
});

let count = 0;
/** A new folder, with the file if there is one. */
function createFolder(content?: unknown): string {
	count += 1;
	world.write(`${count}/keep`, "");
	if (content !== undefined) {
		world.write(`${count}/${FILE}`, typeof content === "string" ? content : JSON.stringify(content));
	}
	return `${count}`;
}
const find = (folder: string) => findRunningChain(silentContext(world.path(folder)));

describe("finding a running chain", () => {
	it("reads its file in the working directory, or the nearest one above that is running", async () => {
		const folder = createFolder({ ...chain, added: "later" });
		expect(await find(folder)).toEqual(chain);
		world.write(`${folder}/a/b/keep`, "");
		expect(await find(`${folder}/a/b`)).toEqual(chain);
		world.write(`${folder}/a/${FILE}`, JSON.stringify({ ...chain, registry: "nearer" }));
		expect(await find(`${folder}/a/b`)).toEqual({ ...chain, registry: "nearer" });
		world.write(`${folder}/a/${FILE}`, JSON.stringify({ ...chain, nonce: NONCE.replace("ab", "ba") }));
		expect(await find(`${folder}/a/b`)).toEqual(chain);
		expect(await find(createFolder())).toBeUndefined();
	});

	it.each<[string, (good: RunningChain) => unknown]>([
		["no JSON", () => "{"],
		["an empty file", () => ""],
		["a list", (good) => [good]],
		["a duplicate member", (good) => JSON.stringify(good).replace("{", '{"pid":1,')],
		["no pid", ({ pid: _, ...good }) => good],
		["a pid of 0, which is this process's group", (good) => ({ ...good, pid: 0 })],
		["a negative pid", (good) => ({ ...good, pid: -process.pid })],
		["a pid as text", (good) => ({ ...good, pid: String(process.pid) })],
		["the pid of a process that has ended", (good) => ({ ...good, pid: spawnSync(process.execPath, ["-v"]).pid })],
		["no URL", ({ rpcUrl: _, ...good }) => good],
		["text before the URL", (good) => ({ ...good, rpcUrl: ` ${good.rpcUrl}` })],
		["text after the URL", (good) => ({ ...good, rpcUrl: `${good.rpcUrl}/` })],
		["https", (good) => ({ ...good, rpcUrl: good.rpcUrl.replace("http", "https") })],
		["another name of this machine", (good) => ({ ...good, rpcUrl: good.rpcUrl.replace("127.0.0.1", "localhost") })],
		["dots that aren't dots", (good) => ({ ...good, rpcUrl: good.rpcUrl.replace("127.0.0.1", "127a0b0c1") })],
		["no port", (good) => ({ ...good, rpcUrl: "http://127.0.0.1:" })],
		["a port of six digits", (good) => ({ ...good, rpcUrl: `${good.rpcUrl.slice(0, 17)}0${good.rpcUrl.slice(17)}0` })],
		["another chain", (good) => ({ ...good, chainId: 1 })],
		["no registry", ({ registry: _, ...good }) => good],
		["no nonce", ({ nonce: _, ...good }) => good],
		["an empty code as nonce", (good) => ({ ...good, nonce: "0x" })],
		["a nonce with a digit too few", (good) => ({ ...good, nonce: NONCE.slice(0, -1) })],
		["a nonce with a digit more", (good) => ({ ...good, nonce: `${NONCE}0` })],
		["a nonce in upper case", (good) => ({ ...good, nonce: NONCE.toUpperCase().replace("X", "x") })],
		["text before the nonce", (good) => ({ ...good, nonce: ` ${NONCE}` })],
		["another nonce than the chain's", (good) => ({ ...good, nonce: `0x${"00".repeat(33)}` })],
	])("ignores a file with %s", async (_what, change) => {
		// The node would prove any of them.
		const { nonce = NONCE } = change(chain) as { readonly nonce?: string };
		node.answer = () => ({ result: nonce === `0x${"00".repeat(33)}` ? NONCE : nonce });
		const folder = createFolder(change(chain));
		expect(await find(folder)).toBeUndefined();
		node.answer = () => ({ result: NONCE });
	});

	it("ignores a file whose node is gone or refuses the call", async () => {
		expect(await find(createFolder({ ...chain, rpcUrl: "http://127.0.0.1:1" }))).toBeUndefined();
		node.answer = () => ({ error: { code: -32_601, message: "no such method" } });
		expect(await find(createFolder(chain))).toBeUndefined();
		node.answer = () => ({ result: NONCE });
	});

	it.skipIf(process.getuid?.() !== 0)("ignores a file of another user", async () => {
		const folder = createFolder(chain);
		chownSync(world.path(`${folder}/${FILE}`), 12_345, 12_345);
		expect(await find(folder)).toBeUndefined();
	});
});

describe.skipIf(process.getuid?.() !== 0)("a link to a file of one's own", () => {
	it.each([".orgpass", FILE])("T81: is ignored if another user made it: %s", async (name) => {
		const target = createFolder(chain);
		const folder = createFolder();
		if (name === FILE) mkdirSync(world.path(`${folder}/.orgpass`));
		symlinkSync(world.path(`${target}/${name}`), world.path(`${folder}/${name}`));
		expect(await find(folder)).toEqual(chain);
		lchownSync(world.path(`${folder}/${name}`), 12_345, 12_345);
		expect(await find(folder)).toBeUndefined();
	});
});

describe("publishing a chain", () => {
	const publish = (folder: string) => publishChain(silentContext(world.path(folder)), chain);

	it("writes a file that only the user can read, and removes it and its folder at the end", async () => {
		const folder = createFolder();
		const remove = await publish(folder);
		expect(await find(folder)).toEqual(chain);
		expect(world.read(`${folder}/${FILE}`)).toBe(`${JSON.stringify(chain)}\n`);
		if (!isWindows) expect(world.modeOf(`${folder}/${FILE}`)).toBe(0o600);
		remove();
		expect(readdirSync(world.path(folder))).toEqual(["keep"]);
		remove();
		expect(readdirSync(world.path(folder))).toEqual(["keep"]);
	});

	it("replaces the file of a chain that has ended, and keeps what else is in its folder", async () => {
		const folder = createFolder({ ...chain, rpcUrl: "http://127.0.0.1:1" });
		world.write(`${folder}/.orgpass/mine`, "mine");
		const remove = await publish(folder);
		expect(await find(folder)).toEqual(chain);
		remove();
		expect(readdirSync(world.path(`${folder}/.orgpass`))).toEqual(["mine"]);
	});

	it("refuses a second chain in the same folder, and names the first; one above is no hindrance", async () => {
		const folder = createFolder(chain);
		const error = await expectRefusal(() => publish(folder), "config/chain-running");
		expect(error.message).toBe(`a chain is already running here: process ${process.pid}, ${node.url}`);
		world.write(`${folder}/below/keep`, "");
		await assertNoneRunning(silentContext(world.path(`${folder}/below`)));
		const remove = await publish(`${folder}/below`);
		expect(await find(`${folder}/below`)).toEqual(chain);
		remove();
		expect(existsSync(world.path(`${folder}/${FILE}`))).toBe(true);
	});

	it.each<[string, (path: string) => void, string]>([
		["a link", (path) => symlinkSync(".", path), "the folder is a link"],
		["a file", () => world.write(`${count}/.orgpass`, ""), "EEXIST"],
	])("fails if its folder is %s", async (_what, put, reason) => {
		const folder = createFolder();
		put(world.path(`${folder}/.orgpass`));
		const error = await expectRefusal(() => publish(folder), "config/file");
		expect(error.message).toBe(`can't create the folder of .orgpass/chain.json: ${reason}`);
		expect(readdirSync(world.path(folder)).sort()).toEqual([".orgpass", "keep"]);
	});
});

describe("the proof of a chain", () => {
	it("is a new nonce at an address, which the node serves afterwards", async () => {
		const codes = new Map<unknown, unknown>();
		const calls: unknown[] = [];
		const storing = await startFakeNode((method, params) => {
			calls.push([method, ...params]);
			if (method === "hardhat_setCode") codes.set(params[0], params[1]);
			return { result: method === "hardhat_setCode" ? true : (codes.get(params[0]) ?? "0x") };
		});
		const nonces = [await plantNonce(storing.url), await plantNonce(storing.url)];
		for (const nonce of nonces) expect(nonce).toMatch(/^0x00[0-9a-f]{64}$/);
		expect(nonces[0]).not.toBe(nonces[1]);
		const address = "0x6f72677061737300000000000000000000000000";
		expect(calls).toEqual(nonces.map((nonce) => ["hardhat_setCode", address, nonce]));
		expect(await servesNonce(storing.url, nonces[1] as string)).toBe(true);
		expect(await servesNonce(storing.url, nonces[0] as string)).toBe(false);
		expect(calls.slice(2)).toEqual(Array(2).fill(["eth_getCode", address, "latest"]));
		await storing.close();
		expect(await servesNonce(storing.url, nonces[1] as string)).toBe(false);
	});
});
