import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { hasMoreValues, parseJson } from "../../src/encoding/json.ts";
import { keepRounded } from "../../src/encoding/kept-number.ts";
import { decodeUtf8, toBytes } from "../../src/encoding/utf8.ts";
import { anyCharacter } from "../support/any-character.ts";
import { runs } from "../support/property.ts";
import { describeWithVectorFiles } from "../vectors.ts";

/** An object as text, and whether no object in it has the same name twice. */
interface ObjectText {
	readonly text: string;
	readonly isUnique: boolean;
}

describe("parseJson", () => {
	it("parses the same as JSON.parse", () => {
		fc.assert(
			fc.property(fc.jsonValue({ maxDepth: 5 }), fc.constantFrom("", " ", "\t"), (value, indent) => {
				const text = JSON.stringify(value, null, indent);
				const hasRefusedName = /"(__proto__|constructor)":/.test(text);
				if (!hasRefusedName) expect(parseJson(text)).toEqual(JSON.parse(text));
			}),
		);
	});

	it.each([
		["a duplicate name", '{"iss":1,"iss":2}'],
		["a duplicate name, once escaped", '{"iss":1,"\\u0069ss":2}'],
		["a duplicate name in a nested object", '[{"a":{"b":1,"c":[],"b":2}}]'],
		["a duplicate name after a nested value", '{"a":{"x":1},"a":[]}'],
		["the empty name twice", '{"":1,"":2}'],
		["a duplicate name whose first value is an object", '{"a":{"b":1,"c":2},"a":{"b":1}}'],
		["a lone surrogate in a name", '{"\\ud800":1}'],
		["an array's depth", `${"[".repeat(33)}${"]".repeat(33)}`],
		["a lone high surrogate", '["\\ud800"]'],
		["a lone low surrogate", '["\\udc00"]'],
		["a high surrogate before another escape", '["\\ud800\\n"]'],
		["a high surrogate before another unit", '["\\ud800\\u0041"]'],
		["a low surrogate twice", '["\\udc00\\udc00"]'],
		["a high surrogate twice", '["\\ud800\\ud800"]'],
		["a raw lone surrogate", '["\ud800"]'],
		["a surrogate pair, half escaped and half raw", '["\\ud83d\udd11"]'],
		["a byte order mark", "\ufeff{}"],
		["trailing data", "{} {}"],
		["a trailing comma", '{"a":1,}'],
		["an unfinished string", '{"a'],
		["a string that ends in a backslash", '"a\\'],
		["an unfinished escape", '["\\u12"]'],
		["a bad escape in a name", '{"\\x":1}'],
		["a bad unicode escape in a name", '{"\\u00zz":1}'],
		["mismatched brackets", "[}"],
		["an extra bracket", "]"],
		["nothing", ""],
		["a single quote", "{'a':1}"],
		["a comment", "{}//"],
		["NaN", "[NaN]"],
	])("T16: rejects %s", (_what, text) => {
		expect(() => parseJson(text)).toThrow(SyntaxError);
	});

	it("T16: rejects a text if and only if one of its objects has the same name twice", () => {
		const name = fc.constantFrom("a", "\\u0061", "b", "toString", "");
		const { objects } = fc.letrec<{ objects: ObjectText }>((tie) => ({
			objects: fc
				.array(fc.tuple(name, fc.oneof(fc.constant({ text: "[1,{}]", isUnique: true }), tie("objects"))), {
					maxLength: 4,
				})
				.map((members) => ({
					text: `{${members.map(([key, { text }]) => `"${key}":[${text}]`).join()}}`,
					isUnique:
						new Set(members.map(([key]) => JSON.parse(`"${key}"`))).size === members.length &&
						members.every(([, { isUnique }]) => isUnique),
				})),
		}));
		fc.assert(
			fc.property(objects, ({ text, isUnique }) => {
				if (isUnique) expect(parseJson(text)).toEqual(JSON.parse(text));
				else expect(() => parseJson(text)).toThrow(/^JSON: a duplicate member name$/);
			}),
			runs(1_000),
		);
	});

	it.each(["__proto__", "constructor", "\\u005f_proto__", "constr\\u0075ctor"])(
		"T15: rejects the member name %s without touching a prototype",
		(name) => {
			expect(() => parseJson(`[{"${name}":{"admin":true}}]`)).toThrow(SyntaxError);
			expect(({} as Record<string, unknown>)["admin"]).toBeUndefined();
		},
	);

	it("reads names that can't be written without escapes", () => {
		const text = '{"a\\"b":{"\\\\":[{"\\n":1e400,"\\u0000":2}],"x":"\\""}, "\\u0061\\t" : 3}';
		const value = { 'a"b': { "\\": [{ "\n": 1, "\0": 2 }], x: '"' }, "a\t": 3 };
		expect(parseJson(text.replace("1e400", "1"))).toEqual(value);
		expect(JSON.stringify(parseJson(text, { numbers: keepRounded }))).toContain('[{"\\n":1e400,');
		expect(() => parseJson('{"\\n":1,"\\u000a":2}')).toThrow(/^JSON: a duplicate member name$/);
	});

	// Each with first names of its own: what V8 remembers of a text lasts as long as the process.
	it.each([
		'{"v3":{"v3":1,"s\\\\u":1,"z":1},"s\\u0075b":"evil","sub":"good"}',
		'{"v4":{"v4":1,"\\\\u005f_pr":1},"\\u005f_proto__":{"a":1}}',
		'{"v5":{"v5":1,"\\\\":1},"\\ud800":1}',
	])("T16: rejects %s, whose names V8 mixes up", (text) => {
		expect(() => parseJson(text)).toThrow(SyntaxError);
	});

	it.each([
		['{"v1":{"v1":1,"n\\\\u":1},"n\\u0062f":2}', "nbf"],
		['{"v2":{"v2":1,"c\\\\u0":1,"k":1},"c\\u0072it":["b64"]}', "crit"],
		['{"v6":{"v6":1,"\\\\":1,"z":1},"\\u0001":1}', "\u0001"],
		['{"v7":{"v7":1,"n\\\\u" :1},"n\\u0062f" :2}', "nbf"],
		['{"v8":{"v8":1,"n\\\\u"\n:1},"n\\u0062f"\t\r:2}', "nbf"],
	])("T16: reads all names of %s, which V8 mixes up", (text, name) => {
		expect(Object.keys(parseJson(text) as object)).toEqual([expect.any(String), name]);
	});

	it("T16: reads escaped names of a text that comes after one with a similar beginning", () => {
		for (const [poison, text, name] of [
			['{"w1":1,"n\\\\u":1}', '{"w1":1,"n\\u0062f":2}', "nbf"],
			['{"w2":1,"c\\\\u0":1}', '{"w2":1,"c\\u0072it":2}', "crit"],
			['{"w3":1,"gr\\\\u0":1}', '{"w3":1,"gr\\u00f6\\u00dfe":2}', "größe"],
		] as const) {
			JSON.parse(poison);
			expect(Object.keys(parseJson(poison) as object)).toHaveLength(2);
			expect(Object.keys(parseJson(text) as object)).toEqual([expect.any(String), name]);
			expect(() => parseJson(text.replace("}", `,"${name}":3}`))).toThrow("duplicate member name");
		}
	});

	it("T16: parses under an unpredictable name what can't be written without escapes", () => {
		const random = vi.spyOn(crypto, "randomUUID");
		try {
			expect(parseJson('{"\\u0061":1}')).toEqual({ a: 1 });
			expect(random).not.toHaveBeenCalled();
			expect(parseJson('{"\\n":1,"\\t":"\\n"}')).toEqual({ "\n": 1, "\t": "\n" });
			expect(random).toHaveBeenCalledTimes(1);
		} finally {
			random.mockRestore();
		}
	});

	it("accepts such names as values", () => {
		expect(parseJson('["__proto__", {"a": "constructor"}]')).toEqual(["__proto__", { a: "constructor" }]);
	});

	it("accepts a name in several objects, surrogate pairs and escapes", () => {
		expect(parseJson('[{"a":1},{"a":2},{"b":{"a":3},"a":[{"a":4}]}]')).toHaveLength(3);
		expect(parseJson('"\\ud83d\\udd11 \u{1F511} \\"\\\\ \\u0041"')).toBe('\u{1F511} \u{1F511} "\\ A');
		expect(parseJson(' "{[,]}:" ')).toBe("{[,]}:");
	});

	it.each([32, 3])("T14: accepts a depth of %i and no more", (maxDepth) => {
		const nest = (depth: number): string =>
			`${'{"a":['.repeat(depth / 2)}${depth % 2 ? "[]" : ""}${"]}".repeat(depth / 2)}`;
		expect(() => parseJson(nest(maxDepth), { maxDepth })).not.toThrow();
		expect(() => parseJson(nest(maxDepth + 1), { maxDepth })).toThrow(`nested deeper than ${maxDepth}`);
	});

	it("T14: 200,000 nested arrays are rejected before JSON.parse is called", () => {
		const parse = vi.spyOn(JSON, "parse");
		try {
			expect(() => parseJson("[".repeat(200_000) + "]".repeat(200_000))).toThrow(/nested deeper than 32 at 32/);
			expect(parse).not.toHaveBeenCalled();
		} finally {
			parse.mockRestore();
		}
	});

	it("says that a byte order mark is the reason", () => {
		expect(() => parseJson("\ufeff{}")).toThrow(/byte order mark/);
	});

	it("doesn't repeat the text in its message", () => {
		expect(() => parseJson('{"password": hunter2}')).toThrow(/^JSON: not valid$/);
		expect(() => parseJson('{"password":1,"password":2}')).toThrow(/^JSON: a duplicate member name$/);
	});

	it("takes linear time for quotes, escapes and names", () => {
		const names = Array.from({ length: 50_000 }, (_, at) => `"\\u0061${at}":1`).join();
		expect(Object.keys(parseJson(`{${names}}`) as object)).toHaveLength(50_000);
		expect(() => parseJson(`"${"\\".repeat(1_000_001)}"`)).toThrow(SyntaxError);
	});
});

describe("hasMoreValues", () => {
	it.each([
		["", 0],
		["1", 0],
		["[]", 1],
		["{}", 1],
		["[1,2,{}]", 4],
		['{"a":[1,2],"b":"\\n"}', 5],
		['"[,"', 2],
	])("counts what may be values in %s: %d", (text, count) => {
		expect(hasMoreValues(text, count)).toBe(false);
		expect(hasMoreValues(text, count - 1)).toBe(count > 0);
	});
});

describe("toBytes", () => {
	it("encodes text, and returns bytes as they are", () => {
		const bytes = Uint8Array.of(1, 2);
		expect(toBytes(bytes)).toBe(bytes);
		expect(toBytes("\u00e9")).toEqual(Uint8Array.of(0xc3, 0xa9));
	});
});

describe("decodeUtf8", () => {
	it("decodes what TextEncoder encodes", () => {
		fc.assert(
			fc.property(fc.string({ unit: anyCharacter }), (text) => {
				expect(decodeUtf8(new TextEncoder().encode(text))).toBe(text);
			}),
		);
	});

	it.each([
		["a lone continuation byte", [0x80]],
		["an overlong slash", [0xc0, 0xaf]],
		["an encoded surrogate", [0xed, 0xa0, 0x80]],
		["a truncated character", [0xe2, 0x82]],
		["a code point above U+10FFFF", [0xf4, 0x90, 0x80, 0x80]],
	])("T16: rejects %s", (_what, bytes) => {
		expect(() => decodeUtf8(new Uint8Array(bytes))).toThrow(SyntaxError);
	});

	it("T16: keeps a byte order mark, so that parseJson rejects it", () => {
		const text = decodeUtf8(new Uint8Array([0xef, 0xbb, 0xbf, 0x7b, 0x7d]));
		expect(text).toBe("\ufeff{}");
		expect(() => parseJson(text)).toThrow(SyntaxError);
	});
});

describeWithVectorFiles("JSONTestSuite", "json/test_parsing", (files) => {
	const parse = (bytes: Uint8Array): unknown => parseJson(decodeUtf8(bytes));
	// Valid by the grammar, refused by policy.
	const byPolicy = new Set(["y_object_duplicated_key.json", "y_object_duplicated_key_and_value.json"]);

	it.each([...files])("%s", (name, bytes) => {
		if (name.startsWith("n_") || byPolicy.has(name)) expect(() => parse(bytes)).toThrow(SyntaxError);
		else if (name.startsWith("y_")) expect(parse(bytes)).toEqual(JSON.parse(bytes.toString()));
		else expect(() => attempt(() => parse(bytes))).not.toThrow();
	});
});

/** Runs; only a SyntaxError may come out. */
function attempt(run: () => unknown): void {
	try {
		run();
	} catch (error) {
		if (!(error instanceof SyntaxError)) throw error;
	}
}
