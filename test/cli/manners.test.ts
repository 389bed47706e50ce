import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { extractToken } from "../../src/cli/commands/jwt/format-signed.ts";
import { runCli } from "../../src/cli/run-cli.ts";
import { formatTimeAway } from "../../src/encoding/format-time.ts";
import { type CliStage, startCliStage } from "../support/cli-chain.ts";
import { expectRefusal, silentContext } from "../support/cli-world.ts";

let stage: CliStage;
beforeAll(async () => {
	stage = await startCliStage();
});
afterAll(() => stage.end());

describe("help", () => {
	it.each(["token mint", "org director set", "org rotate-key"])("help %s shows that command", async (command) => {
		const { exitCode, stdout } = await stage.run(["help", ...command.split(" ")]);
		expect(exitCode).toBe(0);
		expect(stdout).toContain(`Usage: orgpass ${command} `);
	});

	it("help token lists its commands", async () => {
		const { stdout } = await stage.run(["help", "token"]);
		expect(stdout).toContain("Usage: orgpass token ");
	});
});

describe("org create", () => {
	it("prints the DID alone, and the transaction on standard error", async () => {
		const { exitCode, stdout, stderr } = await stage.run(["org", "create"]);
		expect(exitCode).toBe(0);
		expect(stdout).toMatch(/^did:orgid:31337:0x[0-9a-f]{64}\n$/);
		expect(stderr).toMatch(/^transaction 0x[0-9a-f]{64}\n$/);
	});
});

describe("failures", () => {
	it.each([[true], [false]])(
		"with --json are also told on stderr if the output is captured: %s",
		async (isCaptured) => {
			const written = { stdout: "", stderr: "" };
			const context = {
				...silentContext(stage.folder),
				isCaptured,
				stdout: (text: string) => (written.stdout += text),
				stderr: (text: string) => (written.stderr += text),
			};
			for (const argv of [["org", "show", "x"], ["org"], ["token", "mint", "--key", "nothing"]]) {
				written.stdout = "";
				written.stderr = "";
				expect(await runCli([...argv, "--json"], context)).not.toBe(0);
				const { code } = JSON.parse(written.stdout) as { code: string };
				if (isCaptured) expect(written.stderr).toContain(`(${code})\n`);
				else expect(written.stderr).toBe("");
			}
		},
	);

	it.each([
		["config/invalid-option", ["org", "transfer", "did:orgid:1:0x", "--to", "x"]],
		[
			"did/chain-missing",
			["token", "mint", "--key", "x", "--profile", "orgid-eth", "--issuer", "x", "--audience", "y"],
		],
		["token/malformed", ["token", "decode", "x"]],
	])("%s is explained in terms of the command line", async (_code, argv) => {
		const { stderr } = await stage.run(argv);
		expect(stderr).not.toMatch(/details\.option|[a-z]+[A-Z][a-z]+`/);
	});

	it("of the contract are told in words, with the error's name", async () => {
		const nobody = `did:orgid:31337:0x${"0a".repeat(32)}`;
		for (const argv of [
			["org", "revoke-key", nobody, "--fragment", "k"],
			["org", "deactivate", nobody],
			["org", "transfer", nobody, "--to", `0x${"11".repeat(20)}`],
		]) {
			expectRefusal(await stage.run([...argv, "--json"]), 1, "registry/reverted", /no such organization \(\w+/);
		}
		const did = await stage.organization("k.pem");
		const again = await stage.run(["org", "add-key", did, "--fragment", "webserver", "--public-key", "k.pem"]);
		expectRefusal(again, 1, "registry/reverted", /names can't be reused \(FragmentAlreadyUsed/);
	});
});

describe("times", () => {
	it.each([
		[1_000, 940, "1970-01-01T00:16:40Z (in 1m)"],
		[1_000, 1_000, "1970-01-01T00:16:40Z (in 0s)"],
		[1_000, 8_300, "1970-01-01T00:16:40Z (2h ago)"],
		[1_000_000, 0, "1970-01-12T13:46:40Z (in 11d)"],
	])("%d at %d are %s", (time, now, text) => {
		expect(formatTimeAway(time, now)).toBe(text);
	});
});

describe("jwt", () => {
	it("verify finds the token in everything that sign prints", () => {
		const signed = "JWT token: a.b.c\n\nsigned by:\n{\n  address: io1\n}";
		for (const text of [
			...["a.b.c", signed, signed.replaceAll("\n", "\r\n"), '{"token":"a.b.c","signer":{}}'],
			JSON.stringify({ messageType: "result", message: signed }, null, 2),
			JSON.stringify({ messageType: 0, message: signed, messageWithTranslation: null }, null, 2),
			`Enter password for #io1:\n\n${signed}`,
		]) {
			expect(extractToken(text)).toBe("a.b.c");
		}
		for (const text of ["", "{", "[]", "null", '{"token":1}', "token: a.b.c"]) expect(extractToken(text)).toBe(text);
	});

	it.each([
		["-l", "abc", 2],
		["-l", "-1", 2],
		["-l", "1.5", 2],
		["-l", "18446744073709551616", 2],
		["-n", "0x", 2],
		["-n", "08", 2],
	])("sign refuses %s %s as ioctl does", async (flag, value, exitCode) => {
		expectRefusal(await stage.run(["jwt", "sign", flag, value, "--json"]), exitCode, "config/invalid-option");
	});

	it.each(["0", "20000000", "0x1F", "0b11", "0o17", "017", "1_000", "18446744073709551615"])(
		"sign accepts -l %s, as ioctl does",
		async (value) => {
			const { json } = await stage.run(["jwt", "sign", "-l", value, "--config-dir", "missing", "--json"]);
			expect(json).toMatchObject({ code: "config/file" });
		},
	);
});
