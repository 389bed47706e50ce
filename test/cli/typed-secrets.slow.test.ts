import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createSecretFilter } from "../../src/cli/typed-secrets.ts";
import { escapeText, formatValue } from "../../src/errors/errors.ts";
import { exportPrivateKey } from "../../src/keys/export-private-key.ts";
import { generateKeyPair } from "../../src/keys/generate.ts";
import { type CliStage, startCliStage } from "../support/cli-chain.ts";
import { expectRefusal } from "../support/cli-world.ts";

const DID = `did:orgid:31337:0x${"0a".repeat(32)}`;
const KEYS = ["--fragment", "k", "--public-key", "k.pem"];
const MINT = ["--key", "k.pem", "--issuer", `${DID}#k`, "--audience", DID];

/** A complete call of every command with operands or options of its own, but for those that run until Ctrl-C. */
const CALLS: readonly (readonly [command: string, ...values: string[]])[] = [
	["keys generate", "--out", "new.pem", "--force"],
	["keys inspect", "k.pem"],
	["keys convert", "k.pem", "--to", "hex"],
	["chain", "--port", "x"],
	["registry deploy"],
	["org show", DID],
	["org list"],
	["org create"],
	["org set-document", DID, "--document-uri", "https://x/", "--document-file", "org.json"],
	["org activate", DID],
	["org deactivate", DID],
	["org transfer", DID, "--to", `0x${"11".repeat(20)}`],
	["org add-key", DID, ...KEYS],
	["org revoke-key", DID, "--fragment", "k"],
	["org rotate-key", DID, "--fragment", "k", "--new-fragment", "l", "--public-key", "k.pem"],
	["org delegates add", DID, `${DID}#k`],
	["org delegates remove", DID, `${DID}#k`],
	["org director set", DID, "--none"],
	["org director accept", DID],
	["did resolve", DID],
	["document build", "--did", DID, "--key", "k=k.pem"],
	["document sign", "org.json", "--key", "k.pem", "--method", "#k"],
	["document hash", "org.json"],
	["document check", "org.json", "--did", DID],
	["token mint", ...MINT, "a=b"],
	["token verify", "a.b.c", "--audience", DID],
	["token decode", "a.b.c"],
	["jwt sign"],
	["jwt verify", "a.b.c", "--trusted-issuer", "x"],
];

let stage: CliStage;
beforeAll(async () => {
	stage = await startCliStage();
	await stage.ok("keys", "generate", "--out", "k.pem");
	await stage.ok("document", "build", "--did", DID, "--out", "org.json");
});
afterAll(() => stage.end());

/** The call, and the same with a secret in place of each value and in each option that its help names. */
async function callsWith(secret: string, [command, ...values]: (typeof CALLS)[number]): Promise<string[][]> {
	const words = command.split(" ");
	const { stdout } = await stage.run([...words, "--help"]);
	const flags = [...stdout.matchAll(/^ {2}(?:-\w, )?(--[\w-]+) <(\w+)(=?)/gm)];
	expect(flags.length).toBeGreaterThan(3);
	return [
		...values.map((_, at) => values.with(at, secret)),
		...flags.flatMap(([, flag = "", , pair]) => [
			[...values, flag, secret],
			[...values, `${flag}=${secret}`],
			...(pair ? [[...values, flag, `name=${secret}`]] : []),
		]),
	].map((more) => [...words, ...more]);
}

function expectHidden(secret: string, output: string, what: string): void {
	for (let at = 0; at + 10 <= secret.length; at++) {
		if (output.includes(secret.slice(at, at + 10)))
			expect.fail(`${what} prints ${secret.slice(at, at + 10)}: ${output}`);
	}
}

describe("a private key in the wrong place", () => {
	it.each(CALLS.map((call) => [call[0], call] as const))(
		"T62: %s repeats it nowhere in a failure",
		async (_command, call) => {
			const digits = exportPrivateKey((await generateKeyPair()).privateKey, "hex").slice(2);
			for (const secret of [digits, `0x${digits.toUpperCase()}`]) {
				for (const argv of await callsWith(secret, call)) {
					const { exitCode, stdout, stderr } = await stage.run(argv);
					expect(exitCode).not.toBe(70);
					const printed = exitCode === 0 ? stderr : stdout + stderr;
					expectHidden(secret.slice(-64), printed, argv.join(" "));
				}
			}
		},
	);
});

describe("names of keys", () => {
	it("T62: a private key isn't published as the name of a key", async () => {
		const name = "1b".repeat(32);
		const did = await stage.organization("named.pem");
		const rotated = ["--fragment", "webserver", "--new-fragment", name, "--public-key", "k.pem"];
		for (const argv of [
			["org", "add-key", did, "--fragment", name, "--public-key", "k.pem"],
			["org", "add-key", `${did}#${name}`, "--public-key", "k.pem"],
			["org", "rotate-key", did, ...rotated],
			["document", "build", "--did", did, "--key", `${name}=k.pem`],
			["document", "build", "--did", did, "--account", `${name}=0x${"11".repeat(20)}`],
		]) {
			const result = await stage.run([...argv, "--json"]);
			expectRefusal(result, 2, "config/invalid-option", /may be a private key/);
			expectHidden(name, result.stdout + result.stderr, argv.join(" "));
		}
	});
});

describe("names of new files", () => {
	it("T62: a private key doesn't become the name of a file, a hash with an ending does", async () => {
		const name = "1b".repeat(32);
		for (const argv of [
			["keys", "generate", "--out", name],
			["keys", "generate", "--out", `0x${name}`, "--force"],
			["document", "build", "--did", DID, "--out", name],
		]) {
			const result = await stage.run([...argv, "--json"]);
			expectRefusal(result, 2, "config/file", /may be a private key/);
			expectHidden(name, result.stdout + result.stderr, argv.join(" "));
		}
		await stage.ok("document", "build", "--did", DID, "--out", `${name}.json`);
	});
});

describe("a private key in a variable or in orgpass.json", () => {
	const digits = "1b2c3d4e".repeat(8);
	it.each([
		["network", "ORGPASS_NETWORK"],
		["rpcUrl", "ORGPASS_RPC_URL"],
		["registry", "ORGPASS_REGISTRY"],
		["kind", "ORGPASS_KIND"],
	])("T62: isn't repeated as %s", async (member, variable) => {
		for (const secret of [digits, `0x${digits}`, `https://user:${digits}@[/`]) {
			stage.write("secret/orgpass.json", JSON.stringify({ [member]: secret }));
			for (const options of [{ env: { [variable]: secret } }, { cwd: "secret" }]) {
				for (const json of [[], ["--json"]]) {
					const { exitCode, stdout, stderr, notice } = await stage.run(["org", "list", ...json], options);
					expect(exitCode).toBe(2);
					expectHidden(digits, stdout + stderr + notice, member);
				}
			}
		}
	});
});

describe("createSecretFilter", () => {
	const HEX = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

	it("T62: hides keys in every form, tokens, seed phrases and credentials", async () => {
		const { privateKey } = await generateKeyPair();
		const pem = exportPrivateKey(privateKey, "pkcs8");
		const rsa = (await generateKeyPair({ algorithm: "RS256" })).privateKey;
		const phrase = "legal winner thank year wave sausage worth useful legal winner thank yellow";
		for (const secret of [
			...[HEX, `0x${HEX}`, HEX.toUpperCase(), HEX.slice(1), `${HEX}0`, (HEX.match(/../g) ?? []).join(":")],
			...(["sec1", "pkcs8"] as const).map((format) => exportPrivateKey(privateKey, format)),
			...(["pkcs1", "pkcs8"] as const).map((format) => exportPrivateKey(rsa, format)),
			pem.replaceAll("\n", "\\n"),
			pem.split("\n").slice(1, -2).join(""),
			pem.split("\n").slice(1, -2).join("\n"),
			Buffer.from(pem).toString("base64"),
			JSON.stringify(exportPrivateKey(privateKey, "jwk")),
			JSON.stringify(exportPrivateKey(privateKey, "jwk")).replaceAll('"', ""),
			'{"version":3,"crypto":{"cipher":"aes-128-ctr","ciphertext":"5318b4d5bcd28de64ee5559e671353e16f075ecae9f99c7a79a38af5f869aa46"}}',
			...[phrase, ` ${phrase.toUpperCase()} `, `${phrase} ${phrase}`],
			"eyJhbGciOiJFUzI1NksifQ.eyJpc3MiOiJkaWQifQ.c2lnbmF0dXJlc2lnbmF0dXJl",
			"https://user:correct-horse@node.example/v3",
			...(["base64", "base64url"] as const).map((form) => Buffer.from(HEX, "hex").toString(form)),
			...[BigInt(`0x${HEX}`).toString(), "5HueCGU8rMjxEXxiPuD5BDku4MkFqeZyd4dZ1jvhTVqvbTLvyTJ"],
			...[Buffer.from(HEX, "hex").join(), JSON.stringify([...Buffer.from(HEX, "hex")])],
		]) {
			for (const argv of [[secret], [`--issuer=${secret}`], [`name=${secret}`]]) {
				const hide = createSecretFilter(["org", "show", ...argv]);
				for (const message of [secret, `got ${formatValue(secret)}`, secret.toLowerCase(), escapeText(secret)]) {
					expect(hide(message).replaceAll("…", "").length).toBeLessThan(30);
				}
			}
		}
	});

	it("shows DIDs, addresses, file names, URLs, and hashes that weren't typed", () => {
		const did = `did:orgid:100:0x${HEX}`;
		const words = [
			...[did, `${did}#webserver`, `--issuer=${did}#k`, "0x5FbDB2315678afecb367f032d93F642f64180aa3"],
			...["keys/webserver-2026.pem", "https://example.com/org.json", "read the rooms and book them"],
			...["did:orgid:eip155:1:0x00", "123e4567-e89b-12d3-a456-426614174000"],
		];
		const hide = createSecretFilter(words);
		for (const text of [...words, `expected ${HEX}`]) expect(hide(text)).toBe(text);
	});

	it("takes linear time", () => {
		const long = `${"abc ".repeat(30_000)}${HEX}`;
		expect(createSecretFilter([long])(long)).toBe("…");
	});
});
