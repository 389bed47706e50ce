import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type CliWorld, createCliWorld, expectRefusal } from "../support/cli-world.ts";
import { encryptPem } from "../support/pem.ts";

const DID = `did:orgid:31337:0x${"11".repeat(32)}`;
const NODE = ["--rpc-url", "http://127.0.0.1:1", "--registry", "0x5FbDB2315678afecb367f032d93F642f64180aa3"];
const KEY_FILE = "can't read the key file \\(a key is a file, -, env:NAME or 0x…\\): no such file or folder";
const PASSWORD_FILE =
	"can't read the password file \\(a password comes from a file, - or env:NAME\\): no such file or folder";

let world: CliWorld;
beforeAll(async () => {
	world = createCliWorld();
	await world.run(["keys", "generate", "--out", "open.pem"]);
	world.write("encrypted.pem", encryptPem(world.read("open.pem"), "hunter2"));
});
afterAll(() => world.remove());

const mint = (...args: string[]): string[] => ["token", "mint", "--issuer", `${DID}#k`, "--audience", DID, ...args];
const build = (...args: string[]): string[] => ["document", "build", "--did", DID, "--generation", "0.x", ...args];
const verify = ["token", "verify", "a.b.c", "--profile", "github-app", "--audience", "x"];

describe("a key or password that can't be read", () => {
	it.each<[string, string[], string]>([
		["an operand", ["keys", "inspect", "gone.pem"], `: ${KEY_FILE}`],
		["--key", mint("--key", "gone.pem"), `--key: ${KEY_FILE}`],
		["--key of a document", build("--key", "k=gone.pem"), `--key: ${KEY_FILE}`],
		["--app-key", [...verify, "--app-key", "1=gone.pem"], `--app-key: ${KEY_FILE}`],
		["--public-key", ["org", "add-key", `${DID}#k`, "--public-key", "gone.pem", ...NODE], `--public-key: ${KEY_FILE}`],
		[
			"--password of an operand",
			["keys", "inspect", "encrypted.pem", "--password", "foo"],
			`--password: ${PASSWORD_FILE}`,
		],
		["--password", mint("--key", "encrypted.pem", "--password", "foo"), `--password: ${PASSWORD_FILE}`],
		[
			"--password of a new key",
			["keys", "generate", "--out", "n.json", "--format", "keystore", "--password", "foo"],
			`--password: ${PASSWORD_FILE}`,
		],
		["--key-password", build("--key", "k=encrypted.pem", "--key-password", "foo"), `--key-password: ${PASSWORD_FILE}`],
	])("is named: %s", async (_what, argv, message) => {
		const result = await world.run(argv);
		expectRefusal(result, 2, "config/file");
		expect(result.stderr).toMatch(new RegExp(`^orgpass: ${message.replace(/^: /, "")} \\(config/file\\)`));
	});

	it("is named if a variable isn't set, or if the file's name was mistaken", async () => {
		const unset = await world.run(mint("--key", "env:UNSET"));
		expectRefusal(unset, 2, "config/invalid-option", /^orgpass: --key: the environment variable UNSET is not set/);
		const password = await world.run(mint("--key", "encrypted.pem", "--password", "env:UNSET"));
		expectRefusal(password, 2, "config/invalid-option", /^orgpass: --password: the environment variable UNSET is not/);
		const empty = await world.run(mint("--key", ""));
		expectRefusal(empty, 2, "config/file", /^orgpass: --key: the name of the key file is empty/);
	});
});

describe("a name that every object has", () => {
	it.each(["toString", "constructor", "__proto__"])("is no variable's: %s", async (name) => {
		const unset = await world.run(mint("--key", `env:${name}`));
		expectRefusal(unset, 2, "config/invalid-option", /^orgpass: --key: the environment variable is not set/);
		const file = await world.run(["keys", "inspect", name]);
		expectRefusal(file, 2, "config/file", new RegExp(`^orgpass: ${KEY_FILE}`));
	});
});

describe("a private key that is too short", () => {
	it.each([
		["0x1111", 4],
		[`0x${"11".repeat(31)}`, 62],
	])("is called that, not a public key: %s", async (key, digits) => {
		const { exitCode, stderr } = await world.run(mint("--key", key));
		expect(exitCode).toBe(2);
		expect(stderr).toContain(`orgpass: expected 64 hexadecimal digits for a private key, got ${digits}`);
	});

	it("is measured if a public key may be meant, too", async () => {
		const { stderr } = await world.run(["keys", "inspect", "0x1111"]);
		expect(stderr).toContain("expected a public key of 33, 64 or 65 bytes, got 2");
	});
});

describe("what the library refuses", () => {
	it.each([
		["--ttl must be at most --max-lifetime (86400), got 172800", ["--ttl", "48h"]],
		["--ttl must be a positive whole number, got 0", ["--ttl", "0s"]],
		["--max-lifetime must be a positive whole number, got 0", ["--max-lifetime", "0s"]],
		["--audience must be a bare DID in lower case", ["--audience", `${DID}#x`]],
		["--server-date must be a Date header", ["--server-date", "soon"]],
		['the claim "nbf" must be absent: it can\'t be set', ["nbf=1"]],
		['the claim "aud" must be left to the minter and its options', ["aud=x"]],
	])("is said with the names of flags: %s", async (message, args) => {
		const argv = ["token", "mint", "--key", "open.pem", "--issuer", `${DID}#k`, ...args];
		const audience = args.includes("--audience") ? [] : ["--audience", DID];
		const { exitCode, stderr } = await world.run([...argv, ...audience]);
		expect({ exitCode, stderr }).toEqual({ exitCode: 2, stderr: expect.stringContaining(`orgpass: ${message}`) });
		const { json } = await world.run([...argv, ...audience, "--json"]);
		expect(json).toEqual({ code: "config/invalid-option", message: expect.stringContaining(message) });
	});

	it.each([
		["--issuer", ["--issuer", "did:orgid:zz#k", "--audience", DID]],
		["--issuer, with --profile", ["--issuer", "did:orgid:zz#k", "--audience", DID, "--profile", "orgid"]],
		["--audience", ["--issuer", `${DID}#k`, "--audience", "did:orgid:zz"]],
	])("has the exit code of wrong usage if a DID is mistyped: %s", async (_what, args) => {
		expect((await world.run(["token", "mint", "--key", "open.pem", ...args])).exitCode).toBe(2);
	});

	it("says --issuer, not issuer", async () => {
		const argv = ["token", "mint", "--key", "open.pem", "--issuer", DID, "--audience", DID, "--profile", "orgid"];
		expect((await world.run(argv)).stderr).toMatch(/^orgpass: --issuer must be the DID URL of a key/);
	});
});
