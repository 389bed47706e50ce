/**
 * The numbers of an RSA key (RFC 8017 section 3) and what they must fulfil before any of them is used.
 * @module
 */

import { decodeHex, encodeHexDigits } from "../encoding/hex.js";
import { KeyError } from "../errors/errors.js";

/** RFC 7518 section 3.3: 2,048 bits or more. */
export const MIN_MODULUS_BITS = 2_048;
/** Beyond this a verification takes so long that a stranger's key would be a burden. */
export const MAX_MODULUS_BITS = 8_192;
/** The fourth Fermat number: the usual exponent, and the smallest of NIST SP 800-56B. */
const MIN_EXPONENT = 65_537n;
/** What OpenSSL allows for large keys; each bit costs time at every verification. */
const MAX_EXPONENT_BITS = 64;
/** NIST SP 800-89 section 5.3.3: a modulus has no factor below 752. What has one was not made of two large primes. */
const SMALL_PRIMES = oddPrimesBelow(752);

/** A public key: modulus and exponent. */
export interface RsaPublicNumbers {
	readonly n: bigint;
	readonly e: bigint;
}

/** A private key of two primes, with what the Chinese remainder theorem needs (RFC 8017 section 3.2). */
export interface RsaPrivateNumbers extends RsaPublicNumbers {
	readonly d: bigint;
	readonly p: bigint;
	readonly q: bigint;
	readonly dp: bigint;
	readonly dq: bigint;
	readonly qi: bigint;
}

/** Refuses a public key that is too short, too long, easily factored, or has an unsafe exponent. */
export function requireSafePublicNumbers({ n, e }: RsaPublicNumbers): void {
	const bits = bitLength(n);
	if (bits < MIN_MODULUS_BITS || bits > MAX_MODULUS_BITS) {
		refuse(`its modulus has ${bits} bits, ${MIN_MODULUS_BITS} to ${MAX_MODULUS_BITS} expected`);
	}
	if (n % 2n === 0n) refuse("its modulus is even");
	if (SMALL_PRIMES.some((prime) => n % prime === 0n)) refuse("its modulus has a small factor");
	if (e % 2n === 0n) refuse("its public exponent is even");
	if (e < MIN_EXPONENT) refuse(`its public exponent is ${e}, ${MIN_EXPONENT} or more expected`);
	if (bitLength(e) > MAX_EXPONENT_BITS) {
		refuse(`its public exponent has more than ${MAX_EXPONENT_BITS} bits, ${MIN_EXPONENT} is usual`);
	}
}

/**
 * Refuses a private key that {@link requireSafePublicNumbers} refuses, or whose numbers don't belong together
 * (RFC 8017 section 3.2). Whether the factors are primes shows when a signature is verified.
 */
export function requireSafePrivateNumbers(numbers: RsaPrivateNumbers): void {
	requireSafePublicNumbers(numbers);
	const { n, e, d, p, q, dp, dq, qi } = numbers;
	// The order matters: p and q are known to be more than 1 before anything is divided by p - 1 or q - 1.
	const belong =
		p > 1n &&
		q > 1n &&
		p * q === n &&
		d < n &&
		(e * d) % (p - 1n) === 1n &&
		(e * d) % (q - 1n) === 1n &&
		dp === d % (p - 1n) &&
		dq === d % (q - 1n) &&
		qi < p &&
		(q * qi) % p === 1n;
	if (belong) return;
	throw new KeyError("key/mismatch", "the numbers of the RSA key do not belong together");
}

/** Counts the bits of a number. */
export function bitLength(value: bigint): number {
	return value.toString(2).length;
}

/** Reads a number. */
export function toBigInt(bytes: Uint8Array): bigint {
	return BigInt(`0x${encodeHexDigits(bytes)}`);
}

/** Writes a number with as few bytes as it takes. */
export function toMinimalBytes(value: bigint): Uint8Array<ArrayBuffer> {
	const digits = value.toString(16);
	return decodeHex(`0x${digits.length % 2 === 0 ? "" : "0"}${digits}`);
}

function oddPrimesBelow(limit: number): readonly bigint[] {
	const primes: number[] = [];
	for (let candidate = 3; candidate < limit; candidate += 2) {
		if (primes.every((prime) => candidate % prime !== 0)) primes.push(candidate);
	}
	return primes.map(BigInt);
}

function refuse(reason: string): never {
	throw new KeyError("key/weak", `the RSA key is refused: ${reason}`);
}
