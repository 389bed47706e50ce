import { describe, expect, it } from "vitest";
import { exportPublicKey } from "../../src/keys/export-public-key.ts";
import { importPublicKey, type PublicKeyInput } from "../../src/keys/import-public-key.ts";
import { RsaPublicKey } from "../../src/keys/rsa-public-key.ts";
import * as ec from "./sample-keys.ts";
import * as sample from "./sample-rsa-keys.ts";

const { der, expectCode, toPem } = ec;
const { PUBLIC_JWK, PUBLIC_PKCS1, RS256, SPKI } = sample;
const BARE = SPKI.split("\n").slice(1, -2).join("");

const importRsa = (input: unknown) => importPublicKey(input as PublicKeyInput, RS256);

describe("importPublicKey for RS256", () => {
	it.each<[string, PublicKeyInput]>([
		["SPKI PEM", SPKI],
		["SPKI PEM with \\n for line breaks", SPKI.replaceAll("\n", "\\n")],
		["SPKI PEM on one line", SPKI.replaceAll("\n", " ")],
		["PKCS#1 PEM", PUBLIC_PKCS1],
		["SPKI as one line of base64", BARE],
		["SPKI as base64 on several lines", `${BARE.slice(0, 64)}\n${BARE.slice(64)}`],
		["a JWK", PUBLIC_JWK],
		["a JWK of a JWKS", { ...PUBLIC_JWK, alg: "RS256", use: "sig", key_ops: ["verify"], kid: "1", x5t: "x" }],
		["a JWK as JSON", JSON.stringify(PUBLIC_JWK)],
	])("imports %s synchronously", (_what, input) => {
		const before = JSON.stringify(input);
		const key = importPublicKey(input, RS256);
		expect(key).toBeInstanceOf(RsaPublicKey);
		expect(key.modulusLength).toBe(2_048);
		expect(exportPublicKey(key, "spki")).toBe(SPKI);
		expect(exportPublicKey(key, "spki-base64")).toBe(BARE);
		expect(exportPublicKey(key, "pkcs1")).toBe(PUBLIC_PKCS1);
		expect(exportPublicKey(key, "jwk")).toEqual(PUBLIC_JWK);
		expect(JSON.stringify(input)).toBe(before);
	});

	it.each(ec.OTHER_KINDS.filter(({ name }) => name !== "RSA"))(
		"T30: rejects a $name key by name",
		async ({ name, publicPem }) => {
			await expectCode(() => importRsa(publicPem), "key/wrong-algorithm", new RegExp(`got ${name}$`));
		},
	);

	it.each<[string, unknown, RegExp]>([
		["a secp256k1 key", toPem("PUBLIC KEY", ec.spki(ec.UNCOMPRESSED_HEX)), /got secp256k1.*ES256K$/],
		["a JWK of secp256k1", ec.PUBLIC_JWK, /got secp256k1/],
		["T3: a shared secret", { kty: "oct", k: "c2VjcmV0" }, /got oct/],
		["a JWK whose curve is RSA", { ...PUBLIC_JWK, kty: "EC", crv: "RSA" }, /kty RSA, got EC/],
		["a JWK for RSA-PSS", { ...PUBLIC_JWK, alg: "PS256" }, /PS256/],
		["a JWK for encryption", { ...PUBLIC_JWK, use: "enc" }, /use/],
		["EC parameters", toPem("EC PARAMETERS", ec.SECP256K1_OID), /got EC$/],
	])("T30: rejects %s: wrong algorithm", async (_what, input, message) => {
		await expectCode(() => importRsa(input), "key/wrong-algorithm", message);
	});

	it.each<[string, unknown, RegExp]>([
		["nothing", "", /-----BEGIN/],
		["a word", "secret", /-----BEGIN/],
		["hexadecimal", ec.COMPRESSED_HEX, /PEM or JWK/],
		["bytes", new Uint8Array(33), /PEM or JWK/],
		["DER bytes", Buffer.from(sample.spki(), "hex"), /openssl pkey/],
		["an OpenSSH line", "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABgQ== me@host", /ssh-keygen -e -m PKCS8 -f FILE/],
		["a certificate", toPem("CERTIFICATE", "3000"), /openssl x509/],
		["a certificate request", toPem("CERTIFICATE REQUEST", "3000"), /openssl req/],
		["two keys", SPKI + SPKI, /provide one/],
		["an unknown label", toPem("SECRET KEY", "3000"), /no key/],
	])("rejects %s: unrecognized", async (_what, input, message) => {
		await expectCode(() => importRsa(input), "key/unrecognized", message);
	});

	it.each<[string, unknown]>([
		["base64 that isn't DER", "MAAA"],
		["SPKI of a point", toPem("PUBLIC KEY", sample.spki(ec.UNCOMPRESSED_HEX))],
		["SPKI without a NULL", toPem("PUBLIC KEY", sample.spki(undefined, der("30", "06092a864886f70d010101")))],
		[
			"SPKI with unused bits",
			toPem("PUBLIC KEY", der("30", sample.spki().slice(8, 38), der("03", "01", sample.publicPkcs1()))),
		],
		["SPKI with data after its end", toPem("PUBLIC KEY", `${sample.spki()}00`)],
		[
			"PKCS#1 with a third number",
			toPem("RSA PUBLIC KEY", der("30", sample.integer(7n), sample.integer(7n), "020101")),
		],
		["PKCS#1 with data after its end", toPem("RSA PUBLIC KEY", `${sample.publicPkcs1()}00`)],
		["PKCS#1 with a padded number", toPem("RSA PUBLIC KEY", der("30", sample.integer(sample.NUMBERS.n), "02020001"))],
		["PKCS#1 with an empty number", toPem("RSA PUBLIC KEY", der("30", sample.integer(sample.NUMBERS.n), "0200"))],
		["a JWK without e", { ...PUBLIC_JWK, e: undefined }],
		["a JWK whose n is inherited", Object.create(PUBLIC_JWK, { kty: { value: "RSA" } })],
		["a JWK with a zero byte before n", { ...PUBLIC_JWK, n: `AA${String(PUBLIC_JWK["n"])}` }],
	])("rejects %s: malformed", async (_what, input) => {
		await expectCode(() => importRsa(input), "key/malformed");
	});

	it.each<[string, unknown]>([
		["PKCS#1", sample.PKCS1],
		["PKCS#8", sample.PKCS8],
		["an encrypted PEM", toPem("ENCRYPTED PRIVATE KEY", "3000")],
		["an OpenSSH key", toPem("OPENSSH PRIVATE KEY", "3000")],
		["a JWK", sample.PRIVATE_JWK],
		["a keystore", { version: 3, crypto: {} }],
	])("rejects a private key as %s: public expected", async (_what, input) => {
		await expectCode(() => importRsa(input), "key/public-expected");
	});
});
