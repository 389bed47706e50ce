import { describe, expect, it } from "vitest";
import { isJson, parseDocumentJson } from "../../src/document/document-json.ts";
import { bytesOf } from "../support/org-documents.ts";
import { expectRefusal } from "../support/refusal.ts";

describe("parseDocumentJson", () => {
	it("reads ten thousand values, but not one more", async () => {
		const list = (commas: number): Uint8Array => bytesOf(`{"a":[0${",0".repeat(commas)}]}`);
		expect(parseDocumentJson(list(9_998))["a"]).toHaveLength(9_999);
		await expectRefusal(() => parseDocumentJson(list(9_999)), "document/malformed");
	});

	it("says what is wrong with the JSON", async () => {
		const error = await expectRefusal(() => parseDocumentJson(bytesOf('{"a":1,"a":2}')), "document/malformed");
		expect(error.cause).toBeInstanceOf(SyntaxError);
		expect(error.message).toContain("duplicate");
	});
});

describe("isJson", () => {
	it.each(["{}", "null", "1", '"\ufeff"', '\ufeff{"a":[]}', '{"a":1,"a":2}'])("is true for %j", (text) => {
		expect(isJson(bytesOf(text))).toBe(true);
	});

	it.each(["", "{", "{}{}", "{\ufeff}", "\ufeff\ufeff{}", "<html>"])("is false for %j", (text) => {
		expect(isJson(bytesOf(text))).toBe(false);
	});
});
