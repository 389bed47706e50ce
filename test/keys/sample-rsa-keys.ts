/**
 * An RSA key made by Node for this run, its numbers to be changed one by one, and the containers written from
 * any numbers.
 * @module
 */
import { generateKeyPairSync, type KeyObject } from "node:crypto";
import { der, toPem } from "./sample-keys.ts";

/** Eight numbers, RFC 8017 section 3.2. */
export interface Numbers {
	readonly n: bigint;
	readonly e: bigint;
	readonly d: bigint;
	readonly p: bigint;
	readonly q: bigint;
	readonly dp: bigint;
	readonly dq: bigint;
	readonly qi: bigint;
}

const NAMES = ["n", "e", "d", "p", "q", "dp", "dq", "qi"] as const;
const RSA_ALGORITHM = der("30", "06092a864886f70d010101", "0500");

export const RS256 = Object.freeze({ algorithm: "RS256" as const });
export const PAIR: { readonly publicKey: KeyObject; readonly privateKey: KeyObject } = generateKeyPairSync("rsa", {
	modulusLength: 2_048,
});
export const NUMBERS: Numbers = numbersOf(PAIR.privateKey);
export const PKCS1: string = PAIR.privateKey.export({ type: "pkcs1", format: "pem" }).toString();
export const PKCS8: string = PAIR.privateKey.export({ type: "pkcs8", format: "pem" }).toString();
export const SPKI: string = PAIR.publicKey.export({ type: "spki", format: "pem" }).toString();
export const PUBLIC_PKCS1: string = PAIR.publicKey.export({ type: "pkcs1", format: "pem" }).toString();
export const PRIVATE_JWK: Readonly<Record<string, unknown>> = {
	...PAIR.privateKey.export({ format: "jwk" }),
};
export const PUBLIC_JWK: Readonly<Record<string, unknown>> = { ...PAIR.publicKey.export({ format: "jwk" }) };

/** The numbers of a key of Node's. */
export function numbersOf(key: KeyObject): Numbers {
	const jwk = key.export({ format: "jwk" }) as Record<string, string>;
	const read = (name: string): bigint => BigInt(`0x${Buffer.from(jwk[name] as string, "base64url").toString("hex")}`);
	return Object.fromEntries(NAMES.map((name) => [name, read(name)])) as unknown as Numbers;
}

/** A key of any two factors and an exponent, all numbers as they must be for primes. */
export function numbersFrom(p: bigint, q: bigint, e = 65_537n): Numbers {
	const d = inverse(e, ((p - 1n) * (q - 1n)) / gcd(p - 1n, q - 1n));
	return { n: p * q, e, d, p, q, dp: d % (p - 1n), dq: d % (q - 1n), qi: inverse(q, p) };
}

/** The first odd number from here on that no odd number below 752 divides: what a modulus looks like. */
export function modulusFrom(start: bigint): bigint {
	const factors = Array.from({ length: 375 }, (_, index) => BigInt(2 * index + 3));
	let n = start | 1n;
	while (factors.some((factor) => n % factor === 0n)) n += 2n;
	return n;
}

/** RSAPrivateKey of any numbers as hexadecimal. */
export function pkcs1(numbers: Partial<Numbers> = {}, version = "020100", trailer = ""): string {
	const all = { ...NUMBERS, ...numbers };
	return der("30", version, ...NAMES.map((name) => integer(all[name])), trailer);
}

/** RSAPublicKey of any numbers as hexadecimal. */
export function publicPkcs1({ n = NUMBERS.n, e = NUMBERS.e }: Partial<Numbers> = {}): string {
	return der("30", integer(n), integer(e));
}

/** PrivateKeyInfo of any parts as hexadecimal. */
export function pkcs8({ version = "020100", algorithm = RSA_ALGORITHM, key = pkcs1(), trailer = "" } = {}): string {
	return der("30", version, algorithm, der("04", key), trailer);
}

/** SubjectPublicKeyInfo of any parts as hexadecimal. */
export function spki(key: string = publicPkcs1(), algorithm: string = RSA_ALGORITHM): string {
	return der("30", algorithm, der("03", "00", key));
}

/** A private key of changed numbers in every container. */
export function privateContainers(numbers: Partial<Numbers>): readonly (string | object)[] {
	return [
		toPem("RSA PRIVATE KEY", pkcs1(numbers)),
		toPem("PRIVATE KEY", pkcs8({ key: pkcs1(numbers) })),
		toJwk({ ...NUMBERS, ...numbers }, NAMES),
	];
}

/** A public key of changed numbers in every container. */
export function publicContainers(numbers: Partial<Numbers>): readonly (string | object)[] {
	return [
		toPem("RSA PUBLIC KEY", publicPkcs1(numbers)),
		toPem("PUBLIC KEY", spki(publicPkcs1(numbers))),
		Buffer.from(spki(publicPkcs1(numbers)), "hex").toString("base64"),
		toJwk({ ...NUMBERS, ...numbers }, ["n", "e"]),
	];
}

/** A minimal INTEGER. */
export function integer(value: bigint): string {
	const hex = toHex(value);
	return der("02", hex >= "8" ? `00${hex}` : hex);
}

function toJwk(numbers: Numbers, names: readonly (keyof Numbers)[]): object {
	const members = names.map((name) => [name, Buffer.from(toHex(numbers[name]), "hex").toString("base64url")]);
	return { kty: "RSA", ...Object.fromEntries(members) };
}

function toHex(value: bigint): string {
	const hex = value.toString(16);
	return hex.length % 2 === 0 ? hex : `0${hex}`;
}

function gcd(a: bigint, b: bigint): bigint {
	return b === 0n ? a : gcd(b, a % b);
}

function inverse(value: bigint, modulus: bigint): bigint {
	let [r, next, x, y] = [modulus, value % modulus, 0n, 1n];
	while (next > 0n) {
		const quotient = r / next;
		[r, next] = [next, r - quotient * next];
		[x, y] = [y, x - quotient * y];
	}
	if (r !== 1n) throw new Error("no inverse");
	return ((x % modulus) + modulus) % modulus;
}
