import { generateKeyPairSync } from "node:crypto";
import { describe, expect, it } from "vitest";
import {
	assertSafePrivateComponents,
	assertSafePublicComponents,
	bitLength,
	mapRsaComponents,
	toBigInt,
	toMinimalBytes,
} from "../../src/keys/rsa-components.ts";
import { expectCode, fromHex } from "./sample-keys.ts";
import { numbersFrom } from "./sample-rsa-keys.ts";

const E = 65_537n;
const PRIMES = Array.from({ length: 751 }, (_, at) => BigInt(at + 2)).filter((n, _at, all) =>
	all.every((other) => other >= n || n % other !== 0n),
);

/** The first number from there that no prime below 752 divides. */
function withoutSmallFactor(from: bigint): bigint {
	let candidate = from;
	while (PRIMES.some((prime) => candidate % prime === 0n)) candidate += 1n;
	return candidate;
}

const N = withoutSmallFactor(2n ** 2_047n);

describe("assertSafePublicComponents", () => {
	it.each([
		["2,048 bits", { n: N, e: E }],
		["8,192 bits", { n: withoutSmallFactor(2n ** 8_191n), e: E }],
		["an exponent of 64 bits", { n: N, e: 2n ** 64n - 1n }],
		["a factor of 757", { n: 757n * withoutSmallFactor(2n ** 2_040n), e: E }],
	])("allows %s", (_what, components) => {
		expect(assertSafePublicComponents(components)).toBeUndefined();
	});

	it.each([
		["2,047 bits", { n: withoutSmallFactor(2n ** 2_046n), e: E }, /modulus of 2048 to 8192 bits, got 2047/],
		["8,193 bits", { n: withoutSmallFactor(2n ** 8_192n), e: E }, /got 8193/],
		["an even modulus", { n: N + 1n, e: E }, /modulus is even/],
		["a factor of 3", { n: 3n * N, e: E }, /small factor/],
		["a factor of 751", { n: 751n * N, e: E }, /small factor/],
		["an even exponent", { n: N, e: E + 1n }, /exponent is even/],
		["an exponent below the fourth Fermat number", { n: N, e: E - 2n }, /at least 65537, got 65535/],
		["an exponent of 65 bits", { n: N, e: 2n ** 64n + 1n }, /at most 64 bits/],
	])("refuses %s", async (_what, components, message) => {
		await expectCode(() => assertSafePublicComponents(components), "key/weak", message);
	});
});

describe("assertSafePrivateComponents", () => {
	const jwk = generateKeyPairSync("rsa", { modulusLength: 2_048 }).privateKey.export({ format: "jwk" });
	const key = mapRsaComponents((name) => toBigInt(Buffer.from(jwk[name] as string, "base64url")));

	it("allows a key of Node", () => {
		expect(assertSafePrivateComponents(key)).toBeUndefined();
	});

	it("refuses a key whose public one is unsafe", async () => {
		await expectCode(() => assertSafePrivateComponents({ ...key, e: 3n }), "key/weak");
	});

	it("refuses a modulus that is its own factor, though all else matches", async () => {
		const p = numbersFrom(key.p, key.q).n;
		const { d } = numbersFrom(p, 3n);
		const numbers = { n: p, e: E, d: d % (p - 1n), p, q: 1n, dp: d % (p - 1n), dq: 0n, qi: 1n };
		expect((numbers.e * numbers.d) % (p - 1n)).toBe(1n);
		await expectCode(() => assertSafePrivateComponents(numbers), "key/mismatch");
	});

	it.each([
		["p of 1", { p: 1n, q: key.n }],
		["q of 1", { p: key.n, q: 1n }],
		["another p", { p: key.p + 2n }],
		["another q", { q: key.q + 2n }],
		["another d", { d: key.d + 2n }],
		["d beyond the modulus", { d: key.d + (key.p - 1n) * (key.q - 1n) * 2n }],
		["d for q alone", { d: key.d + (key.q - 1n), dp: (key.d + (key.q - 1n)) % (key.p - 1n) }],
		["d for p alone", { d: key.d + (key.p - 1n), dq: (key.d + (key.p - 1n)) % (key.q - 1n) }],
		["another dp", { dp: key.dp + (key.p - 1n) }],
		["another dq", { dq: key.dq + (key.q - 1n) }],
		["another qi", { qi: key.qi + 1n }],
		["qi beyond p", { qi: key.qi + key.p }],
		["p and q swapped", { p: key.q, q: key.p, dp: key.dq, dq: key.dp }],
	])("refuses %s", async (_what, members) => {
		await expectCode(() => assertSafePrivateComponents({ ...key, ...members }), "key/mismatch");
	});
});

describe("numbers", () => {
	it.each([
		[1n, 1, "01"],
		[0xfn, 4, "0f"],
		[0x10n, 5, "10"],
		[0xffn, 8, "ff"],
		[0x100n, 9, "0100"],
	])("%s has %d bits, and the bytes %s", (value, bits, hex) => {
		expect(bitLength(value)).toBe(bits);
		expect(toMinimalBytes(value)).toEqual(fromHex(hex));
		expect(toBigInt(fromHex(hex))).toBe(value);
	});
});
