import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { findJsonValue, parseJsonPointer } from "../../src/encoding/json-pointer.ts";

const find = (value: unknown, pointer: string) =>
	findJsonValue(value, parseJsonPointer(pointer) ?? expect.fail(pointer));

/** RFC 6901 section 5. */
const DOCUMENT = {
	foo: ["bar", "baz"],
	"": 0,
	"a/b": 1,
	"c%d": 2,
	"e^f": 3,
	"g|h": 4,
	"i\\j": 5,
	'k"l': 6,
	" ": 7,
	"m~n": 8,
};

describe("JSON pointers", () => {
	it.each([
		["", DOCUMENT],
		["/foo", DOCUMENT.foo],
		["/foo/0", "bar"],
		["/foo/1", "baz"],
		["/", 0],
		["/a~1b", 1],
		["/c%d", 2],
		["/e^f", 3],
		["/g|h", 4],
		["/i\\j", 5],
		['/k"l', 6],
		["/ ", 7],
		["/m~0n", 8],
	])("find the value at %j in the example of RFC 6901", (pointer, value) => {
		expect(find(DOCUMENT, pointer)).toEqual(value);
	});

	it("find any item of an array, and a member called length of an object", () => {
		expect(find([...Array(11).keys()], "/10")).toBe(10);
		expect(find({ length: 1 }, "/length")).toBe(1);
	});

	it("decode ~01 as ~1", () => {
		expect(find({ "~1": 1, "/": 2 }, "/~01")).toBe(1);
	});

	it.each(["/foo/2", "/foo/-", "/foo/00", "/foo/01", "/foo/-1", "/foo/1e0", "/foo/0.0", "/foo/ 0", "/foo/length"])(
		"find nothing at %s of an array of two",
		(pointer) => {
			expect(find(DOCUMENT, pointer)).toBeUndefined();
		},
	);

	it.each([
		"/__proto__",
		"/constructor",
		"/constructor/name",
		"/toString",
		"/hasOwnProperty",
		"/foo/at",
		"/foo/__proto__",
	])("find nothing at %s, which only prototypes have", (pointer) => {
		expect(find(DOCUMENT, pointer)).toBeUndefined();
	});

	it.each(["/text/0", "/text/length", "/number/toFixed", "/nothing/x", "/absent/x/y"])(
		"find nothing at %s, inside a value that has no members",
		(pointer) => {
			expect(find({ text: "abc", number: 1, nothing: null }, pointer)).toBeUndefined();
		},
	);

	it.each(["foo", "foo/bar", "#/foo", "/~", "/~2", "/a~", "/~~0", " /a"])("refuse %j", (pointer) => {
		expect(parseJsonPointer(pointer)).toBeUndefined();
	});

	it("find every value of every document", () => {
		const name = fc.oneof(fc.string(), fc.constantFrom("~", "/", "~1", "0", "constructor"));
		fc.assert(
			fc.property(fc.array(name, { minLength: 1, maxLength: 5 }), (names) => {
				const pointer = names.map((part) => `/${part.replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
				const document = names.reduceRight<unknown>((value, part) => Object.fromEntries([[part, value]]), "found");
				expect(find(document, pointer)).toBe("found");
			}),
		);
	});
});
