import { execFileSync } from "node:child_process";
import { createPublicKey, generateKeyPairSync, type KeyObject } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { isOrgpassError } from "../../src/errors/errors.ts";
import type { KeyAlgorithm } from "../../src/keys/algorithm.ts";
import { exportPrivateKey } from "../../src/keys/export-private-key.ts";
import { importPrivateKey, type PrivateKeyInput } from "../../src/keys/import-private-key.ts";
import { importPublicKey, type PublicKeyInput } from "../../src/keys/import-public-key.ts";
import { skip } from "../vectors.ts";
import { openssl } from "./sample-keys.ts";
import { PAIR as RSA } from "./sample-rsa-keys.ts";

const EC = generateKeyPairSync("ec", { namedCurve: "secp256k1" });
const PKCS8 = pem(EC.privateKey, "pkcs8");
const SEC1 = pem(EC.privateKey, "sec1");
const SPKI = pem(EC.publicKey, "spki");
const RSA_PKCS1 = pem(RSA.privateKey, "pkcs1");
const RSA_PKCS8 = pem(RSA.privateKey, "pkcs8");
const RSA_SPKI = pem(RSA.publicKey, "spki");
const ENCRYPTED = EC.privateKey
	.export({ type: "pkcs8", format: "pem", cipher: "aes-256-cbc", passphrase: "hunter2" })
	.toString();
const JWK = EC.privateKey.export({ format: "jwk" });
const HEX = exportPrivateKey(await importPrivateKey(SEC1), "hex");
const DIGITS = HEX.slice(2);
const PHRASE = `${"abandon ".repeat(11)}about`;
const CERTIFICATE = "-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n";
const TOKEN = `eyJhbGciOiJFUzI1NksifQ.eyJpc3MiOiJ4In0.${"c2ln".repeat(16)}`;

const SECRETS: readonly string[] = [
	DIGITS,
	JWK.d as string,
	RSA.privateKey.export({ format: "jwk" }).d as string,
	...[PKCS8, SEC1, RSA_PKCS1, RSA_PKCS8, ENCRYPTED].flatMap((text) => [bodyOf(text), base64(text), hexOf(text)]),
	base64(JSON.stringify(JWK)),
	PHRASE,
	TOKEN,
];
/** Any of these in a message would be a leak. */
const LEAKS: ReadonlySet<string> = new Set(SECRETS.flatMap(windowsOf));

function pem(key: KeyObject, type: "pkcs1" | "pkcs8" | "sec1" | "spki"): string {
	return key.export({ type: type as "pkcs1", format: "pem" }).toString();
}

function derOf(text: string): Buffer {
	return Buffer.from(bodyOf(text), "base64");
}

function bodyOf(text: string): string {
	return text.split("\n").slice(1, -2).join("");
}

function base64(text: string): string {
	return Buffer.from(text).toString("base64");
}

function hexOf(text: string): string {
	return derOf(text).toString("hex");
}

function relabel(text: string, from: string, to: string): string {
	return text.replaceAll(from, to);
}

function utf16(text: string, order: "LE" | "BE", mark = ""): Buffer {
	const bytes = Buffer.from(`${mark}${text}`, "utf16le");
	return order === "LE" ? bytes : bytes.swap16();
}

/** Expects a refusal whose message has the advice and no part of a secret. */
async function expectAdvice(run: () => unknown, advice: string | RegExp, code?: string): Promise<void> {
	const error = await Promise.resolve()
		.then(run)
		.then(
			() => expect.fail("the key was accepted"),
			(thrown: unknown) => thrown,
		);
	if (!isOrgpassError(error)) throw error;
	if (typeof advice === "string") expect(error.message).toContain(advice);
	else expect(error.message).toMatch(advice);
	expect(error.code).toBe(code ?? "key/unrecognized");
	expectNoSecret(`${error.message}${JSON.stringify(error.details)}${String(error.cause)}`);
}

function expectNoSecret(message: string): void {
	expect(windowsOf(message).filter((window) => LEAKS.has(window))).toEqual([]);
}

/** Every run of eight characters. */
function windowsOf(text: string): readonly string[] {
	return Array.from({ length: Math.max(text.length - 7, 0) }, (_, at) => text.slice(at, at + 8));
}

type Case = readonly [what: string, input: unknown, advice: string | RegExp, code?: string];

const OF_ES256K: readonly Case[] = [
	["an empty text", "  \n", "the key is empty"],
	["a missing value as text", "undefined", "a missing value"],
	["an object as text", "[object Object]", "a missing value"],
	["a variable that wasn't expanded", "$ORGPASS_KEY", "wasn't expanded"],
	["the command line's notation", "env:ORGPASS_KEY", "process.env.NAME"],
	["\\n escaped twice", PKCS8.replaceAll("\n", "\\\\n"), "escaped twice", "key/malformed"],
	["\\r\\n escaped twice", PKCS8.replaceAll("\n", "\\\\r\\\\n"), "escaped twice", "key/malformed"],
	["\\n that lost its backslash", PKCS8.replaceAll("\n", "n"), "the letter n", "key/malformed"],
	["a PEM in double quotes", `"${PKCS8}"`, "remove the quotes"],
	["a PEM in single quotes with \\n", `'${PKCS8.replaceAll("\n", "\\n")}'`, "remove the quotes"],
	["a PEM in typographic quotes", `\u201c${PKCS8}\u201d`, "remove the quotes"],
	["a PEM with a quote only before it", `"${PKCS8}`, "remove the quotes"],
	["a line of an environment file with a PEM", `ORGPASS_KEY="${PKCS8}"`, "pass only the value"],
	["a line of an environment file with digits", `export KEY=${HEX}`, "pass only the value"],
	["a line of YAML", `key: ${DIGITS}`, "pass only the value"],
	["a PEM after a header", `Bag Attributes\n    friendlyName: x\n${PKCS8}`, "before -----BEGIN"],
	["a PEM in base64", base64(PKCS8), /a PEM encoded in base64.*base64 -d/],
	["a PEM in base64url", base64(SEC1).replaceAll("=", ""), /a PEM encoded in base64/],
	["a PEM in wrapped base64", `${base64(PKCS8).replace(/.{76}/g, "$&\n")}\n`, /a PEM encoded in base64/],
	["a JWK in base64", base64(JSON.stringify(JWK)), "a JWK encoded in base64"],
	["hexadecimal in base64", base64(HEX), "a hexadecimal key encoded in base64"],
	["DER in base64", bodyOf(PKCS8), /a private key \(PKCS#8\) in base64.*-----BEGIN PRIVATE KEY-----/],
	["DER of SEC 1 in base64url", derOf(SEC1).toString("base64url"), "-----BEGIN EC PRIVATE KEY-----"],
	["encrypted DER in base64", bodyOf(ENCRYPTED), "-----BEGIN ENCRYPTED PRIVATE KEY-----"],
	["the scalar in base64url", JWK.d, "32 bytes in base64"],
	["quoted hexadecimal", `"${DIGITS}"`, "a hexadecimal key in quotes"],
	["quoted hexadecimal with 0x", `'${HEX}'`, "a hexadecimal key in quotes"],
	["hexadecimal with spaces", DIGITS.replace(/../g, "$& "), "separators"],
	["hexadecimal with colons", DIGITS.replace(/..(?=.)/g, "$&:"), "separators"],
	["hexadecimal with 0X", `0X${DIGITS}`, "write 0x"],
	["hexadecimal without a digit", DIGITS.slice(1), "64 hexadecimal digits for a private key, got 63"],
	["an address", `0x${"ab".repeat(20)}`, "an account's address"],
	["DER in hexadecimal", hexOf(PKCS8), "a private key (PKCS#8) in hexadecimal"],
	["a PEM in hexadecimal", Buffer.from(PKCS8).toString("hex"), "a PEM encoded in hexadecimal"],
	["a quoted JWK", `'${JSON.stringify(JWK)}'`, "a JWK in quotes"],
	["a JWK escaped as a JSON string", JSON.stringify(JSON.stringify(JWK)), "JSON.parse(text)"],
	["a JWK with escaped quotes", JSON.stringify(JSON.stringify(JWK)).slice(1, -1), "escaped", "key/malformed"],
	["a JWK Set", { keys: [JWK] }, "JWK Set"],
	["a JWK Set as JSON", JSON.stringify({ keys: [JWK] }), "JWK Set"],
	["an array of JWKs", JSON.stringify([JWK]), "one of its keys"],
	["Azure's key bundle", { key: JWK, attributes: { enabled: true } }, "its member key"],
	["Azure's P-256K", { ...JWK, crv: "P-256K" }, 'change crv to "secp256k1"', "key/wrong-algorithm"],
	["SECP256K1", JSON.stringify({ ...JWK, crv: "SECP256K1" }), 'change crv to "secp256k1"', "key/wrong-algorithm"],
	["Azure's EC-HSM", { ...JWK, kty: "EC-HSM" }, "createRemoteSigner", "key/wrong-algorithm"],
	["Vonage's application JSON", { keys: { public_key: SPKI, private_key: PKCS8 } }, "its member keys.private_key"],
	["a service account's JSON", JSON.stringify({ type: "x", private_key: PKCS8 }), "its member private_key"],
	["JSON with privateKey", { address: "0x", privateKey: HEX }, "its member privateKey"],
	["JSON with a PEM under another name", { [DIGITS]: PKCS8 }, /its member$/],
	["a Buffer as JSON", JSON.stringify(Buffer.from(PKCS8)), "Buffer.from(json.data)"],
	["a Buffer of PEM", Buffer.from(PKCS8), "pass PEM files as text"],
	["a Buffer of a JWK", Buffer.from(JSON.stringify(JWK)), "pass PEM files as text"],
	["a Buffer of hexadecimal", Buffer.from(HEX), "as text"],
	["an ArrayBuffer", new ArrayBuffer(32), "new Uint8Array(buffer)"],
	["an array of bytes", [...Buffer.from(DIGITS, "hex")], "Uint8Array.from(array)"],
	["a Promise", Promise.resolve(PKCS8), "await"],
	["a KeyObject", EC.privateKey, 'key.export({ type: "pkcs8", format: "pem" })'],
	["UTF-16LE with a mark", utf16(PKCS8, "LE", "\ufeff"), "iconv -f UTF-16 -t UTF-8"],
	["UTF-16BE with a mark", utf16(PKCS8, "BE", "\ufeff"), "iconv -f UTF-16 -t UTF-8"],
	["UTF-16LE", utf16(PKCS8, "LE"), "iconv -f UTF-16LE -t UTF-8"],
	["UTF-16BE", utf16(JSON.stringify(JWK), "BE"), "iconv -f UTF-16BE -t UTF-8"],
	["UTF-16LE read as text", utf16(PKCS8, "LE", "\ufeff").toString(), "iconv -f UTF-16 -t UTF-8"],
	["UTF-16BE read as text", utf16(PKCS8, "BE").toString(), "iconv -f UTF-16BE -t UTF-8"],
	["DER", derOf(PKCS8), "openssl pkey -inform DER -in FILE -out key.pem"],
	["DER of SEC 1", derOf(SEC1), /EC private key \(SEC 1\).*openssl pkey/],
	["encrypted DER", derOf(ENCRYPTED), "an encrypted private key (PKCS#8) in binary form"],
	["DER read as text", derOf(ENCRYPTED).toString(), "a binary file"],
	["a Java keystore", Buffer.from("feedfeed0000000200000001".padEnd(140, "0"), "hex"), "keytool"],
	["a public key in DER", derOf(SPKI), "a private key is needed"],
	["a public key in base64", bodyOf(SPKI), "a private key is needed"],
	["a public key in DER in hexadecimal", hexOf(SPKI), "a private key is needed"],
	["SEC 1 under PKCS#8's label", relabel(SEC1, "EC PRIVATE", "PRIVATE"), "EC PRIVATE KEY in both", "key/malformed"],
	["PKCS#8 under SEC 1's label", relabel(PKCS8, "PRIVATE", "EC PRIVATE"), "to PRIVATE KEY in both", "key/malformed"],
	["PKCS#1 under PKCS#8's label", relabel(RSA_PKCS1, "RSA ", ""), "to RSA PRIVATE KEY in both", "key/malformed"],
	["encrypted PKCS#8 as PKCS#8", relabel(ENCRYPTED, "ENCRYPTED ", ""), "to ENCRYPTED PRIVATE KEY", "key/malformed"],
	["a public key as PKCS#8", relabel(SPKI, "PUBLIC", "PRIVATE"), "to PUBLIC KEY in both", "key/malformed"],
	[
		"a key and a certificate",
		PKCS8 + CERTIFICATE,
		"a key and a certificate: keep only the lines from -----BEGIN PRIVATE",
	],
	["a certificate and a key", CERTIFICATE + SEC1, "keep only the lines from -----BEGIN EC PRIVATE KEY-----"],
	["a private and a public key", PKCS8 + SPKI, "several keys: keep only"],
	["a certificate", CERTIFICATE, "contains no private key"],
	["OpenPGP", "-----BEGIN PGP PRIVATE KEY BLOCK-----\n\nlQ==\n-----END PGP PRIVATE KEY BLOCK-----", "OpenPGP"],
	[
		"OpenSSH",
		"-----BEGIN OPENSSH PRIVATE KEY-----\nb3Blbg==\n-----END OPENSSH PRIVATE KEY-----",
		"openssl ecparam -name secp256k1",
	],
	["an OpenSSH line", "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ me@host", "an OpenSSH key"],
	["a PuTTY key", "PuTTY-User-Key-File-3: ssh-rsa", "puttygen"],
	["a PEM in a URL's encoding", encodeURIComponent(PKCS8), "decodeURIComponent"],
	["a PEM in a form's encoding", new URLSearchParams({ k: PKCS8 }).toString().slice(2), "decodeURIComponent"],
	["a PEM with a hyphen missing", PKCS8.slice(1), "five hyphens"],
	["a PEM with dashes of a word processor", PKCS8.replaceAll("-----", "\u2014\u2014-"), "five hyphens"],
	["a PEM without spaces", PKCS8.replaceAll(/\s/g, ""), "five hyphens"],
	["a seed phrase", PHRASE, "HDNodeWallet.fromPhrase(phrase)"],
	["a quoted seed phrase", `"${PHRASE}"`, "HDNodeWallet.fromPhrase(phrase)"],
	["an extended key", `xprv9s21${"Z".repeat(100)}`, "BIP 32"],
	["a token", TOKEN, "a token, not a key"],
	["a token with Bearer", `Bearer ${TOKEN}`, "a token, not a key"],
	["a DID", `did:orgid:100:0x${"0a".repeat(32)}#webserver`, "a DID, not a key"],
	["a URL", "https://shop.example/key.pem", "a URL, not a key"],
	["a file name", "webserver.pem", "readFileSync"],
	["a path", "/run/secrets/webserver", "readFileSync"],
	["a path of Windows", "C:\\keys\\webserver", "readFileSync"],
	["a quoted file name", '"./webserver.key"', "readFileSync"],
];

const OF_RS256: readonly Case[] = [
	["PKCS#1 under PKCS#8's label", relabel(RSA_PKCS1, "RSA ", ""), "to RSA PRIVATE KEY in both", "key/malformed"],
	["PKCS#8 under PKCS#1's label", relabel(RSA_PKCS8, "PRIVATE", "RSA PRIVATE"), "to PRIVATE KEY in", "key/malformed"],
	["\\n escaped twice", RSA_PKCS1.replaceAll("\n", "\\\\n"), "escaped twice", "key/malformed"],
	["a PEM in base64", base64(RSA_PKCS1), "a PEM encoded in base64"],
	["DER of PKCS#1", derOf(RSA_PKCS1), "an RSA private key (PKCS#1) in binary form"],
	["DER of PKCS#1 in base64", bodyOf(RSA_PKCS1), "-----BEGIN RSA PRIVATE KEY-----"],
	["DER in quotes", `"${bodyOf(RSA_PKCS8)}"`, "a key in base64 in quotes"],
	["GitHub's answer with pem", { id: 1, pem: RSA_PKCS1, webhook_secret: "x" }, "its member pem"],
	["Azure's RSA-HSM", { kty: "RSA-HSM", n: "AQAB", e: "AQAB" }, "createRemoteSigner", "key/wrong-algorithm"],
	["an OpenSSH line", "ssh-rsa AAAAB3NzaC1yc2E me@host", "ssh-keygen -e -m PKCS8"],
	["a file name", "app.private-key.pem", "readFileSync"],
];

const OF_PUBLIC: readonly Case[] = [
	["DER in quotes", `"${bodyOf(RSA_SPKI)}"`, "a key in base64 in quotes"],
	["DER in base64url", derOf(RSA_SPKI).toString("base64url"), "-----BEGIN PUBLIC KEY-----"],
	["DER", derOf(RSA_SPKI), "openssl pkey -pubin -inform DER"],
	["DER of PKCS#1", createPublicKey(RSA_SPKI).export({ type: "pkcs1", format: "der" }), "openssl rsa -RSAPublicKey_in"],
	["SPKI under PKCS#1's label", relabel(RSA_SPKI, "PUBLIC", "RSA PUBLIC"), "to PUBLIC KEY in both", "key/malformed"],
	["a private key as SPKI", relabel(RSA_PKCS8, "PRIVATE", "PUBLIC"), "to PRIVATE KEY in both", "key/malformed"],
	["a key and a certificate", RSA_SPKI + CERTIFICATE, "a key and a certificate"],
	["Azure's RSA-HSM", { kty: "RSA-HSM", n: "AQAB", e: "AQAB" }, 'change kty to "RSA"', "key/wrong-algorithm"],
	["JSON with both keys", { private_key: RSA_PKCS8, public_key: RSA_SPKI }, "its member public_key"],
	["a KeyObject", RSA.publicKey, 'type: "spki"'],
	["a PEM in base64", base64(RSA_SPKI), "a PEM encoded in base64"],
	["a URL", "https://shop.example/jwks.json", "keysFromJwks(url)"],
];

describe("advice for a refused key", () => {
	it.for(OF_ES256K)(
		"ES256K private key: says what to do about %s, without repeating it",
		([_what, input, advice, code]) => expectAdvice(() => importPrivateKey(input as PrivateKeyInput), advice, code),
	);

	it.for(OF_RS256)(
		"RS256 private key: says what to do about %s, without repeating it",
		([_what, input, advice, code]) =>
			expectAdvice(() => importPrivateKey(input as PrivateKeyInput, { algorithm: "RS256" }), advice, code),
	);

	it.for(OF_PUBLIC)(
		"RS256 public key: says what to do about %s, without repeating it",
		([_what, input, advice, code]) =>
			expectAdvice(() => importPublicKey(input as PublicKeyInput, { algorithm: "RS256" }), advice, code),
	);

	it("gives advice about a WebCrypto key", async () => {
		const algorithm = { name: "ECDSA", namedCurve: "P-256" };
		const { privateKey } = await crypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
		await expectAdvice(() => importPrivateKey(privateKey), "crypto.subtle.exportKey");
	});

	it("T62: never repeats a secret, whatever was done to it", async () => {
		const inputs = [PKCS8, SEC1, RSA_PKCS1, RSA_PKCS8, ENCRYPTED, DIGITS, JSON.stringify(JWK), JWK.d as string, PHRASE];
		const damage: readonly ((text: string) => string)[] = [
			(text) => text.slice(0, -30),
			(text) => text.slice(30),
			(text) => `x${text}`,
			(text) => `${text}x`,
			(text) => text.toUpperCase(),
			(text) => text.replaceAll("\n", ""),
			(text) => `{"a":${JSON.stringify(text)}}`,
			(text) => JSON.stringify([text]),
			(text) => `${text}\n${text}`,
			base64,
			encodeURIComponent,
			(text) => Buffer.from(text).toString("hex"),
		];
		const algorithms: readonly KeyAlgorithm[] = ["ES256K", "RS256"];
		for (const input of inputs) {
			for (const change of damage) {
				for (const algorithm of algorithms) {
					const damaged = change(input);
					const error: unknown = await importPrivateKey(damaged, { algorithm }).catch((thrown: unknown) => thrown);
					if (error instanceof Error) expectNoSecret(`${error.message}${String(error.cause)}`);
					try {
						importPublicKey(damaged, { algorithm });
					} catch (thrown) {
						expectNoSecret((thrown as Error).message);
					}
				}
			}
		}
	});

	it.each<[string, unknown]>([
		["a megabyte of letters", "A".repeat(1_048_576)],
		["a megabyte of quotes", '"'.repeat(1_048_576)],
		["a megabyte of braces", "{".repeat(1_048_576)],
		["a megabyte of BEGIN lines", "-----BEGIN ".repeat(95_000)],
		["a megabyte of words", "abandon ".repeat(131_072)],
		["a megabyte of bytes", new Uint8Array(1_048_576).fill(0x30)],
		["a million numbers", new Array(1_000_000).fill(1)],
		[
			"an object with a getter that throws",
			Object.defineProperty({}, "a", { enumerable: true, get: () => expect.fail() }),
		],
	])("refuses %s as unrecognized", async (_what, input) => {
		await expect(importPrivateKey(input as string)).rejects.toMatchObject({ code: "key/unrecognized" });
	});

	it("keeps the message of a malformed public key in base64, which needs no armor", () => {
		const hybrid = derOf(SPKI);
		hybrid[23] = 7;
		expect(() => importPublicKey(hybrid.toString("base64"))).toThrow("hybrid points are not supported");
	});

	it("keeps the details of the refusal", async () => {
		const refusal = importPrivateKey({ ...JWK, crv: "P-256K" });
		await expect(refusal).rejects.toMatchObject({ details: { algorithm: "ES256K", actual: "P-256K" } });
	});
});

if (openssl === undefined) skip("OpenSSL", "openssl");
else describe("the commands that the advice names", commandsSuite);

function commandsSuite(): void {
	const folder = mkdtempSync(join(tmpdir(), "orgpass-"));
	afterAll(() => rmSync(folder, { recursive: true }));

	function run(command: string, input = ""): string {
		return execFileSync("sh", ["-c", command], {
			cwd: folder,
			input,
			encoding: "utf8",
			stdio: ["pipe", "pipe", "ignore"],
		});
	}

	/** Writes the file, follows the command in the advice, and returns what it wrote. */
	async function followAdvice(bytes: Uint8Array): Promise<string> {
		writeFileSync(join(folder, "FILE"), bytes);
		const error = await importPrivateKey(bytes).catch((thrown: Error) => thrown);
		const command = /`(openssl .*)`/.exec((error as Error).message)?.[1] as string;
		const replaced = command.replace("-nocerts", "-nocerts -passin pass:");
		const output = run(replaced);
		return output === "" ? readFileSync(join(folder, "key.pem"), "utf8") : output;
	}

	it.each([
		["PKCS#8", PKCS8],
		["SEC 1", SEC1],
	])("convert DER of %s into a key that is read", async (_what, text) => {
		const key = await importPrivateKey(await followAdvice(derOf(text)));
		expect(exportPrivateKey(key, "hex")).toBe(HEX);
	});

	it("convert PKCS#12 into a key that is read", async () => {
		writeFileSync(join(folder, "k.pem"), RSA_PKCS8);
		run("openssl req -x509 -new -key k.pem -subj /CN=x -days 1 -out c.pem");
		run("openssl pkcs12 -export -inkey k.pem -in c.pem -out k.p12 -passout pass:");
		const text = await followAdvice(readFileSync(join(folder, "k.p12")));
		expect(exportPrivateKey(await importPrivateKey(text, { algorithm: "RS256" }), "pkcs8")).toBe(RSA_PKCS8);
	});

	it("extract the public key of certificates and requests in DER", async () => {
		writeFileSync(join(folder, "k.pem"), PKCS8);
		run("openssl req -x509 -new -key k.pem -subj /CN=x -days 1 -outform DER -out c.der");
		run("openssl req -new -key k.pem -subj /CN=x -outform DER -out r.der");
		for (const file of ["c.der", "r.der"]) {
			expect(await followAdvice(readFileSync(join(folder, file)))).toBe(SPKI);
		}
	});

	it("read a UTF-16 file after iconv", async () => {
		for (const bytes of [utf16(PKCS8, "LE", "\ufeff"), utf16(PKCS8, "BE"), utf16(PKCS8, "LE")]) {
			writeFileSync(join(folder, "FILE"), bytes);
			const error = await importPrivateKey(bytes).catch((thrown: Error) => thrown);
			run(/`(iconv .*)`/.exec((error as Error).message)?.[1] as string);
			const key = await importPrivateKey(readFileSync(join(folder, "key.pem"), "utf8"));
			expect(exportPrivateKey(key, "hex")).toBe(HEX);
		}
	});
}
