import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { assertJwkFor } from "../../../src/keys/formats/jwk.ts";
import { parseKeyFormat, wrapSyntaxError } from "../../../src/keys/formats/key-format.ts";
import { encodeRsaPublicKey } from "../../../src/keys/formats/rsa-der.ts";
import { computeRsaThumbprint, parseRsaPublicJwk } from "../../../src/keys/formats/rsa-jwk.ts";
import { expectCode, fromHex, PUBLIC_JWK, toPem } from "../sample-keys.ts";

describe("parseKeyFormat", () => {
	it("reads up to 65 bytes and up to 65,536 characters", async () => {
		expect(parseKeyFormat(new Uint8Array(65), "ES256K")).toEqual({ format: "bytes", bytes: new Uint8Array(65) });
		await expectCode(() => parseKeyFormat(new Uint8Array(66), "ES256K"), "key/unrecognized", /too many bytes/);
		const text = "0".repeat(65_536);
		expect(parseKeyFormat(text, "ES256K")).toEqual({ format: "bytes", bytes: new Uint8Array(32_768) });
		await expectCode(() => parseKeyFormat(`${text}0`, "ES256K"), "key/unrecognized", /at most 65536/);
	});

	it.each([
		["JSON", `\n ${JSON.stringify(PUBLIC_JWK)} `, "jwk"],
		["a PEM after escaped line breaks", `\\n\\r\\n${toPem("PUBLIC KEY", "3000")}`, "pem"],
		["digits before an escaped line break", `${"ab".repeat(32)}\\n`, "bytes"],
		["digits with 0x", `0x${"ab".repeat(32)}`, "bytes"],
		["a keystore", { crypto: {} }, "keystore"],
		["MyEtherWallet's keystore", { Crypto: {} }, "keystore"],
		["MyEtherWallet's keystore as JSON", '{"Crypto":{}}', "keystore"],
	])("recognizes %s", (_what, input, format) => {
		expect(parseKeyFormat(input, "ES256K")).toMatchObject({ format });
	});

	it("says what the algorithm's keys look like", async () => {
		await expectCode(() => parseKeyFormat("?", "RS256"), "key/unrecognized", /an RSA key begins with -----BEGIN/);
		await expectCode(() => parseKeyFormat("?", "ES256K"), "key/unrecognized", /PEM, JWK, keystore or hexadecimal/);
	});

	it("keeps the reader's error as the cause, and other errors as they are", () => {
		const fail = (error: Error) => (): never => {
			throw error;
		};
		const [cause, other] = [new SyntaxError("DER: x"), new TypeError("y")];
		const malformed = { code: "key/malformed", message: "the key is malformed: DER: x", cause };
		expect(() => wrapSyntaxError(fail(cause))).toThrow(expect.objectContaining(malformed));
		expect(() => wrapSyntaxError(fail(other))).toThrow(other);
	});
});

describe("assertJwkFor", () => {
	it.each([
		["ES256", "ES256"],
		["A-1_b.c", "A-1_b.c"],
		["a".repeat(32), "a".repeat(32)],
		["a".repeat(33), "unknown"],
		["", "unknown"],
		["a\n", "unknown"],
		["\na", "unknown"],
		["\u001b[31m", "unknown"],
	])("repeats the name of an algorithm only if it is printable: %j", (alg, shown) => {
		const error = { code: "key/wrong-algorithm", message: `the JWK is for the algorithm ${shown}, not ES256K` };
		expect(() => assertJwkFor({ ...PUBLIC_JWK, alg }, "ES256K", "verify")).toThrow(expect.objectContaining(error));
	});
});

describe("RSA numbers", () => {
	it("are written in DER with a zero byte only if their first bit is set", () => {
		expect(encodeRsaPublicKey({ n: 0x7fn, e: 3n })).toEqual(fromHex("300602017f020103"));
		expect(encodeRsaPublicKey({ n: 0x80n, e: 3n })).toEqual(fromHex("300702020080020103"));
		expect(encodeRsaPublicKey({ n: 0x100n, e: 0xffn })).toEqual(fromHex("30080202010002020 0ff".replace(" ", "")));
	});

	it("have a thumbprint of the required members in order", () => {
		const expected = createHash("sha256").update('{"e":"AQAB","kty":"RSA","n":"_w"}').digest("base64url");
		expect(computeRsaThumbprint({ n: 0xffn, e: 65_537n })).toBe(expected);
	});

	it("are read from JWKs of up to 65,536 characters", () => {
		const [longest, longer] = [`B${"A".repeat(65_535)}`, `B${"A".repeat(65_539)}`];
		expect(parseRsaPublicJwk({ kty: "RSA", n: longest, e: "AQAB" })).toEqual({
			n: 1n << (65_536n * 6n - 6n),
			e: 65_537n,
		});
		expect(() => parseRsaPublicJwk({ kty: "RSA", n: longer, e: "AQAB" })).toThrow(/n is too long/);
	});
});
