import { generateKeyPairSync } from "node:crypto";
import { describe, expect, it } from "vitest";
import { decryptPkcs8 as decryptWithNode } from "../../../src/keys/formats/encrypted-pem.node.ts";
import { decryptPkcs8, encryptPkcs8 } from "../../../src/keys/formats/encrypted-pem.ts";
import { assertSafeEncryption, encodeEncryptedPkcs8 } from "../../../src/keys/formats/encrypted-pkcs8.ts";
import { der, expectCode, fromHex } from "../sample-keys.ts";

const PBES2 = "06092a864886f70d01050d";
const PBKDF2 = "06092a864886f70d01050c";
const SCRYPT = "06092b06010401da47040b";
const AES_256 = "060960864801650304012a";
const SALT = der("04", "00".repeat(8));

function encrypted({ scheme = PBES2, kdf = "", cipher = AES_256, trailer = "" }): Uint8Array {
	const parameters = der("30", kdf, der("30", cipher, der("04", "00".repeat(16))));
	return fromHex(der("30", der("30", scheme, parameters), der("04", "00".repeat(16))) + trailer);
}

const pbkdf2 = (count: string): string => der("30", PBKDF2, der("30", SALT, count));
const scrypt = (n: string, r: string, p: string): string => der("30", SCRYPT, der("30", SALT, n, r, p));
const USUAL = pbkdf2("02020800");

describe("assertSafeEncryption", () => {
	it.each<[string, Uint8Array]>([
		["AES-128", encrypted({ kdf: USUAL, cipher: "0609608648016503040102" })],
		["AES-192", encrypted({ kdf: USUAL, cipher: "0609608648016503040116" })],
		["AES-256", encrypted({ kdf: USUAL })],
		["triple DES", encrypted({ kdf: USUAL, cipher: "06082a864886f70d0307" })],
		["as many iterations as are allowed", encrypted({ kdf: pbkdf2("020316e360") })],
		["scrypt", encrypted({ kdf: scrypt("02024000", "020108", "020101") })],
		[
			"what is written here",
			encodeEncryptedPkcs8({ salt: new Uint8Array(16), iv: new Uint8Array(16), ciphertext: new Uint8Array(32) }),
		],
	])("allows %s", (_what, bytes) => {
		expect(() => assertSafeEncryption(bytes)).not.toThrow();
	});

	it.each<[string, string, Uint8Array]>([
		["key/limits", "an iteration too many", encrypted({ kdf: pbkdf2("020316e361") })],
		["key/limits", "scrypt of too much memory", encrypted({ kdf: scrypt("020440000000", "020108", "020101") })],
		["key/limits", "scrypt with a large block", encrypted({ kdf: scrypt("02024000", "020401000000", "020101") })],
		["key/limits", "scrypt with a parallelization of 17", encrypted({ kdf: scrypt("02024000", "020108", "020111") })],
		["key/unrecognized", "an old scheme", encrypted({ scheme: "060a2a864886f70d010c0103", kdf: USUAL })],
		["key/unrecognized", "RC2", encrypted({ kdf: USUAL, cipher: "06082a864886f70d0302" })],
		["key/unrecognized", "another derivation", encrypted({ kdf: der("30", "06032a0304", der("30", SALT, "020101")) })],
	])("refuses with %s: %s", async (code, _what, bytes) => {
		await expectCode(() => assertSafeEncryption(bytes), code as "key/limits");
	});

	it.each<[string, Uint8Array]>([
		["no iteration count", encrypted({ kdf: der("30", PBKDF2, der("30", SALT)) })],
		["no salt", encrypted({ kdf: der("30", PBKDF2, der("30", "02020800")) })],
		["data after its end", encrypted({ kdf: USUAL, trailer: "00" })],
	])("refuses %s as malformed", (_what, bytes) => {
		expect(() => assertSafeEncryption(bytes)).toThrow(SyntaxError);
	});
});

describe("encodeEncryptedPkcs8", () => {
	it("writes the algorithms, 600,000 iterations, the salt, the iv and the ciphertext", () => {
		const parts = {
			salt: fromHex("aa".repeat(16)),
			iv: fromHex("bb".repeat(16)),
			ciphertext: fromHex("cc".repeat(48)),
		};
		const hmac = der("30", "06082a864886f70d0209", "0500");
		const kdf = der("30", PBKDF2, der("30", der("04", "aa".repeat(16)), "02030927c0", hmac));
		const cipher = der("30", AES_256, der("04", "bb".repeat(16)));
		const expected = der("30", der("30", PBES2, der("30", kdf, cipher)), der("04", "cc".repeat(48)));
		expect(encodeEncryptedPkcs8(parts)).toEqual(fromHex(expected));
	});
});

describe("decryptPkcs8", () => {
	const { privateKey } = generateKeyPairSync("ed25519");
	const plain = privateKey.export({ type: "pkcs8", format: "der" });
	const box = privateKey.export({ type: "pkcs8", format: "der", cipher: "aes-256-cbc", passphrase: "x" });

	it("opens what Node encrypted, with its password only", async () => {
		expect(decryptWithNode(box, "x")).toEqual(plain);
		await expectCode(() => decryptWithNode(box, undefined), "key/password-required");
		const wrong = { code: "key/password-wrong", cause: expect.any(Error) };
		expect(() => decryptWithNode(box, "y")).toThrow(expect.objectContaining(wrong));
	});
});

describe("without node:crypto", () => {
	it("says that encrypted PEM needs Node", async () => {
		await expectCode(() => decryptPkcs8(), "key/unavailable");
		await expectCode(() => encryptPkcs8(new Uint8Array(), new Uint8Array()), "key/unavailable");
	});
});
