import { createPrivateKey, generateKeyPairSync, sign, X509Certificate } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { exportPrivateKey } from "../../src/keys/export-private-key.ts";
import { importPrivateKey, type PrivateKeyInput } from "../../src/keys/import-private-key.ts";
import { importPublicKey, type PublicKeyInput } from "../../src/keys/import-public-key.ts";
import { signData, verifyData } from "../../src/keys/sign.ts";
import { toPem, utf8 } from "../keys/sample-keys.ts";
import * as sample from "../keys/sample-rsa-keys.ts";
import { expectLinear } from "../support/duration.ts";
import { expectRefusal, refusalOf } from "../support/refusal.ts";
import { describeWithTool } from "../support/tools.ts";

const { NUMBERS, PKCS1, PKCS8, RS256 } = sample;
const importPrivate = (input: unknown) => importPrivateKey(input as PrivateKeyInput, RS256);
const importPublic = (input: unknown) => importPublicKey(input as PublicKeyInput, RS256);

/** Both halves of changed numbers, in every container: each must be refused as weak. */
async function expectWeak(numbers: Partial<sample.Numbers>): Promise<void> {
	const inputs = [
		...sample.privateContainers(numbers).map((input) => () => importPrivate(input)),
		...sample.publicContainers(numbers).map((input) => () => importPublic(input)),
	];
	expect(inputs).toHaveLength(7);
	for (const run of inputs) await expectRefusal(run, "key/weak");
}

describe("T30: keys too weak to trust", () => {
	it.each([512, 1_024, 1_536, 2_040])("RSA of %i bits is rejected, as Node makes it", async (modulusLength) => {
		const pair = generateKeyPairSync("rsa", { modulusLength });
		for (const type of ["pkcs1", "pkcs8"] as const) {
			const pem = pair.privateKey.export({ type, format: "pem" });
			const error = await expectRefusal(() => importPrivate(pem), "key/weak");
			expect(error.message).toContain(`2048 to 8192 bits, got ${modulusLength}`);
		}
		for (const type of ["pkcs1", "spki"] as const) {
			await expectRefusal(() => importPublic(pair.publicKey.export({ type, format: "pem" })), "key/weak");
		}
		for (const key of [pair.privateKey, pair.publicKey]) {
			const jwk = key.export({ format: "jwk" });
			await expectRefusal(() => (key.type === "private" ? importPrivate(jwk) : importPublic(jwk)), "key/weak");
		}
	});

	it.each<[string, Partial<sample.Numbers>]>([
		["e = 1, which signs by doing nothing", { e: 1n, d: 1n }],
		["e = 3", { e: 3n }],
		["e = 17", { e: 17n }],
		["e = 65535", { e: 65_535n }],
		["an even e", { e: 65_538n }],
		["e of 65 bits", { e: (1n << 64n) + 1n }],
		["e of 2,048 bits", { e: NUMBERS.n - 2n }],
		["an even modulus", { n: NUMBERS.n + 1n }],
		["a modulus with the factor 3", { n: 3n * sample.modulusFrom(1n << 2_046n) }],
		["a modulus with the factor 751", { n: 751n * sample.modulusFrom(1n << 2_040n) }],
		["a modulus of 2,047 bits", { n: (1n << 2_046n) + 1n }],
		["a modulus of 8,193 bits", { n: (1n << 8_192n) + 1n }],
		["a modulus of 100,000 bits", { n: (1n << 99_999n) + 1n }],
		["a modulus of one", { n: 1n }],
	])("%s is rejected in every container, for both halves", async (_what, numbers) => {
		await expectWeak(numbers);
	});

	it("a modulus whose least factor is 757 is beyond what is looked for", () => {
		const n = 757n * sample.modulusFrom(1n << 2_040n);
		for (const input of sample.publicContainers({ n })) expect(importPublic(input).algorithm).toBe("RS256");
	});

	it("e = 3 as Node makes it is rejected, too", async () => {
		const pair = generateKeyPairSync("rsa", { modulusLength: 2_048, publicExponent: 3 });
		await expectRefusal(() => importPrivate(pair.privateKey.export({ type: "pkcs8", format: "pem" })), "key/weak");
		await expectRefusal(() => importPublic(pair.publicKey.export({ type: "spki", format: "pem" })), "key/weak");
	});

	it("a stranger's key is rejected in little time, however long its numbers are", async () => {
		const inputsOf = (bits: number) => {
			const n = (1n << BigInt(bits)) + 1n;
			return sample.publicContainers({ n, e: n }).slice(0, 3);
		};
		for (const input of inputsOf(190_000)) {
			await expectRefusal(() => importPublic(input), ["key/weak", "key/unrecognized"]);
		}
		await expectLinear(inputsOf, 95_000, async (inputs) => {
			for (const input of inputs) await refusalOf(() => importPublic(input));
		});
		await expectRefusal(() => importPublic({ kty: "RSA", n: `B${"A".repeat(65_535)}`, e: "AQAB" }), "key/weak");
	});
});

describe("T30: keys of another kind, and what is no key", () => {
	const otherKinds = [
		["RSA-PSS", generateKeyPairSync("rsa-pss", { modulusLength: 2_048 })],
		["EC", generateKeyPairSync("ec", { namedCurve: "P-256" })],
		["secp256k1", generateKeyPairSync("ec", { namedCurve: "secp256k1" })],
		["Ed25519", generateKeyPairSync("ed25519")],
		["X25519", generateKeyPairSync("x25519")],
	] as const;

	it.each(otherKinds)("an %s key is rejected: wrong algorithm", async (_name, { privateKey, publicKey }) => {
		const pkcs8 = privateKey.export({ type: "pkcs8", format: "pem" });
		const spki = publicKey.export({ type: "spki", format: "pem" });
		await expectRefusal(() => importPrivate(pkcs8), "key/wrong-algorithm");
		await expectRefusal(() => importPublic(spki), "key/wrong-algorithm");
	});

	it("an RSA-PSS key under the name of an RSA key signs RS256 alone", async () => {
		const key = await importPrivate(PKCS1);
		const pss = sign("sha256", utf8("data"), { key: createPrivateKey(PKCS1), padding: 6 });
		expect(await verifyData(key.publicKey, utf8("data"), pss)).toBe(false);
	});

	it.each<[string, unknown]>([
		["text", "a-shared-secret-of-32-characters"],
		["base64", Buffer.from("a shared secret of 32 characters").toString("base64")],
		["base64 that begins like a key", `M${"A".repeat(43)}`],
		["hexadecimal", "5e".repeat(32)],
		["32 bytes", new Uint8Array(32).fill(0x5e)],
		["a JWK", { kty: "oct", k: "c2VjcmV0", alg: "HS256" }],
		["a JWK as JSON", '{"kty":"oct","k":"c2VjcmV0"}'],
		["armour of our own", toPem("SECRET", "5e".repeat(32))],
	])("T3: an HMAC secret as %s is rejected for both halves, unquoted", async (_what, input) => {
		for (const run of [() => importPrivate(input), () => importPublic(input)]) {
			const codes = ["key/unrecognized", "key/wrong-algorithm", "key/malformed"] as const;
			const { message } = await expectRefusal(run, codes);
			expect(message).not.toMatch(/a-shared|5e5e|c2Vj/);
		}
	});

	it("a public key is no private key, and the other way round", async () => {
		await expectRefusal(() => importPrivate(sample.SPKI), "key/private-expected");
		await expectRefusal(() => importPublic(PKCS8), "key/public-expected");
	});

	it("an RSA key is none for ES256K", async () => {
		for (const input of [PKCS1, PKCS8, sample.PRIVATE_JWK]) {
			const { message } = await expectRefusal(() => importPrivateKey(input), "key/wrong-algorithm");
			expect(message).toMatch(/use the algorithm RS256$/);
		}
	});
});

describeWithTool("T30: certificates instead of keys", "openssl", ["version"], (run) => {
	const folder = mkdtempSync(join(tmpdir(), "orgpass-"));
	afterAll(() => rmSync(folder, { recursive: true }));
	const keyFile = join(folder, "key.pem");
	const request = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=app", "-keyout", keyFile];
	const certificate = run(request);

	it("are rejected, and the advice works", async () => {
		for (const task of [() => importPublic(certificate), () => importPrivate(certificate)]) {
			const { message } = await expectRefusal(task, "key/unrecognized");
			expect(message).toContain("openssl x509 -pubkey -noout");
		}
		const key = importPublic(run(["x509", "-pubkey", "-noout"], certificate));
		const mine = await importPrivate(readFileSync(keyFile, "utf8"));
		expect(key).toEqual(mine.publicKey);
	});

	it("are rejected without their armour", async () => {
		const bare = new X509Certificate(certificate).raw.toString("base64");
		await expectRefusal(() => importPublic(bare), "key/malformed");
		await expectRefusal(() => importPrivate(bare), "key/unrecognized");
	});
});

describe("T30: the ways apps store their key", () => {
	it.each([
		["PKCS#1", PKCS1],
		["PKCS#8", PKCS8],
	])("%s loads as it is, \\n-escaped, with CRLF and on one line, and signs", async (_what, pem) => {
		const forms = [pem, pem.replaceAll("\n", "\\n"), pem.replaceAll("\n", "\r\n"), pem.replaceAll("\n", " ")];
		for (const form of [...forms, `\n${pem}\n`, pem.trim()]) {
			const key = await importPrivate(form);
			expect(exportPrivateKey(key, "pkcs1")).toBe(PKCS1);
			const signature = await signData(key, utf8("data"));
			expect(await verifyData(importPublic(sample.SPKI), utf8("data"), signature)).toBe(true);
		}
	});

	it("OpenSSH's form is rejected with the command that changes it", async () => {
		const { message } = await expectRefusal(
			() => importPrivate(toPem("OPENSSH PRIVATE KEY", "6f70656e7373682d6b65792d7631")),
			"key/unrecognized",
		);
		expect(message).toContain("`ssh-keygen -p -m PEM -f FILE`");
		const line = "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQC7 app";
		const refused = await expectRefusal(() => importPublic(line), "key/unrecognized");
		expect(refused.message).toContain("`ssh-keygen -e -m PKCS8 -f FILE`");
	});

	const lines = PKCS1.trimEnd().split("\n");
	const body = lines.slice(1, -1);
	const [begin = "", end = ""] = [lines[0], lines.at(-1)];
	it.each<[string, string]>([
		["its first line alone, as a variable that ends at a line break", begin],
		["its END line missing", [begin, ...body].join("\n")],
		["its END line cut", PKCS1.trimEnd().slice(0, -5)],
		["a line of its base64 missing", [begin, ...body.slice(0, -1), end].join("\n")],
		["half of its base64 missing", [begin, ...body.slice(0, 12), end].join("\n")],
		["its base64 cut within a group", [begin, ...body.slice(0, 12), (body[12] ?? "").slice(0, 30), end].join("\n")],
		["its base64 missing", [begin, end].join("\n")],
		["two characters of base64", [begin, "MII=", end].join("\n")],
		["\\n-escaped, its END line missing", [begin, ...body].join("\\n")],
	])("a truncated key is rejected with what to do: %s", async (_what, pem) => {
		const { message } = await expectRefusal(() => importPrivate(pem), "key/malformed");
		expect(message).toMatch(/seems truncated: paste it whole.*keep the line breaks, or write them as \\n$/);
		for (const line of body) expect(message).not.toContain(line);
	});

	it("every beginning of a key is rejected, and nothing but a coded error is thrown", async () => {
		for (let length = 0; length < PKCS8.trimEnd().length; length += 7) {
			await expectRefusal(() => importPrivate(PKCS8.slice(0, length)), ["key/malformed", "key/unrecognized"]);
		}
	});
});
