/**
 * Bad tokens made of good ones. A peer that accepts any of them verifies nothing.
 * @module
 */
import { createHmac, randomInt } from "node:crypto";

/** The ways a token is spoilt. */
export type Fault =
	| "bit of the signature"
	| "changed claim"
	| "another token's signature"
	| "no signature"
	| "zero signature"
	| "alg none"
	| "HS256 with the public key"
	| "DER signature"
	| "zero byte between r and s";

/** A bad token, and what is wrong with it. */
export interface BadToken {
	readonly fault: Fault;
	readonly token: string;
}

/**
 * Spoils tokens of one key in every way, the first two for each token.
 *
 * @param tokens good ones
 * @param isEcdsa whether their signatures are r||s
 * @param publicKey the PEM they are verified with, where it is one
 */
export function spoil(tokens: readonly string[], isEcdsa: boolean, publicKey?: string): BadToken[] {
	const [first = ""] = tokens;
	const [header, payload, signature] = partsOf(first);
	const bytes = Buffer.from(signature, "base64url");
	const none = Buffer.from('{"alg":"none","typ":"JWT"}').toString("base64url");
	const zero = Buffer.alloc(bytes.length).toString("base64url");
	// A peer that writes nothing but the time makes the same token all second long.
	const others = tokens.map(partsOf).filter((other) => other[1] !== payload);
	const once: BadToken[] = [
		...others.slice(0, 1).map((other) => ({
			fault: "another token's signature" as const,
			token: `${header}.${payload}.${other[2]}`,
		})),
		{ fault: "no signature", token: `${header}.${payload}.` },
		{ fault: "zero signature", token: `${header}.${payload}.${zero}` },
		{ fault: "alg none", token: `${none}.${payload}.` },
	];
	if (publicKey !== undefined) {
		const input = `${Buffer.from('{"alg":"HS256","typ":"JWT"}').toString("base64url")}.${payload}`;
		const mac = createHmac("sha256", publicKey).update(input).digest("base64url");
		once.push({ fault: "HS256 with the public key", token: `${input}.${mac}` });
	}
	if (isEcdsa) {
		const widened = Buffer.concat([bytes.subarray(0, 32), Buffer.alloc(1), bytes.subarray(32)]);
		once.push(
			{ fault: "DER signature", token: `${header}.${payload}.${toDer(bytes).toString("base64url")}` },
			{ fault: "zero byte between r and s", token: `${header}.${payload}.${widened.toString("base64url")}` },
		);
	}
	const each = tokens.flatMap((token) => [
		{ fault: "bit of the signature" as const, token: flipBit(token) },
		{ fault: "changed claim" as const, token: changeClaim(token) },
	]);
	return [...each, ...once];
}

/**
 * The lowest bit of a byte: the signature may be hexadecimal text, where another bit is only the case of a
 * digit. The first two of its characters are 0x, and the last byte may be a recovery bit.
 */
function flipBit(token: string): string {
	const [header, payload, signature] = partsOf(token);
	const bytes = Buffer.from(signature, "base64url");
	const at = randomInt(2, 64);
	bytes[at] = (bytes[at] as number) ^ 1;
	return `${header}.${payload}.${bytes.toString("base64url")}`;
}

function changeClaim(token: string): string {
	const [header, payload, signature] = partsOf(token);
	const claims = JSON.parse(Buffer.from(payload, "base64url").toString("utf8"));
	const changed = { ...claims, exp: claims.exp + 1 };
	return `${header}.${Buffer.from(JSON.stringify(changed)).toString("base64url")}.${signature}`;
}

function partsOf(token: string): readonly [string, string, string] {
	const [header = "", payload = "", signature = ""] = token.split(".");
	return [header, payload, signature];
}

function toDer(scalars: Buffer): Buffer {
	const integers = [scalars.subarray(0, 32), scalars.subarray(32)].map((scalar) => {
		const digits = BigInt(`0x${scalar.toString("hex")}`).toString(16);
		const even = digits.length % 2 === 0 ? digits : `0${digits}`;
		const value = Buffer.from(Number.parseInt(even.slice(0, 2), 16) >= 128 ? `00${even}` : even, "hex");
		return Buffer.concat([Buffer.from([0x02, value.length]), value]);
	});
	const body = Buffer.concat(integers);
	return Buffer.concat([Buffer.from([0x30, body.length]), body]);
}
