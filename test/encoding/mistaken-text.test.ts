import { describe, expect, it } from "vitest";
import { isPath, MISSING_VALUES, QUOTES } from "../../src/encoding/mistaken-text.ts";

describe("isPath", () => {
	it.each([
		"/etc/key.pem",
		"./key.pem",
		"../key.pem",
		"~/key.pem",
		".\\key.pem",
		"..\\key.pem",
		"file:key",
		"C:\\key",
		"d:\\",
	])("takes %s", (text) => {
		expect(isPath(text)).toBe(true);
	});

	it.each(["", "key.pem", "a/b", ":\\", "C:/key", "CD:\\key", "0x04", "eyJhbGciOiJFUzI1NksifQ"])(
		"refuses %s",
		(text) => {
			expect(isPath(text)).toBe(false);
		},
	);
});

describe("texts that stand for something else", () => {
	it("are what JavaScript makes of missing values and objects", async () => {
		const made = [undefined, null, Number.NaN, {}, Promise.resolve()].map(String);
		expect([...MISSING_VALUES].sort()).toEqual(made.sort());
	});

	it("may be in quotation marks, straight or typographic", () => {
		expect([..."\"'`“”‘’"].every((mark) => QUOTES.includes(mark))).toBe(true);
		expect(QUOTES).toHaveLength(7);
	});
});
