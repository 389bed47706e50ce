import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { lstatSync, mkdirSync, symlinkSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { hashDocument } from "../../src/document/document-hash.ts";
import { startCliRegistry, useCliRegistry } from "../support/cli-registry.ts";
import { expectRefusal } from "../support/cli-world.ts";

const EXISTING = {
	"@context": ["https://www.w3.org/ns/did/v1"],
	legalEntity: { legalName: "Acme, Corp." },
	payment: [{ currency: "EUR" }],
	future: { nested: [1, 2, 3] },
};
const HOSTILE = "\u001b]0;pwned\u0007\u202e\u009b2J";

const stage = useCliRegistry("orgid-v3");
let did: string;
beforeAll(async () => {
	await stage.ok("keys", "generate", "--out", "k.pem");
	const uri = stage.documents.url("org.json");
	({ did } = (await stage.ok("org", "create", "--document-uri", uri)) as { did: string });
	stage.write("existing.json", JSON.stringify({ id: did, ...EXISTING }));
});

const run = (...args: string[]) => stage.run(["document", ...args, "--json"]);
const build = (...args: string[]) => run("build", "--did", did, ...args);

describe("orgpass document build", () => {
	it("prints exactly the bytes that the hash on stderr covers", async () => {
		const args = ["document", "build", "--did", did, "--key", "webserver=k.pem", "--now", "1700000000"];
		const { stdout, stderr, exitCode } = await stage.run(args);
		expect(exitCode).toBe(0);
		expect(stderr).toBe(`hash ${hashDocument(new TextEncoder().encode(stdout))}\n`);
		expect((await stage.run(args)).stdout).toBe(stdout);
		await stage.ok(...args, "--out", "built.json");
		expect(stage.read("built.json")).toBe(stdout);
		expect(stage.modeOf("built.json") & 0o600).toBe(0o600);
	});

	it("keeps unknown members and keys of an existing file", async () => {
		const flags = ["--from", "existing.json", "--key", "a=k.pem", "--out", "one.json", "--generation", "1.x"];
		expect((await build(...flags)).exitCode).toBe(0);
		const more = ["--from", "one.json", "--account", `b=${stage.owner}`, "--out", "two.json"];
		expect((await build(...more)).json).toMatchObject({ generation: "1.x" });
		const document = JSON.parse(stage.read("two.json"));
		expect(document).toMatchObject({ ...EXISTING, id: did });
		expect(document.verificationMethod).toMatchObject([
			{ id: `${did}#a`, publicKeyJwk: {} },
			{ id: `${did}#b`, blockchainAccountId: `eip155:31337:${stage.owner}` },
		]);
	});

	it("T62: never writes a private key", async () => {
		const { stdout } = await build("--key", "webserver=k.pem");
		const [, body = ""] = stage.read("k.pem").split("\n");
		expect(stdout).not.toContain(body.slice(0, 20));
		const secret = "1b".repeat(32);
		for (const text of [secret, `=${secret}`, `a b=${secret}`, `x=${secret}`]) {
			const result = await build("--key", text);
			expect(result.exitCode).toBe(2);
			expect(result.stdout + result.stderr).not.toContain("1b1b");
		}
	});

	it("T62: escapes control characters of an existing file on stdout, but keeps them in files", async () => {
		stage.write("hostile.json", JSON.stringify({ id: did, legalEntity: { legalName: HOSTILE } }));
		const printing = ["document", "build", "--did", did, "--from", "hostile.json"];
		expectRefusal(await stage.run(printing), 2, "config/usage", /--out/);
		const { exitCode } = await stage.run([...printing, "--out", "kept.json"]);
		expect(exitCode).toBe(0);
		expect(JSON.parse(stage.read("kept.json")).legalEntity.legalName).toBe(HOSTILE);
		expect((await build("--from", "hostile.json")).stdout).not.toMatch(/[^\x20-\x7e\n]/);
	});

	it.each([
		["another organization's file", ["--from", "foreign.json"], 1, "document/subject"],
		["a file that isn't JSON", ["--from", "k.pem"], 1, "document/malformed"],
		["a name used twice", ["--key", "a=k.pem", "--key", "a=k.pem"], 2, "config/invalid-option"],
		["an unknown generation", ["--generation", "2.x"], 2, "config/invalid-option"],
		["an account in 0.x", ["--generation", "0.x", "--account", "a=0x00"], 2, "config/invalid-option"],
		["an invalid account", ["--account", "a=0x12"], 2, "config/invalid-option"],
		["a missing key file", ["--key", "a=missing.pem"], 2, "config/file"],
		["a folder as output", ["--out", "folder", "--force"], 2, "config/file"],
		["an existing output file", ["--out", "existing.json"], 2, "config/file-exists"],
	])("rejects %s", async (_what, args, exitCode, code) => {
		stage.write("foreign.json", JSON.stringify({ id: `did:orgid:0x${"0b".repeat(32)}` }));
		mkdirSync(stage.path("folder"), { recursive: true });
		expectRefusal(await build(...args), exitCode, code);
	});

	// Never the machine's own devices: a command that replaced them would break them for everyone.
	describe.skipIf(process.platform === "win32")("never replaces, even with --force,", () => {
		it.for([
			["a pipe", "mkfifo", []],
			["a device", "mknod", ["c", "1", "3"]],
		] as const)("%s", async ([what, command, args], { skip }) => {
			const path = stage.path(command);
			const made = spawnSync(command, [path, ...args], { encoding: "utf8" });
			skip(made.status !== 0, `${what} can't be made: ${made.stderr}`);
			const { ino, mode } = lstatSync(path);
			expectRefusal(await build("--out", path), 2, "config/file-exists");
			expectRefusal(await build("--out", path, "--force"), 2, "config/file", /not a file/);
			const secret = await stage.run(["keys", "generate", "--out", path, "--force", "--json"]);
			expectRefusal(secret, 2, "config/file");
			expect(lstatSync(path)).toMatchObject({ ino, mode });
		});
	});

	it("replaces a link with --force instead of writing through it", async () => {
		stage.write("target.json", "kept");
		symlinkSync(stage.path("target.json"), stage.path("link.json"));
		expect((await build("--out", "link.json", "--force")).exitCode).toBe(0);
		expect(stage.read("target.json")).toBe("kept");
	});
});

describe("orgpass document hash", () => {
	it("hashes the exact bytes of a file or of standard input", async () => {
		const { hash } = await stage.ok("document", "hash", "existing.json");
		expect(hash).toBe(hashDocument(new TextEncoder().encode(stage.read("existing.json"))));
		const stdin = stage.read("existing.json");
		const { stdout, stderr } = await stage.run(["document", "hash", "-"], { stdin });
		expect({ stdout, stderr }).toEqual({ stdout: `${hash}\n`, stderr: "" });
	});

	it("hashes a file that isn't a valid document, with a warning", async () => {
		for (const [name, bytes] of [
			["text", "no JSON"],
			["bytes", createHash("sha512").update("x").digest()],
			["empty", ""],
			["other", '{"id":"did:web:example.com"}'],
			["evil", `{"id":"${HOSTILE.replaceAll("\u001b", "").replaceAll("\u0007", "")}"}`],
		] as const) {
			stage.write(name, bytes);
			const { exitCode, stdout, stderr } = await stage.run(["document", "hash", name]);
			expect(exitCode).toBe(0);
			expect(stdout).toMatch(/^0x[0-9a-f]{64}\n$/);
			expect(stderr).toMatch(/^warning: no resolver will accept this as an ORG\.JSON document: [ -~…]+\n$/);
		}
	});

	it("rejects a folder, a missing file or one that is too large, without printing a name that may be a secret", async () => {
		stage.write("huge.json", " ".repeat(2 ** 20 + 1));
		for (const file of ["huge.json", "folder", "missing.json", "1b".repeat(32)]) {
			const result = await run("hash", file);
			expectRefusal(result, 2, "config/file");
			expect(result.stdout).not.toContain("1b1b");
		}
		const stdin = " ".repeat(2 ** 20 + 1);
		expectRefusal(await stage.run(["document", "hash", "-"], { stdin }), 2, "config/file");
	});
});

describe("orgpass document sign", () => {
	const sign = (...args: string[]) => run("sign", "signable.json", ...args);
	beforeAll(async () => {
		const accounts = ["--account", `owner1=${stage.owner}`, "--key", "k1=k.pem"];
		await stage.ok("document", "build", "--did", did, ...accounts, "--out", "signable.json");
		stage.write("foreign-key.hex", "22".repeat(32));
	});

	it("signs with an account or a key, depending on the method's type", async () => {
		const account = await sign("--key", "owner.hex", "--method", "#owner1", "--expires", "2031-01-01");
		expect(account.json["document"]).toMatchObject({
			expirationDate: "2031-01-01T00:00:00.000+00:00",
			proof: { type: "EcdsaSecp256k1RecoverySignature2020", verificationMethod: `${did}#owner1` },
		});
		const key = await sign("--key", "k.pem", "--method", `${did}#k1`);
		expect(key.json["document"]).toMatchObject({ proof: { type: "EcdsaSecp256k1Signature2019" } });
	});

	it("re-signs a credential and keeps its name and image", async () => {
		const shown = ["--name", "Acme", "--image", "https://example.com/logo.png", "--out", "shown.json"];
		await sign("--key", "owner.hex", "--method", "#owner1", ...shown);
		const again = await run("sign", "shown.json", "--key", "owner.hex", "--method", "#owner1");
		expect(again.json["document"]).toMatchObject({ name: "Acme", image: "https://example.com/logo.png" });
	});

	it.each([
		["a key that doesn't match the method", ["--key", "foreign-key.hex", "--method", "#owner1"]],
		["an account's key for a key method", ["--key", "owner.hex", "--method", "#k1"]],
		["a missing method", ["--key", "owner.hex", "--method", "#nobody"]],
		["an expiry in the past", ["--key", "owner.hex", "--method", "#owner1", "--expires", "2020-01-01"]],
		["an invalid expiry", ["--key", "owner.hex", "--method", "#owner1", "--expires", "soon"]],
		["an unknown proof type", ["--key", "owner.hex", "--method", "#owner1", "--as", "key"]],
		["another organization's method", ["--key", "k.pem", "--method", `did:orgid:1:0x${"0c".repeat(32)}#k`]],
	])("rejects %s with exit code 2, without showing a secret", async (_what, args) => {
		const result = await sign(...args);
		expect(result.exitCode).toBe(2);
		expect(result.json["code"]).toMatch(/^config\//);
		expect(result.stdout + result.stderr).not.toMatch(/2222|ac0974/);
	});
});

describe("orgpass document check", () => {
	it("T62: escapes control characters of a document and of its address", async () => {
		const uri = stage.documents.url(`x${encodeURIComponent(HOSTILE)}`);
		stage.documents.serve("org.json", JSON.stringify({ id: HOSTILE, "@context": [] }));
		await stage.ok("org", "set-document", did, "--document-uri", `${uri}\u202e`);
		for (const source of [[], [stage.documents.url("org.json")]]) {
			const { exitCode, stdout } = await stage.run(["document", "check", ...source, "--did", did]);
			expect(exitCode).toBe(1);
			expect(stdout).toMatch(/^FAIL {2}/m);
			expect(stdout).not.toMatch(/[^\x20-\x7e\n…]/);
		}
	});

	it("reports the result for each of several addresses", async () => {
		const v1 = await startCliRegistry("orgid-v1");
		const uris = ["a.json", "b.json"].map((path) => v1.documents.url(path));
		const flags = uris.flatMap((uri) => ["--document-uri", uri]);
		v1.write("doc.json", "{}");
		const created = await v1.run(["org", "create", ...flags, "--document-file", "doc.json", "--json"]);
		expect(created.stderr).toContain("warning: no resolver will accept this");
		v1.documents.serve("a.json", "{}", { status: 500 });
		v1.documents.serve("b.json", "[]");
		const id = created.json["did"] as string;
		const { exitCode, json } = await v1.run(["document", "check", "--did", id, "--json"]);
		expect({ exitCode, json }).toMatchObject({
			exitCode: 1,
			json: { code: "document/hash-mismatch", source: uris[1] },
		});
		expect(json["sources"]).toMatchObject([
			{ source: uris[0], ok: false },
			{ source: uris[1], ok: false },
		]);
		await v1.end();
	});

	it("T37: fetches over http and from loopback only for the local chain, or with a flag", async () => {
		await stage.ok("org", "set-document", did, "--document-uri", stage.documents.url("org.json"));
		stage.documents.serve("org.json", "{}");
		const elsewhere = ["--rpc-url", stage.chain.rpcUrl.replace("127.0.0.1", "localhost"), "--did", did];
		const before = stage.documents.requests();
		expectCheck(await run("check", ...elsewhere), "document/uri-refused");
		expectCheck(await run("check", ...elsewhere, "--allow-http"), "document/address-refused");
		expect(stage.documents.requests()).toBe(before);
		const allowed = await run("check", ...elsewhere, "--allow-http", "--allow-private-addresses");
		expect((allowed.json["checks"] as object[])[0]).toMatchObject({ name: "fetch", ok: true });
		const data = `data:application/json,${encodeURIComponent("{}")}`;
		expectCheck(await run("check", data, "--did", did), "document/uri-refused");
		const read = await run("check", data, "--did", did, "--allow-data");
		expect((read.json["checks"] as object[])[0]).toMatchObject({ name: "fetch", ok: true });
	});

	it("rejects an unknown organization and an invalid gateway", async () => {
		const unknown = `did:orgid:31337:0x${"0d".repeat(32)}`;
		expectRefusal(await run("check", "--did", unknown), 1, "did/not-found");
		const gateway = ["--ipfs-gateway", "ftp://x"];
		expectRefusal(await run("check", "--did", did, ...gateway), 2, "config/invalid-option");
	});
});

function expectCheck(result: Awaited<ReturnType<typeof run>>, code: string): void {
	expect(result).toMatchObject({ exitCode: 1, json: { ok: false, code, checks: [{ name: "fetch", code }] } });
}
