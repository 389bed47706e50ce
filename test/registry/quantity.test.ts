import { expect, it } from "vitest";
import { parseQuantity, toQuantity } from "../../src/registry/quantity.ts";

it.each<[number, string]>([
	[0, "0x0"],
	[16, "0x10"],
	[31_337, "0x7a69"],
	[2 ** 52 - 1, `0x${"f".repeat(13)}`],
])("%d is written as %s, and read again", (value, text) => {
	expect(toQuantity(value)).toBe(text);
	expect(parseQuantity(text)).toBe(value);
	expect(parseQuantity(text.toUpperCase())).toBe(value);
});

it.each([
	...[undefined, null, 7, ["0x1"], "", "0x", "1", "x1", "00x1", "0x1g", "0xg", "0x1 ", " 0x1", "-0x1", "0x1.5"],
	`0x${"1".repeat(14)}`,
])("%j is no quantity", (value) => {
	expect(parseQuantity(value)).toBeUndefined();
});
