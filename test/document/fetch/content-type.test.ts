import { describe, expect, it } from "vitest";
import { assertJsonContentType } from "../../../src/document/fetch/content-type.ts";
import { expectRefusal } from "../../support/refusal.ts";

describe("the content type of a document", () => {
	it.each([
		...[undefined, "application/json", "text/plain", "application/octet-stream", "application/vnd.x-1.y+json"],
		...[" Application/JSON ; CharSet = UTF-8 ", "text/plain;charset=utf8", 'text/plain; charset="us-ascii"'],
		...["application/json; xcharset=latin1", "application/json; charset*=latin1", "text/plain;"],
	])("may be %j", (type) => {
		expect(assertJsonContentType(type)).toBeUndefined();
	});

	it.each([
		...["", ";charset=utf-8", "json", "xapplication/json", "application/json5", "text/plainer", "text/json"],
		...["application/+json", "xapplication/a+json", "application/a+json5", "application/a b+json"],
		...["text/plain; charset=", "text/plain; charset=latin1", "text/plain; charset =latin1"],
		...['text/plain; charset="utf-8', 'text/plain; charset=utf-8"', 'text/plain; charset=u"tf-8"'],
		...['text/plain; charset=utf"-8"', 'text/plain; charset="utf"-8', 'text/plain; charset=""utf-8""'],
		"text/plain; charset=utf-8; charset=latin1",
	])("may not be %j", async (type) => {
		await expectRefusal(() => assertJsonContentType(type), "document/content-type");
	});
});
