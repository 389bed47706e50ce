/** Runtimes in which packages or Node's built-ins are missing. */
import { describe, expect, it, vi } from "vitest";
import { BACKENDS } from "../../../src/keys/secp256k1/backends.node.ts";
import { BACKENDS as PORTABLE } from "../../../src/keys/secp256k1/backends.ts";
import { nobleBackend } from "../../../src/keys/secp256k1/noble-backend.ts";
import { expectCode, fromHex, SCALAR_HEX, utf8 } from "../sample-keys.ts";

const data = utf8("data");

async function importWith(backends: typeof BACKENDS) {
	vi.doMock("#backends", () => ({ BACKENDS: backends }));
	vi.resetModules();
	const keys = await import("../../../src/keys.ts");
	vi.doUnmock("#backends");
	return keys;
}

describe("without Node's built-ins", () => {
	it("T18: noble signs and verifies, and returns false for an invalid signature", async () => {
		const { curveBackend, importPrivateKey, signData, verifyData } = await importWith(PORTABLE);
		const key = await importPrivateKey(SCALAR_HEX);
		const signature = await signData(key, data);
		expect([curveBackend(), curveBackend("sign"), curveBackend("recover")]).toEqual(["noble", "noble", "noble"]);
		expect(signature).toEqual(nobleBackend.sign(data, fromHex(SCALAR_HEX)));
		expect(await verifyData(key.publicKey, data, signature)).toBe(true);
		const bad = [0, 1, 63, 64, 65, 70, 128].map((length) => new Uint8Array(length));
		for (const bytes of [...bad, new Uint8Array(64).fill(0xff), signature.subarray(1), utf8("x".repeat(64))]) {
			expect(await verifyData(key.publicKey, data, bytes)).toBe(false);
		}
	});

	it("can't use a backend of Node", async () => {
		const { curveBackend, useCurveBackend } = await importWith(PORTABLE);
		await expectCode(() => useCurveBackend("node:crypto"), "key/unavailable");
		expect(curveBackend()).toBe("noble");
	});
});

describe("without the optional packages", () => {
	const absent = (name: "secp256k1" | "tiny-secp256k1") => ({
		name,
		load: () => {
			throw new Error(`Cannot find module '${name}'`);
		},
	});

	it("OpenSSL verifies and noble signs, and the optional packages can't be selected", async () => {
		const without = [absent("secp256k1"), absent("tiny-secp256k1"), ...BACKENDS.slice(2)];
		const { curveBackend, useCurveBackend } = await importWith(without);
		expect([curveBackend(), curveBackend("sign"), curveBackend("recover")]).toEqual(["node:crypto", "noble", "noble"]);
		await expectCode(() => useCurveBackend("secp256k1"), "key/unavailable", /"secp256k1"/);
	});
});
