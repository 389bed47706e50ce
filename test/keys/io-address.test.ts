import { bech32 } from "@scure/base";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeIoAddress, encodeIoAddress } from "../../src/keys/io-address.ts";

const account = fc.uint8Array({ minLength: 20, maxLength: 20 });
const prefix = fc.constantFrom("io" as const, "it" as const);
const CHARACTERS = "qpzry9x8gf2tvdw0s3jn54khce6mua7lbiotQPIOT1 \0\u00e9\u0130\u0131\u017f\u212a";

/** What @scure/base makes of the text. */
function decodeWithScure(text: string): Uint8Array | undefined {
	const decoded = bech32.decodeUnsafe(text);
	if (decoded?.prefix !== "io" && decoded?.prefix !== "it") return undefined;
	const bytes = bech32.fromWordsUnsafe(decoded.words);
	return bytes instanceof Uint8Array && bytes.length === 20 ? bytes : undefined;
}

describe("IoTeX's addresses, as @scure/base writes and reads them", () => {
	it("are the same for every account", () => {
		fc.assert(
			fc.property(prefix, account, (name, bytes) => {
				const text = encodeIoAddress(name, bytes);
				expect(text).toBe(bech32.encode(name, bech32.toWords(bytes)));
				expect(decodeIoAddress(text)).toEqual(bytes);
				expect(decodeIoAddress(text.toUpperCase())).toEqual(bytes);
			}),
		);
	});

	it("are refused alike with a character replaced, inserted or left out", () => {
		const edits = fc.record({
			at: fc.nat(41),
			removed: fc.nat(2),
			inserted: fc.constantFrom("", ...CHARACTERS),
			isUpper: fc.boolean(),
		});
		fc.assert(
			fc.property(prefix, account, edits, (name, bytes, { at, removed, inserted, isUpper }) => {
				const text = encodeIoAddress(name, bytes);
				const cased = isUpper ? text.toUpperCase() : text;
				const edited = cased.slice(0, at) + inserted + cased.slice(at + removed);
				expect(decodeIoAddress(edited)).toEqual(decodeWithScure(edited));
			}),
			{ numRuns: 2_000 },
		);
	});

	it.each([
		["\u212a", "K"],
		["\u0130", "I"],
		["\u017f", "S"],
	])("don't have a letter that another case turns into one of theirs: %s for %s", (letter, replaced) => {
		const letters = Array.from({ length: 256 }, (_, byte) => encodeIoAddress("io", new Uint8Array(20).fill(byte)));
		const text = letters.map((one) => one.toUpperCase()).find((one) => one.includes(replaced)) as string;
		expect(decodeIoAddress(text)).toBeDefined();
		expect(decodeIoAddress(text.replace(replaced, letter))).toBeUndefined();
		expect(decodeIoAddress(text.toLowerCase().replace(replaced.toLowerCase(), letter))).toBeUndefined();
	});
});
