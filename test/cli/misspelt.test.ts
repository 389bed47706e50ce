import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type CliWorld, createCliWorld } from "../support/cli-world.ts";

const HEX = "4c0883a69102937d6231471b5dbb6204fe5129617082792ae468d01a3f362318";
const PEM = "-----BEGIN EC PRIVATE KEY-----\nMHQCAQEEIEwIg6aRApN9YjFHG122IE/lEpYXCCeSrkaNAaPzYjGA\n";
const WIF = "5JPJFtBw47fyZ1LUV9PfZaF6z9g3Cyc5G8z3m5AT3CqYbXUkN2w";
const PHRASE = "legal winner thank year wave sausage worth useful legal winner thank yellow";

describe("misspelt words", () => {
	let world: CliWorld;
	beforeAll(() => {
		world = createCliWorld();
	});
	afterAll(() => world.remove());

	it.each([
		["tokn mint", "unknown command 'tokn' (Did you mean token?)"],
		["token vrify x", "unknown command 'vrify' (Did you mean verify?)"],
		["org director st", "unknown command 'st' (Did you mean set?)"],
		["token mint --isuer x", "unknown option '--isuer' (Did you mean --issuer?)"],
		["keys generate --ou k.pem", "unknown option '--ou' (Did you mean --out?)"],
		["org list --jsn", "unknown option '--jsn' (Did you mean --json?)"],
		["mint --key k.pem", "unknown command 'mint' (Did you mean token mint?)"],
		["sign org.json", "unknown command 'sign' (Did you mean one of document sign, jwt sign?)"],
		["accept", "unknown command 'accept' (Did you mean org director accept?)"],
		["help tokn", "unknown command 'tokn' (Did you mean token?)"],
		["help token mnt", "unknown command 'mnt' (Did you mean mint?)"],
		["token mnt --help", "unknown command 'mnt' (Did you mean mint?)"],
	])("%s: %s", async (words, message) => {
		const { exitCode, stderr, stdout } = await world.run(words.split(" "));
		expect(stderr).toBe(`orgpass: ${message} (config/usage)\nSee the command's \`--help\`.\n`);
		expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
		const { json } = await world.run([...words.split(" "), "--json"]);
		expect(json).toEqual({ code: "config/usage", message });
	});

	it.each([
		["nothing similar", ["xylophone"], "unknown command 'xylophone'"],
		["a name of Object.prototype", ["constructor"], "unknown command 'constructor'"],
		["a word with quotes", ["it's"], "unknown command given"],
		["an option with quotes", ["org", "list", "--it's"], "unknown option given"],
		["an option with a terminal's commands", ["org", "list", "--\u001b[2J"], "unknown option given"],
		["an unspecified required option", ["keys", "generate"], "required option '--out <file>' not specified"],
	])("%s", async (_what, argv, message) => {
		expect((await world.run([...argv, "--json"])).json["message"]).toContain(message);
	});

	it.each([
		["--algorithm", "ES256"],
		["--algorithm", "es256k"],
	])("the value of %s: %s", async (flag, value) => {
		const { exitCode, json } = await world.run(["keys", "generate", "--out", "k.pem", flag, value, "--json"]);
		expect({ exitCode, json }).toEqual({
			exitCode: 2,
			json: {
				code: "config/invalid-option",
				message: `option '--algorithm <name>' argument '${value}' is invalid. Allowed choices are ES256K, RS256.`,
			},
		});
	});

	it.each([HEX, WIF, "it's", "\u001b[2J", "12345678901234567"])("a value that may be more: %j", async (value) => {
		const { json } = await world.run(["keys", "generate", "--out", "k.pem", "--algorithm", value, "--json"]);
		expect(json["message"]).toContain("argument given is invalid");
	});

	describe.each([
		["hexadecimal", HEX],
		["hexadecimal with 0x", `0x${HEX}`],
		["PEM", PEM],
		["WIF", WIF],
		["a seed phrase", PHRASE],
	])("a private key in %s", (_what, key) => {
		it.each([
			["a command", [key]],
			["a command in another", ["token", key]],
			["a command to explain", ["help", key]],
			["a command with --help", [key, "--help"]],
			["an option", ["org", "list", `--${key}`]],
			["an option's value", ["org", "list", `--jsn=${key}`]],
			["the value of a misspelt option", ["token", "mint", "--kee", key]],
			["a choice", ["keys", "generate", "--out", "k.pem", "--algorithm", key]],
			["an operand too many", ["org", "list", key]],
		])("isn't repeated if it was typed as %s", async (_where, argv) => {
			for (const words of [argv, [...argv, "--json"]]) {
				const { stdout, stderr } = await world.run(words);
				for (let at = 0; at + 10 <= key.length; at++) expect(stdout + stderr).not.toContain(key.slice(at, at + 10));
			}
		});
	});
});

it("orgpass alone says where to start", async () => {
	const world = createCliWorld();
	const { exitCode, stdout, stderr } = await world.run([]);
	expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
	const commands = stderr.split("\n").flatMap((line) => /^ {2}orgpass ([a-z ]+?) {2}/.exec(line)?.[1] ?? []);
	expect(commands).toEqual(["demo", "keys generate", "org create", "token mint", "token verify", "help"]);
	for (const command of commands.filter((name) => name !== "help")) {
		expect((await world.run(["help", ...command.split(" ")])).stdout).toContain(`Usage: orgpass ${command} `);
	}
	world.remove();
});
