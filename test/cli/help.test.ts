import { createRequire } from "node:module";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type CliWorld, createCliWorld, expectRefusal } from "../support/cli-world.ts";

const COMMANDS = {
	keys: ["generate", "inspect", "convert"],
	registry: ["deploy"],
	org: [
		...["show", "list", "create", "set-document", "activate", "deactivate", "transfer"],
		...["add-key", "revoke-key", "rotate-key"],
	],
	"org delegates": ["add", "remove"],
	"org director": ["set", "accept"],
	did: ["resolve"],
	document: ["build", "sign", "hash", "check"],
	token: ["mint", "verify", "decode"],
	jwt: ["sign", "verify"],
};

describe("help and usage", () => {
	let world: CliWorld;
	beforeAll(() => {
		world = createCliWorld();
	});
	afterAll(() => world.remove());

	it("shows the package version", async () => {
		const { version } = createRequire(import.meta.url)("../../package.json") as { version: string };
		for (const flag of ["--version", "-V"]) {
			expect(await world.run([flag])).toMatchObject({ exitCode: 0, stdout: `${version}\n`, stderr: "" });
		}
	});

	it("lists the nouns, exit codes, settings and forms of KEY", async () => {
		for (const argv of [["--help"], ["-h"], ["help"]]) {
			const { exitCode, stdout, stderr } = await world.run(argv);
			expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
			const nouns = Object.keys(COMMANDS).filter((noun) => !noun.includes(" "));
			for (const noun of [...nouns, "chain", "doctor", "demo", "completion"]) {
				expect(stdout).toMatch(new RegExp(`^ {2}${noun} `, "m"));
			}
			expect(stdout).toMatch(
				/Exit codes: 0 success, 1 refused.*document.*2 wrong usage or key,\n3 can.t reach.*document, 70 a bug, 130/,
			);
			expect(stdout).toMatch(/KEY is a file, - for standard input, env:NAME, or a 0x… literal/);
		}
	});

	it.each([
		...Object.entries(COMMANDS).flatMap(([noun, verbs]) => verbs.map((verb) => [noun, verb])),
		...[["chain"], ["doctor"], ["demo"], ["completion"]],
	])("%s %s has help that names --json, --rpc-url and --registry", async (...words) => {
		const command = words.filter((word) => word !== undefined).flatMap((word) => word.split(" "));
		const { exitCode, stdout, stderr } = await world.run([...command, "--help"]);
		expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
		expect(stdout).toContain(`Usage: orgpass ${command.join(" ")}`);
		const flags = ["--json", "--network <name>", "--rpc-url <url>", "--registry <address>", "--kind <kind>"];
		for (const flag of flags) expect(stdout).toContain(flag);
	});

	it.each([
		["no command", []],
		["a noun alone", ["org"]],
		["an unknown command", ["orgs"]],
		["an unknown verb", ["org", "destroy"]],
		["an unknown option", ["org", "list", "--verbose"]],
		["a missing operand", ["org", "show"]],
		["an extra operand", ["org", "list", "extra"]],
		["an option without its value", ["org", "create", "--json", "--owner-key"]],
		["a missing required option", ["keys", "convert", "k.pem"]],
	])(
		"rejects %s with exit code 2: help or the reason on stderr, one JSON document with --json",
		async (_what, argv) => {
			const words = argv.filter((word) => word !== "--json");
			const { exitCode, stdout, stderr } = await world.run(words);
			expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
			expect(stderr).toMatch(
				/Usage: orgpass|^ {2}orgpass help {2,}list all commands|^orgpass: .+ \(config\/usage\)\nSee the command's `--help`\.\n$/m,
			);
			const json = await world.run(argv.includes("--json") ? argv : [...argv, "--json"]);
			expectRefusal(json, 2, "config/usage");
			expect(json.stderr).toBe("");
		},
	);
});
