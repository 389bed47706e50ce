/** The limits of access control lists, and requests that are just within or beyond them. */
import { describe, expect, it } from "vitest";
import { aclAllows, parseAcl } from "../../../src/tokens/vonage/acl.ts";
import { expectRefusal } from "../../support/refusal.ts";

/** Whether a list with these filters allows a request with these parameters. */
function isAllowed(filters: object, parameters: unknown): boolean {
	const acl = { paths: { "/a": { filters } } };
	return aclAllows(acl, { method: "GET", path: "/a", parameters } as never);
}

/** Percent-encodes a name so many times. */
function encode(name: string, times: number): string {
	let text = name;
	for (let time = 0; time < times; time++) text = encodeURIComponent(text);
	return text;
}

describe("another parameter beside a filtered one", () => {
	const id = { id: "1" };

	it.each<[string, object, boolean]>([
		["that is no text", { other: 5 }, true],
		["that is a list", { other: ["id"] }, true],
		["encoded once", { [encode("ö", 1)]: "" }, true],
		["encoded three times", { [encode("ö", 3)]: "" }, true],
		["encoded four times", { [encode("ö", 4)]: "" }, false],
		["encoded eight times", { [encode("ö", 8)]: "" }, false],
		["that can't be decoded", { "%f6": "" }, false],
		["of 2,048 characters", { ["x".repeat(2_048)]: "" }, true],
		["of 2,049 characters", { ["x".repeat(2_049)]: "" }, false],
		["that hides the filtered one, encoded", { [encode("id[", 2)]: "" }, false],
		["with the filtered one after a semicolon", { other: "a;id=2" }, false],
		["with a third one after a semicolon", { other: "a;b=2" }, true],
	])("%s: %o", (_what, others, expected) => {
		expect(isAllowed(id, { ...id, ...others })).toBe(expected);
	});

	it("may be anything if nothing is filtered", () => {
		expect(isAllowed({}, { ["x".repeat(5_000)]: "a;b" })).toBe(true);
	});

	it("that is the same letter in another case is refused, however it is composed", () => {
		expect(isAllowed({ "\u0130d": "1" }, { "\u0130d": "1", "i\u0307d": "2" })).toBe(false);
	});
});

describe("a path", () => {
	const acl = { paths: { "/**": {} } };

	it.each<[string, boolean]>([
		["/a%2Eb", false],
		["/%41", false],
		["/a%7Eb", false],
		["/a%20b", true],
		["/a%C3%B6b", true],
		["/a%", false],
		["/a%4", false],
		["/a%zz", false],
		["/a%4z", false],
		["/a%z1", false],
		["/a%C3", false],
		[`/${"a".repeat(2_047)}`, true],
		[`/${"a".repeat(2_048)}`, false],
		["/a".repeat(64), true],
		["/a".repeat(65), false],
	])("%s is allowed: %j", (path, expected) => {
		expect(aclAllows(acl, { method: "GET", path })).toBe(expected);
	});

	it.each([undefined, null, 5, ["/a"], {}])("%o isn't allowed", (path) => {
		expect(aclAllows(acl, { method: "GET", path: path as never })).toBe(false);
		expect(aclAllows(acl, { method: path as never, path: "/a" })).toBe(false);
	});
});

describe("a list", () => {
	it.each<[string, () => unknown, RegExp]>([
		["that is no object", () => 5, /^expected acl to be a JSON object, got 5$/],
		["without paths", () => ({}), /^expected acl to be an object with the member paths/],
		["with another member", () => ({ paths: {}, x: 1 }), /^expected acl to be an object with only paths, got "x"$/],
		["whose paths are a list", () => ({ paths: [] }), /^expected acl\.paths to be a JSON object/],
		[
			"with a rule that is a list of something",
			() => ({ paths: { "/a": [1] } }),
			/^expected acl\.paths\["\/a"\] to be/,
		],
		[
			"with a hidden pattern",
			() => ({ paths: hidden("/a", {}) }),
			/^expected acl\.paths member "\/a" to be a JSON value/,
		],
		[
			"with a symbol for a pattern",
			() => ({ paths: { [Symbol("x")]: {} } }),
			/^expected acl\.paths member "Symbol\(x\)" to be/,
		],
		[
			"with a getter for a pattern",
			() => ({
				paths: {
					get "/a"() {
						return {};
					},
				},
			}),
			/member "\/a" to be a JSON value/,
		],
		["with methods that are hidden", () => ({ paths: { "/a": hidden("methods", ["GET"]) } }), /member "methods" to be/],
		["with no method", () => ({ paths: { "/a": { methods: [] } } }), /\.methods to be an array of 1 to 128 methods/],
		[
			"with 129 methods",
			() => ({ paths: { "/a": { methods: Array(129).fill("GET") } } }),
			/\.methods to be an array of 1 to 128/,
		],
		[
			"with a method in lower case",
			() => ({ paths: { "/a": { methods: ["get"] } } }),
			/\.methods to be methods in upper case/,
		],
		[
			"with an unsafe filter",
			() => ({ paths: { "/a": { filters: { constructor: "" } } } }),
			/\.filters to be filters by parameter/,
		],
		["with a filter of no value", () => ({ paths: { "/a": { filters: { a: [] } } } }), /\.filters\["a"\] to be text/],
		[
			"with 129 patterns",
			() => ({ paths: many(129) }),
			/^expected acl\.paths to be an object of at most 128 members, got 129$/,
		],
	])("%s is refused, and the part is named", async (_what, create, message) => {
		const error = await expectRefusal(() => parseAcl(create()), "token/claim-invalid");
		expect(error.details).toEqual({ claim: "acl" });
		expect(error.message).toMatch(message);
	});

	it("may have 128 patterns, methods and values, and empty rules as PHP writes them", () => {
		const methods = Array(128).fill("A");
		const filters = { a: Array(128).fill("x"), b: "x".repeat(1_024), c: Number.MAX_SAFE_INTEGER };
		const paths = { ...many(126), "/x": { methods, filters }, "/y": [] };
		const acl = parseAcl({ paths });
		expect(acl.paths["/x"]).toEqual({ methods, filters });
		expect(acl.paths["/y"]).toEqual({});
		expect(parseAcl(acl)).toBe(acl);
	});
});

function hidden(name: string, value: unknown): object {
	return Object.defineProperty({}, name, { value, enumerable: false });
}

function many(count: number): object {
	return Object.fromEntries(Array.from({ length: count }, (_, at) => [`/${at}`, {}]));
}
