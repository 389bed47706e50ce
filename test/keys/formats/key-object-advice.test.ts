import { describe, expect, it } from "vitest";
import { adviseOnObject } from "../../../src/keys/formats/key-object-advice.ts";

const PRIVATE_PEM = "-----BEGIN PRIVATE KEY-----\nMAA=\n-----END PRIVATE KEY-----\n";
const PUBLIC_PEM = "-----BEGIN PUBLIC KEY-----\nMAA=\n-----END PUBLIC KEY-----\n";
const HEX = "ab".repeat(32);
const JWK = { kty: "EC", crv: "secp256k1" };
const FILLER = Object.fromEntries(Array.from({ length: 100 }, (_, at) => [`a${at}`, at]));

const at = (path: string): string => `this is JSON with a key inside: pass only the value of its member ${path}`;

describe("advice for an object with a key inside", () => {
	it.each([...["private_key", "privateKey", "privateKeyPem", "private-key", "pem", "key", "keys", "data", "value"]])(
		"names the member %s of a private key",
		(name) => {
			expect(adviseOnObject({ [name]: PRIVATE_PEM }, "private")).toBe(at(name));
		},
	);

	it.each(["public_key", "publicKey", "publicKeyPem", "public-key"])("names the member %s of a public key", (name) => {
		expect(adviseOnObject({ [name]: PUBLIC_PEM }, "public")).toBe(at(name));
	});

	it.each<[string, object, string, string]>([
		["the private key of both", { key: PUBLIC_PEM, pem: PRIVATE_PEM }, "pem", "key"],
		["a JWK with d as the private one", { key: JWK, value: { ...JWK, d: "x" } }, "value", "key"],
		["hexadecimal by its name", { publicKey: HEX, privateKey: HEX }, "privateKey", "publicKey"],
		["the only key, even if it is the other one", { key: PUBLIC_PEM }, "key", "key"],
		["the only key, even if it is the other one", { pem: PRIVATE_PEM }, "pem", "pem"],
		["a key inside", { data: { pem: PRIVATE_PEM } }, "data.pem", "data.pem"],
		["a key three levels down", { data: { key: { pem: PRIVATE_PEM } } }, "data.key.pem", "data.key.pem"],
		["a key after an object without one", { data: { a: 1 }, pem: PRIVATE_PEM }, "pem", "pem"],
		["a PEM after whitespace", { pem: `\n ${PRIVATE_PEM}` }, "pem", "pem"],
		["a PEM by its first block", { pem: PUBLIC_PEM + PRIVATE_PEM, key: PRIVATE_PEM }, "key", "pem"],
		["a key after a hundred members", { ...FILLER, pem: PRIVATE_PEM }, "pem", "pem"],
	])("finds %s", (_what, value, ofPrivate, ofPublic) => {
		expect(adviseOnObject(value, "private")).toBe(at(ofPrivate));
		expect(adviseOnObject(value, "public")).toBe(at(ofPublic));
	});

	it.each([
		["in a member of another name", { myKey: PRIVATE_PEM }],
		["below a member of another name", { mine: { pem: PRIVATE_PEM } }],
	])("doesn't repeat names that it doesn't know: a key %s", (_what, value) => {
		expect(adviseOnObject(value, "private")).toMatch(/its member$/);
	});

	it.each<[string, unknown]>([
		["hexadecimal in a member of another name", { id: HEX }],
		["a member with a key's name and something else", { privateKey: "x" }],
		["a key four levels down", { data: { key: { value: { pem: PRIVATE_PEM } } } }],
		["a key after 101 members", { ...FILLER, last: 1, pem: PRIVATE_PEM }],
		["a string", "x"],
		["null", null],
		["a view of a buffer", new DataView(new ArrayBuffer(1))],
	])("says nothing about %s", (_what, value) => {
		expect(adviseOnObject(value, "private")).toBeUndefined();
	});

	it("tells lists of bytes from lists of keys", () => {
		expect(adviseOnObject([1, 2], "private")).toContain("Uint8Array.from(array)");
		expect(adviseOnObject([1, JWK], "private")).toContain("one of its keys");
		expect(adviseOnObject({ keys: [JWK] }, "private")).toContain("JWK Set");
		expect(adviseOnObject({ type: "Buffer", data: [1] }, "private")).toContain("Buffer.from(json.data)");
		expect(adviseOnObject({ type: "x", data: [1] }, "private")).toBeUndefined();
		expect(adviseOnObject({ type: "Buffer", data: "x" }, "private")).toBeUndefined();
	});
});

describe("advice for a JWK in another vendor's terms", () => {
	it.each(["P-256K", "K-256", "SECP256K1", "Secp256k1"])("corrects the curve %s", (crv) => {
		expect(adviseOnObject({ kty: "EC", crv }, "public")).toContain('change crv to "secp256k1"');
		expect(adviseOnObject({ kty: "OKP", crv }, "public")).toBeUndefined();
	});

	it.each([
		["RSA-HSM", undefined, /for an RSA key in an HSM: change kty to "RSA"$/],
		["EC-HSM", "P-256K", /for an EC key in an HSM: change kty to "EC" and crv to "secp256k1"$/],
		["EC-HSM", "secp256k1", /change kty to "EC"$/],
	])("corrects the type %s with the curve %s of a public key", (kty, crv, advice) => {
		expect(adviseOnObject({ kty, crv }, "public")).toMatch(advice);
		expect(adviseOnObject({ kty, crv }, "private")).toContain("createRemoteSigner");
	});

	it("says nothing about a JWK in the terms of the standard", () => {
		expect(adviseOnObject(JWK, "public")).toBeUndefined();
	});
});

describe("advice for a key object", () => {
	it("says how to export it", async () => {
		const { generateKeyPairSync } = await import("node:crypto");
		const { privateKey, publicKey } = generateKeyPairSync("ed25519");
		expect(adviseOnObject(privateKey, "private")).toMatch(/key object of node:crypto: .*"pkcs8"/);
		expect(adviseOnObject(publicKey, "public")).toMatch(/key object of node:crypto: .*"spki"/);
		const hmac = await crypto.subtle.generateKey({ name: "HMAC", hash: "SHA-256" }, true, ["sign"]);
		expect(adviseOnObject(hmac, "private")).toMatch(/key object of WebCrypto: .*exportKey/);
	});
});
