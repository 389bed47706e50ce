import { inspect } from "node:util";
import { expect, it } from "vitest";
import { exportPublicKey } from "../../src/keys/export-public-key.ts";
import { generateKeyPair } from "../../src/keys/generate.ts";
import { importPrivateKey } from "../../src/keys/import-private-key.ts";
import { isPublicKey, pointOf } from "../../src/keys/public-key.ts";
import { SCALAR_HEX } from "./sample-keys.ts";

const key = await importPrivateKey(SCALAR_HEX);
const { publicKey } = key;

it("is frozen, and states its algorithm and curve", () => {
	expect(publicKey).toMatchObject({ algorithm: "ES256K", curve: "secp256k1" });
	expect(Object.isFrozen(publicKey)).toBe(true);
	expect(() => Object.assign(publicKey, { thumbprint: "" })).toThrow(TypeError);
});

it("prints as a label with the end of its thumbprint", () => {
	const label = `[PublicKey secp256k1 …${publicKey.thumbprint.slice(-8)}]`;
	expect([String(publicKey), inspect(publicKey), JSON.parse(JSON.stringify(publicKey))]).toEqual([label, label, label]);
});

it("exports copies", async () => {
	const { publicKey } = await generateKeyPair();
	for (const format of ["bytes", "compressed-bytes", "xy-bytes"] as const) {
		exportPublicKey(publicKey, format).fill(0);
		expect(exportPublicKey(publicKey, format).some((byte) => byte !== 0)).toBe(true);
	}
	expect(exportPublicKey(publicKey, "jwk")).not.toBe(exportPublicKey(publicKey, "jwk"));
});

it("is recognized by isPublicKey, unlike anything else", () => {
	expect(isPublicKey(publicKey)).toBe(true);
	for (const other of [key, null, undefined, "key", {}, { ...publicKey }]) expect(isPublicKey(other)).toBe(false);
});

it("is named where another value is given instead", () => {
	for (const wrong of [{}, key, null]) expect(() => pointOf(wrong as never)).toThrow("the key must be a PublicKey:");
});
