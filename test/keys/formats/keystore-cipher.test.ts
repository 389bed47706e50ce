/** Keystores that Node's own scrypt, PBKDF2 and AES made, or have to open. */
import { createCipheriv, createDecipheriv, pbkdf2Sync, scryptSync } from "node:crypto";
import { keccak_256 } from "@noble/hashes/sha3.js";
import { describe, expect, it } from "vitest";
import { decryptKeystore, encryptKeystore } from "../../../src/keys/formats/keystore.ts";
import { expectCode, fromHex, SCALAR_HEX, utf8 } from "../sample-keys.ts";

const LIGHT = { n: 1_024, r: 8, p: 1 };
const SALT = new Uint8Array(32).fill(7);
const IV = new Uint8Array(16).fill(0xff);
const ADDRESS = "0a".repeat(20);
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

const scrypt = (password: string): Buffer => scryptSync(password, SALT, 32, { N: 1_024, r: 8, p: 1 });
const SCRYPT = { kdf: "scrypt", kdfparams: { dklen: 32, ...LIGHT, salt: hex(SALT) } };
const PBKDF2 = { kdf: "pbkdf2", kdfparams: { dklen: 32, c: 1_000, prf: "hmac-sha256", salt: hex(SALT) } };

/** The keystore of a scalar whose encryption key was derived by Node. */
function keystoreOf(derived: Buffer, derivation: object): Record<string, unknown> {
	const cipher = createCipheriv("aes-128-ctr", derived.subarray(0, 16), IV);
	const ciphertext = Buffer.concat([cipher.update(fromHex(SCALAR_HEX)), cipher.final()]);
	const mac = keccak_256(Buffer.concat([derived.subarray(16), ciphertext]));
	const box = { cipher: "aes-128-ctr", cipherparams: { iv: hex(IV) }, ciphertext: hex(ciphertext), mac: hex(mac) };
	return { version: 3, address: ADDRESS, crypto: { ...box, ...derivation } };
}

describe("decryptKeystore", () => {
	it.each([
		["scrypt", keystoreOf(scrypt("correct horse"), SCRYPT)],
		["PBKDF2", keystoreOf(pbkdf2Sync("correct horse", SALT, 1_000, 32, "sha256"), PBKDF2)],
	])("opens a file of Node's %s with its password only", async (_what, file) => {
		const opened = await decryptKeystore(file, "correct horse");
		expect(opened).toEqual({ scalar: fromHex(SCALAR_HEX), address: ADDRESS });
		await expectCode(() => decryptKeystore(file, "correct horsf"), "key/password-wrong");
		await expectCode(() => decryptKeystore(file, undefined), "key/password-required");
	});

	it.each([
		["as it was typed", "Zu\u0308rich", "Zu\u0308rich"],
		["in its normal form", "Z\u00fcrich", "Zu\u0308rich"],
		["with a byte order mark", "\ufeffZ\u00fcrich", "\ufeffZu\u0308rich"],
	])("opens a file whose password was encoded %s", async (_what, encoded, typed) => {
		const file = keystoreOf(scrypt(encoded), SCRYPT);
		expect((await decryptKeystore(file, typed)).scalar).toEqual(fromHex(SCALAR_HEX));
	});

	it("doesn't take bytes that aren't UTF-8 for a text", async () => {
		const file = keystoreOf(scrypt("\ufffdZ\u00fcrich"), SCRYPT);
		const password = Uint8Array.of(0xff, ...utf8("Zu\u0308rich"));
		await expectCode(() => decryptKeystore(file, password), "key/password-wrong");
	});

	it.each(["first", "last"])("refuses a mac whose %s byte differs", async (which) => {
		const file = keystoreOf(scrypt("x"), SCRYPT) as { crypto: { mac: string } };
		const mac = fromHex(file.crypto.mac);
		const at = which === "first" ? 0 : 31;
		mac[at] = (mac[at] as number) ^ 1;
		const changed = { ...file, crypto: { ...file.crypto, mac: hex(mac) } };
		await expectCode(() => decryptKeystore(changed, "x"), "key/password-wrong");
	});

	it("refuses a malformed file before it asks for a password", async () => {
		await expectCode(
			() => decryptKeystore({ ...keystoreOf(scrypt("x"), SCRYPT), crypto: 1 }, undefined),
			"key/malformed",
		);
	});
});

describe("encryptKeystore", () => {
	it("writes a file that Node opens", async () => {
		const { crypto: box, ...file } = await encryptKeystore(
			new Uint8Array(fromHex(SCALAR_HEX)),
			ADDRESS,
			new Uint8Array(utf8("correct horse")),
			LIGHT,
		);
		expect(file).toEqual({
			version: 3,
			address: ADDRESS,
			id: expect.stringMatching(/^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/),
		});
		const { salt, ...costs } = box.kdfparams;
		expect([box.cipher, box.kdf, costs]).toEqual(["aes-128-ctr", "scrypt", { dklen: 32, ...LIGHT }]);
		const derived = scryptSync("correct horse", fromHex(salt), 32, { N: 1_024, r: 8, p: 1 });
		const decipher = createDecipheriv("aes-128-ctr", derived.subarray(0, 16), fromHex(box.cipherparams.iv));
		expect(decipher.update(fromHex(box.ciphertext), undefined, "hex")).toBe(SCALAR_HEX);
		expect(box.mac).toBe(hex(keccak_256(Buffer.concat([derived.subarray(16), fromHex(box.ciphertext)]))));
		expect([fromHex(salt).length, fromHex(box.cipherparams.iv).length]).toEqual([32, 16]);
	});
});
