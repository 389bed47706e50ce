import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fromDerSignature } from "../../src/keys/der-signature.ts";
import { generateKeyPair } from "../../src/keys/generate.ts";
import { importPrivateKey } from "../../src/keys/import-private-key.ts";
import { signSync } from "../../src/keys/private-key.ts";
import { signData, verifyData } from "../../src/keys/sign.ts";
import type { Signer } from "../../src/keys/signer.ts";
import { describeWithBackends } from "../support/curve-backends.ts";
import { runs } from "../support/property.ts";
import { thorough } from "../support/thorough.ts";
import { der, expectCode, fromHex, ORDER_HEX, SCALAR_HEX, toBase64Url, utf8 } from "./sample-keys.ts";

const key = await importPrivateKey(SCALAR_HEX);
const otherKey = await importPrivateKey("22".repeat(32));
const { publicKey } = key;
const data = utf8("data");
const HALF_ORDER = BigInt(`0x${ORDER_HEX}`) / 2n;
const NOT_BYTES: readonly unknown[] = [
	"data",
	"0x00",
	42,
	null,
	undefined,
	{},
	[1, 2],
	new ArrayBuffer(4),
	new DataView(new ArrayBuffer(4)),
];

function sOf(signature: Uint8Array): bigint {
	return BigInt(`0x${Buffer.from(signature.subarray(32)).toString("hex")}`);
}

/** The same signature in its other form. */
function twin(signature: Uint8Array): Uint8Array {
	const s = (BigInt(`0x${ORDER_HEX}`) - sOf(signature)).toString(16).padStart(64, "0");
	return new Uint8Array([...signature.subarray(0, 32), ...fromHex(s)]);
}

/** A signer that is not a local key. */
function remote(sign: (bytes: Uint8Array) => unknown, members: Partial<Signer> = { publicKey }): Signer {
	return { algorithm: "ES256K", ...members, sign: async (bytes) => sign(bytes) as Uint8Array };
}

describe("signData", () => {
	it("T65: signs deterministically, doesn't modify the data, and verifyData agrees", async () => {
		const input = utf8("data");
		const [first, second] = [await signData(key, input), await signData(key, input)];
		expect(first).toEqual(second);
		expect(first).toHaveLength(64);
		expect(input).toEqual(data);
		expect(await key.sign(input)).toEqual(first);
		expect(await verifyData(publicKey, input, first)).toBe(true);
	});

	it("T65: makes the known RFC 6979 signature for the scalar 1", async () => {
		const one = await importPrivateKey(`${"00".repeat(31)}01`);
		const signature = await signData(
			one,
			utf8("All those moments will be lost in time, like tears in rain. Time to die..."),
		);
		expect(Buffer.from(signature).toString("hex")).toBe(
			"8600dbd41e348fe5c9465ab92d23e3db8b98b873beecd930736488696438cb6b" +
				"547fe64427496db33bf66019dacbf0039c04199abb0122918601db38a72cfc21",
		);
	});

	it("T20: makes low-S signatures", () => {
		for (let at = 0; at < thorough(1_000, 100); at++) {
			expect(sOf(signSync(key, utf8(`message ${at}`))) <= HALF_ORDER).toBe(true);
		}
	});

	it("signs any data so that only the same key verifies it", async () => {
		await fc.assert(
			fc.asyncProperty(fc.uint8Array(), async (bytes) => {
				const [mine, other] = [await generateKeyPair(), await generateKeyPair()];
				const signature = await signData(mine.privateKey, bytes);
				expect(await verifyData(mine.publicKey, bytes, signature)).toBe(true);
				expect(await verifyData(other.publicKey, bytes, signature)).toBe(false);
			}),
			runs(20),
		);
	});

	it("T65: throws a TypeError for data that isn't bytes", async () => {
		for (const wrong of NOT_BYTES) {
			await expect(signData(key, wrong as Uint8Array)).rejects.toThrow(TypeError);
			await expect(key.sign(wrong as Uint8Array)).rejects.toThrow(TypeError);
			await expect(
				signData(
					remote(() => data),
					wrong as Uint8Array,
				),
			).rejects.toThrow(TypeError);
		}
	});

	it("throws a TypeError for a value that isn't a signer", async () => {
		for (const wrong of [null, undefined, "key", {}, { algorithm: "ES256K" }, publicKey]) {
			await expect(signData(wrong as Signer, data)).rejects.toThrow(TypeError);
		}
	});

	it("T65: never returns a local signature that doesn't verify", async () => {
		const sign = () => new Uint8Array(64).fill(1);
		await expectCode(() => signSync(key, data, sign), "key/signing-fault");
	});

	it("accepts a remote signer, with or without its public key", async () => {
		const signature = signSync(key, data);
		expect(
			await signData(
				remote((bytes) => signSync(key, bytes)),
				data,
			),
		).toEqual(signature);
		expect(
			await signData(
				remote((bytes) => signSync(key, bytes), {}),
				data,
			),
		).toEqual(signature);
	});

	it("T20: makes a remote signer's high-S signature low-S", async () => {
		const signature = signSync(key, data);
		expect(
			await signData(
				remote(() => twin(signature)),
				data,
			),
		).toEqual(signature);
	});

	it("gives a remote signer a copy of the data", async () => {
		const signer = remote((bytes) => signSync(key, bytes.fill(0)));
		await expectCode(() => signData(signer, data), "key/signing-fault");
		expect(data).toEqual(utf8("data"));
	});

	it.each<[string, unknown]>([
		["text", "signature"],
		["DER", new Uint8Array(70).fill(0x30)],
		["zeros", new Uint8Array(64)],
		["another key's signature", signSync(otherKey, data)],
	])("T65: rejects %s from a remote signer", async (_what, result) => {
		await expectCode(
			() =>
				signData(
					remote(() => result),
					data,
				),
			"key/signing-fault",
		);
	});

	it.each<[string, unknown]>([
		["text", "s".repeat(64)],
		["an array", Array.from(signSync(key, data))],
		["DER", new Uint8Array(70).fill(0x30)],
		["63 bytes", signSync(key, data).subarray(1)],
		["zeros", new Uint8Array(64)],
	])("T65: rejects %s from a remote signer whose public key isn't known", async (_what, result) => {
		const signer = remote(() => result, {});
		await expectCode(() => signData(signer, data), "key/signing-fault");
	});

	it("rejects a signer for another algorithm", async () => {
		const signer = { ...remote(() => data), algorithm: "RS512" } as unknown as Signer;
		const error = await signData(signer, data).catch((thrown: unknown) => thrown);
		expect(error).toMatchObject({ code: "key/wrong-algorithm", details: { algorithm: "RS512" } });
	});
});

describeWithBackends("verifyData", "verify", () => {
	const signature = signSync(key, data);

	it("T20: accepts both forms of S", async () => {
		expect(await verifyData(publicKey, data, twin(signature))).toBe(true);
		expect(await verifyData(publicKey, data, twin(twin(signature)))).toBe(true);
	});

	const [r, s] = [signature.subarray(0, 32), signature.subarray(32)];
	const zero = new Uint8Array(32);
	const order = fromHex(ORDER_HEX);
	const one = new Uint8Array(32).with(31, 1);
	it.each<[string, readonly Uint8Array[]]>([
		["nothing", []],
		["r = 0", [zero, s]],
		["s = 0", [r, zero]],
		["r = s = 0", [zero, zero]],
		["r = n", [order, s]],
		["s = n", [r, order]],
		["r = s = 1", [one, one]],
		["all ff", [new Uint8Array(64).fill(0xff)]],
		["63 bytes", [signature.subarray(0, 63)]],
		["65 bytes", [signature, [0] as unknown as Uint8Array]],
		["66 bytes", [signature, new Uint8Array(2)]],
		["128 bytes", [signature, signature]],
		["r and s swapped", [s, r]],
		["a flipped bit", [signature.with(5, (signature[5] as number) ^ 1)]],
		[
			"T19: DER",
			[fromHex(der("30", der("02", `00${Buffer.from(r).toString("hex")}`), der("02", Buffer.from(s).toString("hex"))))],
		],
		["T19: hexadecimal text", [utf8(Buffer.from(signature).toString("hex"))]],
		["a megabyte", [new Uint8Array(1_000_000)]],
	])("T18: rejects %s", async (_what, parts) => {
		const bytes = new Uint8Array(parts.flatMap((part) => [...part]));
		expect(await verifyData(publicKey, data, bytes)).toBe(false);
	});

	it("T18: rejects other data and another key", async () => {
		expect(await verifyData(publicKey, utf8("datum"), signature)).toBe(false);
		expect(await verifyData((await generateKeyPair()).publicKey, data, signature)).toBe(false);
	});

	it("returns false for random bytes without throwing", async () => {
		await fc.assert(
			fc.asyncProperty(fc.uint8Array({ maxLength: 130 }), async (bytes) => {
				expect(await verifyData(publicKey, data, bytes)).toBe(false);
			}),
		);
	});

	it("accepts Buffers and bytes of another realm, and modifies neither", async () => {
		const { runInNewContext } = await import("node:vm");
		const foreign = runInNewContext("new Uint8Array([100, 97, 116, 97])") as Uint8Array;
		expect(foreign instanceof Uint8Array).toBe(false);
		expect(await verifyData(publicKey, foreign, Buffer.from(signature))).toBe(true);
	});

	it("throws a TypeError only for an argument of the wrong type", async () => {
		for (const wrong of NOT_BYTES) {
			await expect(verifyData(publicKey, wrong as Uint8Array, signature)).rejects.toThrow(TypeError);
			await expect(verifyData(publicKey, data, wrong as Uint8Array)).rejects.toThrow(TypeError);
		}
		for (const wrong of [null, undefined, "key", {}, key, { ...publicKey }]) {
			await expect(verifyData(wrong as typeof publicKey, data, signature)).rejects.toThrow(TypeError);
		}
	});
});

describe("fromDerSignature", () => {
	const toDer = (bytes: Uint8Array): Uint8Array => {
		const integer = (part: Uint8Array): string => {
			const hex = BigInt(`0x${Buffer.from(part).toString("hex")}`).toString(16);
			const even = hex.length % 2 ? `0${hex}` : hex;
			return der("02", even >= "8" ? `00${even}` : even);
		};
		return fromHex(der("30", integer(bytes.subarray(0, 32)), integer(bytes.subarray(32))));
	};

	it("converts DER to low-S r||s without modifying its input", () => {
		for (let at = 0; at < thorough(300, 50); at++) {
			const signature = signSync(key, utf8(`der ${at}`));
			const input = toDer(at % 2 ? signature : twin(signature));
			const before = input.slice();
			expect(fromDerSignature(input)).toEqual(signature);
			expect(input).toEqual(before);
		}
	});

	const n = `00${ORDER_HEX}`;
	it.each([
		["nothing", ""],
		["data after the end", "300602010102010100"],
		["a third integer", "3009020101020101020101"],
		["one integer", "3003020101"],
		["a long form of the length", "81063006020101020101"],
		["an empty integer", "30050200020101"],
		["a negative integer", "30060201ff020101"],
		["a padded integer", "300702020001020101"],
		["33 bytes", der("30", der("02", "01".repeat(33)), "020101")],
		["r = 0", "3006020100020101"],
		["s = 0", "3006020101020100"],
		["r = n", der("30", der("02", n), "020101")],
	])("rejects %s", async (_what, hex) => {
		await expectCode(() => fromDerSignature(fromHex(hex)), "key/malformed");
	});

	it("throws a TypeError for a value that isn't bytes", () => {
		expect(() => fromDerSignature("3006020101020101" as never)).toThrow(TypeError);
		expect(toBase64Url("00")).toBe("AA");
	});
});
