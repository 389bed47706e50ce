/**
 * Tokens that no honest minter makes: any bytes as header and payload, and a signature that is good for
 * exactly those bytes, so that a refusal is never due to the signature unless the test wants it so.
 * @module
 */
import { createHmac, createPrivateKey, type KeyObject, sign } from "node:crypto";
import { exportPrivateKey } from "../../src/keys/export-private-key.ts";
import { PrivateKey } from "../../src/keys/private-key.ts";
import { signData } from "../../src/keys/sign.ts";
import type { Signer } from "../../src/keys/signer.ts";

/** Strings and bytes are used as they are, objects are written as JSON. */
export type Part = string | Uint8Array | object;

/** What to forge. */
export interface Forgery {
	readonly header: Part;
	readonly payload: Part;
	readonly key: Signer;
}

const ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;

/** A token with any header and payload, correctly signed. */
export function forgeToken({ header, payload, key }: Forgery): Promise<string> {
	return signSegments(key, toSegment(header), toSegment(payload));
}

/** A token of two segments as they are, correctly signed over their text. */
export async function signSegments(key: Signer, ...segments: readonly string[]): Promise<string> {
	const input = segments.join(".");
	const bytes = new TextEncoder().encode(input);
	return `${input}.${base64Url(key instanceof PrivateKey ? signFast(key, bytes) : await signData(key, bytes))}`;
}

const keyObjects = new WeakMap<PrivateKey, KeyObject>();

/** Signs with OpenSSL, whose nonces are random, in a fraction of the time. */
function signFast(key: PrivateKey, bytes: Uint8Array): Uint8Array {
	const keyObject = keyObjects.get(key) ?? createPrivateKey(exportPrivateKey(key, "sec1"));
	keyObjects.set(key, keyObject);
	const signature = new Uint8Array(sign("sha256", bytes, { key: keyObject, dsaEncoding: "ieee-p1363" }));
	return sOf(signature) <= HALF_ORDER ? signature : withOtherS(signature);
}

/** A token signed with an HMAC of any secret. */
export function hmacToken(header: Part, payload: Part, secret: string | Uint8Array): string {
	const input = `${toSegment(header)}.${toSegment(payload)}`;
	return `${input}.${createHmac("sha256", secret).update(input).digest("base64url")}`;
}

/** The same token with other signature bytes. */
export function withSignature(token: string, signature: Uint8Array): string {
	return `${token.slice(0, token.lastIndexOf("."))}.${base64Url(signature)}`;
}

/** A token's signature bytes. */
export function signatureOf(token: string): Uint8Array {
	return new Uint8Array(Buffer.from(token.slice(token.lastIndexOf(".") + 1), "base64url"));
}

/** The same token with the other S of its signature. */
export function highSTwin(token: string): string {
	return withSignature(token, withOtherS(signatureOf(token)));
}

function withOtherS(signature: Uint8Array): Uint8Array {
	return joinBytes(signature.subarray(0, 32), toBytes32(ORDER - sOf(signature)));
}

/** S of a signature r||s. */
export function sOf(signature: Uint8Array): bigint {
	return BigInt(`0x${Buffer.from(signature.subarray(32)).toString("hex")}`);
}

/** The curve's order n as 32 bytes. */
export const ORDER_BYTES: Uint8Array = toBytes32(ORDER);

/** The largest low S. */
export const HALF_ORDER: bigint = ORDER / 2n;

/** A number as 32 bytes, the surplus cut off. */
export function toBytes32(value: bigint): Uint8Array {
	return new Uint8Array(Buffer.from(value.toString(16).padStart(64, "0").slice(-64), "hex"));
}

/** Concatenates byte arrays. */
export function joinBytes(...parts: readonly Uint8Array[]): Uint8Array {
	return new Uint8Array(Buffer.concat(parts));
}

/** One base64url segment of a part. */
export function toSegment(part: Part): string {
	if (part instanceof Uint8Array) return base64Url(part);
	return base64Url(new TextEncoder().encode(typeof part === "string" ? part : JSON.stringify(part)));
}

function base64Url(bytes: Uint8Array): string {
	return Buffer.from(bytes).toString("base64url");
}
