import { describe, expect, it } from "vitest";
import { exportPublicKey } from "../../src/keys/export-public-key.ts";
import { importPublicKey, type PublicKeyInput } from "../../src/keys/import-public-key.ts";
import * as sample from "./sample-keys.ts";

const { COMPRESSED_HEX, expectCode, fromHex, PUBLIC_JWK, toPem, UNCOMPRESSED_HEX, X_HEX, Y_HEX } = sample;
const PEM = `-----BEGIN PUBLIC KEY-----
MFYwEAYHKoZIzj0CAQYFK4EEAAoDQgAETzVb3LfMCvco7zzOuWFdkGhLtbLKX4Wa
sPC3BAdYcao4W2sbjq2AnKZ0VNloP88roDRW1v4sSr4rB/D727LxwQ==
-----END PUBLIC KEY-----
`;
const SPKI = sample.spki(UNCOMPRESSED_HEX);
const BARE = Buffer.from(SPKI, "hex").toString("base64");
const P256_POINT =
	"042927b10512bae3eddcfe467828128bad2903269919f7086069c8c4df6c732838c7787964eaac00e5921fb1498a60f4606766b3d9685001558d1a974e7341513e";
const evenY = `02${X_HEX}`;

describe("importPublicKey", () => {
	it.each<[string, PublicKeyInput]>([
		["SPKI PEM", toPem("PUBLIC KEY", SPKI)],
		["SPKI PEM of a compressed point", toPem("PUBLIC KEY", sample.spki(COMPRESSED_HEX))],
		["PEM with CRLF", toPem("PUBLIC KEY", SPKI).replaceAll("\n", "\r\n")],
		["PEM with \\n for line breaks", toPem("PUBLIC KEY", SPKI).replaceAll("\n", "\\n")],
		["PEM with \\r\\n for line breaks", toPem("PUBLIC KEY", SPKI).replaceAll("\n", "\\r\\n")],
		["PEM on one line with spaces", toPem("PUBLIC KEY", SPKI).replaceAll("\n", " ")],
		["PEM with whitespace around", `\n\t ${toPem("PUBLIC KEY", SPKI)}\n\n`],
		["SPKI as one line of base64", BARE],
		["SPKI as base64 with \\n", `${BARE.slice(0, 64)}\\n${BARE.slice(64)}\\n`],
		["SPKI as base64 on several lines", `${BARE.slice(0, 64)}\n${BARE.slice(64)}\n`],
		["a JWK", PUBLIC_JWK],
		["a JWK with its use and operations", { ...PUBLIC_JWK, alg: "ES256K", use: "sig", key_ops: ["verify"], kid: "1" }],
		["a JWK as JSON", JSON.stringify(PUBLIC_JWK, null, 1)],
		["compressed hex", COMPRESSED_HEX],
		["compressed hex with 0x", `0x${COMPRESSED_HEX}`],
		["compressed hex in upper case", COMPRESSED_HEX.toUpperCase()],
		["uncompressed hex", UNCOMPRESSED_HEX],
		["uncompressed hex with 0x", `0x${UNCOMPRESSED_HEX}`],
		["hex without 04", X_HEX + Y_HEX],
		["hex without 04 with 0x", `0x${X_HEX}${Y_HEX}`],
		["33 bytes", fromHex(COMPRESSED_HEX)],
		["64 bytes", fromHex(X_HEX + Y_HEX)],
		["65 bytes", fromHex(UNCOMPRESSED_HEX)],
		["a Buffer", Buffer.from(UNCOMPRESSED_HEX, "hex")],
		["bytes with an offset", fromHex(`ff${COMPRESSED_HEX}`).subarray(1)],
	])("imports %s", (_what, input) => {
		const before = JSON.stringify(input);
		const key = importPublicKey(input);
		expect(exportPublicKey(key, "hex")).toBe(`0x${UNCOMPRESSED_HEX}`);
		expect(JSON.stringify(input)).toBe(before);
	});

	it("distinguishes the two points of a compressed x", () => {
		const key = importPublicKey(evenY);
		expect(exportPublicKey(key, "compressed-hex")).toBe(`0x${evenY}`);
		expect(exportPublicKey(key, "hex")).not.toBe(`0x${UNCOMPRESSED_HEX}`);
	});

	it("doesn't modify its options, which can be reused", () => {
		const options = Object.freeze({ algorithm: "ES256K" as const });
		expect(importPublicKey(COMPRESSED_HEX, options)).toEqual(importPublicKey(COMPRESSED_HEX, options));
	});

	it("ignores later changes to the given bytes", () => {
		const bytes = fromHex(UNCOMPRESSED_HEX);
		const key = importPublicKey(bytes);
		bytes.fill(0);
		expect(exportPublicKey(key, "hex")).toBe(`0x${UNCOMPRESSED_HEX}`);
	});

	it.each(sample.OTHER_KINDS)("T21: rejects a $name key by name", async ({ name, publicPem }) => {
		await expectCode(() => importPublicKey(publicPem), "key/wrong-algorithm", new RegExp(`got ${name}(?:;|$)`));
	});

	it.each<[string, unknown, RegExp]>([
		["a JWK of P-256", { ...PUBLIC_JWK, crv: "P-256" }, /got P-256/],
		["a JWK of RSA", { kty: "RSA", n: "AQAB", e: "AQAB" }, /got RSA/],
		["a JWK of Ed25519", { kty: "OKP", crv: "Ed25519", x: PUBLIC_JWK.x }, /got Ed25519/],
		["T3: a shared secret", { kty: "oct", k: "c2VjcmV0" }, /got oct/],
		["a JWK whose kty is a curve", { ...PUBLIC_JWK, kty: "secp256k1" }, /kty EC, got secp256k1/],
		["a JWK of the right curve and another kty", { ...PUBLIC_JWK, kty: "OKP" }, /kty EC, got OKP/],
		["a JWK with an unprintable kty", { kty: "\u001b[2J" }, /got unknown/],
		["a JWK for another algorithm", { ...PUBLIC_JWK, alg: "ES256" }, /ES256, not ES256K/],
		["a JWK for encryption", { ...PUBLIC_JWK, use: "enc" }, /use/],
		["a JWK that must not verify", { ...PUBLIC_JWK, key_ops: ["sign"] }, /key_ops don't include verify/],
		["an RSA public key of PKCS#1", toPem("RSA PUBLIC KEY", "3003020101"), /got RSA/],
		["SM2", toPem("PUBLIC KEY", sample.spki(UNCOMPRESSED_HEX, "06082a811ccf5501822d")), /got SM2/],
		["an unknown curve", toPem("PUBLIC KEY", sample.spki(UNCOMPRESSED_HEX, "0603883703")), /unknown \(2\.999\.3\)/],
		["explicit parameters", toPem("PUBLIC KEY", sample.spki(UNCOMPRESSED_HEX, "3000")), /explicit/],
	])("T21: rejects %s: wrong algorithm", async (_what, input, message) => {
		await expectCode(() => importPublicKey(input as string), "key/wrong-algorithm", message);
	});

	it.each<[string, unknown]>([
		["nothing", ""],
		["a word", "secret"],
		["0x alone", "0x"],
		["a number", 42],
		["null", null],
		["an array", [1, 2, 3]],
		["an array of bytes", [...fromHex(COMPRESSED_HEX)]],
		["an empty object", {}],
		["a JWK Set", { keys: [PUBLIC_JWK] }],
		["an inherited JWK", Object.create(PUBLIC_JWK)],
		["hex of another length than a point's", COMPRESSED_HEX.slice(2, 40)],
		["31 bytes", new Uint8Array(31)],
		["66 bytes", new Uint8Array(66)],
		["DER bytes", fromHex(SPKI)],
		["DER bytes in hex", SPKI],
		["another typed array", new Uint16Array(33)],
		["base64 without padding", BARE.slice(0, -2)],
		["an OpenSSH line", "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ key"],
		["an OpenSSH ECDSA line", "ecdsa-sha2-nistp256 AAAA"],
		["a certificate", toPem("CERTIFICATE", SPKI)],
		["a certificate request", toPem("CERTIFICATE REQUEST", SPKI)],
		["an unknown PEM label", toPem("SECRET KEY", SPKI)],
		["parameters alone", toPem("EC PARAMETERS", sample.SECP256K1_OID)],
		["two keys", toPem("PUBLIC KEY", SPKI).repeat(2)],
		["text before the PEM", `key: ${toPem("PUBLIC KEY", SPKI)}`],
		["a megabyte", "A".repeat(1_000_000)],
		["65,537 spaces", " ".repeat(65_537)],
		["a key and 65,536 spaces", toPem("PUBLIC KEY", SPKI) + " ".repeat(65_536)],
	])("rejects %s: unrecognized", async (_what, input) => {
		await expectCode(() => importPublicKey(input as string), "key/unrecognized");
	});

	it.each<[string, unknown]>([
		["base64 that isn't DER", Buffer.from("010203", "hex").toString("base64").replace(/^./, "M")],
		["a PEM without an end", toPem("PUBLIC KEY", SPKI).replace("-----END", "-----FIN")],
		["a PEM whose label doesn't end", "-----BEGIN PUBLIC KEY"],
		["a PEM with a different label at its end", toPem("PUBLIC KEY", SPKI).replace("END PUBLIC", "END PRIVATE")],
		["text after the PEM", `${toPem("PUBLIC KEY", SPKI)}x`],
		["five blocks", toPem("PUBLIC KEY", SPKI).repeat(5)],
		["PEM with junk in its base64", toPem("PUBLIC KEY", SPKI).replace("MFY", "M*Y")],
		["PEM without padding", toPem("PUBLIC KEY", SPKI).replace("==", "")],
		["an empty PEM", toPem("PUBLIC KEY", "")],
		["hex of a hybrid point (06)", `06${X_HEX}${Y_HEX}`],
		["hex of a hybrid point (07)", `07${X_HEX}${Y_HEX}`],
		["SPKI of a hybrid point", toPem("PUBLIC KEY", sample.spki(`07${X_HEX}${Y_HEX}`))],
		["SPKI of the point at infinity", toPem("PUBLIC KEY", sample.spki("00"))],
		["SPKI without a point", toPem("PUBLIC KEY", sample.spki(""))],
		["33 bytes that begin with 04", fromHex(`04${X_HEX}`)],
		["65 bytes that begin with 02", fromHex(`02${X_HEX}${Y_HEX}`)],
		["a JWK without x", { kty: "EC", crv: "secp256k1", y: PUBLIC_JWK.y }],
		["a JWK whose x is inherited", Object.assign(Object.create(PUBLIC_JWK), { ...PUBLIC_JWK, x: undefined })],
		["a JWK whose only own member is kty", Object.assign(Object.create(PUBLIC_JWK), { kty: "EC" })],
		["a JWK without crv", { ...PUBLIC_JWK, crv: undefined }],
		["a JWK with a short x", { ...PUBLIC_JWK, x: PUBLIC_JWK.x.slice(1) }],
		["a JWK with a padded x", { ...PUBLIC_JWK, x: `${PUBLIC_JWK.x}=` }],
		["T10: a JWK with trailing bits in x", { ...PUBLIC_JWK, x: `${PUBLIC_JWK.x.slice(0, -1)}p` }],
		["a JWK whose x is bytes", { ...PUBLIC_JWK, x: fromHex(X_HEX) }],
		["a JWK whose key_ops is text", { ...PUBLIC_JWK, key_ops: "verify" }],
		["a JWK whose alg is a list", { ...PUBLIC_JWK, alg: ["ES256K"] }],
		["a JWK whose kty is null", { kty: null }],
		["T16: JSON with a duplicate name", `{"kty":"oct",${JSON.stringify(PUBLIC_JWK).slice(1)}`],
		["T15: JSON with __proto__", `{"__proto__":${JSON.stringify(PUBLIC_JWK)}}`],
		["T14: deep JSON", `${'{"kty":'.repeat(5000)}`],
		["broken JSON", "{"],
	])("rejects %s: malformed", async (_what, input) => {
		await expectCode(() => importPublicKey(input as string), "key/malformed");
	});

	it.each<[string, PublicKeyInput]>([
		["off the curve", `04${X_HEX}${X_HEX}`],
		["with an x that isn't on the curve", `02${"00".repeat(31)}05`],
		["with x not below p", `02${"ff".repeat(32)}`],
		["of zeros", "00".repeat(64)],
		["off the curve, in a JWK", { ...PUBLIC_JWK, y: PUBLIC_JWK.x }],
		["off the curve, in SPKI", toPem("PUBLIC KEY", sample.spki(`04${X_HEX}${X_HEX}`))],
		["of another curve, labelled secp256k1", toPem("PUBLIC KEY", sample.spki(P256_POINT))],
	])("rejects a point %s: out of range", async (_what, input) => {
		await expectCode(() => importPublicKey(input), "key/out-of-range");
	});

	it.each<[string, PublicKeyInput]>([
		["PKCS#8", toPem("PRIVATE KEY", sample.pkcs8())],
		["SEC 1", toPem("EC PRIVATE KEY", sample.sec1())],
		["SEC 1 with parameters", toPem("EC PARAMETERS", sample.SECP256K1_OID) + toPem("EC PRIVATE KEY", sample.sec1())],
		["an encrypted PEM", toPem("ENCRYPTED PRIVATE KEY", "3000")],
		["a JWK", sample.PRIVATE_JWK],
		["64 digits", sample.SCALAR_HEX],
		["32 bytes", fromHex(sample.SCALAR_HEX)],
		["a keystore", { version: 3, crypto: {} }],
	])("rejects a private key as %s: public expected", async (_what, input) => {
		await expectCode(() => importPublicKey(input), "key/public-expected");
	});

	it("rejects unknown options and algorithms", async () => {
		const options = { algorihtm: "ES256K" } as object;
		await expectCode(() => importPublicKey(COMPRESSED_HEX, options), "config/unknown-option", /algorihtm/);
		for (const algorithm of ["RS512", "none", null, 1]) {
			const wrong = { algorithm } as unknown as { algorithm: "ES256K" };
			await expectCode(() => importPublicKey(COMPRESSED_HEX, wrong), "config/invalid-option");
		}
		await expectCode(() => importPublicKey(COMPRESSED_HEX, null as never), "config/invalid-option");
	});

	it("advises to pass the public one of two keys in an object", async () => {
		const keys = { privateKey: COMPRESSED_HEX, publicKey: COMPRESSED_HEX };
		await expectCode(() => importPublicKey(keys as never), "key/unrecognized", /its member publicKey$/);
	});

	it("exports the sample key as the sample PEM", () => {
		expect(exportPublicKey(importPublicKey(COMPRESSED_HEX), "spki")).toBe(PEM);
	});
});

describe("strict DER", () => {
	const good = SPKI;
	it.each([
		["a long-form length that fits the short form", good.replace(/^3056/, "308156")],
		["a length with a leading zero", good.replace(/^3056/, "30820056")],
		["an indefinite length", `3080${good.slice(4)}0000`],
		["a length past the end", good.replace(/^3056/, "3057")],
		["a length of five bytes", `3085${good.slice(4)}`],
		["a truncated length", "3082"],
		["data after the end", `${good}00`],
		["data after the point", sample.der("30", good.slice(4), "0500")],
		["data after the curve", sample.spki(UNCOMPRESSED_HEX, `${sample.SECP256K1_OID}0500`)],
		["unused bits", good.replace("034200", "034201")],
		["an empty bit string", sample.der("30", good.slice(4, 40), "0300")],
		["a set instead of a sequence", good.replace(/^30/, "31")],
		["NULL instead of a curve", sample.spki(UNCOMPRESSED_HEX, "0500")],
		["an empty identifier", sample.spki(UNCOMPRESSED_HEX, "0600")],
		["an identifier that doesn't end", sample.spki(UNCOMPRESSED_HEX, "0601ff")],
		["an identifier that isn't minimal", sample.spki(UNCOMPRESSED_HEX, "06062b808104000a")],
		["a long identifier", sample.spki(UNCOMPRESSED_HEX, sample.der("06", "2b".repeat(33)))],
		["a tag alone", "30"],
	])("rejects %s", async (_what, hex) => {
		await expectCode(() => importPublicKey(toPem("PUBLIC KEY", hex)), "key/malformed");
	});
});
