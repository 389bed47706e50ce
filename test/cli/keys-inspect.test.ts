import { mkdirSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import * as sample from "../keys/sample-keys.ts";
import { type CliWorld, createCliWorld, expectRefusal } from "../support/cli-world.ts";
import { encryptPem, toWrappedPem } from "../support/pem.ts";

const SEC1 = toWrappedPem("EC PRIVATE KEY", sample.sec1());
const LITERAL = `0x${sample.SCALAR_HEX}`;
const FACTS = {
	kind: "secp256k1",
	private: true,
	publicKeyHex: `0x${sample.UNCOMPRESSED_HEX}`,
	publicKeyJwk: sample.PUBLIC_JWK,
	publicKeyPem: toWrappedPem("PUBLIC KEY", sample.spki(sample.UNCOMPRESSED_HEX)),
	thumbprint: expect.stringMatching(/^[\w-]{43}$/),
	address: sample.ADDRESS,
	ioAddress: expect.stringMatching(/^io1[0-9a-z]{38}$/),
};

let world: CliWorld;
beforeAll(() => {
	world = createCliWorld();
	world.write("k.pem", SEC1);
	world.write("public.pem", FACTS.publicKeyPem, 0o644);
});
afterAll(() => world.remove());

/** No output may hold a private key, in any of its spellings. */
function expectNoSecret(text: string): void {
	for (const secret of [sample.SCALAR_HEX, sample.toBase64Url(sample.SCALAR_HEX), "EREREREREREREREREREREREREQ"]) {
		expect(text).not.toContain(secret);
	}
}

describe("orgpass keys inspect", () => {
	it.each([
		["a file", ["k.pem"], {}],
		["standard input", ["-"], { stdin: `\n${SEC1}\n` }],
		["an environment variable", ["env:KEY"], { env: { KEY: SEC1 } }],
		["an environment variable with \\n", ["env:KEY"], { env: { KEY: SEC1.replaceAll("\n", "\\n") } }],
	])("shows only the public key of a private key from %s", async (_what, args, options) => {
		const { exitCode, json, stdout, stderr } = await world.run(["keys", "inspect", ...args, "--json"], options);
		expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
		expect(json).toEqual(FACTS);
		expectNoSecret(stdout);
	});

	it.each([
		["PEM", "public.pem", {}],
		["uncompressed hex", `0x${sample.UNCOMPRESSED_HEX}`, {}],
		["compressed hex", `0x${sample.COMPRESSED_HEX}`, {}],
		["a JWK", "-", { stdin: JSON.stringify(sample.PUBLIC_JWK) }],
	])("shows a public key as %s without a warning", async (_what, key, options) => {
		const { exitCode, json, stderr } = await world.run(["keys", "inspect", key, "--json"], options);
		expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
		expect(json).toEqual({ ...FACTS, private: false });
	});

	it("prints the same as text", async () => {
		const { stdout } = await world.run(["keys", "inspect", "k.pem"]);
		expect(stdout).toMatch(/^kind +secp256k1\nprivate +true\npublicKeyHex +0x04/);
		expect(stdout).toContain(sample.ADDRESS);
		expect(stdout).toMatch(/-----END PUBLIC KEY-----\n$/);
		expectNoSecret(stdout);
	});

	it("T62: warns about a private key on the command line, on stderr only", async () => {
		const { exitCode, json, stderr } = await world.run(["keys", "inspect", LITERAL, "--json"]);
		expect(exitCode).toBe(0);
		expect(json).toEqual(FACTS);
		expect(stderr).toMatch(/^warning: a private key on the command line can be read by others/);
		expectNoSecret(stderr);
	});

	it.each([0o644, 0o640, 0o604, 0o660])(
		"T62: warns about a private key file of mode %o, suggesting chmod 600",
		async (mode) => {
			const file = world.write(`exposed-${mode}.pem`, SEC1, mode);
			const { exitCode, json, stderr } = await world.run(["keys", "inspect", file, "--json"]);
			expect({ exitCode, json }).toEqual({ exitCode: 0, json: FACTS });
			expect(stderr).toBe(`warning: others can read "${file}"; run chmod 600 on it\n`);
		},
	);

	it.each([0o600, 0o400])("T62: doesn't warn about a private key file of mode %o", async (mode) => {
		const file = world.write(`safe-${mode}.pem`, SEC1, mode);
		expect((await world.run(["keys", "inspect", file])).stderr).toBe("");
	});

	it("rejects an unreadable file: config/file, exit code 2", async () => {
		mkdirSync(world.path("folder"), { recursive: true });
		world.write("huge.pem", "x".repeat(65_537));
		world.write("full.pem", SEC1.padEnd(65_536));
		for (const [key, reason] of [
			["missing.pem", /no such file/],
			["folder", /not a file|EISDIR/],
			["/dev/null", /not a file/],
			["huge.pem", /larger than 65536 bytes/],
			["\u001b[31m\u202e.pem", /^[\x20-\x7e]*no such file/],
		] as const) {
			expectRefusal(await world.run(["keys", "inspect", key, "--json"]), 2, "config/file", reason);
		}
		expect((await world.run(["keys", "inspect", "full.pem"])).exitCode).toBe(0);
		const flood = await world.run(["keys", "inspect", "-", "--json"], { stdin: new Uint8Array(10_000_000) });
		expectRefusal(flood, 2, "config/file", /standard input/);
		const unset = await world.run(["keys", "inspect", "env:UNSET", "--json"]);
		expectRefusal(unset, 2, "config/invalid-option", /UNSET/);
	});

	it.each<[string, string, string]>([
		["nothing", "", "key/unrecognized"],
		["other text", "hello", "key/unrecognized"],
		["binary", "\u0000\ufffd\u0001", "key/unrecognized"],
		["a P-256 key", sample.OTHER_KINDS[0]?.privatePem ?? "", "key/wrong-algorithm"],
		["a P-256 public key", sample.OTHER_KINDS[0]?.publicPem ?? "", "key/wrong-algorithm"],
		["an RSA key", sample.OTHER_KINDS[4]?.privatePem ?? "", "key/wrong-algorithm"],
		["a broken PEM", SEC1.replace("M", "*"), "key/malformed"],
		["a scalar of zero", "00".repeat(32), "key/out-of-range"],
		["JSON with __proto__", '{"__proto__":{"kty":"EC"},"kty":"EC"}', "key/malformed"],
	])("rejects %s with exit code 2, without quoting it", async (_what, stdin, code) => {
		const result = await world.run(["keys", "inspect", "-", "--json"], { stdin });
		expectRefusal(result, 2, code);
		expect(result.stderr).toBe("");
		if (stdin.length > 10) expect(result.stdout).not.toContain(stdin.slice(30, 60) || stdin);
	});
});

describe("an encrypted key", () => {
	beforeAll(() => {
		world.write("encrypted.pem", encryptPem(SEC1, "hunter2"));
		world.write("password", "hunter2\r\n");
	});

	it.each([
		["a file", ["--password", "password"], {}],
		["standard input", ["--password", "-"], { stdin: "hunter2\n" }],
		["a named environment variable", ["--password", "env:PASS"], { env: { PASS: "hunter2" } }],
		["ORGPASS_PASSWORD", [], { env: { ORGPASS_PASSWORD: "hunter2" } }],
		["a prompt", [], { answers: ["hunter2"] }],
	])("is opened with a password from %s, which is never shown", async (_what, args, options) => {
		const result = await world.run(["keys", "inspect", "encrypted.pem", ...args, "--json"], options);
		expect(result.exitCode).toBe(0);
		expect(result.json).toEqual(FACTS);
		expect(result.questions).toEqual("answers" in options ? ["Password of the key: "] : []);
		expect(result.stdout + result.stderr).not.toContain("hunter2");
	});

	it.each([
		["a wrong password", [], { answers: ["hunter3"] }, "key/password-wrong"],
		["a missing password", [], {}, "key/password-required"],
		["an empty password", [], { answers: [""] }, "key/password-wrong"],
		["an unset variable", ["--password", "env:NONE"], {}, "config/invalid-option"],
		["a missing file", ["--password", "missing"], {}, "config/file"],
	])("rejects %s with exit code 2", async (_what, args, options, code) => {
		const result = await world.run(["keys", "inspect", "encrypted.pem", ...args, "--json"], options);
		expectRefusal(result, 2, code);
		expect(result.stdout + result.stderr).not.toContain("hunter");
	});

	it("ignores a password for an unencrypted key", async () => {
		const result = await world.run(["keys", "inspect", "k.pem", "--password", "password", "--json"]);
		expect(result.json).toEqual(FACTS);
	});
});
