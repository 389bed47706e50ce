import { type BinaryLike, type ScryptOptions, scrypt } from "node:crypto";
import { promisify } from "node:util";
import { scryptAsync } from "@noble/hashes/scrypt.js";
import { encryptKeystoreJsonSync } from "ethers";
import { describe, expect, it, vi } from "vitest";
import { exportKeystore, exportPrivateKey } from "../../../src/keys/export-private-key.ts";
import { importPrivateKey, type PrivateKeyInput } from "../../../src/keys/import-private-key.ts";
import { ADDRESS, expectCode, SCALAR_HEX } from "../sample-keys.ts";

// Node's own scrypt: an independent one, quicker, and as quick when coverage is measured. keystore-vectors.slow.test.ts
// has noble's.
vi.mock("@noble/hashes/scrypt.js", () => {
	const derive = promisify<BinaryLike, BinaryLike, number, ScryptOptions, Uint8Array>(scrypt);
	type Costs = Required<Pick<ScryptOptions, "N" | "r" | "p">> & { readonly dkLen: number };
	const scryptAsync = async (password: BinaryLike, salt: BinaryLike, { dkLen, ...costs }: Costs) =>
		Uint8Array.from(await derive(password, salt, dkLen, costs));
	return { scryptAsync: vi.fn(scryptAsync) };
});

const LIGHT = { n: 1024, r: 8, p: 1 };
const PASSWORD = "correct horse ✓";
const key = await importPrivateKey(SCALAR_HEX);
const keystore = await exportKeystore(key, PASSWORD, LIGHT);
const { crypto: box } = keystore;

/** The sample keystore with other members inside `crypto`. */
function withCrypto(members: object): PrivateKeyInput {
	return { ...keystore, crypto: { ...box, ...members } };
}

function withParameters(members: object): PrivateKeyInput {
	return withCrypto({ kdfparams: { ...box.kdfparams, ...members } });
}

const pbkdf2 = { dklen: 32, salt: box.kdfparams.salt, prf: "hmac-sha256", c: 1000 };

describe("exportKeystore", () => {
	it("writes a keystore that importPrivateKey reads, as an object and as JSON", async () => {
		for (const input of [keystore, JSON.stringify(keystore)]) {
			const opened = await importPrivateKey(input, { password: PASSWORD });
			expect(exportPrivateKey(opened, "hex")).toBe(`0x${SCALAR_HEX}`);
		}
		expect(keystore.address).toBe(ADDRESS.slice(2).toLowerCase());
	});

	it("accepts the UTF-8 bytes of a password", async () => {
		const password = new TextEncoder().encode(PASSWORD);
		await expect(importPrivateKey(keystore, { password })).resolves.toBeDefined();
		expect(password[0]).toBe(0x63);
	});

	it("accepts an empty password", async () => {
		const open = await exportKeystore(key, "", LIGHT);
		await expect(importPrivateKey(open, { password: "" })).resolves.toBeDefined();
		await expectCode(() => importPrivateKey(open, { password: "x" }), "key/password-wrong");
	});

	it.each([
		["full-width letters", "ｐａｓｓ１"],
		["decomposed accents", "Zu\u0308rich cafe\u0301"],
		["a ligature and a superscript", "\ufb01le\u00b2"],
		["Korean in letters", "\u1112\u1161\u11ab"],
		["composed accents", "Z\u00fcrich"],
	])("opens keystores of ethers and of geth with a password of %s", async (_what, password) => {
		const account = { address: ADDRESS, privateKey: `0x${SCALAR_HEX}` };
		const byEthers = encryptKeystoreJsonSync(account, password, { scrypt: { N: 1024, r: 8, p: 1 } });
		const byGeth = await exportKeystore(key, password, LIGHT);
		for (const input of [byEthers, byGeth]) {
			for (const typed of [password, new TextEncoder().encode(password)]) {
				await expect(importPrivateKey(input, { password: typed })).resolves.toBeDefined();
			}
			await expectCode(() => importPrivateKey(input, { password: `${password}x` }), "key/password-wrong");
		}
	});

	it("derives one key only for a password that is its own normal form, or isn't text", async () => {
		const latin1 = Uint8Array.of(0x5a, 0xfc, 0x72);
		const byLatin1 = await exportKeystore(key, latin1, LIGHT);
		await expect(importPrivateKey(byLatin1, { password: latin1 })).resolves.toBeDefined();
		for (const password of ["wrong", "Z\u00fcrich", latin1]) {
			vi.mocked(scryptAsync).mockClear();
			await expectCode(() => importPrivateKey(keystore, { password }), "key/password-wrong");
			expect(scryptAsync).toHaveBeenCalledTimes(1);
		}
	});

	it.each([null, "", undefined])("reads a keystore whose address is %j", async (address) => {
		const opened = await importPrivateKey({ ...keystore, address } as PrivateKeyInput, { password: PASSWORD });
		expect(exportPrivateKey(opened, "hex")).toBe(`0x${SCALAR_HEX}`);
	});

	it("uses a new id, salt and iv each time, and doesn't modify its options", async () => {
		const options = Object.freeze({ ...LIGHT });
		const other = await exportKeystore(key, PASSWORD, options);
		expect(other.id).not.toBe(keystore.id);
		expect(other.crypto.kdfparams.salt).not.toBe(box.kdfparams.salt);
		expect(other.crypto.cipherparams.iv).not.toBe(box.cipherparams.iv);
	});

	it("uses n = 262144, r = 8, p = 1 by default", async () => {
		// Its work is done by the tests of go-ethereum's keystores.
		vi.mocked(scryptAsync).mockResolvedValueOnce(new Uint8Array(32));
		const { kdfparams } = (await exportKeystore(key, PASSWORD)).crypto;
		expect(kdfparams).toMatchObject({ n: 262_144, r: 8, p: 1, dklen: 32 });
		const costs = { N: 262_144, r: 8, p: 1, dkLen: 32 };
		expect(scryptAsync).toHaveBeenLastCalledWith(expect.anything(), expect.anything(), costs);
	});

	it("rejects costs that importing would reject, invalid options, a missing password and a missing key", async () => {
		await expectCode(() => exportKeystore(key, PASSWORD, { n: 512 }), "key/limits");
		await expectCode(() => exportKeystore(key, PASSWORD, { n: 1025 }), "key/limits");
		await expectCode(() => exportKeystore(key, PASSWORD, { N: 1024 } as object), "config/unknown-option");
		await expectCode(() => exportKeystore(key, PASSWORD, { n: "1024" } as object), "config/invalid-option");
		await expectCode(() => exportKeystore(key, undefined as never, LIGHT), "key/password-required");
		await expect(exportKeystore({} as never, PASSWORD, LIGHT)).rejects.toThrow(TypeError);
		await expect(exportKeystore(key, 1234 as never, LIGHT)).rejects.toThrow(/^(?!.*1234)/);
		await expect(exportKeystore(key, "x".repeat(1025), LIGHT)).rejects.toThrow(TypeError);
	});
});

describe("importPrivateKey with a keystore", () => {
	it("accepts MyEtherWallet's Crypto, digits after 0x, an upper-case address and a missing address", async () => {
		const { crypto: _, address: __, ...rest } = keystore;
		const variants: PrivateKeyInput[] = [
			{ ...rest, Crypto: box },
			withCrypto({ mac: `0x${box.mac.toUpperCase()}` }),
			{ ...keystore, address: ADDRESS },
			{ ...keystore, address: ADDRESS.toUpperCase().slice(2) },
		];
		for (const variant of variants) {
			const opened = await importPrivateKey(variant, { password: PASSWORD });
			expect(exportPrivateKey(opened, "hex")).toBe(`0x${SCALAR_HEX}`);
		}
	});

	const flipped = (hex: string): string => (hex.startsWith("0") ? "1" : "0") + hex.slice(1);

	it.each<[string, PrivateKeyInput, string]>([
		["a wrong password", keystore, "wrong"],
		["a password in another Unicode normalization", keystore, PASSWORD.replace("✓", "✔")],
		["a flipped mac", withCrypto({ mac: flipped(box.mac) }), PASSWORD],
		["an altered ciphertext", withCrypto({ ciphertext: flipped(box.ciphertext) }), PASSWORD],
		["an altered salt", withParameters({ salt: flipped(box.kdfparams.salt) }), PASSWORD],
		["an altered cost", withParameters({ n: 2048 }), PASSWORD],
	])("T63: rejects %s", async (_what, input, password) => {
		await expectCode(() => importPrivateKey(input, { password }), "key/password-wrong");
	});

	it("rejects an address that isn't the key's, which detects an altered iv", async () => {
		await expectCode(
			() => importPrivateKey({ ...keystore, address: "00".repeat(20) }, { password: PASSWORD }),
			"key/mismatch",
		);
		const cipherparams = { iv: flipped(box.cipherparams.iv) };
		await expectCode(() => importPrivateKey(withCrypto({ cipherparams }), { password: PASSWORD }), "key/mismatch");
	});

	it("requires a password, as text or bytes", async () => {
		await expectCode(() => importPrivateKey(keystore), "key/password-required");
		await expect(importPrivateKey(keystore, { password: 1234 as never })).rejects.toThrow(TypeError);
	});

	it.each<[string, PrivateKeyInput]>([
		["n = 2^31", withParameters({ n: 2 ** 31 })],
		["n = 2^20 with r = 8 (1 GiB)", withParameters({ n: 2 ** 20 })],
		["n = 2^19 with r = 8 (512 MiB)", withParameters({ n: 2 ** 19 })],
		["n = 2^14 with r = 129 (more than 256 MiB)", withParameters({ n: 2 ** 14, r: 129 })],
		["twice the work of the usual parameters", withParameters({ n: 2 ** 18, p: 2 })],
		["the work of p = 16 with n = 2^15", withParameters({ n: 2 ** 15, p: 16 })],
		["n = 2^21, even with r = 1", withParameters({ n: 2 ** 21, r: 1 })],
		["n that isn't a power of two", withParameters({ n: 262_143 })],
		["n = 512", withParameters({ n: 512 })],
		["n = 1", withParameters({ n: 1 })],
		["n = 0", withParameters({ n: 0 })],
		["n = -1024", withParameters({ n: -1024 })],
		["n = Infinity", withParameters({ n: Number.POSITIVE_INFINITY })],
		["r = 0", withParameters({ r: 0 })],
		["r = 2^30", withParameters({ r: 2 ** 30 })],
		["r = 1.5", withParameters({ r: 1.5 })],
		["p = 0", withParameters({ p: 0 })],
		["p = 17", withParameters({ p: 17 })],
		["p = 2^20", withParameters({ p: 2 ** 20 })],
		["n, r and p that are too large together", withParameters({ n: 2 ** 18, r: 8, p: 16 })],
		["dklen 16", withParameters({ dklen: 16 })],
		["dklen 2^31", withParameters({ dklen: 2 ** 31 })],
		["dklen as text", withParameters({ dklen: "32" })],
		["a salt of 7 bytes", withParameters({ salt: "00".repeat(7) })],
		["a salt of 257 bytes", withParameters({ salt: "00".repeat(257) })],
		["c = 1", withCrypto({ kdf: "pbkdf2", kdfparams: { ...pbkdf2, c: 1 } })],
		["c = 999", withCrypto({ kdf: "pbkdf2", kdfparams: { ...pbkdf2, c: 999 } })],
		["c = 10^7 + 1", withCrypto({ kdf: "pbkdf2", kdfparams: { ...pbkdf2, c: 10_000_001 } })],
		["c = 1,500,001", withCrypto({ kdf: "pbkdf2", kdfparams: { ...pbkdf2, c: 1_500_001 } })],
		["c = 1000.5", withCrypto({ kdf: "pbkdf2", kdfparams: { ...pbkdf2, c: 1000.5 } })],
	])("T63: rejects %s before deriving a key: limits", async (_what, input) => {
		await expectRefusedEarly(input, "key/limits");
	});

	it.each<[string, PrivateKeyInput]>([
		["version 4", { ...keystore, version: 4 }],
		["version 1", { ...keystore, version: 1 }],
		["the version as text", { ...keystore, version: "3" }],
		["no version", { crypto: box }],
		["kdf none", withCrypto({ kdf: "none" })],
		["kdf constructor", withCrypto({ kdf: "constructor" })],
		["another cipher", withCrypto({ cipher: "aes-128-cbc" })],
		["another prf", withCrypto({ kdf: "pbkdf2", kdfparams: { ...pbkdf2, prf: "hmac-sha1" } })],
	])("T63: rejects %s before deriving a key: unrecognized", async (_what, input) => {
		await expectRefusedEarly(input, "key/unrecognized");
	});

	it.each<[string, PrivateKeyInput]>([
		["a short iv", withCrypto({ cipherparams: { iv: box.cipherparams.iv.slice(2) } })],
		["no iv", withCrypto({ cipherparams: {} })],
		["no cipherparams", withCrypto({ cipherparams: null })],
		["an iv by inheritance", withCrypto({ cipherparams: Object.create(box.cipherparams) })],
		["an inherited iv", withCrypto({ ciphertext: box.ciphertext.slice(2) })],
		["a ciphertext that isn't hex", withCrypto({ ciphertext: "x".repeat(64) })],
		["a short mac", withCrypto({ mac: box.mac.slice(2) })],
		["a mac of another type", withCrypto({ mac: 1 })],
		["n as text", withParameters({ n: "1024" })],
		["no salt", withParameters({ salt: undefined })],
		["kdfparams that are text", withCrypto({ kdfparams: "1024" })],
		["an address of 19 bytes", { ...keystore, address: "00".repeat(19) }],
		["an address that is a number", { ...keystore, address: 0 }],
		["crypto that is null", { ...keystore, crypto: null }],
	])("T63: rejects %s before deriving a key: malformed", async (_what, input) => {
		await expectRefusedEarly(input, "key/malformed");
	});
});

/** Expects an error before any key derivation: no password was needed, nothing was encrypted. */
async function expectRefusedEarly(input: PrivateKeyInput, code: Parameters<typeof expectCode>[1]): Promise<void> {
	const { subtle } = globalThis.crypto;
	const work = [vi.spyOn(subtle, "encrypt"), vi.spyOn(subtle, "deriveBits"), vi.mocked(scryptAsync)];
	for (const done of work) done.mockClear();
	await expectCode(() => importPrivateKey(input), code);
	for (const done of work) expect(done).not.toHaveBeenCalled();
	for (const spy of work.slice(0, 2)) spy.mockRestore();
}
