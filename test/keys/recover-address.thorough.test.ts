import { getBytes, hashMessage, Wallet } from "ethers";
import fc from "fast-check";
import { expect, it } from "vitest";
import { recoverAddress } from "../../src/keys/recover-address.ts";
import { describeWithBackends } from "../support/curve-backends.ts";
import { runs } from "../support/property.ts";
import { thorough } from "../support/thorough.ts";

const WALLET = new Wallet(`0x${"11".repeat(32)}`);
const DIGEST = getBytes(hashMessage("hello"));
const SIGNATURE = getBytes(WALLET.signingKey.sign(DIGEST).serialized);
const ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;

const toBytes = (value: bigint): Uint8Array => getBytes(`0x${value.toString(16).padStart(64, "0")}`);
const join = (...parts: readonly Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(parts));
const R = SIGNATURE.subarray(0, 32);
const S = SIGNATURE.subarray(32, 64);
const V = SIGNATURE[64] as number;

describeWithBackends("recoverAddress", "recover", () => {
	it("recovers the signer of any digest", () => {
		const key = fc.uint8Array({ minLength: 32, maxLength: 32 }).filter((bytes) => bytes.some((byte) => byte > 0));
		fc.assert(
			fc.property(key, fc.uint8Array({ minLength: 32, maxLength: 32 }), (secret, digest) => {
				fc.pre(BigInt(`0x${Buffer.from(secret).toString("hex")}`) < ORDER);
				const wallet = new Wallet(`0x${Buffer.from(secret).toString("hex")}`);
				const signature = getBytes(wallet.signingKey.sign(digest).serialized);
				expect(recoverAddress(digest, signature)).toBe(wallet.address);
			}),
			runs(50, 12),
		);
	});

	it("accepts v as 27 or 28 or as 0 or 1, and the high-S twin", () => {
		expect(recoverAddress(DIGEST, SIGNATURE)).toBe(WALLET.address);
		expect(recoverAddress(DIGEST, SIGNATURE.with(64, V - 27))).toBe(WALLET.address);
		const high = toBytes(ORDER - BigInt(`0x${Buffer.from(S).toString("hex")}`));
		expect(recoverAddress(DIGEST, join(R, high, Uint8Array.of(V ^ 7)))).toBe(WALLET.address);
		expect(recoverAddress(DIGEST, join(R, high, Uint8Array.of(V)))).not.toBe(WALLET.address);
	});

	it.each<[string, Uint8Array]>([
		["nothing", new Uint8Array(0)],
		["64 bytes", SIGNATURE.subarray(0, 64)],
		["the compact form of EIP-2098", join(R, S.with(0, (S[0] as number) | 0x80))],
		["66 bytes", join(SIGNATURE, Uint8Array.of(0))],
		["v first", join(Uint8Array.of(V), R, S)],
		["r of zero", join(new Uint8Array(32), S, Uint8Array.of(V))],
		["s of zero", join(R, new Uint8Array(32), Uint8Array.of(V))],
		["r of n", join(toBytes(ORDER), S, Uint8Array.of(V))],
		["s of n", join(R, toBytes(ORDER), Uint8Array.of(V))],
		["r that isn't a point's x", join(toBytes(5n), S, Uint8Array.of(V))],
		["all ff", new Uint8Array(65).fill(0xff)],
		["all zero", new Uint8Array(65)],
		...[2, 3, 26, 29, 30, 31, 37, 38, 255].map((v): [string, Uint8Array] => [`v of ${v}`, SIGNATURE.with(64, v)]),
	])("returns undefined for %s", (_what, signature) => {
		expect(recoverAddress(DIGEST, signature)).toBeUndefined();
	});

	it("returns undefined for a point whose x is above the order: Ethereum doesn't use these", () => {
		for (const v of [2, 3, 29, 30]) {
			for (let r = 1n; r < 9n; r++) {
				expect(recoverAddress(DIGEST, join(toBytes(r), S, Uint8Array.of(v)))).toBeUndefined();
			}
		}
	});

	it("returns undefined if the key would be the point at infinity", () => {
		const generatorX = toBytes(0x79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798n);
		// s*R = h*G with R = G: nothing is left for the key.
		expect(recoverAddress(toBytes(7n), join(generatorX, toBytes(7n), Uint8Array.of(27)))).toBeUndefined();
	});

	it("recovers a different account if any bit is changed", () => {
		for (let bit = 0; bit < 512; bit += thorough(7, 23)) {
			const changed = SIGNATURE.with(bit >> 3, (SIGNATURE[bit >> 3] as number) ^ (1 << (bit & 7)));
			expect(recoverAddress(DIGEST, changed)).not.toBe(WALLET.address);
		}
		expect(recoverAddress(DIGEST.with(0, (DIGEST[0] as number) ^ 1), SIGNATURE)).not.toBe(WALLET.address);
	});

	it("doesn't modify its arguments, and requires bytes", () => {
		const [digest, signature] = [new Uint8Array(DIGEST), new Uint8Array(SIGNATURE)];
		for (const _ of [1, 2]) recoverAddress(digest, signature);
		expect([digest, signature]).toEqual([DIGEST, SIGNATURE]);
		for (const wrong of ["0x", [], undefined, null, 1, DIGEST.subarray(1), new Uint8Array(33)]) {
			expect(() => recoverAddress(wrong as unknown as Uint8Array, SIGNATURE)).toThrow(TypeError);
		}
		for (const wrong of ["0x", [], undefined, null, 1]) {
			expect(() => recoverAddress(DIGEST, wrong as unknown as Uint8Array)).toThrow(TypeError);
		}
	});
});
