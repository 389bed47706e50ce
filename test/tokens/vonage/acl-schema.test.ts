import { describe, expect, it } from "vitest";
import { parseAcl } from "../../../src/tokens/vonage/acl.ts";
import { deepFreeze } from "../../support/deep-freeze.ts";
import { expectRefusal } from "../../support/refusal.ts";

const many = <T>(count: number, make: (index: number) => T): T[] => Array.from({ length: count }, (_, i) => make(i));
const record = (count: number, prefix: string, value: unknown): object =>
	Object.fromEntries(many(count, (i) => [`${prefix}${i}`, value]));
const rule = (value: unknown): object => ({ paths: { "/a": value } });

describe("parseAcl", () => {
	it.each<[string, object]>([
		["an empty list of paths", { paths: {} }],
		["the root", { paths: { "/": {} } }],
		["the documentation's sample", { paths: { "/*/users/**": {}, "/*/legs/**": {} } }],
		["methods and filters", rule({ methods: ["POST", "GET"], filters: { from: "447977271009" } })],
		["a method with a hyphen", rule({ methods: ["VERSION-CONTROL"] })],
		["the longest method", rule({ methods: ["M".repeat(32)] })],
		["128 methods", rule({ methods: many(128, () => "GET") })],
		["no filters", rule({ filters: {} })],
		["several values", rule({ filters: { to: ["1", 2, "", -3, 0] } })],
		["128 values", rule({ filters: { to: many(128, String) } })],
		["the longest value", rule({ filters: { to: "1".repeat(1_024) } })],
		["128 filters", rule({ filters: record(128, "f", "1") })],
		["128 patterns", { paths: record(128, "/a", {}) }],
		["64 segments", { paths: { [`/${"**/".repeat(63)}*`]: {} } }],
		["2,048 characters", { paths: { [`/${"a".repeat(2_047)}`]: {} } }],
		["an encoded name", { paths: { "/users/alice%40example.com": {} } }],
	])("accepts %s and returns an equal list", (_, value) => {
		const acl = parseAcl(deepFreeze(value));
		expect(JSON.parse(JSON.stringify(acl))).toEqual(JSON.parse(JSON.stringify(value)));
		expect(Object.entries(acl.paths)).toEqual(Object.entries(value).flatMap(([, paths]) => Object.entries(paths)));
	});

	it("accepts objects without a prototype", () => {
		const paths = Object.assign(Object.create(null), { "/a": Object.create(null) });
		expect(parseAcl(Object.assign(Object.create(null), { paths }))).toEqual({ paths: { "/a": {} } });
	});

	it("reads PHP's empty array in place of a rule as an empty object", () => {
		expect(parseAcl(JSON.parse('{"paths":{"/*/users/**":[]}}'))).toEqual({ paths: { "/*/users/**": {} } });
	});

	it("returns a frozen copy, and a parsed list unchanged", () => {
		const given = rule({ methods: ["GET"], filters: { from: ["1"] } }) as { paths: Record<string, object> };
		const acl = parseAcl(given);
		const { methods, filters } = acl.paths["/a"] ?? {};
		const parts = [acl, acl.paths, acl.paths["/a"], methods, filters, filters?.["from"]];
		expect(parts.every((part) => typeof part === "object" && Object.isFrozen(part))).toBe(true);
		expect(parts.some((part) => part === given || part === given.paths || part === given.paths["/a"])).toBe(false);
		expect(parseAcl(acl)).toBe(acl);
		given.paths["/b"] = {};
		expect(Object.keys(acl.paths)).toEqual(["/a"]);
		expect(parseAcl(given)).not.toEqual(acl);
	});

	it.each<[string, unknown]>([
		["nothing", undefined],
		["null", null],
		["text", '{"paths":{}}'],
		["a number", 1],
		["an array", []],
		["a list of patterns", ["/**"]],
		["a function", () => ({ paths: {} })],
		["an object without paths", {}],
		["paths that are undefined", { paths: undefined }],
		["an extra member", { paths: {}, deny: {} }],
		["paths as an array", { paths: ["/a"] }],
		["paths as an empty array", { paths: [] }],
		["paths as text", { paths: "/**" }],
		["paths as null", { paths: null }],
		["129 patterns", { paths: record(129, "/a", {}) }],
		["a Map for paths", { paths: new Map([["/a", {}]]) }],
		["a Map for the list", new Map([["paths", {}]])],
		["a rule of null", rule(null)],
		["a rule of true", rule(true)],
		["a rule of text", rule("GET")],
		["a rule that is an array of methods", rule(["GET"])],
		["an undefined rule", rule(undefined)],
		["an unknown restriction", rule({ ip: "10.0.0.1" })],
		["a misspelled restriction", rule({ method: ["GET"] })],
		["a restriction in upper case", rule({ Methods: ["GET"] })],
		["undefined methods", rule({ methods: undefined })],
		["methods of null", rule({ methods: null })],
		["methods as text", rule({ methods: "GET" })],
		["methods as an object", rule({ methods: { GET: true } })],
		["an empty array of methods", rule({ methods: [] })],
		["129 methods", rule({ methods: many(129, () => "GET") })],
		["a method in lower case", rule({ methods: ["GET", "post"] })],
		["a wildcard as a method", rule({ methods: ["*"] })],
		["an empty method", rule({ methods: [""] })],
		["a method with a space", rule({ methods: ["GET "] })],
		["two methods in one", rule({ methods: ["GET,POST"] })],
		["a non-ASCII method", rule({ methods: ["GÉT"] })],
		["a method that begins with a hyphen", rule({ methods: ["-GET"] })],
		["a method too long", rule({ methods: ["M".repeat(33)] })],
		["a number as a method", rule({ methods: [1] })],
		["a hole in the methods", rule({ methods: Array(1) })],
		["filters of null", rule({ filters: null })],
		["filters as an array", rule({ filters: [] })],
		["filters as text", rule({ filters: "from" })],
		["129 filters", rule({ filters: record(129, "f", "1") })],
		["a filter's name too long", rule({ filters: { ["f".repeat(1_025)]: "1" } })],
		["a filter named __proto__", JSON.parse('{"paths":{"/a":{"filters":{"__proto__":"1"}}}}')],
		["a filter named constructor", rule({ filters: { constructor: "1" } })],
		["a filter of null", rule({ filters: { from: null } })],
		["a filter of true", rule({ filters: { from: true } })],
		["a filter of an object", rule({ filters: { from: { prefix: "44" } } })],
		["a filter without values", rule({ filters: { from: [] } })],
		["a filter of 129 values", rule({ filters: { from: many(129, String) } })],
		["a filter of text too long", rule({ filters: { from: "1".repeat(1_025) } })],
		["a filter of a fraction", rule({ filters: { from: 1.5 } })],
		["a filter of a number too large", rule({ filters: { from: 2 ** 53 } })],
		["a filter of NaN", rule({ filters: { from: Number.NaN } })],
		["null among a filter's values", rule({ filters: { from: ["1", null] } })],
		["an array among a filter's values", rule({ filters: { from: [["1"]] } })],
		["a hole among a filter's values", rule({ filters: { from: Array(1) } })],
	])("rejects %s", async (_, value) => {
		const error = await expectRefusal(() => parseAcl(value), "token/claim-invalid");
		expect(error.details).toEqual({ claim: "acl" });
	});

	it.each([
		["", "nothing"],
		["users", "no slash in front"],
		["*", "a wildcard without one"],
		["**", "two of them"],
		["*/users", "a relative pattern"],
		["//", "empty segments"],
		["/users/", "a trailing slash"],
		["/**/", "a trailing slash behind a wildcard"],
		["//users", "an empty segment in front"],
		["/a//b", "an empty segment within"],
		["/us*r", "* within a segment"],
		["/user*", "* at a segment's end"],
		["/*user", "* at its start"],
		["/a**", "** at a segment's end"],
		["/**a", "** at its start"],
		["/***", "three stars"],
		["/v*/users", "a version's *"],
		["/a/../b", "a double dot"],
		["/./a", "a dot"],
		["/a%2Fb", "an encoded slash"],
		["/%2A", undefined],
		["/%61", "a letter encoded"],
		["/a%", "a percent sign alone"],
		["/a?x=1", "a query"],
		["/a#b", "a fragment"],
		["/a\\b", "a backslash"],
		["/a b", "a blank"],
		["/{id}", "a template"],
		["/[a-z]", "brackets"],
		["/a;b", "a path parameter"],
		["/ä", "letters beyond ASCII"],
		["/\0", "NUL"],
		["https://api.nexmo.com/v1/users", "a URL"],
		["__proto__", "a poisonous name"],
		["constructor", "another"],
		[`/${"a".repeat(2_048)}`, "2,049 characters"],
		[`/${"*/".repeat(64)}*`, "65 segments"],
	])("for the pattern %j: rejected for %s", async (pattern, reason) => {
		const acl = JSON.parse(`{"paths":{${JSON.stringify(pattern)}:{}}}`) as object;
		if (reason === undefined) expect(parseAcl(acl)).toEqual(acl);
		else await expectRefusal(() => parseAcl(acl), "token/claim-invalid");
	});

	it("reports the path, what was expected and what was given", async () => {
		const messageOf = async (value: unknown) =>
			(await expectRefusal(() => parseAcl(value), "token/claim-invalid")).message;
		expect(await messageOf({ paths: ["/a"] })).toBe("expected acl.paths to be a JSON object, got an array");
		expect(await messageOf(rule({ methods: ["get"] }))).toContain('acl.paths["/a"].methods');
		expect(await messageOf(rule({ methods: ["get"] }))).toContain('got "get"');
		expect(await messageOf(rule({ filters: { to: null } }))).toContain('acl.paths["/a"].filters["to"]');
		expect(await messageOf(rule({ only: 1 }))).toContain('methods and filters, got "only"');
		expect(await messageOf({ paths: { "/\u202e\n": {} } })).toContain("\\u202e\\u000a");
	});
});
