import { describe, expect, it } from "vitest";
import { parsePassword } from "../../src/keys/password.ts";
import { expectCode, utf8 } from "./sample-keys.ts";

describe("parsePassword", () => {
	it("reads text as UTF-8 and copies bytes, up to 1,024 of them", () => {
		expect(parsePassword("é")).toEqual(utf8("é"));
		const own = new Uint8Array(1_024).fill(1);
		const copy = parsePassword(own);
		expect(copy).toEqual(own);
		own.fill(0);
		expect(copy[0]).toBe(1);
	});

	it("refuses a longer password, none, and anything else", async () => {
		expect(() => parsePassword("x".repeat(1_025))).toThrow(new TypeError("the password must be at most 1024 bytes"));
		expect(() => parsePassword(1)).toThrow(new TypeError("the password must be text or a Uint8Array"));
		await expectCode(() => parsePassword(undefined), "key/password-required");
	});
});
