/** Both decoders of base64url give the same result: a token that one accepts and the other refuses would be two tokens. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import * as native from "../../src/encoding/base64url.node.ts";
import * as portable from "../../src/encoding/base64url.ts";

/** Where Node's decoder starts to use Buffer, and where a text no longer fits into its memory. */
const LIMITS = [1_024, Math.ceil((8_192 * 4) / 3)];
const LENGTHS = LIMITS.flatMap((limit) => Array.from({ length: 13 }, (_, at) => limit - 6 + at));

/** What Buffer ignores or reads as something else: other alphabets, white space, and code units whose low byte is good. */
const INTRUDERS = [
	..."+/= \t\n\r\0.~é\u00ad\u00ff",
	..."\u012d\u015f\u0141\u0161\u0130\u2028\ufeff\uff21\uff0d",
	...["\ud800", "\udbff", "\udc00", "\udfff", "\u{1f511}"],
];
const intruder = fc.constantFrom(...INTRUDERS);

/** The result or the error's message, as text: Vitest compares long arrays slowly. */
function outcome(decode: () => string | Uint8Array): string {
	try {
		const result = decode();
		return typeof result === "string" ? `text ${result}` : `bytes ${Buffer.from(result).toString("hex")}`;
	} catch (error) {
		expect(error).toBeInstanceOf(SyntaxError);
		return `error ${(error as SyntaxError).message}`;
	}
}

function expectSame(text: string): void {
	expect(outcome(() => native.decodeBase64UrlText(text))).toBe(outcome(() => portable.decodeBase64UrlText(text)));
	expect(outcome(() => native.decodeBase64Url(text))).toBe(outcome(() => portable.decodeBase64Url(text)));
}

/** The base64url of ASCII text of about so many characters, cut to exactly so many. */
function encodedOf(length: number): string {
	return portable.encodeBase64UrlText("{orgpass?~}".repeat(length / 11 + 1)).slice(0, length);
}

describe("T10: Node's decoder and the portable one", () => {
	it.each(LENGTHS)(
		"T10: agree about %i characters, and each intruder at the start, in the middle and at the end",
		(length) => {
			const text = encodedOf(length);
			expectSame(text);
			for (const other of INTRUDERS) {
				for (const at of [0, length >> 1, length - 2, length - 1]) {
					const hostile = text.slice(0, at) + other + text.slice(at + 1);
					expectSame(hostile);
					expect(() => native.decodeBase64UrlText(hostile)).toThrow(SyntaxError);
				}
				expect(() => native.decodeBase64UrlText(text + other)).toThrow(SyntaxError);
			}
		},
	);

	it("T10: agree about any text near the limits", () => {
		const length = fc.oneof(fc.nat(40), fc.constantFrom(...LENGTHS));
		const edits = fc.array(fc.tuple(fc.nat(), fc.oneof(intruder, fc.string({ unit: "binary", maxLength: 2 }))), {
			maxLength: 3,
		});
		fc.assert(
			fc.property(length, edits, (length, edits) => {
				let text = encodedOf(length);
				for (const [position, inserted] of edits) {
					const at = position % (length + 1);
					text = text.slice(0, at) + inserted + text.slice(at + inserted.length);
				}
				expectSame(text);
			}),
		);
	});

	it("T10: agree about two-byte strings, and slices of longer ones", () => {
		fc.assert(
			fc.property(fc.constantFrom(...LENGTHS), fc.constantFrom("ŭ", "\u{1f511}", "é"), (length, around) => {
				const text = encodedOf(length);
				// V8 keeps a slice of a two-byte string as two bytes per character, although it is ASCII.
				const slice = `${around.repeat(20)}${text}${around}`.slice(around.length * 20, -around.length);
				expect(slice).toBe(text);
				expectSame(slice);
				expectSame(`${slice}${around}`);
			}),
		);
	});

	it("T10: agree about any bytes near the limits, UTF-8 or not", () => {
		const bytes = fc
			.constantFrom(767, 768, 769, 8_190, 8_191, 8_192, 8_193)
			.chain((length) =>
				fc.tuple(fc.constant(length), fc.array(fc.tuple(fc.nat(length - 1), fc.nat(255)), { maxLength: 4 })),
			);
		fc.assert(
			fc.property(bytes, ([length, edits]) => {
				const input = new Uint8Array(length).fill(0x61);
				for (const [at, byte] of edits) input[at] = byte;
				expectSame(portable.encodeBase64Url(input));
			}),
		);
	});

	it("T10: agree about each change of the last character", () => {
		const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
		for (const length of LENGTHS) {
			const start = encodedOf(length).slice(0, -1);
			for (const last of alphabet) expectSame(start + last);
		}
	});

	it("T10: what a text leaves in memory isn't seen by the next ones, shorter or refused", () => {
		const secret = "secret".repeat(1_300);
		const small = "x".repeat(900);
		native.decodeBase64UrlText(portable.encodeBase64UrlText(secret));
		expect(native.decodeBase64UrlText(portable.encodeBase64UrlText(small))).toBe(small);
		expect(() => native.decodeBase64UrlText(`${encodedOf(2_000)}=`)).toThrow(SyntaxError);
		expect(native.decodeBase64UrlText("")).toBe("");
		const kept = native.decodeBase64UrlText(portable.encodeBase64UrlText(small));
		native.decodeBase64UrlText(portable.encodeBase64UrlText(secret));
		expect(kept).toBe(small);
	});
});
