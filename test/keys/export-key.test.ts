import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { PrivateKeyFormat } from "../../src/keys/export-private-key.ts";
import { exportPrivateKey } from "../../src/keys/export-private-key.ts";
import type { PublicKeyFormat } from "../../src/keys/export-public-key.ts";
import { exportPublicKey } from "../../src/keys/export-public-key.ts";
import { importPrivateKey } from "../../src/keys/import-private-key.ts";
import { importPublicKey } from "../../src/keys/import-public-key.ts";
import { isScalar } from "../../src/keys/secp256k1/curve.ts";
import { runs } from "../support/property.ts";
import { expectCode, PRIVATE_JWK, PUBLIC_JWK, pkcs8, SCALAR_HEX, sec1, spki, UNCOMPRESSED_HEX } from "./sample-keys.ts";

const PRIVATE_FORMATS: readonly PrivateKeyFormat[] = ["sec1", "pkcs8", "jwk", "hex", "bytes"];
const PUBLIC_FORMATS: readonly PublicKeyFormat[] = [
	"spki",
	"spki-base64",
	"jwk",
	"hex",
	"compressed-hex",
	"xy-hex",
	"bytes",
	"compressed-bytes",
	"xy-bytes",
];
const scalars = fc.uint8Array({ minLength: 32, maxLength: 32 }).filter(isScalar);
const key = await importPrivateKey(SCALAR_HEX);

function derOf(pem: string): string {
	return Buffer.from(pem.split("\n").slice(1, -2).join(""), "base64").toString("hex");
}

describe("exportPrivateKey and exportPublicKey", () => {
	it("exports every format so that it imports as the same key", async () => {
		await fc.assert(
			fc.asyncProperty(scalars, async (scalar) => {
				const original = await importPrivateKey(scalar);
				for (const format of PRIVATE_FORMATS) {
					const copy = await importPrivateKey(exportPrivateKey(original, format));
					expect(exportPrivateKey(copy, "bytes")).toEqual(scalar);
				}
				for (const format of PUBLIC_FORMATS) {
					const copy = importPublicKey(exportPublicKey(original.publicKey, format));
					expect(copy).toEqual(original.publicKey);
				}
			}),
			runs(30),
		);
	});

	it("writes the structures of RFC 5915, 5208 and 5480, in lines of 64 characters", () => {
		expect(derOf(exportPrivateKey(key, "sec1"))).toBe(sec1());
		expect(derOf(exportPrivateKey(key, "pkcs8"))).toBe(pkcs8());
		expect(derOf(exportPublicKey(key.publicKey, "spki"))).toBe(spki(UNCOMPRESSED_HEX));
		for (const line of exportPrivateKey(key, "pkcs8").split("\n")) expect(line.length).toBeLessThanOrEqual(64);
	});

	it("exports a JWK with the registered members only", () => {
		expect(exportPrivateKey(key, "jwk")).toEqual(PRIVATE_JWK);
		expect(exportPublicKey(key.publicKey, "jwk")).toEqual(PUBLIC_JWK);
	});

	it("exports a copy of the bytes", () => {
		exportPrivateKey(key, "bytes").fill(0);
		expect(exportPrivateKey(key, "hex")).toBe(`0x${SCALAR_HEX}`);
	});

	it("rejects unknown formats, unknown options and values that aren't keys", async () => {
		for (const format of ["pem", "constructor", "", undefined]) {
			await expectCode(() => exportPrivateKey(key, format as "jwk"), "config/invalid-option");
			await expectCode(() => exportPublicKey(key.publicKey, format as "jwk"), "config/invalid-option");
		}
		await expectCode(() => exportPrivateKey(key, "pkcs8", { passphrase: "x" } as object), "config/unknown-option");
		await expectCode(() => exportPrivateKey(key, "sec1", { password: "x" }), "config/invalid-option");
		expect(() => exportPrivateKey(key.publicKey as never, "jwk")).toThrow(TypeError);
		expect(() => exportPublicKey(key as never, "jwk")).toThrow(TypeError);
	});
});
