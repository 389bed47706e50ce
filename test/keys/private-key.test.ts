import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { toAddress, toIoAddress } from "../../src/keys/address.ts";
import { exportPublicKey } from "../../src/keys/export-public-key.ts";
import { generateKeyPair } from "../../src/keys/generate.ts";
import { importPrivateKey } from "../../src/keys/import-private-key.ts";
import { importPublicKey } from "../../src/keys/import-public-key.ts";
import { PrivateKey, scalarOf } from "../../src/keys/private-key.ts";
import { PublicKey } from "../../src/keys/public-key.ts";
import type { Signer } from "../../src/keys/signer.ts";
import { thumbprint } from "../../src/keys/thumbprint.ts";
import { printedForms } from "../support/printed-forms.ts";
import { describeWithVectors } from "../vectors.ts";
import { ADDRESS, COMPRESSED_HEX, fromHex, PRIVATE_JWK, PUBLIC_JWK, SCALAR_HEX, utf8 } from "./sample-keys.ts";

const key = await importPrivateKey(SCALAR_HEX);
const { publicKey } = key;

describe("PrivateKey", () => {
	it("T65: never shows the secret, however it is printed", () => {
		const label = /^\[PrivateKey secp256k1 ….{8}\]$/;
		expect(String(key)).toMatch(label);
		expect(`${key}`).toBe(String(key));
		expect(inspect(key)).toBe(String(key));
		expect(JSON.parse(JSON.stringify(key))).toBe(String(key));
		const shown = printedForms(key);
		for (const secret of [SCALAR_HEX, PRIVATE_JWK.d, "17, 17", "17,17", BigInt(`0x${SCALAR_HEX}`).toString()]) {
			expect(shown).not.toContain(secret);
		}
	});

	it("can't sign as a clone", () => {
		const clone = structuredClone(key) as unknown as PrivateKey;
		expect(clone).not.toBeInstanceOf(PrivateKey);
		expect(() => scalarOf(clone)).toThrow(TypeError);
		expect(() => scalarOf(Object.create(key))).toThrow(TypeError);
		expect(() => scalarOf(null as never)).toThrow(TypeError);
	});

	it("is frozen, and states its algorithm and curve", () => {
		expect(Object.isFrozen(key)).toBe(true);
		expect(Object.isFrozen(publicKey)).toBe(true);
		expect(() => Object.assign(key, { algorithm: "RS256" })).toThrow(TypeError);
		expect(() => Object.assign(publicKey, { thumbprint: "" })).toThrow(TypeError);
		for (const half of [key, publicKey]) expect(half).toMatchObject({ algorithm: "ES256K", curve: "secp256k1" });
	});

	it("is a Signer", async () => {
		const signer: Signer = key;
		expect(signer.publicKey).toBe(publicKey);
		expect(await signer.sign(utf8("data"))).toHaveLength(64);
	});

	it("can't be constructed with new", () => {
		const make = (of: unknown, ...args: unknown[]): unknown => Reflect.construct(of as () => void, args);
		expect(() => make(PrivateKey, fromHex(SCALAR_HEX))).toThrow(/importPrivateKey/);
		expect(() => make(PrivateKey, Symbol("orgpass.private-key"), fromHex(SCALAR_HEX))).toThrow(TypeError);
		expect(() => make(PublicKey, fromHex(COMPRESSED_HEX))).toThrow(/importPublicKey/);
		expect(() => make(PublicKey)).toThrow(TypeError);
	});
});

describe("generateKeyPair", () => {
	it("generates a different key each time, with matching halves", async () => {
		const [first, second] = [await generateKeyPair(), await generateKeyPair()];
		expect(first.privateKey.publicKey).toBe(first.publicKey);
		expect(first.publicKey.thumbprint).not.toBe(second.publicKey.thumbprint);
	});
});

describe("thumbprint", () => {
	it("equals jose's (RFC 7638)", async () => {
		const { calculateJwkThumbprint } = await import("jose");
		expect(thumbprint(publicKey)).toBe(await calculateJwkThumbprint(PUBLIC_JWK));
		const other = (await generateKeyPair()).publicKey;
		expect(thumbprint(other)).toBe(await calculateJwkThumbprint(exportPublicKey(other, "jwk")));
		expect(other.thumbprint).toBe(thumbprint(other));
	});

	it("rejects a value that isn't a public key", () => {
		expect(() => thumbprint(key as never)).toThrow(TypeError);
	});
});

describe("toAddress and toIoAddress", () => {
	it("return the account that ethers computes", async () => {
		const { computeAddress } = await import("ethers");
		for (let at = 0; at < 20; at++) {
			const { publicKey: other } = await generateKeyPair();
			expect(toAddress(other)).toBe(computeAddress(exportPublicKey(other, "hex")));
			expect(toIoAddress(other)).toMatch(/^io1[a-z0-9]{38}$/);
		}
	});

	it("reject a value that isn't a public key", () => {
		expect(() => toAddress(key as never)).toThrow(TypeError);
		expect(() => toIoAddress({} as never)).toThrow(TypeError);
	});

	it("return the address of the sample key", () => {
		expect(toAddress(importPublicKey(COMPRESSED_HEX))).toBe(ADDRESS);
	});
});

describeWithVectors<Record<string, string>>("formats.json", "formats.json", (vectors) => {
	it("match the published vectors", async () => {
		const { publicKey: sample } = await importPrivateKey(vectors["key"] as string);
		expect(exportPublicKey(sample, "hex")).toBe(vectors["uncompressedPublicKey"]);
		expect(exportPublicKey(sample, "compressed-hex")).toBe(vectors["compressedPublicKey"]);
		expect(toAddress(sample)).toBe(vectors["address"]);
		expect(toIoAddress(sample)).toBe(vectors["ioAddress"]);
	});
});
