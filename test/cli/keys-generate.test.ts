import {
	closeSync,
	existsSync,
	lstatSync,
	mkdirSync,
	openSync,
	readdirSync,
	readFileSync,
	readlinkSync,
	symlinkSync,
} from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type CliWorld, createCliWorld, expectRefusal } from "../support/cli-world.ts";

const FACTS = {
	kind: "secp256k1",
	private: true,
	publicKeyHex: expect.stringMatching(/^0x04[0-9a-f]{128}$/),
	publicKeyJwk: {
		kty: "EC",
		crv: "secp256k1",
		x: expect.stringMatching(/^[\w-]{43}$/),
		y: expect.stringMatching(/^[\w-]{43}$/),
	},
	publicKeyPem: expect.stringMatching(/^-----BEGIN PUBLIC KEY-----\n/),
	thumbprint: expect.stringMatching(/^[\w-]{43}$/),
	address: expect.stringMatching(/^0x[0-9a-fA-F]{40}$/),
	ioAddress: expect.stringMatching(/^io1[0-9a-z]{38}$/),
};

describe("orgpass keys generate", () => {
	let world: CliWorld;
	beforeAll(() => {
		world = createCliWorld();
	});
	afterAll(() => world.remove());

	it.each([
		["sec1", /^-----BEGIN EC PRIVATE KEY-----\n/],
		["pkcs8", /^-----BEGIN PRIVATE KEY-----\n/],
		["jwk", /^\{.*"d":"[\w-]{43}".*\}\n$/],
		["hex", /^0x[0-9a-f]{64}\n$/],
	])("T62: writes %s to a file of mode 0600 and prints only the public key", async (format, content) => {
		const file = `generated.${format}`;
		const { exitCode, json, stdout, stderr } = await world.run([
			...["keys", "generate", "--out", file, "--format", format, "--json"],
		]);
		expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
		expect(json).toEqual({ file, format, ...FACTS });
		expect(world.read(file)).toMatch(content);
		expect(world.modeOf(file)).toBe(0o600);
		const { json: seen } = await world.run(["keys", "inspect", file, "--json"]);
		expect({ file, format, ...seen }).toEqual(json);
		const { stdout: secret } = await world.run(["keys", "convert", file, "--to", "hex"]);
		expect(stdout).not.toContain(secret.trim().slice(2));
	});

	it("writes SEC 1 by default, and prints the result as text", async () => {
		const { exitCode, stdout, stderr } = await world.run(["keys", "generate", "--out", "usual.pem"]);
		expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
		expect(stdout).toMatch(/^wrote "usual.pem"\naddress 0x\w{40}\nthumbprint [\w-]{43}\n$/);
		expect(world.read("usual.pem")).toMatch(/^-----BEGIN EC PRIVATE KEY-----/);
	});

	it("generates a different key each time", async () => {
		await world.run(["keys", "generate", "--out", "one.hex", "--format", "hex"]);
		await world.run(["keys", "generate", "--out", "two.hex", "--format", "hex"]);
		expect(world.read("one.hex")).not.toBe(world.read("two.hex"));
	});

	it("T62: overwrites only with --force, and changes the mode to 0600", async () => {
		world.write("old.pem", "precious", 0o644);
		const refused = await world.run(["keys", "generate", "--out", "old.pem", "--json"]);
		expectRefusal(refused, 2, "config/file-exists", /--force/);
		expect(world.read("old.pem")).toBe("precious");
		const { exitCode } = await world.run(["keys", "generate", "--out", "old.pem", "--force"]);
		expect(exitCode).toBe(0);
		expect(world.read("old.pem")).toMatch(/^-----BEGIN EC/);
		expect(world.modeOf("old.pem")).toBe(0o600);
	});

	it("T62: never writes through a link: rejected without --force, replaced with it", async () => {
		world.write("target", "precious");
		symlinkSync("target", world.path("link.pem"));
		symlinkSync("nowhere", world.path("dangling.pem"));
		for (const link of ["link.pem", "dangling.pem"]) {
			const refused = await world.run(["keys", "generate", "--out", link]);
			expectRefusal(refused, 2, "config/file-exists");
		}
		expect(readlinkSync(world.path("link.pem"))).toBe("target");
		expect(existsSync(world.path("nowhere"))).toBe(false);
		const { exitCode } = await world.run(["keys", "generate", "--out", "link.pem", "--force"]);
		expect(exitCode).toBe(0);
		expect(lstatSync(world.path("link.pem")).isSymbolicLink()).toBe(false);
		expect(world.read("target")).toBe("precious");
	});

	it("T62: replaces a file at once: who has the old one open reads all of it", async () => {
		world.write("shared.pem", "precious", 0o644);
		const descriptor = openSync(world.path("shared.pem"), "r");
		const { exitCode } = await world.run(["keys", "generate", "--out", "shared.pem", "--force"]);
		expect(exitCode).toBe(0);
		expect(readFileSync(descriptor, "utf8")).toBe("precious");
		closeSync(descriptor);
		expect(world.read("shared.pem")).toMatch(/^-----BEGIN EC/);
	});

	it.each([
		["a missing folder", ["missing/k.pem"]],
		["a missing folder, with --force", ["missing/k.pem", "--force"]],
		["a folder, with --force", ["folder", "--force"]],
		["an empty name, with --force", ["", "--force"]],
	])("T62: refuses to write to %s and leaves no temporary file", async (_what, args) => {
		mkdirSync(world.path("folder"), { recursive: true });
		const before = readdirSync(world.folder);
		expectRefusal(await world.run(["keys", "generate", "--out", ...args, "--json"]), 2, "config/file");
		expect(readdirSync(world.folder)).toEqual(before);
		expect(readdirSync(world.path("folder"))).toEqual([]);
	});

	it("names an unknown format and a missing --out", async () => {
		const format = await world.run(["keys", "generate", "--out", "x", "--format", "openssh", "--json"]);
		expectRefusal(format, 2, "config/invalid-option", /sec1, pkcs8, jwk, hex, keystore/);
		expect(existsSync(world.path("x"))).toBe(false);
		expectRefusal(await world.run(["keys", "generate", "--json"]), 2, "config/usage", /--out/);
	});

	it("encrypts PKCS#8 with a password that opens it", async () => {
		world.write("password.txt", "correct horse\n");
		const args = ["--format", "pkcs8", "--password", "password.txt"];
		const made = await world.run(["keys", "generate", "--out", "encrypted.pem", ...args, "--json"]);
		expect(made.exitCode).toBe(0);
		expect(world.read("encrypted.pem")).toMatch(/^-----BEGIN ENCRYPTED PRIVATE KEY-----/);
		expect(world.modeOf("encrypted.pem")).toBe(0o600);
		for (const [password, env] of [
			["password.txt", {}],
			["env:PASSWORD", { PASSWORD: "correct horse" }],
		] as const) {
			const opened = await world.run(["keys", "inspect", "encrypted.pem", "--password", password, "--json"], {
				env,
			});
			expect(opened.json).toMatchObject({ private: true, thumbprint: made.json["thumbprint"] });
		}
	});

	// That it makes one is for process.test.ts: measuring coverage makes scrypt twenty times slower.
	it("refuses to write a keystore without a password", async () => {
		const args = ["keys", "generate", "--out", "keystore.json", "--format", "keystore", "--json"];
		const nobody = await world.run(args);
		expectRefusal(nobody, 2, "key/password-required");
		expect(nobody.questions).toEqual(["New password of the keystore: "]);
		expect(existsSync(world.path("keystore.json"))).toBe(false);
	});
});
