import { describe, expect, it } from "vitest";
import { isOrgpassError } from "../../../src/errors/errors.ts";
import { parseKeystore } from "../../../src/keys/formats/keystore-fields.ts";

const SALT = "ab".repeat(32);
const SCRYPT = { dklen: 32, n: 1_024, r: 8, p: 1, salt: SALT };
const PBKDF2 = { dklen: 32, c: 1_000, prf: "hmac-sha256", salt: SALT };
const BOX = {
	cipher: "aes-128-ctr",
	cipherparams: { iv: "01".repeat(16) },
	ciphertext: "02".repeat(32),
	kdf: "scrypt",
	kdfparams: SCRYPT,
	mac: "03".repeat(32),
};
const FILE = { version: 3, address: "0A".repeat(20), crypto: BOX };

/** The code of the refusal, or `SyntaxError`, which callers turn into `key/malformed`. */
function refusalOf(keystore: object): unknown {
	try {
		return parseKeystore(keystore as Record<string, unknown>);
	} catch (error) {
		return isOrgpassError(error) ? error.code : (error as Error).name;
	}
}

const withBox = (members: object): object => ({ ...FILE, crypto: { ...BOX, ...members } });
const withScrypt = (members: object): object => withBox({ kdfparams: { ...SCRYPT, ...members } });
const withPbkdf2 = (members: object): object => withBox({ kdf: "pbkdf2", kdfparams: { ...PBKDF2, ...members } });
const bytes = (length: number, value: number): Uint8Array => new Uint8Array(length).fill(value);

describe("parseKeystore", () => {
	it("returns every member of a file that uses scrypt", () => {
		expect(parseKeystore(FILE)).toEqual({
			derivation: { kdf: "scrypt", n: 1_024, r: 8, p: 1, salt: bytes(32, 0xab) },
			iv: bytes(16, 1),
			ciphertext: bytes(32, 2),
			mac: bytes(32, 3),
			address: "0a".repeat(20),
		});
	});

	it("returns every parameter of PBKDF2", () => {
		const { derivation } = parseKeystore(withPbkdf2({}) as Record<string, unknown>);
		expect(derivation).toEqual({ kdf: "pbkdf2", c: 1_000, salt: bytes(32, 0xab) });
	});

	it.each([
		["upper case", "0A".repeat(20), "0a".repeat(20)],
		["0x", `0x${"0a".repeat(20)}`, "0a".repeat(20)],
		["nothing", "", undefined],
		["null", null, undefined],
		["undefined", undefined, undefined],
	])("reads an address that is written with %s", (_what, address, expected) => {
		expect(parseKeystore({ ...FILE, address }).address).toBe(expected);
	});

	it("reads MyEtherWallet's Crypto, but prefers crypto", () => {
		expect(parseKeystore({ version: 3, Crypto: BOX }).mac).toEqual(bytes(32, 3));
		expect(parseKeystore({ ...FILE, Crypto: null }).mac).toEqual(bytes(32, 3));
	});

	it.each([8, 256])("reads a salt of %d bytes", (length) => {
		const { derivation } = parseKeystore(withScrypt({ salt: "ab".repeat(length) }) as Record<string, unknown>);
		expect(derivation.salt).toEqual(bytes(length, 0xab));
	});

	it.each([
		["version is not supported, only 3", { ...FILE, version: 4 }],
		["cipher is not supported, only aes-128-ctr", withBox({ cipher: "aes-128-cbc" })],
		["kdf is not supported, only scrypt or pbkdf2", withBox({ kdf: "none" })],
		["prf is not supported, only hmac-sha256", withPbkdf2({ prf: "hmac-sha1" })],
		["address must be hexadecimal text", { ...FILE, address: 0 }],
	])("names the member that it refuses: %s", (message, keystore) => {
		expect(() => parseKeystore(keystore as Record<string, unknown>)).toThrow(message);
	});

	it.each<[string, string, object]>([
		["key/unrecognized", "another version", { ...FILE, version: 4 }],
		["key/unrecognized", "the version as text", { ...FILE, version: "3" }],
		["key/unrecognized", "an inherited version", Object.create(FILE)],
		["key/unrecognized", "another cipher", withBox({ cipher: "aes-128-cbc" })],
		["key/unrecognized", "another derivation", withBox({ kdf: "none" })],
		["key/unrecognized", "another hash", withPbkdf2({ prf: "hmac-sha1" })],
		["key/limits", "a shorter derived key", withScrypt({ dklen: 16 })],
		["key/limits", "the length of the derived key as text", withPbkdf2({ dklen: "32" })],
		["key/limits", "a salt of 7 bytes", withScrypt({ salt: "ab".repeat(7) })],
		["key/limits", "a salt of 257 bytes", withScrypt({ salt: "ab".repeat(257) })],
		["key/limits", "a low cost", withScrypt({ n: 512 })],
		["key/limits", "a low count", withPbkdf2({ c: 999 })],
		["SyntaxError", "crypto that is null", { ...FILE, crypto: null }],
		["SyntaxError", "crypto that is text", { ...FILE, crypto: "x" }],
		["SyntaxError", "no crypto", { version: 3 }],
		["SyntaxError", "no parameters of the derivation", withBox({ kdfparams: undefined })],
		["SyntaxError", "no parameters of the cipher", withBox({ cipherparams: undefined })],
		["SyntaxError", "n as text", withScrypt({ n: "1024" })],
		["SyntaxError", "no r", withScrypt({ r: undefined })],
		["SyntaxError", "no p", withScrypt({ p: undefined })],
		["SyntaxError", "c as text", withPbkdf2({ c: "1000" })],
		["SyntaxError", "no salt", withScrypt({ salt: undefined })],
		["SyntaxError", "a salt that isn't hexadecimal", withScrypt({ salt: "x".repeat(64) })],
		["SyntaxError", "an iv of 15 bytes", withBox({ cipherparams: { iv: "01".repeat(15) } })],
		["SyntaxError", "an iv of 17 bytes", withBox({ cipherparams: { iv: "01".repeat(17) } })],
		["SyntaxError", "a ciphertext of 31 bytes", withBox({ ciphertext: "02".repeat(31) })],
		["SyntaxError", "a ciphertext of 33 bytes", withBox({ ciphertext: "02".repeat(33) })],
		["SyntaxError", "a mac of 31 bytes", withBox({ mac: "03".repeat(31) })],
		["SyntaxError", "a mac that is a number", withBox({ mac: 3 })],
		["SyntaxError", "an address of 19 bytes", { ...FILE, address: "0a".repeat(19) }],
		["SyntaxError", "an address of 21 bytes", { ...FILE, address: "0a".repeat(21) }],
		["SyntaxError", "an address that is a number", { ...FILE, address: 0 }],
	])("refuses with %s: %s", (code, _what, keystore) => {
		expect(refusalOf(keystore)).toBe(code);
	});
});
