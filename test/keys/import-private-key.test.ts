import { describe, expect, it } from "vitest";
import { exportPrivateKey } from "../../src/keys/export-private-key.ts";
import { importPrivateKey, type PrivateKeyInput } from "../../src/keys/import-private-key.ts";
import * as sample from "./sample-keys.ts";

const { der, expectCode, fromHex, pkcs8, PRIVATE_JWK, PUBLIC_JWK, SCALAR_HEX, sec1, toPem } = sample;
const SEC1 = toPem("EC PRIVATE KEY", sec1());
const PKCS8 = toPem("PRIVATE KEY", pkcs8());
const PARAMETERS = toPem("EC PARAMETERS", sample.SECP256K1_OID);
const POINT = sample.UNCOMPRESSED_HEX;
const OTHER_POINT = `02${sample.X_HEX}`;
const withHalf = (point: string): string => der("a1", der("03", "00", point));

describe("importPrivateKey", () => {
	it.each<[string, PrivateKeyInput]>([
		["SEC 1 PEM", SEC1],
		["SEC 1 PEM after EC PARAMETERS", PARAMETERS + SEC1],
		["SEC 1 PEM whose curve is only in EC PARAMETERS", PARAMETERS + toPem("EC PRIVATE KEY", sec1({ parameters: "" }))],
		["SEC 1 PEM without the public half", toPem("EC PRIVATE KEY", sec1({ half: "" }))],
		["SEC 1 PEM with a compressed half", toPem("EC PRIVATE KEY", sec1({ half: withHalf(sample.COMPRESSED_HEX) }))],
		["SEC 1 PEM with CRLF", (PARAMETERS + SEC1).replaceAll("\n", "\r\n")],
		["SEC 1 PEM with \\n for line breaks", (PARAMETERS + SEC1).replaceAll("\n", "\\n")],
		["PKCS#8 PEM", PKCS8],
		["PKCS#8 PEM with whitespace around", `  \n${PKCS8}\n\n`],
		["PKCS#8 PEM with \\n for line breaks", PKCS8.replaceAll("\n", "\\n")],
		["PKCS#8 of version 1, as python-ecdsa writes it", toPem("PRIVATE KEY", pkcs8({ version: "020101" }))],
		["PKCS#8 that names the curve inside too", toPem("PRIVATE KEY", pkcs8({ key: sec1() }))],
		["PKCS#8 with attributes", toPem("PRIVATE KEY", pkcs8({ trailer: "a000" }))],
		[
			"PKCS#8 with attributes and a public half",
			toPem("PRIVATE KEY", pkcs8({ trailer: `a000${der("81", "00", POINT)}` })),
		],
		["a JWK", PRIVATE_JWK],
		["a JWK with its use and operations", { ...PRIVATE_JWK, alg: "ES256K", use: "sig", key_ops: ["sign"] }],
		["a JWK as JSON", JSON.stringify(PRIVATE_JWK)],
		["hex", SCALAR_HEX],
		["hex with 0x", `0x${SCALAR_HEX}`],
		["hex with a line break", `${SCALAR_HEX}\n`],
		["32 bytes", fromHex(SCALAR_HEX)],
		["a Buffer", Buffer.from(SCALAR_HEX, "hex")],
	])("imports %s", async (_what, input) => {
		const before = JSON.stringify(input);
		const key = await importPrivateKey(input);
		expect(exportPrivateKey(key, "hex")).toBe(`0x${SCALAR_HEX}`);
		expect(JSON.stringify(input)).toBe(before);
	});

	it("doesn't modify its options, which can be reused", async () => {
		const options = Object.freeze({ algorithm: "ES256K" as const, password: "unused" });
		const first = await importPrivateKey(SEC1, options);
		expect(exportPrivateKey(await importPrivateKey(SEC1, options), "hex")).toBe(exportPrivateKey(first, "hex"));
	});

	it("ignores later changes to the given bytes", async () => {
		const bytes = fromHex(SCALAR_HEX);
		const key = await importPrivateKey(bytes);
		bytes.fill(0);
		expect(exportPrivateKey(key, "hex")).toBe(`0x${SCALAR_HEX}`);
	});

	it.each(sample.OTHER_KINDS)("T21: rejects a $name key by name", async ({ name, privatePem }) => {
		await expectCode(() => importPrivateKey(privatePem), "key/wrong-algorithm", new RegExp(`got ${name}(?:;|$)`));
	});

	it.each<[string, PrivateKeyInput]>([
		["SEC 1 of P-256", toPem("EC PRIVATE KEY", sec1({ parameters: der("a0", sample.P256_OID), half: "" }))],
		["SEC 1 after parameters of P-256", toPem("EC PARAMETERS", sample.P256_OID) + SEC1],
		["SEC 1 with explicit parameters", toPem("EC PRIVATE KEY", sec1({ parameters: der("a0", "3000"), half: "" }))],
		["explicit EC PARAMETERS", toPem("EC PARAMETERS", "3000") + SEC1],
		[
			"PKCS#8 whose inside names P-256",
			toPem("PRIVATE KEY", pkcs8({ key: sec1({ parameters: der("a0", sample.P256_OID) }) })),
		],
		["RSA PKCS#1", toPem("RSA PRIVATE KEY", "3003020100")],
		["DSA", toPem("DSA PRIVATE KEY", "3003020100")],
		["a JWK of P-256", { ...PRIVATE_JWK, crv: "P-256" }],
		["a JWK of RSA", { kty: "RSA", d: "AQAB" }],
		["a shared secret", { kty: "oct", k: "c2VjcmV0" }],
		["a JWK for another algorithm", { ...PRIVATE_JWK, alg: "ES256" }],
		["a JWK for an unprintable algorithm", { ...PRIVATE_JWK, alg: "\n" }],
		["a JWK for encryption", { ...PRIVATE_JWK, use: "enc" }],
		["a JWK that must not sign", { ...PRIVATE_JWK, key_ops: ["verify"] }],
	])("T21: rejects %s: wrong algorithm", async (_what, input) => {
		await expectCode(() => importPrivateKey(input), "key/wrong-algorithm");
	});

	it.each<[string, unknown]>([
		["nothing", ""],
		["undefined", undefined],
		["T65: 31 bytes", new Uint8Array(31)],
		["T65: 33 bytes", new Uint8Array(33)],
		["34 bytes that begin like a point", new Uint8Array(34).fill(2)],
		["64 bytes", new Uint8Array(64)],
		["64 bytes that begin like a point", new Uint8Array(64).fill(4)],
		["65 bytes that aren't a point", new Uint8Array(65)],
		["31 bytes in hex", SCALAR_HEX.slice(2)],
		["bare base64", Buffer.from(pkcs8(), "hex").toString("base64")],
		["an OpenSSH key", toPem("OPENSSH PRIVATE KEY", SCALAR_HEX)],
		["a certificate", toPem("CERTIFICATE", SCALAR_HEX)],
		["parameters alone", PARAMETERS],
		["two keys", SEC1 + SEC1],
		["OpenSSL's old encryption", SEC1.replace("\n", "\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00\n\n")],
		["an empty object", {}],
		["a keystore of version 1", { version: 1, crypto: {} }],
	])("rejects %s: unrecognized", async (_what, input) => {
		await expectCode(() => importPrivateKey(input as string), "key/unrecognized");
	});

	it("says that the block with the key is missing after EC PARAMETERS", async () => {
		await expectCode(() => importPrivateKey(PARAMETERS), "key/unrecognized", /block with the key is missing/);
	});

	it.each<[string, unknown]>([
		["SEC 1 without a curve", toPem("EC PRIVATE KEY", sec1({ parameters: "" }))],
		["SEC 1 of version 0", toPem("EC PRIVATE KEY", sec1({ version: "020100" }))],
		["SEC 1 with a negative version", toPem("EC PRIVATE KEY", sec1({ version: "0201ff" }))],
		["SEC 1 with an empty version", toPem("EC PRIVATE KEY", sec1({ version: "0200" }))],
		["SEC 1 with a padded version", toPem("EC PRIVATE KEY", sec1({ version: "02020001" }))],
		["SEC 1 with a long version", toPem("EC PRIVATE KEY", sec1({ version: "02050100000001" }))],
		["SEC 1 with 31 bytes", toPem("EC PRIVATE KEY", sec1({ scalar: SCALAR_HEX.slice(2) }))],
		["SEC 1 with 33 bytes", toPem("EC PRIVATE KEY", sec1({ scalar: `00${SCALAR_HEX}` }))],
		["SEC 1 with data at its end", toPem("EC PRIVATE KEY", sec1({ trailer: "0500" }))],
		["SEC 1 with data after its end", toPem("EC PRIVATE KEY", `${sec1()}00`)],
		["SEC 1 with two curves", toPem("EC PRIVATE KEY", sec1({ parameters: der("a0", sample.SECP256K1_OID.repeat(2)) }))],
		["SEC 1 with two halves", toPem("EC PRIVATE KEY", sec1({ half: der("a1", der("03", "00", POINT).repeat(2)) }))],
		["SEC 1 with a hybrid half", toPem("EC PRIVATE KEY", sec1({ half: withHalf(`07${POINT.slice(2)}`) }))],
		["PKCS#8 of version 2", toPem("PRIVATE KEY", pkcs8({ version: "020102" }))],
		["PKCS#8 with data at its end", toPem("PRIVATE KEY", pkcs8({ trailer: "0500" }))],
		["PKCS#8 with data after its end", toPem("PRIVATE KEY", `${pkcs8()}00`)],
		["PKCS#8 under the label of SEC 1", toPem("EC PRIVATE KEY", pkcs8())],
		["SEC 1 under the label of PKCS#8", toPem("PRIVATE KEY", sec1())],
		["EC PARAMETERS with data after their end", toPem("EC PARAMETERS", `${sample.SECP256K1_OID}00`) + SEC1],
		["broken base64", SEC1.replace("M", "*")],
		["an encrypted PEM of broken base64", toPem("ENCRYPTED PRIVATE KEY", "3000").replace("=", "")],
		["a JWK with a short d", { ...PRIVATE_JWK, d: PRIVATE_JWK.d.slice(1) }],
		["a JWK whose d is null", { ...PRIVATE_JWK, d: null }],
		["a JWK without x", { ...PRIVATE_JWK, x: undefined }],
	])("rejects %s: malformed", async (_what, input) => {
		await expectCode(() => importPrivateKey(input as string), "key/malformed");
	});

	it.each([
		["zero", "00".repeat(32)],
		["n", sample.ORDER_HEX],
		["n + 1", `${sample.ORDER_HEX.slice(0, -1)}2`],
		["all ones", "ff".repeat(32)],
	])("T65: rejects the scalar %s in every format", async (_what, scalar) => {
		await expectCode(() => importPrivateKey(scalar), "key/out-of-range");
		await expectCode(() => importPrivateKey(fromHex(scalar)), "key/out-of-range");
		await expectCode(() => importPrivateKey({ ...PRIVATE_JWK, d: sample.toBase64Url(scalar) }), "key/out-of-range");
		await expectCode(() => importPrivateKey(toPem("EC PRIVATE KEY", sec1({ scalar }))), "key/out-of-range");
		await expectCode(
			() => importPrivateKey(toPem("PRIVATE KEY", pkcs8({ key: sec1({ scalar }) }))),
			"key/out-of-range",
		);
	});

	it("accepts the scalars 1 and n - 1, whose points have the same x", async () => {
		const one = await importPrivateKey(`${"00".repeat(31)}01`);
		const last = await importPrivateKey(`${sample.ORDER_HEX.slice(0, -1)}0`);
		expect(exportPrivateKey(one, "jwk").x).toBe(exportPrivateKey(last, "jwk").x);
		expect(exportPrivateKey(one, "jwk").y).not.toBe(exportPrivateKey(last, "jwk").y);
	});

	it.each<[string, PrivateKeyInput]>([
		["SEC 1", toPem("EC PRIVATE KEY", sec1({ half: withHalf(OTHER_POINT) }))],
		["the inside of PKCS#8", toPem("PRIVATE KEY", pkcs8({ key: sec1({ half: withHalf(OTHER_POINT) }) }))],
		["the trailer of PKCS#8", toPem("PRIVATE KEY", pkcs8({ trailer: der("81", "00", OTHER_POINT) }))],
		["a JWK", { ...PRIVATE_JWK, d: sample.toBase64Url("22".repeat(32)) }],
	])("rejects a public half that belongs to another key in %s", async (_what, input) => {
		await expectCode(() => importPrivateKey(input), "key/mismatch");
	});

	it("rejects a public half that isn't on the curve", async () => {
		const half = withHalf(`04${sample.X_HEX}${sample.X_HEX}`);
		await expectCode(() => importPrivateKey(toPem("EC PRIVATE KEY", sec1({ half }))), "key/out-of-range");
	});

	it.each<[string, PrivateKeyInput]>([
		["SPKI PEM", toPem("PUBLIC KEY", sample.spki(POINT))],
		["a JWK", PUBLIC_JWK],
		["a JWK for verifying", { ...PUBLIC_JWK, key_ops: ["verify"] }],
		["compressed hex", sample.COMPRESSED_HEX],
		["compressed hex of an even y", OTHER_POINT],
		["uncompressed hex", POINT],
		["33 bytes", fromHex(sample.COMPRESSED_HEX)],
	])("rejects a public key as %s: private expected", async (_what, input) => {
		await expectCode(() => importPrivateKey(input), "key/private-expected");
	});

	it("rejects unknown options and algorithms, without showing a password", async () => {
		const typo = { passwort: "hunter2" } as object;
		await expectCode(() => importPrivateKey(SEC1, typo), "config/unknown-option", /^(?!.*hunter2)/);
		const wrong = { algorithm: "RS512" } as unknown as { algorithm: "ES256K" };
		await expectCode(() => importPrivateKey(SEC1, wrong), "config/invalid-option");
	});
});
