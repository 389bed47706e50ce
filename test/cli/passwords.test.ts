import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { exportKeystore, exportPrivateKey } from "../../src/keys/export-private-key.ts";
import { generateKeyPair } from "../../src/keys/generate.ts";
import { type CliWorld, createCliWorld, expectRefusal } from "../support/cli-world.ts";

const BOM = "\ufeff";
let world: CliWorld;
beforeAll(() => {
	world = createCliWorld();
});
afterAll(() => world.remove());

/** A key encrypted with a password. */
async function encrypted(password: string | Uint8Array): Promise<string> {
	const { privateKey } = await generateKeyPair();
	const keystore = await exportKeystore(privateKey, password, { n: 1_024, r: 1, p: 1 });
	return world.write(`${Math.random()}.json`, JSON.stringify(keystore));
}

describe("a password from standard input or a file", () => {
	it.each([
		["spaces around it", " s3cret pass ", " s3cret pass \n"],
		["a line end of Windows", "s3cret", "s3cret\r\n"],
		["no line end", "s3cret\t", "s3cret\t"],
		["two line ends, of which one is the password's", "s3cret\n", "s3cret\n\n"],
		["a byte order mark", "s3cret", `${BOM}s3cret\n`],
		["UTF-16 with a byte order mark", "s3cret é", Buffer.from(`${BOM}s3cret é\r\n`, "utf16le")],
		["bytes that aren't UTF-8", Uint8Array.of(0x5a, 0xfc), Uint8Array.of(0x5a, 0xfc, 0x0a)],
		["nothing but a line end", "", "\n"],
		["nothing", "", ""],
	])("is what was written, with %s", async (_what, password, content) => {
		const key = await encrypted(password);
		world.write("password", content);
		const bytes = typeof content === "string" ? Buffer.from(content) : content;
		const inspect = ["keys", "inspect", key, "--password"];
		expect(await world.run([...inspect, "-"], { stdin: bytes })).toMatchObject({ exitCode: 0 });
		expect(await world.run([...inspect, "password"])).toMatchObject({ exitCode: 0 });
		const other = await encrypted(`${password} `);
		const wrong = await world.run(["keys", "inspect", other, "--password", "password", "--json"]);
		expectRefusal(wrong, 2, "key/password-wrong");
	});

	it("encrypts a new key with the same password as it opens it with", async () => {
		const stdin = `${BOM} s3cret pass \r\n`;
		const generate = ["keys", "generate", "--out", "new.pem", "--format", "pkcs8", "--password", "-"];
		expect(await world.run(generate, { stdin })).toMatchObject({ exitCode: 0 });
		const env = { PASSWORD: " s3cret pass " };
		const opened = await world.run(["keys", "inspect", "new.pem", "--password", "env:PASSWORD"], { env });
		expect(opened).toMatchObject({ exitCode: 0 });
	});
});

describe("an empty password", () => {
	it("opens a key: from a variable and at the prompt", async () => {
		const key = await encrypted("");
		const byVariable = await world.run(["keys", "inspect", key, "--password", "env:P"], { env: { P: "" } });
		expect(byVariable).toMatchObject({ exitCode: 0 });
		expect(await world.run(["keys", "inspect", key], { answers: [""] })).toMatchObject({ exitCode: 0 });
	});

	it.each([
		["standard input", ["--password", "-"], { stdin: "\n" }],
		["a variable", ["--password", "env:P"], { env: { P: "" } }],
	])("never encrypts a new key: from %s", async (_what, password, options) => {
		for (const format of ["pkcs8", "keystore"]) {
			const generate = ["keys", "generate", "--out", "empty", "--format", format, ...password, "--json"];
			expectRefusal(await world.run(generate, options), 2, "key/password-required");
		}
	});
});

it("a key and settings are read without the byte order mark of their file", async () => {
	const { privateKey } = await generateKeyPair();
	world.write("bom.hex", `${BOM}${exportPrivateKey(privateKey, "hex")}\n`);
	world.write("bom.json", `${BOM}${JSON.stringify(exportPrivateKey(privateKey, "jwk"))}`);
	for (const file of ["bom.hex", "bom.json"]) {
		expect(await world.run(["keys", "inspect", file])).toMatchObject({ exitCode: 0 });
	}
	world.write("bom/orgpass.json", `${BOM}{"rpcUrl":"http://127.0.0.1:1","registry":"0x${"11".repeat(20)}"}`);
	expectRefusal(await world.run(["org", "list", "--json"], { cwd: "bom" }), 3, "registry/unreachable");
});
