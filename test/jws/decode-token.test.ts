/** What of a decoded token is shared, kept or computed later; compact-jws.thorough.test.ts has the format itself. */
import { describe, expect, it } from "vitest";
import { decodeToken, decodeTokenText, parseToken, signedTextOf } from "../../src/jws/decode-token.ts";
import { toSegment } from "../support/forge-token.ts";
import { expectRefusal } from "../support/refusal.ts";

const headerOf = (token: string): object => decodeToken(token, 1e6).header;

/** A header of exactly so many characters. */
function headerWith(characters: number, name: string): string {
	const bytes = Math.floor((characters * 3) / 4);
	return toSegment(JSON.stringify({ alg: name }).padEnd(bytes));
}

/** How many other headers are decoded until this one is no longer known. */
function countUntilForgotten(token: string): number {
	const known = headerOf(token);
	for (let count = 1; ; count++) {
		headerOf(`${toSegment({ alg: `${token.length} ${count} ${Math.random()}` })}.e30.`);
		if (headerOf(token) !== known) return count;
	}
}

describe("decodeToken", () => {
	it.each(["", "e30", "e30x", ".", "e30.e30", "e30.e30x", "e30.e30..", "e30.e30.AQID.", "e30.e30.AQID.AQID", "..."])(
		"rejects %j, which doesn't have three parts",
		async (token) => {
			const { message, details } = await expectRefusal(() => decodeToken(token), "token/malformed");
			expect(message).toBe("expected three parts separated by dots");
			expect(details).toEqual({});
		},
	);

	it.each([
		["header", "*.e30."],
		["payload", "e30.*."],
		["header", "W10.e30."],
		["payload", "e30.W10."],
	])("names the %s if that isn't the base64url of a JSON object", async (part, token) => {
		const { message } = await expectRefusal(() => decodeToken(token), "token/malformed");
		expect(message).toContain(part);
	});

	it.each([
		["a claim", `e30.${toSegment('{"a":{"b":1e400}}')}.`, { claim: "a" }, '"a.b" of the payload'],
		["a parameter", `${toSegment('{"a":[1e400]}')}.e30.`, { parameter: "a" }, '"a" of the header'],
	])("names %s whose number JavaScript can't represent", async (_what, token, details, text) => {
		const error = await expectRefusal(() => decodeToken(token), "token/number");
		expect(error.details).toEqual(details);
		expect(error.message).toContain(text);
	});

	it("freezes everything in the header and the claims", () => {
		const nested = { a: { b: [null, { c: "x" }] } };
		const { header, claims } = decodeToken(`${toSegment(nested)}.${toSegment(nested)}.`);
		for (const part of [header, claims] as (typeof nested)[]) {
			for (const value of [part, part.a, part.a.b, part.a.b[1]]) expect(Object.isFrozen(value)).toBe(true);
		}
	});
});

describe("a token that is decoded for a verifier", () => {
	const token = `${toSegment({ alg: "x" })}.e30.AQID`;

	it("is frozen, and its bytes are the same whenever they are read", () => {
		const jws = parseToken(token, 100);
		expect(Object.isFrozen(jws)).toBe(true);
		for (const _ of [1, 2]) {
			expect(jws.signature).toEqual(Uint8Array.of(1, 2, 3));
			expect(jws.signingInput).toEqual(new TextEncoder().encode(token.slice(0, -5)));
		}
		expect(signedTextOf(jws)).toBe(token.slice(0, -5));
	});

	it("may be passed on as a copy with its bytes, but not without", async () => {
		const jws = parseToken(token, 100);
		const { signature, signingInput } = jws;
		expect(signedTextOf({ ...jws, signature, signingInput })).toBe(signingInput);
		for (const copy of [{ ...jws }, { ...jws, signature }, { ...jws, signingInput }]) {
			const { details } = await expectRefusal(() => signedTextOf(copy as typeof jws), "config/invalid-option");
			expect(details).toEqual({ option: "jws" });
		}
	});
});

describe("headers", () => {
	it("are shared by tokens that have the same text, if header and token are short", () => {
		const short = headerWith(512, "short");
		expect(short).toHaveLength(512);
		expect(headerOf(`${short}.e30.`)).toBe(headerOf(`${short}.e30.AQID`));
		const long = headerWith(514, "long");
		expect(long).toHaveLength(514);
		expect(headerOf(`${long}.e30.`)).not.toBe(headerOf(`${long}.e30.`));
		for (const [size, isShared] of [
			[8_192, true],
			[8_193, false],
		] as const) {
			const header = toSegment({ alg: `token of ${size} bytes` });
			const start = `${header}.${toSegment("{}".padEnd(3_000))}.`;
			const token = start + "A".repeat(size - start.length);
			expect(token).toHaveLength(size);
			const first = headerOf(token);
			expect(headerOf(token) === first).toBe(isShared);
		}
	});

	it("are remembered a thousand at a time", () => {
		const token = `${toSegment({ alg: "known" })}.e30.`;
		countUntilForgotten(token);
		// Of the thousand, this one and the one for which the others were forgotten are there already.
		expect(countUntilForgotten(token)).toBe(999);
	});

	it("T76: with their numbers as text aren't those of the tokens that are verified", async () => {
		const rounded = `${toSegment('{"rounded":1e400}')}.e30.`;
		expect(JSON.stringify(decodeTokenText(rounded).header)).toBe('{"rounded":1e400}');
		await expectRefusal(() => decodeToken(rounded), "token/number");
		const written = `${toSegment('{"written":1.0}')}.e30.`;
		expect(JSON.stringify(headerOf(written))).toBe('{"written":1}');
		expect(JSON.stringify(decodeTokenText(written).header)).toBe('{"written":1.0}');
		expect(JSON.stringify(headerOf(written))).toBe('{"written":1}');
	});
});
