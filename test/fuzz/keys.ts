/**
 * The keys and the clock of the fuzz targets: the same in every run, so that inputs can be run again.
 * @module
 */
import { importPrivateKey } from "../../src/keys/import-private-key.ts";
import type { PrivateKey } from "../../src/keys/private-key.ts";
import type { RsaPrivateKey } from "../../src/keys/rsa-private-key.ts";

/** Two primes of 1,024 bits, in base64url. */
const P =
	"5n6m2x1yptOpmrEiAKjXHwjSndj-FyzaJ9Jk-OhFWoUiexrglz-dsFtBqaqAvExPH5smk9ywx1ShjvflldbYNZmhD3LT_LAoVUlw" +
	"-P4531Fa8O0H1fy9ux8Zeb1fpvAFukSLUeEDJ1Ycp6d0VXUbkeKZ8_F6UHf5BGAXup79jd8";
const Q =
	"uhB4OQ6blTemY-Vt7u1gvXiqwOuYy6VjKhz-QzvnwoyllscHwrjGUhdhb8-a5u3PsDnBZ4jfQKfACf8iIcUYOAad6HUVGJfCWEsy" +
	"stZKFO5mCLGpwhkruECnrMp5GTGieVaaX2cYAh6P7go51St8YsavydbRhFQd4tGWhp3fhqM";
const EXPONENT = 65_537n;

/** The time of all targets, in seconds since the epoch. */
export const NOW = 1_800_000_000;
/** The password of the encrypted keys. */
export const PASSWORD = "only for fuzzing";
const SCALAR_HEX: string = "21".repeat(32);

/** The RSA key as a JWK. */
export const RSA_JWK: Readonly<Record<string, string>> = toJwk(toBigInt(P), toBigInt(Q));
export const RSA_KEY: RsaPrivateKey = await importPrivateKey(RSA_JWK, { algorithm: "RS256" });
/** The key of the organization and its owner. */
export const CURVE_KEY: PrivateKey = await importPrivateKey(SCALAR_HEX);
export const STRANGERS_KEY: PrivateKey = await importPrivateKey("23".repeat(32));

/** Texts that no error may contain: the secret parts of the keys above, and the password. */
export const SECRETS: readonly string[] = [
	PASSWORD,
	SCALAR_HEX,
	Buffer.from(SCALAR_HEX, "hex").toString("base64url"),
	...["d", "p", "q"].map((name) => (RSA_JWK[name] as string).slice(20, 60)),
];

function toJwk(p: bigint, q: bigint): Record<string, string> {
	const d = invert(EXPONENT, (p - 1n) * (q - 1n));
	const components = { n: p * q, e: EXPONENT, d, p, q, dp: d % (p - 1n), dq: d % (q - 1n), qi: invert(q, p) };
	const encoded = Object.entries(components).map(([name, value]) => [name, toText(value)]);
	return { kty: "RSA", ...Object.fromEntries(encoded) };
}

/** The inverse of a number (the extended Euclidean algorithm). */
function invert(value: bigint, modulus: bigint): bigint {
	let [a, b, x, y] = [value, modulus, 1n, 0n];
	while (b !== 0n) [a, b, x, y] = [b, a % b, y, x - (a / b) * y];
	return ((x % modulus) + modulus) % modulus;
}

function toBigInt(text: string): bigint {
	return BigInt(`0x${Buffer.from(text, "base64url").toString("hex")}`);
}

function toText(value: bigint): string {
	const hex = value.toString(16);
	return Buffer.from(hex.padStart(hex.length + (hex.length % 2), "0"), "hex").toString("base64url");
}
