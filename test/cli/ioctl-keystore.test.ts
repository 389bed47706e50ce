import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync, symlinkSync } from "node:fs";
import { createServer } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readIoctlConfig } from "../../src/cli/commands/jwt/config.ts";
import { findKeystore } from "../../src/cli/commands/jwt/keystore.ts";
import { readSignerPassword } from "../../src/cli/commands/jwt/signer-password.ts";
import type { CliContext } from "../../src/cli/context.ts";
import { ADDRESS } from "../keys/sample-keys.ts";
import { type CliWorld, createCliWorld, silentContext } from "../support/cli-world.ts";
import { expectRefusal } from "../support/refusal.ts";

const IO_ADDRESS = "io1r8n7xah8cgfm0el8u3kvwzja6zrd4le2zce7sk";
const DIGITS = ADDRESS.slice(2).toLowerCase();
/** Enough of a keystore to be found; whether it opens is `importPrivateKey`'s to say. */
const keystore = (address: string, id: string) => JSON.stringify({ address, crypto: {}, id, version: 3 });

let world: CliWorld;
beforeEach(() => {
	world = createCliWorld();
	mkdirSync(world.path("wallet"));
});
afterEach(() => world.remove());

const createContext = (members: Partial<CliContext> = {}): CliContext => ({
	...silentContext(world.folder),
	...members,
});

function find(folder = "wallet"): { path: string; id: string } {
	const context = createContext();
	const { path, text } = findKeystore(context, readIoctlConfig(context, folder), ADDRESS);
	return { path, id: (JSON.parse(text) as { id: string }).id };
}

describe("the keystore of an account", () => {
	it("is found by its content, whatever its file name", () => {
		world.write(`wallet/UTC--2026-01-01T00-00-00.000000000Z--${"11".repeat(20)}`, keystore(DIGITS, "mine"));
		expect(find().id).toBe("mine");
	});

	it.each([
		["lower-case digits", DIGITS],
		["EIP-55 digits", ADDRESS.slice(2)],
		["digits after 0x", ADDRESS],
	])("is found by an address of %s", (_what, address) => {
		world.write("wallet/k", keystore(address, "mine"));
		expect(find().id).toBe("mine");
	});

	it("is found by its file name if neither it nor another file states the address", () => {
		const nameless = (id: string, address?: string | null) => JSON.stringify({ address, crypto: {}, id, version: 3 });
		world.write(`wallet/UTC--2025-01-01T00-00-00.000000000Z--${"22".repeat(20)}`, nameless("empty", ""));
		world.write(`wallet/UTC--2026-01-01T00-00-00.000000000Z--${"11".repeat(20)}`, nameless("another's"));
		world.write(`wallet/UTC--2026-01-01T00-00-00.000000000Z--${DIGITS}`, nameless("named", null));
		world.write(`wallet/UTC--2026-01-02T00-00-00.000000000Z--${DIGITS}`, nameless("named later", ""));
		expect(find().id).toBe("named");
		world.write("wallet/z", keystore(DIGITS, "told"));
		expect(find().id).toBe("told");
	});

	it("isn't found by its file name if it states another address", async () => {
		world.write(`wallet/UTC--2026-01-01T00-00-00.000000000Z--${DIGITS}`, keystore("11".repeat(20), "no"));
		world.write(`wallet/${DIGITS}`, JSON.stringify({ address: 1, crypto: {}, id: "no" }));
		await expectRefusal(() => find(), "config/account-unknown");
	});

	it("is the first of several, by the bytes of the path", () => {
		for (const name of ["b", "B", "UTC--2", "ａ", "𐀀", "é"]) world.write(`wallet/${name}`, keystore(DIGITS, name));
		const found: string[] = [];
		for (let count = 0; count < 6; count++) {
			const { path, id } = find();
			found.push(id);
			rmSync(path);
		}
		expect(found).toEqual(["B", "UTC--2", "b", "é", "ａ", "𐀀"]);
	});

	it("is searched for in the wallet named by the configuration", async () => {
		world.write("config/config.default", `wallet: ${world.path("wallet")}\n`);
		world.write("config/k", keystore(DIGITS, "beside the configuration"));
		await expectRefusal(() => find("config"), "config/account-unknown");
		world.write("wallet/k", keystore(DIGITS, "mine"));
		expect(find("config").id).toBe("mine");
		world.write("config/config.default", "wallet: nowhere\n");
		expect((await expectRefusal(() => find("config"), "config/file")).message).toContain("nowhere");
	});

	it("is found among invalid files, without blocking on any of them", async () => {
		const others: readonly (readonly [string, string | Uint8Array])[] = [
			["0-empty", ""],
			["0-text", "hello"],
			["0-open", '{"address":'],
			["0-null", "null"],
			["0-number", "5"],
			["0-array", `[${keystore(DIGITS, "in an array")}]`],
			["0-others", keystore("22".repeat(20), "somebody else's")],
			["0-no-crypto", JSON.stringify({ address: DIGITS })],
			["0-crypto-text", JSON.stringify({ address: DIGITS, crypto: "x" })],
			["0-number-address", JSON.stringify({ address: 5, crypto: {} })],
			["0-short", keystore(DIGITS.slice(2), "short")],
			["0-proto", `{"__proto__":{"address":"${DIGITS}"},"crypto":{}}`],
			["0-deep", "[".repeat(60_000)],
			["0-huge", keystore(DIGITS, "huge").padEnd(70_000)],
			["0-binary", new Uint8Array(256).map((_, at) => at)],
			[".0-hidden", keystore(DIGITS, "hidden")],
			["0-backup~", keystore(DIGITS, "backup")],
			["auth.jwt", "a.b.c"],
			["hdwallet", new Uint8Array(100)],
			["elsewhere/0-real", keystore(DIGITS, "in a folder")],
		];
		for (const [name, content] of others) world.write(`wallet/${name}`, content);
		world.write("outside", keystore(DIGITS, "outside"));
		symlinkSync(world.path("outside"), world.path("wallet/0-link"));
		symlinkSync(world.path("nowhere"), world.path("wallet/0-dangling"));
		execFileSync(process.env["MKFIFO"] ?? "mkfifo", [world.path("wallet/0-pipe")]);
		const server = createServer().listen(world.path("wallet/0-socket"));
		await expectRefusal(() => find(), "config/account-unknown");
		world.write("wallet/mine", keystore(DIGITS, "mine"));
		expect(find().id).toBe("mine");
		server.close();
	});

	it("reports the address if it is missing: config/account-unknown", async () => {
		const error = await expectRefusal(() => find(), "config/account-unknown");
		expect(error.message).toContain(IO_ADDRESS);
		expect(error.message).toContain("wallet");
	});

	it("explains what to do about an SM2 key: key/wrong-algorithm", async () => {
		world.write(`wallet/sm2sk-${IO_ADDRESS}.pem`, "-----BEGIN ENCRYPTED PRIVATE KEY-----\n");
		const error = await expectRefusal(() => find(), "key/wrong-algorithm");
		expect(error.details["hint"]).toMatch(/another account/);
		world.write("wallet/k", keystore(DIGITS, "mine"));
		expect(find().id).toBe("mine");
	});
});

describe("the signer's password", () => {
	const stdin = (text: string | Uint8Array) => async (maxBytes: number) => Buffer.from(text).subarray(0, maxBytes);
	const read = (members: Partial<CliContext>, flags = {}) =>
		readSignerPassword(createContext(members), flags, IO_ADDRESS);

	it("causes a warning on the command line, and takes precedence there", async () => {
		const said: string[] = [];
		const context = { stderr: (text: string) => said.push(text), env: { ORGPASS_PASSWORD: "other" } };
		expect(await read(context, { password: "hunter2" })).toBe("hunter2");
		expect(said.join("")).toMatch(/^warning: others can see .*\n$/);
		expect(said.join("")).not.toContain("hunter2");
		expect(await read({}, { password: "hunter2", quiet: true })).toBe("hunter2");
	});

	it("is read from ORGPASS_PASSWORD before prompting, unless that is empty", async () => {
		expect(await read({ env: { ORGPASS_PASSWORD: "hunter2" } }, { password: "" })).toBe("hunter2");
		const context = { env: { ORGPASS_PASSWORD: "" }, askSecret: async () => "asked" };
		expect(await read(context)).toBe("asked");
	});

	it("is prompted for with the account's address, and may be empty", async () => {
		const questions: string[] = [];
		const askSecret = async (question: string) => {
			questions.push(question);
			return "";
		};
		expect(await read({ askSecret, isTerminal: () => true })).toBe("");
		expect(questions).toEqual([`Enter password for #${IO_ADDRESS}: `]);
	});

	it.each<[string, string]>([
		["hunter2", "hunter2"],
		["hunter2\n", "hunter2"],
		["hunter2\r\n", "hunter2"],
		["hunter2\r\r\n", "hunter2"],
		[" hunter 2 \t\nmore\n", " hunter 2 \t"],
		["\n", ""],
		["ひみつ\n", "ひみつ"],
	])("is one line of standard input without a terminal: %j", async (text, password) => {
		for (const flags of [{}, { nonInteractive: true }]) {
			const askSecret = flags.nonInteractive ? createContext().askSecret : async () => undefined;
			const line = await read({ askSecret, readStdin: stdin(text) }, flags);
			expect(Buffer.from(line).toString()).toBe(password);
		}
	});

	it("keeps bytes that aren't valid Unicode, as Go does", async () => {
		const bytes = new Uint8Array([0xff, 0xfe, 0x00, 0x0a]);
		const line = await read({ askSecret: async () => undefined, readStdin: stdin(bytes) });
		expect([...line]).toEqual([0xff, 0xfe, 0x00]);
	});

	it("is missing if standard input is empty, or if a terminal can't or doesn't answer", async () => {
		const askSecret = async () => undefined;
		await expectRefusal(() => read({ askSecret, readStdin: stdin("") }), "key/password-required");
		await expectRefusal(() => read({ askSecret, isTerminal: () => true }), "key/password-required");
		await expectRefusal(() => read({ isTerminal: () => true }, { nonInteractive: true }), "key/password-required");
	});

	it("is no longer awaited after Ctrl-C", async () => {
		const signal = AbortSignal.abort();
		await expectRefusal(() => read({ askSecret: async () => undefined, signal }), "key/password-required");
	});

	it("is wrong if longer than 1,024 bytes: key/password-wrong", async () => {
		const [fits, long] = ["é".repeat(512), `${"é".repeat(512)}x`];
		expect(await read({}, { password: fits, quiet: true })).toBe(fits);
		await expectRefusal(() => read({}, { password: long, quiet: true }), "key/password-wrong");
		const context = { askSecret: async () => undefined, readStdin: stdin("x".repeat(10_000_000)) };
		await expectRefusal(() => read(context), "key/password-wrong");
	});
});
