/**
 * The components of an RSA key (RFC 8017 section 3), checked before any of them is used.
 * @module
 */
import { decodeHex, encodeHex } from "../encoding/hex.js";
import { KeyError } from "../errors/errors.js";

/** RFC 7518 section 3.3: 2,048 bits or more. */
export const MIN_MODULUS_BITS = 2_048;
/** Longer keys, which may be untrusted input, would make verification too slow. */
export const MAX_MODULUS_BITS = 8_192;
/** The fourth Fermat number: the usual exponent, and the smallest that NIST SP 800-56B allows. */
const MIN_EXPONENT = 65_537n;
/** OpenSSL's limit for large keys: each bit slows down every verification. */
const MAX_EXPONENT_BITS = 64;
/** NIST SP 800-89 section 5.3.3: a modulus of two large primes has no factor below 752. */
const SMALL_PRIMES: readonly bigint[] = /* @__PURE__ */ oddPrimesBelow(752);

/** The components of a public key: modulus and exponent. */
export interface RsaPublicComponents {
	readonly n: bigint;
	readonly e: bigint;
}

/** The components of a private key with two primes (RFC 8017 section 3.2). */
export interface RsaPrivateComponents extends RsaPublicComponents {
	readonly d: bigint;
	readonly p: bigint;
	readonly q: bigint;
	readonly dp: bigint;
	readonly dq: bigint;
	readonly qi: bigint;
}

const NAMES = ["n", "e", "d", "p", "q", "dp", "dq", "qi"] as const;

/** Creates an object with one value for each component of a private key, in the order of RFC 8017. */
export function mapRsaComponents<T>(
	toValue: (name: keyof RsaPrivateComponents) => T,
): Record<keyof RsaPrivateComponents, T> {
	return Object.fromEntries(NAMES.map((name) => [name, toValue(name)])) as Record<(typeof NAMES)[number], T>;
}

/** Rejects a public key that is too short, too long, easily factored, or has an unsafe exponent. */
export function assertSafePublicComponents({ n, e }: RsaPublicComponents): void {
	const bits = bitLength(n);
	if (bits < MIN_MODULUS_BITS || bits > MAX_MODULUS_BITS) {
		throw weak(`expected a modulus of ${MIN_MODULUS_BITS} to ${MAX_MODULUS_BITS} bits, got ${bits}`);
	}
	if (n % 2n === 0n) throw weak("its modulus is even");
	if (SMALL_PRIMES.some((prime) => n % prime === 0n)) throw weak("its modulus has a small factor");
	if (e % 2n === 0n) throw weak("its public exponent is even");
	if (e < MIN_EXPONENT) throw weak(`expected a public exponent of at least ${MIN_EXPONENT}, got ${e}`);
	if (bitLength(e) > MAX_EXPONENT_BITS) {
		throw weak(`expected a public exponent of at most ${MAX_EXPONENT_BITS} bits (usually ${MIN_EXPONENT})`);
	}
}

/** Rejects unsafe or inconsistent components (RFC 8017 section 3.2). Composite factors fail only at verification. */
export function assertSafePrivateComponents(components: RsaPrivateComponents): void {
	assertSafePublicComponents(components);
	const { n, e, d, p, q, dp, dq, qi } = components;
	// The order matters: p and q must be more than 1 before dividing by p - 1 or q - 1.
	const isConsistent =
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
	if (isConsistent) return;
	throw new KeyError("key/mismatch", "the components of the RSA key don't match");
}

export function bitLength(value: bigint): number {
	return value.toString(2).length;
}

/** Decodes a big-endian number. */
export function toBigInt(bytes: Uint8Array): bigint {
	return BigInt(encodeHex(bytes));
}

/** Encodes a number as the fewest bytes that hold it, big-endian. */
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

function weak(reason: string): KeyError {
	return new KeyError("key/weak", `the RSA key is unsafe: ${reason}`);
}
