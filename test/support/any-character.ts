/**
 * Any character of Unicode, surrogates aside. What fast-check calls `unit: "binary"`, without its table of a million entries.
 * @module
 */
import fc from "fast-check";

/** For `fc.string({ unit: anyCharacter })`. */
export const anyCharacter: fc.Arbitrary<string> = fc
	.oneof(fc.integer({ min: 0, max: 0xd7ff }), fc.integer({ min: 0xe000, max: 0x10ffff }))
	.map((code) => String.fromCodePoint(code));
