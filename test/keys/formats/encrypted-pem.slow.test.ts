import { createPrivateKey } from "node:crypto";
import { describe, expect, it, vi } from "vitest";
import { exportPrivateKey } from "../../../src/keys/export-private-key.ts";
import { decryptPkcs8, encryptPkcs8 } from "../../../src/keys/formats/encrypted-pem.ts";
import { importPrivateKey } from "../../../src/keys/import-private-key.ts";
import { der, expectCode, OTHER_KINDS, SCALAR_HEX, toPem } from "../sample-keys.ts";

const PBES2 = "06092a864886f70d01050d";
const PBKDF2 = "06092a864886f70d01050c";
const SCRYPT = "06092b06010401da47040b";
const AES = der("30", "060960864801650304012a", der("04", "00".repeat(16)));
const SALT = der("04", "00".repeat(8));

const password = "correct horse ✓";
const key = await importPrivateKey(SCALAR_HEX);
const pem = exportPrivateKey(key, "pkcs8", { password });

/** An encrypted key with that derivation and nothing inside. */
function encrypted(kdf: string, scheme = PBES2, cipher = AES): string {
	return toPem(
		"ENCRYPTED PRIVATE KEY",
		der("30", der("30", scheme, der("30", kdf, cipher)), der("04", "00".repeat(16))),
	);
}

function scrypt(n: string, r: string, p: string): string {
	return encrypted(der("30", SCRYPT, der("30", SALT, der("02", n), der("02", r), der("02", p))));
}

function encryptedByNode(plain: string, cipher: string): string {
	return createPrivateKey(plain).export({ format: "pem", type: "pkcs8", cipher, passphrase: password }).toString();
}

describe("encrypted PKCS#8", () => {
	it("can be opened with its password, as text or as bytes", async () => {
		for (const given of [password, new TextEncoder().encode(password)]) {
			const copy = await importPrivateKey(pem, { password: given });
			expect(exportPrivateKey(copy, "hex")).toBe(`0x${SCALAR_HEX}`);
		}
		expect(exportPrivateKey(key, "pkcs8", { password })).not.toBe(pem);
	});

	it("is rejected without a password and with a wrong one", async () => {
		await expectCode(() => importPrivateKey(pem), "key/password-required");
		await expectCode(() => importPrivateKey(pem, { password: "wrong" }), "key/password-wrong");
		await expectCode(() => importPrivateKey(pem, { password: "" }), "key/password-wrong");
		await expect(importPrivateKey(pem, { password: 1234 as never })).rejects.toThrow(/^(?!.*1234)/);
	});

	it("can have an empty password", async () => {
		const open = exportPrivateKey(key, "pkcs8", { password: "" });
		await expect(importPrivateKey(open, { password: "" })).resolves.toBeDefined();
		await expectCode(() => importPrivateKey(open, { password: "x" }), "key/password-wrong");
	});

	it.each(["aes-128-cbc", "aes-256-cbc", "des-ede3-cbc"])("opens a key that Node encrypted with %s", async (cipher) => {
		const copy = await importPrivateKey(encryptedByNode(exportPrivateKey(key, "sec1"), cipher), {
			password,
		});
		expect(exportPrivateKey(copy, "hex")).toBe(`0x${SCALAR_HEX}`);
	});

	it.each(OTHER_KINDS)("T21: rejects an encrypted $name key by name", async ({ name, privatePem }) => {
		const other = encryptedByNode(privatePem, "aes-128-cbc");
		await expectCode(
			() => importPrivateKey(other, { password }),
			"key/wrong-algorithm",
			new RegExp(`got ${name}(?:;|$)`),
		);
	});

	it.each([
		["PBKDF2 with 10,000,001 rounds", encrypted(der("30", PBKDF2, der("30", SALT, "020400989681")))],
		["PBKDF2 with 2^31 - 1 rounds", encrypted(der("30", PBKDF2, der("30", SALT, "02047fffffff")))],
		["scrypt with n = 2^30", scrypt("40000000", "08", "01")],
		["scrypt with n that isn't a power of two", scrypt("4001", "08", "01")],
		["scrypt with p = 17", scrypt("4000", "08", "11")],
		["scrypt with r = 2^24", scrypt("4000", "01000000", "01")],
	])("T63: rejects %s before deriving a key", async (_what, text) => {
		await expectCode(() => importPrivateKey(text, { password }), "key/limits");
	});

	it.each([
		["an old scheme (PBE-SHA1-3DES)", encrypted(der("30", PBKDF2, "3000"), "060a2a864886f70d010c0103")],
		["RC2", encrypted(der("30", PBKDF2, der("30", SALT, "02020800")), PBES2, der("30", "06082a864886f70d0302"))],
		["an unknown derivation", encrypted(der("30", "06032a0304", der("30", SALT)))],
	])("rejects %s: unrecognized", async (_what, text) => {
		await expectCode(() => importPrivateKey(text, { password }), "key/unrecognized", /openssl pkcs8/);
	});

	it.each([
		["a negative round count", encrypted(der("30", PBKDF2, der("30", SALT, "0201ff")))],
		["a round count of five bytes", encrypted(der("30", PBKDF2, der("30", SALT, "02050100000000")))],
		["no parameters", encrypted(der("30", PBKDF2))],
		["nothing", toPem("ENCRYPTED PRIVATE KEY", "")],
		["data after its end", `${pem.replace(/\n-----END/, "AAAA\n-----END").replace("=", "")}`],
	])("rejects %s: malformed", async (_what, text) => {
		await expectCode(() => importPrivateKey(text, { password }), "key/malformed");
	});

	it("reports that it needs Node's built-ins", async () => {
		await expectCode(() => decryptPkcs8(new Uint8Array(), new Uint8Array()), "key/unavailable");
		await expectCode(() => encryptPkcs8(new Uint8Array(), new Uint8Array()), "key/unavailable");
		vi.doMock("#encrypted-pem", () => ({ decryptPkcs8, encryptPkcs8 }));
		vi.resetModules();
		const { importPrivateKey: importPortable } = await import("../../../src/keys/import-private-key.ts");
		const error = await importPortable(pem, { password }).catch((thrown: unknown) => thrown);
		expect(error).toMatchObject({ code: "key/unavailable" });
		vi.doUnmock("#encrypted-pem");
	});
});
