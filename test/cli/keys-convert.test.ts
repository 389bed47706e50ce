import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { exportKeystore } from "../../src/keys/export-private-key.ts";
import { importPrivateKey } from "../../src/keys/import-private-key.ts";
import * as sample from "../keys/sample-keys.ts";
import { type CliWorld, createCliWorld, expectRefusal } from "../support/cli-world.ts";
import { toWrappedPem } from "../support/pem.ts";

const SEC1 = toWrappedPem("EC PRIVATE KEY", sample.sec1());
const SPKI = toWrappedPem("PUBLIC KEY", sample.spki(sample.UNCOMPRESSED_HEX));

describe("orgpass keys convert", () => {
	let world: CliWorld;
	beforeAll(() => {
		world = createCliWorld();
		world.write("k.pem", SEC1);
	});
	afterAll(() => world.remove());

	const convert = (...args: string[]) => world.run(["keys", "convert", ...args]);

	it.each(["sec1", "pkcs8", "jwk", "hex"])("converts to %s and back", async (format) => {
		const { exitCode, stdout, stderr } = await convert("k.pem", "--to", format);
		expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
		const back = await world.run(["keys", "convert", "-", "--to", "sec1"], { stdin: stdout });
		expect(back.stdout).toBe(SEC1);
	});

	it.each([
		["spki", SPKI],
		["spki-base64", `${SPKI.split("\n").slice(1, -2).join("")}\n`],
		["jwk", `${JSON.stringify(sample.PUBLIC_JWK)}\n`],
		["hex", `0x${sample.UNCOMPRESSED_HEX}\n`],
		["compressed-hex", `0x${sample.COMPRESSED_HEX}\n`],
	])("writes the public key as %s, from a private or a public key", async (format, expected) => {
		const { stdout } = await convert("k.pem", "--public", "--to", format);
		expect(stdout).toBe(expected);
		const again = await world.run(["keys", "convert", "-", "--to", format], { stdin: stdout });
		expect({ exitCode: again.exitCode, stdout: again.stdout }).toEqual({ exitCode: 0, stdout: expected });
	});

	it("prints a key as JSON only with --json", async () => {
		expect((await convert("k.pem", "--to", "hex", "--json")).json).toEqual({
			format: "hex",
			private: true,
			key: `0x${sample.SCALAR_HEX}`,
		});
		expect((await convert("k.pem", "--to", "jwk", "--public", "--json")).json).toEqual({
			format: "jwk",
			private: false,
			key: sample.PUBLIC_JWK,
		});
		const filed = await convert("k.pem", "--to", "hex", "--out", "k.hex", "--json");
		expect(filed.json).toEqual({ format: "hex", private: true, file: "k.hex" });
		expect(world.read("k.hex")).toBe(`0x${sample.SCALAR_HEX}\n`);
	});

	it("T62: writes files of mode 0600 and overwrites none without --force", async () => {
		await convert("k.pem", "--to", "pkcs8", "--out", "k8.pem");
		expect(world.modeOf("k8.pem")).toBe(0o600);
		const again = await convert("k.pem", "--to", "hex", "--out", "k8.pem", "--json");
		expectRefusal(again, 2, "config/file-exists");
		expect(world.read("k8.pem")).toMatch(/BEGIN PRIVATE KEY/);
		expect((await convert("k.pem", "--to", "hex", "--out", "k8.pem", "--force")).exitCode).toBe(0);
		expect(world.read("k8.pem")).toMatch(/^0x/);
	});

	it("rejects a public format for a private key unless --public is given", async () => {
		const result = await convert("k.pem", "--to", "spki", "--json");
		expectRefusal(result, 2, "key/public-expected", /--public/);
	});

	it("rejects a private format for a public key, and unknown formats", async () => {
		const run = (key: string, to: string) => convert(key, "--to", to, "--json");
		expectRefusal(await run(`0x${sample.COMPRESSED_HEX}`, "sec1"), 2, "config/invalid-option", /spki/);
		expectRefusal(await run("k.pem", "der"), 2, "config/invalid-option", /keystore/);
		expectRefusal(await convert("k.pem", "--json"), 2, "config/usage", /--to/);
	});

	it("opens a keystore only with its password", async () => {
		const keystore = await exportKeystore(await importPrivateKey(SEC1), "hunter2", { n: 1024, r: 1 });
		world.write("k.json", JSON.stringify(keystore));
		const open = (answer: string) => world.run(["keys", "convert", "k.json", "--to", "sec1"], { answers: [answer] });
		expect((await open("hunter2")).stdout).toBe(SEC1);
		expectRefusal(await open("hunter3"), 2, "key/password-wrong");
	});
});
