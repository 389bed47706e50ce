import { describe, expect, it } from "vitest";
import type { KeyAlgorithm } from "../../src/keys/algorithm.ts";
import { exportPublicKey } from "../../src/keys/export-public-key.ts";
import { generateKeyPair } from "../../src/keys/generate.ts";
import { importPrivateKey } from "../../src/keys/import-private-key.ts";
import { importPublicKey } from "../../src/keys/import-public-key.ts";
import { expectRefusal } from "../support/refusal.ts";
import { RSA_KEYS } from "../support/token-kinds.ts";

const ec = await generateKeyPair();
const rsa = RSA_KEYS;

describe("an imported key", () => {
	it.each<[string, object, KeyAlgorithm, string]>([
		["a private key", ec.privateKey, "ES256K", "key/public-expected"],
		["a private RSA key", rsa.privateKey, "RS256", "key/public-expected"],
		["a private key of the other algorithm", rsa.privateKey, "ES256K", "key/public-expected"],
		["an RSA key for ES256K", rsa.publicKey, "ES256K", "key/wrong-algorithm"],
		["a secp256k1 key for RS256", ec.publicKey, "RS256", "key/wrong-algorithm"],
		["a public key", ec.publicKey, "ES256K", "key/unrecognized"],
		["a public RSA key", rsa.publicKey, "RS256", "key/unrecognized"],
	])("is rejected by importPublicKey: %s", async (_, key, algorithm, code) => {
		await expectRefusal(() => importPublicKey(key, { algorithm }), code as never);
	});

	it.each<[string, object, KeyAlgorithm, string]>([
		["a public key", ec.publicKey, "ES256K", "key/private-expected"],
		["a public RSA key", rsa.publicKey, "RS256", "key/private-expected"],
		["an RSA key for ES256K", rsa.privateKey, "ES256K", "key/wrong-algorithm"],
		["a private key", ec.privateKey, "ES256K", "key/unrecognized"],
	])("is rejected by importPrivateKey: %s", async (_, key, algorithm, code) => {
		await expectRefusal(() => importPrivateKey(key, { algorithm }), code as never);
	});
});

describe("PEM with leading text", () => {
	const pem = exportPublicKey(rsa.publicKey, "spki");

	it.each([
		["the attributes of openssl pkcs12", `Bag Attributes\n    friendlyName: app\n${pem}`],
		["a quote, as in an environment file", `"${pem.replaceAll("\n", "\\n")}"`],
	])("is rejected with advice: %s", async (_, text) => {
		const error = await expectRefusal(() => importPublicKey(text, { algorithm: "RS256" }), "key/unrecognized");
		expect(error.message).toContain("before -----BEGIN");
	});
});
