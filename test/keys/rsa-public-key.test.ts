import { inspect } from "node:util";
import { calculateJwkThumbprint } from "jose";
import { expect, it } from "vitest";
import { exportPublicKey } from "../../src/keys/export-public-key.ts";
import { generateKeyPair } from "../../src/keys/generate.ts";
import { importPrivateKey } from "../../src/keys/import-private-key.ts";
import { isRsaPublicKey, publicComponentsOf } from "../../src/keys/rsa-public-key.ts";
import { thumbprint } from "../../src/keys/thumbprint.ts";
import { NUMBERS, PKCS1, PUBLIC_JWK, RS256 } from "./sample-rsa-keys.ts";

const key = await importPrivateKey(PKCS1, RS256);
const { publicKey } = key;
const ec = await generateKeyPair();

it("is frozen, and states its algorithm and length", () => {
	expect(publicKey).toMatchObject({ algorithm: "RS256", modulusLength: 2_048 });
	expect(Object.isFrozen(publicKey)).toBe(true);
	expect(() => Object.assign(publicKey, { thumbprint: "" })).toThrow(TypeError);
});

it("prints as a label with the end of its thumbprint", () => {
	const label = `[RsaPublicKey 2048 bits …${publicKey.thumbprint.slice(-8)}]`;
	expect([String(publicKey), inspect(publicKey), JSON.parse(JSON.stringify(publicKey))]).toEqual(Array(3).fill(label));
});

it("doesn't keep private components when it comes from a private key", () => {
	const shown = inspect(publicKey, { customInspect: false, showHidden: true, depth: 9 });
	expect(shown).not.toContain(String(NUMBERS.d));
	expect(exportPublicKey(publicKey, "jwk")).toEqual(PUBLIC_JWK);
});

it("is recognized by isRsaPublicKey, unlike anything else", () => {
	expect(isRsaPublicKey(publicKey)).toBe(true);
	for (const wrong of [key, ec.publicKey, null, undefined, "key", {}, { ...publicKey }]) {
		expect(isRsaPublicKey(wrong)).toBe(false);
	}
});

it("has the thumbprint that jose computes (RFC 7638)", async () => {
	const expected = await calculateJwkThumbprint(PUBLIC_JWK as { kty: string });
	expect([thumbprint(publicKey), publicKey.thumbprint]).toEqual([expected, expected]);
	expect(() => thumbprint(key as never)).toThrow(TypeError);
});

it("is named where another value is given instead", () => {
	for (const wrong of [{}, key, null]) {
		expect(() => publicComponentsOf(wrong as never)).toThrow("the key must be a RsaPublicKey:");
	}
});
