/** The bounds of each rule; test/keys/key-advice.test.ts has the mistakes as users make them. */
import { describe, expect, it } from "vitest";
import { KeyError } from "../../../src/errors/errors.ts";
import { addKeyAdvice } from "../../../src/keys/formats/key-advice.ts";
import { der, fromHex, utf8 } from "../sample-keys.ts";

const HEX = "ab".repeat(32);
const REFUSAL = new KeyError("key/unrecognized", "refused");
const base64 = (text: string): string => Buffer.from(text).toString("base64");
const hex = (text: string): string => Buffer.from(text).toString("hex");
const PKCS12 = der("30", "020103", "3000");
const PUBLIC_PKCS1 = der("30", "02020100", "020103");

function adviceOn(input: unknown, expected: "private" | "public" = "private"): string | undefined {
	const error = addKeyAdvice(REFUSAL, input, { algorithm: "ES256K", expected }) as KeyError;
	return error === REFUSAL ? undefined : error.message;
}

describe("addKeyAdvice", () => {
	it.each([
		["isn't about the key's form", new KeyError("key/out-of-range", "refused")],
		["isn't a KeyError", Object.assign(new Error("refused"), { code: "key/unrecognized" })],
	])("keeps an error that %s", (_what, error) => {
		expect(addKeyAdvice(error, "undefined", { algorithm: "ES256K", expected: "private" })).toBe(error);
	});

	it("keeps the code and the details, with the first error as the cause", () => {
		const cause = new KeyError("key/malformed", "refused", { details: { a: 1 } });
		const error = addKeyAdvice(cause, "undefined", { algorithm: "ES256K", expected: "private" });
		expect(error).toMatchObject({ code: "key/malformed", details: { a: 1 }, cause });
	});

	it.each([".pem", ".key", ".der", ".json", ".jwk", ".p12", ".pfx", ".crt", ".cer", ".pub", ".txt", ".p8"])(
		"recognizes a file's name by %s in either case",
		(ending) => {
			expect(adviceOn(`name${ending}`)).toContain("the name of a file");
			expect(adviceOn(`name${ending.toUpperCase()}`)).toContain("the name of a file");
			expect(adviceOn(`name${ending}x`)).toBeUndefined();
		},
	);

	it.each([
		["ssh-rsa", "an OpenSSH key"],
		["ecdsa-sha2-nistp256", "an OpenSSH key"],
		["sk-ssh-ed25519@openssh.com", "an OpenSSH key"],
		["sk-ecdsa-sha2-nistp256", "an OpenSSH key"],
		["PuTTY-User-Key-File-3: ?", "puttygen"],
		["---- BEGIN SSH2 ?", "ssh-keygen -i"],
		["did:orgid:?", "a DID"],
		["io1?", "an account's address"],
		["xprv?", "extended private key"],
		["xpub?", "extended public key"],
		["http://?", "a URL, not a key: download the key, and pass its text"],
		["https://?", "keysFromJwks(url)"],
		["env:?", "process.env.NAME"],
		["$?", "wasn't expanded"],
		["Authorization: ?", "a token"],
		["Bearer ?", "a token"],
		["eyJ?", "a token"],
	])("recognizes what begins with %s, and only at the beginning", (text, advice) => {
		expect(adviceOn(text)).toContain(advice);
		expect(adviceOn(`? ${text}`)).toBeUndefined();
	});

	it.each<[string, unknown, string]>([
		["a text file of 33 bytes", utf8("x".repeat(33)), "the bytes of a text file"],
		["an RSA public key in DER", fromHex(PUBLIC_PKCS1), "a private key is needed"],
		["PKCS#12 in base64", Buffer.from(PKCS12, "hex").toString("base64"), "decode it with `base64 -d`"],
		["DER read as text", "0\ufffd", "a binary file"],
		["DER with a control character", "0\u0001", "a binary file"],
		["15 characters of UTF-16", `${"a\0".repeat(7)}a`, "iconv -f UTF-16LE"],
		["15 characters of UTF-16 in the other order", `${"\0a".repeat(7)}\0`, "iconv -f UTF-16BE"],
		["a quoted key with spaces", `" ${HEX} "`, "a hexadecimal key in quotes"],
		["a key after a name and a tab", `key\t= ${HEX}`, "pass only the value"],
		["base64 of a key and a line break", base64(`${HEX}\n`), "a hexadecimal key encoded in base64"],
		["hexadecimal of a key and a line break", hex(`${HEX}\n`), "a hexadecimal key encoded in hexadecimal"],
		["31 digits", "a".repeat(31), "64 hexadecimal digits for a private key, got 31"],
		["a short number in hexadecimal", "0x1111", "64 hexadecimal digits for a private key, got 4"],
		["62 digits", "ab".repeat(31), "64 hexadecimal digits for a private key, got 62"],
		["a file's name of 1,024 characters", `${"n".repeat(1_020)}.pem`, "the name of a file"],
	])("gives advice about %s", (_what, input, advice) => {
		expect(adviceOn(input)).toContain(advice);
	});

	it.each<[string, unknown]>([
		["32 bytes that happen to be text", utf8("x".repeat(32))],
		["a control character far into a text", `0${"?".repeat(20)}\u0001`],
		["a tab in a text", "0\t?"],
		["14 characters of UTF-16", "a\0".repeat(7)],
		["zeros at other places", `ab\0${"?".repeat(20)}`],
		["a key after another character", `x${HEX}`],
		["a key after a long name", `${"a".repeat(70)}=${HEX}`],
		["a key after something in brackets", `<key>=${HEX}`],
		["a key after something that begins with a bracket", `<key=${HEX}`],
		["a key after something that ends with a bracket", `key>=${HEX}`],
		["a key after nothing and a sign", `=${HEX}`],
		["0x twice", `0x0x${"ab".repeat(20)}`],
		["a few digits", "abc"],
		["a file's name of 1,025 characters", `${"n".repeat(1_021)}.pem`],
		["a file's name on two lines", "n\nn.pem"],
		["a PEM beyond 65,536 characters", `${"?".repeat(65_536)}-----BEGIN PRIVATE KEY-----`],
		["JSON of a text", "[1"],
	])("says nothing about %s", (_what, input) => {
		expect(adviceOn(input)).toBeUndefined();
	});
});
