import { execFileSync } from "node:child_process";
import { mkdirSync, symlinkSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readIoctlConfig } from "../../src/cli/commands/jwt/config.ts";
import { resolveSigner, resolveTrusted } from "../../src/cli/commands/jwt/resolve-account.ts";
import type { CliContext } from "../../src/cli/context.ts";
import { ConfigError } from "../../src/errors/errors.ts";
import * as sample from "../keys/sample-keys.ts";
import { type CliWorld, createCliWorld, silentContext } from "../support/cli-world.ts";
import { expectRefusal } from "../support/refusal.ts";

const IO_ADDRESS = "io1r8n7xah8cgfm0el8u3kvwzja6zrd4le2zce7sk";
const IT_ADDRESS = "it1r8n7xah8cgfm0el8u3kvwzja6zrd4le2peyam4";
const DIGITS = sample.ADDRESS.slice(2);
/** As ioctl writes it. */
const CONFIG = `wallet: /nowhere/.config/ioctl/default
endpoint: api.iotex.one:443
secureConnect: true
aliases:
  whale: ${IO_ADDRESS}
  "007": 0x${DIGITS.toLowerCase()}
defaultAccount:
  addressOrAlias: whale
explorer: iotexscan
language: 中文
nsv2height: 5165641
analyserEndpoint: https://analyser-api.iotex.io
`;

let world: CliWorld;
beforeEach(() => {
	world = createCliWorld();
});
afterEach(() => world.remove());

const worldContext = (env: CliContext["env"] = {}) => silentContext(world.folder, { HOME: world.folder, ...env });
const FOLDER = ".config/ioctl/default";
const writeConfig = (text: string | Uint8Array) => world.write(`${FOLDER}/config.default`, text);
const readConfig = (env?: CliContext["env"]) => readIoctlConfig(worldContext(env), undefined);

describe("readIoctlConfig", () => {
	it("reads the wallet, aliases and default account", () => {
		writeConfig(CONFIG);
		expect(readConfig()).toEqual({
			folder: world.path(FOLDER),
			wallet: "/nowhere/.config/ioctl/default",
			aliases: new Map([
				["whale", IO_ADDRESS],
				["007", `0x${DIGITS.toLowerCase()}`],
			]),
			defaultAccount: "whale",
			prefix: "io",
		});
	});

	it("uses ioctl's defaults for a missing file and for empty values", () => {
		mkdirSync(world.path(FOLDER), { recursive: true });
		const defaults = { wallet: world.path(FOLDER), aliases: new Map(), defaultAccount: undefined };
		expect(readConfig()).toMatchObject(defaults);
		for (const text of ["", "# nothing\n", 'wallet: ""\naliases: {}\ndefaultAccount:\n  addressOrAlias: ""\n']) {
			writeConfig(text);
			expect(readConfig()).toMatchObject(defaults);
		}
		writeConfig("aliases:\ndefaultAccount:\n");
		expect(readConfig()).toMatchObject(defaults);
	});

	it("accepts another folder, resolves relative paths against the working directory, and defaults to HOME", async () => {
		world.write("elsewhere/config.default", "wallet: keys\n");
		const { folder, wallet } = readIoctlConfig(worldContext(), "elsewhere");
		expect([folder, wallet]).toEqual([world.path("elsewhere"), world.path("keys")]);
		for (const HOME of ["", undefined]) {
			const context = { ...worldContext(), env: { HOME } };
			await expectRefusal(() => readIoctlConfig(context, undefined), "config/missing");
			expect(readIoctlConfig(context, "elsewhere").folder).toBe(folder);
		}
	});

	it("rejects a missing folder: config/file", async () => {
		await expectRefusal(() => readConfig(), "config/file");
		world.write("file", "");
		for (const folder of ["missing", "file"]) {
			await expectRefusal(() => readIoctlConfig(worldContext(), folder), "config/file");
		}
	});

	it.each(["", " null", " ~"])("returns no aliases and no default account if they are%s", (nothing) => {
		writeConfig(`aliases:${nothing}\ndefaultAccount:${nothing}\n`);
		const { aliases, defaultAccount } = readConfig();
		expect([aliases.size, defaultAccount]).toEqual([0, undefined]);
	});

	it("keeps names that other YAML parsers convert or fail on", () => {
		writeConfig(`aliases: {true: a, 1.50: b, __proto__: c, constructor: d, null: e, 2020-01-01: f, ~: g}\n`);
		expect([...readConfig().aliases.keys()]).toEqual([
			"true",
			"1.50",
			"__proto__",
			"constructor",
			"null",
			"2020-01-01",
			"~",
		]);
	});

	it("resolves anchors, as Go does", () => {
		writeConfig(`aliases: {a: &x ${IO_ADDRESS}, b: *x}\n`);
		expect(readConfig().aliases.get("b")).toBe(IO_ADDRESS);
	});

	it.each<[string, string]>([
		["an application-specific tag", "wallet: !!js/function 'x'\n"],
		["an unknown tag", "wallet: !secret x\n"],
		["bytes", "wallet: !!binary aGk=\n"],
		["a duplicate name", "wallet: a\nwallet: b\n"],
		["two documents", "wallet: a\n---\nwallet: b\n"],
		["an open bracket", "aliases: {"],
		["a tab for indentation", "aliases:\n\ta: b\n"],
		["a list", "- a\n"],
		["text", "hello"],
		["a wallet that is a map", "wallet: {a: b}\n"],
		["aliases that are a list", "aliases: [a]\n"],
		["an alias that is a map", "aliases: {a: {b: c}}\n"],
		["an alias with a map for its name", "aliases: {{a: b}: c}\n"],
		["a default account that is text", "defaultAccount: whale\n"],
		["an anchor that isn't there", "wallet: *nowhere\n"],
		["a recursive anchor", "aliases: &a {b: *a}\n"],
		["a billion-laughs bomb", "a: &a [x,x,x]\nb: &b [*a,*a,*a]\nc: &c [*b,*b,*b]\nd: &d [*c,*c,*c]\ne: [*d,*d]\n"],
		["many uses of one anchor", `wallet: &a x\n${Array.from({ length: 60 }, (_, i) => `k${i}: *a\n`).join("")}`],
		["endless brackets", "[".repeat(65_000)],
		["endlessly nested maps", "{a: ".repeat(16_000)],
		["nested lists on one line", "- ".repeat(32_000)],
		["nested lists on many lines", Array.from({ length: 300 }, (_, i) => `${" ".repeat(i)}-\n`).join("")],
		["nested keys", "? ".repeat(32_000)],
		["the same name thousands of times", "a:\n".repeat(5_000)],
		["endless tags", "!a ".repeat(5_000)],
		["control characters", "wallet: \u0000\u001b[31m\n- "],
	])("rejects %s: config/invalid-file", async (_what, text) => {
		writeConfig(text);
		const error = await expectRefusal(() => readConfig(), "config/invalid-file");
		expect(error.message).toMatch(/^[\x20-\x7e]{1,300}$/);
		expect(error.message).toContain("config.default");
	});

	it("rejects a file that is too large, a folder, and a pipe without blocking: config/file", async () => {
		writeConfig(`#${"x".repeat(65_536)}`);
		await expectRefusal(() => readConfig(), "config/file");
		mkdirSync(world.path("a/config.default"), { recursive: true });
		await expectRefusal(() => readIoctlConfig(worldContext(), "a"), "config/file");
		mkdirSync(world.path("b"));
		execFileSync(process.env["MKFIFO"] ?? "mkfifo", [world.path("b/config.default")]);
		await expectRefusal(() => readIoctlConfig(worldContext(), "b"), "config/file");
	});

	it("follows a symbolic link, as ioctl does", () => {
		world.write("real", "wallet: /w\n");
		mkdirSync(world.path(FOLDER), { recursive: true });
		symlinkSync(world.path("real"), world.path(`${FOLDER}/config.default`));
		expect(readConfig().wallet).toBe("/w");
	});
});

describe("resolveSigner", () => {
	beforeEach(() => void writeConfig(CONFIG));

	it.each([
		["the default account", undefined],
		["an empty string for it", ""],
		["an alias", "whale"],
		["a numeric alias", "007"],
		["bech32", IO_ADDRESS],
		["bech32 in upper case", IO_ADDRESS.toUpperCase()],
		["40 hex digits", DIGITS],
		["40 hex digits after 0x", `0x${DIGITS}`],
		["40 hex digits after 0X", `0X${DIGITS.toUpperCase()}`],
		["40 hex digits with a different checksum", DIGITS.toLowerCase().replace("e", "E")],
	])("accepts %s", (_what, name) => {
		expect(resolveSigner(readConfig(), name)).toBe(sample.ADDRESS);
	});

	it("accepts a testnet address if IOTEX_NETWORK_TYPE says so, in any case", async () => {
		for (const IOTEX_NETWORK_TYPE of ["testnet", "TestNet"]) {
			const config = readConfig({ IOTEX_NETWORK_TYPE });
			expect(config.prefix).toBe("it");
			expect(resolveSigner(config, IT_ADDRESS)).toBe(sample.ADDRESS);
			await expectRefusal(() => resolveSigner(config, IO_ADDRESS), "config/invalid-option");
		}
		const mainnet = readConfig({ IOTEX_NETWORK_TYPE: "mainnet" });
		const error = await expectRefusal(() => resolveSigner(mainnet, IT_ADDRESS), "config/invalid-option");
		expect(error.details["hint"]).toMatch(/IOTEX_NETWORK_TYPE=testnet/);
	});

	it("doesn't resolve an alias to another alias", async () => {
		writeConfig("aliases: {a: b, b: c}\n");
		await expectRefusal(() => resolveSigner(readConfig(), "a"), "config/invalid-option");
	});

	it.each<[string, string, string]>([
		["an unknown alias", "nobody", "config/account-unknown"],
		["an alias in another case", "Whale", "config/account-unknown"],
		["a property name of Object.prototype", "constructor", "config/account-unknown"],
		["40 characters that aren't hex digits", `${DIGITS.slice(1)}g`, "config/account-unknown"],
		["a wrong checksum", `${IO_ADDRESS.slice(0, -1)}q`, "config/invalid-option"],
		["mixed case", `Io1${IO_ADDRESS.slice(3)}`, "config/invalid-option"],
		["bech32m", "io1r8n7xah8cgfm0el8u3kvwzja6zrd4le2hyfj45", "config/invalid-option"],
		["a bech32 address of another chain", "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4", "config/invalid-option"],
		["41 hex digits", `${DIGITS}0`, "config/invalid-option"],
		["a private key", sample.SCALAR_HEX, "config/invalid-option"],
		["an HD wallet account", "hdw::0/1", "config/invalid-option"],
		["an HD wallet account in upper case", "HDW::1/2/3", "config/invalid-option"],
	])("rejects %s", async (_what, name, code) => {
		const error = await expectRefusal(() => resolveSigner(readConfig(), name), code as "config/invalid-option");
		expect(error).toBeInstanceOf(ConfigError);
		expect(error.message).not.toContain(sample.SCALAR_HEX);
		if (/^hdw/i.test(name)) expect(error.details["hint"]).toMatch(/ioctl account import/);
	});

	it("requires a signer if there is no default account or if it is an HD wallet account", async () => {
		writeConfig("wallet: /w\n");
		const error = await expectRefusal(() => resolveSigner(readConfig(), undefined), "config/missing");
		expect(error.details["hint"]).toMatch(/--signer.*ioctl config set defaultacc/);
		writeConfig("defaultAccount: {addressOrAlias: 'hdw::0/0'}\n");
		await expectRefusal(() => resolveSigner(readConfig(), undefined), "config/invalid-option");
	});
});

describe("resolveTrusted", () => {
	it("reads ioctl's configuration only for an alias", async () => {
		const fail = () => expect.fail("the configuration is not read");
		const key = `0x${sample.UNCOMPRESSED_HEX}`;
		for (const name of [IO_ADDRESS, IT_ADDRESS, sample.ADDRESS, key]) {
			expect(resolveTrusted(name, fail)).toBe(name);
		}
		expect(resolveTrusted(DIGITS, fail)).toBe(`0x${DIGITS.toLowerCase()}`);
		await expectRefusal(() => resolveTrusted("hdw::0/1", fail), "config/invalid-option");
		writeConfig(CONFIG);
		expect(resolveTrusted("whale", readConfig)).toBe(sample.ADDRESS);
		await expectRefusal(() => resolveTrusted("nobody", readConfig), "config/account-unknown");
	});
});
