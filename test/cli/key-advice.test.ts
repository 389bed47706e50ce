import { createPublicKey, generateKeyPairSync } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { PAIR } from "../keys/sample-rsa-keys.ts";
import { type CliWorld, createCliWorld, type RunOptions } from "../support/cli-world.ts";

const EC = generateKeyPairSync("ec", { namedCurve: "secp256k1" }).privateKey;
const RSA = PAIR.privateKey;
const PEM = EC.export({ type: "pkcs8", format: "pem" }).toString();
const JWK = JSON.stringify(EC.export({ format: "jwk" }));
const DIGITS = Buffer.from(EC.export({ format: "jwk" }).d as string, "base64url").toString("hex");
const DER = EC.export({ type: "pkcs8", format: "der" });
const PKCS1 = RSA.export({ type: "pkcs1", format: "pem" }).toString();
const CERTIFICATE = "-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n";
const DID = `did:orgid:100:0x${"0a".repeat(32)}`;
const PHRASE = `${"abandon ".repeat(11)}about`;
const SECRETS = [DIGITS, JSON.parse(JWK).d, DER.toString("base64"), PKCS1.split("\n").slice(1, -2).join(""), PHRASE];

let world: CliWorld;
beforeAll(() => {
	world = createCliWorld();
	world.write("key.der", DER);
	world.write("utf16.pem", Buffer.from(`\ufeff${PEM}`, "utf16le"));
	world.write("utf16be.pem", Buffer.from(PEM, "utf16le").swap16());
	world.write("both.pem", CERTIFICATE + PEM);
	world.write("certificate.pem", CERTIFICATE);
	world.write("mislabelled.pem", PKCS1.replaceAll("RSA ", ""));
	world.write("app.json", JSON.stringify({ id: "x", keys: { private_key: PKCS1 } }));
	world.write("azure.json", JWK.replace('"secp256k1"', '"P-256K"'));
	world.write("base64.txt", Buffer.from(PEM).toString("base64"));
	world.write("random.bin", Buffer.from("c1ff00fe".repeat(30), "hex"));
	world.write("app.pem", createPublicKey(RSA).export({ type: "spki", format: "pem" }).toString(), 0o644);
	world.write("token.jwt", "eyJhbGciOiJFUzI1NksifQ.e30.c2ln");
});
afterAll(() => world.remove());

/** Runs a command as text and with `--json`: both give the advice, and neither repeats a secret. */
async function expectAdvice(argv: readonly string[], options: RunOptions, code: string, advice: string): Promise<void> {
	const text = await world.run(argv, options);
	const json = await world.run([...argv, "--json"], options);
	expect([text.exitCode, json.exitCode]).toEqual([2, 2]);
	expect(text.stdout).toBe("");
	expect(text.stderr).toContain(advice);
	expect(text.stderr).toContain(`(${code})`);
	expect(json.json).toEqual({ code, message: expect.stringContaining(advice) });
	expectNoSecret(text.stderr + json.stdout + json.stderr);
}

function expectNoSecret(output: string): void {
	for (const secret of SECRETS) {
		for (let at = 0; at + 8 <= secret.length; at++) {
			if (output.includes(secret.slice(at, at + 8))) expect.fail("a part of a secret is shown");
		}
	}
}

type Case = readonly [what: string, source: string, code: string, advice: string, options?: RunOptions];

const SOURCES: readonly Case[] = [
	["a DER file", "key.der", "key/unrecognized", "openssl pkey -inform DER -in FILE -out key.pem"],
	["a UTF-16 file", "utf16.pem", "key/unrecognized", "iconv -f UTF-16 -t UTF-8"],
	["a UTF-16 file without a mark", "utf16be.pem", "key/unrecognized", "iconv -f UTF-16BE -t UTF-8"],
	["UTF-16 on standard input", "-", "key/unrecognized", "iconv", { stdin: Buffer.from(`\ufeff${PEM}`, "utf16le") }],
	["a key and a certificate in one file", "both.pem", "key/unrecognized", "keep only the lines"],
	["PKCS#1 under PKCS#8's label", "mislabelled.pem", "key/malformed", "change the label to RSA PRIVATE KEY"],
	["a vendor's application JSON", "app.json", "key/unrecognized", "its member keys.private_key"],
	["Azure's P-256K", "azure.json", "key/wrong-algorithm", 'change crv to "secp256k1"'],
	["a PEM in base64", "base64.txt", "key/unrecognized", "base64 -d"],
	[
		"a PEM whose \\n is escaped twice",
		"env:K",
		"key/malformed",
		"escaped twice",
		{ env: { K: PEM.replaceAll("\n", "\\\\n") } },
	],
	["quoted hexadecimal", "env:K", "key/unrecognized", "in quotes", { env: { K: `"${DIGITS}"` } }],
	["a file name in a variable", "env:K", "key/unrecognized", "the name of a file", { env: { K: "./key.pem" } }],
	["hexadecimal in place of a file name", DIGITS, "config/file", "pass env:NAME"],
	["a JWK in place of a file name", JWK, "config/file", "pass env:NAME"],
	["DER in base64 in place of a file name", DER.toString("base64"), "config/file", "pass env:NAME"],
	["a seed phrase in place of a file name", PHRASE, "config/file", "pass env:NAME"],
	["a variable's name", "SHOP_KEY", "config/file", "pass env:NAME", { env: { SHOP_KEY: PEM } }],
	["an empty name", "", "config/file", "is empty"],
	["a ~ that wasn't expanded", "~/key.pem", "config/file", "$HOME"],
];

describe("advice for a key on the command line", () => {
	it.for(SOURCES)("keys inspect: %s", ([_what, source, code, advice, options = {}]) =>
		expectAdvice(["keys", "inspect", source], options, code, advice),
	);

	it.for(SOURCES)("token mint --key: %s", ([_what, source, code, advice, options = {}]) =>
		expectAdvice(["token", "mint", "--key", source, "--issuer", `${DID}#k`, "--audience", DID], options, code, advice),
	);

	it.each([
		["as an option", ["token", "mint", "--issuer", `${DID}#k`, "--audience", DID, "--key"], "config/file"],
		["as an operand", ["keys", "inspect"], "config/usage"],
	])("a PEM in place of a file name, %s", async (_what, argv, code) => {
		await expectAdvice([...argv, PEM], {}, code, "pass env:NAME");
		await expectAdvice([...argv, PEM.replaceAll("\n", "\\n")], {}, code, "pass env:NAME");
	});

	it("token mint --key: a certificate contains no private key", () =>
		expectAdvice(
			["token", "mint", "--key", "certificate.pem", "--issuer", `${DID}#k`, "--audience", DID],
			{},
			"key/unrecognized",
			"contains no private key",
		));

	it("keys inspect: a certificate's public key can be extracted", () =>
		expectAdvice(["keys", "inspect", "certificate.pem"], {}, "key/unrecognized", "openssl x509 -pubkey -noout"));

	it("keys inspect: other bytes are just not a key", () =>
		expectAdvice(["keys", "inspect", "random.bin"], {}, "key/unrecognized", "not a PEM, JWK"));
});

/** Nothing listens there: a refused token must not need it. */
const NODE = ["--rpc-url", "http://127.0.0.1:1", "--network", "gnosis", "--registry", `0x${"11".repeat(20)}`];

describe("advice for a token on the command line", () => {
	const TOKEN = "eyJhbGciOiJFUzI1NksifQ.eyJpc3MiOiJkaWQ6b3JnaWQifQ.c2lnbmF0dXJlc2lnbmF0dXJl";

	it.each([
		["a file name", "token.jwt", "orgpass token verify - < FILE"],
		["a word", "token", "orgpass token verify - < FILE"],
		["quotes", `"${TOKEN}"`, "in quotes"],
		["Bearer", `Bearer ${TOKEN}`, "pass only what follows"],
		["a name before it", `token=${TOKEN}`, "begins with eyJ"],
		["a line break inside", TOKEN.replace(".", ".\n"), "tr -d"],
		["JSON", JSON.stringify({ token: TOKEN }), "jq -r .token"],
	])("%s", async (_what, token, advice) => {
		for (const argv of [
			["token", "verify", token, "--profile", "github-app", "--app-key", "1=app.pem"],
			["token", "verify", token, "--audience", DID, ...NODE],
			["token", "decode", token],
			["jwt", "verify", token, "--trusted-issuer", `0x${"11".repeat(20)}`],
		]) {
			if (argv[0] === "jwt" && token.startsWith("{")) continue;
			for (const flags of [[], ["--json"]]) {
				const { exitCode, stdout, stderr } = await world.run([...argv, ...flags]);
				expect({ exitCode, output: stdout + stderr }).toEqual({ exitCode: 1, output: expect.stringContaining(advice) });
				expect(stdout + stderr).toContain("token/malformed");
				for (let at = 0; at + 8 <= TOKEN.length; at++) expect(stdout + stderr).not.toContain(TOKEN.slice(at, at + 8));
			}
		}
	});

	it("a token from standard input may end with a line break", async () => {
		const { exitCode } = await world.run(["token", "decode", "-"], { stdin: "eyJhbGciOiJFUzI1NksifQ.e30.c2ln\n" });
		expect(exitCode).toBe(0);
	});
});
