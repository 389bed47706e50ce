import { stripVTControlCharacters } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type CliWorld, createCliWorld, type RunOptions } from "../support/cli-world.ts";

const ESCAPE = "\u001b[";
const XTERM = { TERM: "xterm-256color" };

describe("colours", () => {
	let world: CliWorld;
	beforeAll(async () => {
		world = createCliWorld();
		await world.run(["keys", "generate", "--out", "k.pem"]);
	});
	afterAll(() => world.remove());

	async function isColored(options: RunOptions): Promise<readonly [stdout: boolean, stderr: boolean]> {
		const help = await world.run(["token", "mint", "--help"], options);
		const failure = await world.run(["token", "decode", "x"], options);
		return [help.stdout.includes(ESCAPE), failure.stderr.includes(ESCAPE)];
	}

	it.each<[string, RunOptions, boolean]>([
		["a terminal", { terminalWidth: 80, env: XTERM }, true],
		["a terminal and an empty NO_COLOR", { terminalWidth: 80, env: { ...XTERM, NO_COLOR: "" } }, true],
		["a terminal and NO_COLOR", { terminalWidth: 80, env: { ...XTERM, NO_COLOR: "1" } }, false],
		["a terminal and TERM=dumb", { terminalWidth: 80, env: { TERM: "dumb" } }, false],
		["a terminal and FORCE_COLOR=0", { terminalWidth: 80, env: { ...XTERM, FORCE_COLOR: "0" } }, false],
		["a pipe", { env: XTERM }, false],
		["a pipe and FORCE_COLOR=1", { env: { FORCE_COLOR: "1" } }, true],
		["a pipe, FORCE_COLOR=1 and NO_COLOR", { env: { FORCE_COLOR: "1", NO_COLOR: "1" } }, true],
		["a pipe and FORCE_COLOR=0", { env: { FORCE_COLOR: "0" } }, false],
	])("%s", async (_what, options, expected) => {
		expect(await isColored(options)).toEqual([expected, expected]);
	});

	it("only change the looks", async () => {
		for (const argv of [
			["--help"],
			["help", "org"],
			["org", "show", "--help"],
			["token", "decode", "x"],
			["doctor"],
			[],
			["orgs"],
		]) {
			const colored = await world.run(argv, { env: { FORCE_COLOR: "1" } });
			const plain = await world.run(argv);
			expect(colored.stdout + colored.stderr).toContain(ESCAPE);
			expect(stripVTControlCharacters(colored.stdout)).toBe(plain.stdout);
			expect(stripVTControlCharacters(colored.stderr)).toBe(plain.stderr);
		}
	});

	it.each([
		["--json", ["keys", "inspect", "k.pem", "--json"]],
		["--json after a failure", ["token", "decode", "x", "--json"]],
		["--json after wrong usage", ["tokn", "--json"]],
		["the version", ["--version"]],
		["a key", ["keys", "convert", "k.pem", "--to", "pkcs8"]],
	])("never colour %s", async (_what, argv) => {
		const { stdout, stderr } = await world.run(argv, { terminalWidth: 80, env: { ...XTERM, FORCE_COLOR: "3" } });
		expect(stdout).not.toContain(ESCAPE);
		expect(stderr).not.toContain(ESCAPE);
		expect(stdout).not.toBe("");
	});
});
