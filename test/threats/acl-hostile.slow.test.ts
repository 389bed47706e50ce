/** ACLs and paths written to exhaust, to confuse or to slip past the evaluation of a Vonage token's ACL. */
import { describe, expect, it } from "vitest";
import type { RequestDetails } from "../../src/tokens/token-kind.ts";
import { aclAllows, parseAcl } from "../../src/tokens/vonage/acl.ts";
import { matchesPath } from "../../src/tokens/vonage/acl-path.ts";
import { deepFreeze } from "../support/deep-freeze.ts";
import { expectLinear } from "../support/duration.ts";
import { expectRefusal } from "../support/refusal.ts";
import { thorough } from "../support/thorough.ts";

const GET = { method: "GET" };
const COUNT = thorough(10_000, 1_000);

/** Evenly distributed numbers from a seed (mulberry32), so that every run tries the same patterns. */
function seeded(seed: number): (below: number) => number {
	let state = seed;
	return (below) => {
		state = (state + 0x6d2b79f5) | 0;
		let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
		mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
		return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below);
	};
}

const next = seeded(20_260_304);
const oneOf = <T>(...values: readonly T[]): T => values[next(values.length)] as T;
const cycle = (length: number, unit: readonly string[]): string[] =>
	Array.from({ length }, (_, i) => unit[i % unit.length] as string);

/** Segments as deep and as long as they may be, alike but for their ends. */
function makeLong(): [pattern: string[], path: string[]] {
	const depth = oneOf(2, 8, 32, 64);
	const length = Math.floor(2_047 / depth) - 1;
	const literal = "a".repeat(length);
	const pattern = Array.from({ length: depth }, () => oneOf("**", "*", literal, `${literal.slice(1)}b`));
	return [pattern.join("/").length > 2_047 ? pattern.slice(1) : pattern, cycle(depth, [literal])];
}

function makeOne(): [pattern: string[], path: string[]] {
	const depth = 16 + next(47);
	const path = [...cycle(62, oneOf(["a"], ["a", "a", "b"], ["a", "b"])), oneOf("a", "b", "c")];
	const [any, end] = ["**", oneOf("a", "b", "c", "z", "**")];
	switch (next(7)) {
		case 0: // Nothing but **, and an end that may not be there.
			return [[...cycle(depth, [any]), end], path];
		case 1: // What makes backtracking matchers explode: ** and a segment, over and over.
			return [[...cycle(depth, [any, "a"]), end], path];
		case 2: // Long runs that match almost, retried at every place.
			return [[any, ...cycle(depth, ["a"]), end], path];
		case 3: // * beside ** everywhere.
			return [[...cycle(depth, oneOf([any, "*"], ["*", any], ["*", "*", any])), end], path];
		case 4: // Halves: the second ** starts late.
			return [[any, ...cycle(depth >> 1, ["a"]), any, ...cycle(depth >> 1, ["a", "b"])], path];
		case 5: // Anything.
			return [Array.from({ length: depth }, () => oneOf(any, any, "*", "a", "b", "c")), path];
		default:
			return makeLong();
	}
}

/** Expects a matcher to look at each pair of segments once at most; gives its answer. */
function matchesInSteps(pattern: readonly string[], path: readonly string[]): boolean {
	let steps = 0;
	const counted = new Proxy(pattern, {
		get: (target, name) => {
			if (name !== "length") steps += 1;
			return Reflect.get(target, name) as unknown;
		},
	});
	const answer = matchesPath(counted, path);
	expect(steps).toBeLessThanOrEqual((pattern.length + 1) * (path.length + 1));
	return answer;
}

describe("patterns that try to exhaust the matcher", () => {
	it(`${COUNT} of them take at most one step per pair of segments`, () => {
		const answers = { true: 0, false: 0 };
		const seen = new Set<string>();
		while (seen.size < COUNT) {
			const [pattern, path] = makeOne();
			if (pattern.length < 63) pattern[next(pattern.length)] = oneOf("a", "b", "*", "**");
			const text = `/${pattern.join("/")}`;
			if (seen.has(text)) continue;
			seen.add(text);
			const answer = aclAllows({ paths: { [text]: {} } }, { ...GET, path: `/${path.join("/")}` });
			expect(answer).toBe(matchesInTable(pattern, path));
			expect(matchesInSteps(pattern, path)).toBe(answer);
			answers[`${answer}`] += 1;
		}
		expect(Math.min(answers.true, answers.false)).toBeGreaterThan(COUNT / 20);
	});

	it("matching time is linear in the number of worst-case patterns", async () => {
		const listOf = (length: number) =>
			parseAcl({
				paths: Object.fromEntries(
					Array.from({ length }, (_, i) => [`/**/${"a/".repeat(30)}**/${"a/".repeat(30)}b${i}`, {}]),
				),
			});
		const request = { ...GET, path: `/${"a/".repeat(63)}c` };
		expect(aclAllows(listOf(128), request)).toBe(false);
		await expectLinear(listOf, 64, (acl) => aclAllows(acl, request));
	});

	it("the step limit holds for patterns longer than a list allows", () => {
		const pattern = ["**", ...cycle(500, ["a"]), "z"];
		const path = cycle(1_000, ["a"]);
		expect(matchesInSteps(pattern, path)).toBe(false);
	});

	it("rejects lists and paths that are too large without reading them", async () => {
		const huge = Object.fromEntries(Array.from({ length: 200_000 }, (_, i) => [`/a${i}`, {}]));
		await expectRefusal(() => parseAcl({ paths: huge }), "token/claim-invalid");
		await expectRefusal(() => parseAcl({ paths: { "/a": { filters: huge } } }), "token/claim-invalid");
		await expectRefusal(() => parseAcl({ paths: { "/a": { methods: Array(1e9) } } }), "token/claim-invalid");
		await expectRefusal(() => parseAcl({ paths: { ["/a".repeat(1e6)]: {} } }), "token/claim-invalid");
		const acl = parseAcl({ paths: { "/**": {} } });
		for (const unit of ["/a", "/", "%2e", "a"]) {
			const pathOf = (length: number) => `${unit === "a" ? "/" : ""}${unit.repeat(length)}`;
			expect(aclAllows(acl, { ...GET, path: pathOf(1e6) })).toBe(false);
			await expectLinear(pathOf, 5e5, (path) => aclAllows(acl, { ...GET, path }));
		}
		expect(aclAllows(acl, { method: "G".repeat(1e6), path: "/" })).toBe(false);
	});

	it("T88: looks at the names and values of parameters in linear time", async () => {
		const acl = parseAcl({ paths: { "/**": { filters: { from: "1" } } } });
		const request = { ...GET, path: "/" };
		const names = (size: number) => ({
			from: "1",
			...Object.fromEntries(Array.from({ length: size }, (_, at) => [`${"a.".repeat(99)}${at}`, ""])),
		});
		await expectLinear(names, 500, (parameters) => aclAllows(acl, { ...request, parameters }));
		const values = (size: number) => ({ from: "1", x: ";a".repeat(size), ["%25".repeat(size)]: "" });
		await expectLinear(values, 5e4, (parameters) => aclAllows(acl, { ...request, parameters }));
	});
});

describe("unusual members", () => {
	const refuse = (value: unknown) => expectRefusal(() => parseAcl(value), "token/claim-invalid");

	it("rejects property names of Object.prototype as patterns, restrictions or filters", async () => {
		for (const name of ["__proto__", "constructor", "prototype", "toString", "hasOwnProperty", "toJSON"]) {
			const member = `{${JSON.stringify(name)}:{}}`;
			await refuse(JSON.parse(`{"paths":${member}}`));
			await refuse(JSON.parse(`{"paths":{"/a":${member}}}`));
			await refuse(JSON.parse(`{"paths":{"/a":{"filters":${member}}}}`));
			await refuse(JSON.parse(member));
		}
		expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
	});

	it("allows such names as path segments", () => {
		const acl = parseAcl({ paths: { "/__proto__/constructor": {} } });
		expect(aclAllows(acl, { ...GET, path: "/__proto__/constructor" })).toBe(true);
		expect(aclAllows(acl, { ...GET, path: "/__proto__" })).toBe(false);
		expect(aclAllows({ paths: {} }, { ...GET, path: "/constructor" })).toBe(false);
		expect(Object.getPrototypeOf(acl.paths)).toBe(Object.prototype);
	});

	it("rejects an object with inherited restrictions", async () => {
		const inherited: unknown = Object.create({ methods: ["GET"] });
		await refuse({ paths: { "/a": inherited } });
		await refuse({ paths: Object.create({ "/a": {} }) as unknown });
		await refuse(Object.create({ paths: { "/**": {} } }));
		class Rule {
			methods = ["GET"];
		}
		await refuse({ paths: { "/a": new Rule() } });
		await refuse({ paths: { "/a": new Date(0) } });
	});

	it("ignores restrictions from a polluted prototype", () => {
		const prototype = Object.prototype as unknown as Record<string, unknown>;
		prototype["methods"] = ["PUT"];
		prototype["from"] = "1";
		try {
			expect(aclAllows({ paths: { "/a": { filters: { from: "1" } } } }, { ...GET, path: "/a", parameters: {} })).toBe(
				false,
			);
			expect(aclAllows({ paths: { "/a": { methods: ["GET"] } } }, { method: "PUT", path: "/a" })).toBe(false);
		} finally {
			delete prototype["methods"];
			delete prototype["from"];
		}
	});

	it("rejects getters, hidden members and symbols without calling a getter", async () => {
		let calls = 0;
		const get = () => {
			calls += 1;
			return calls > 1 ? {} : { "/a": {} };
		};
		await refuse(Object.defineProperty({}, "paths", { get, enumerable: true }));
		await refuse({ paths: Object.defineProperty({}, "/a", { get, enumerable: true }) });
		await refuse({ paths: { "/a": Object.defineProperty({}, "methods", { get, enumerable: true }) } });
		await refuse({ paths: { "/a": Object.defineProperty({}, "methods", { value: ["GET"] }) } });
		await refuse({ paths: { "/a": { [Symbol("methods")]: ["GET"] } } });
		await refuse({ paths: { "/a": { methods: { length: 1, 0: "GET" } } } });
		expect(calls).toBe(0);
	});

	it("reads an array with changing elements once, and uses the copy", () => {
		let reads = 0;
		const methods = Object.defineProperty(["GET"], 0, { get: () => (reads++ === 0 ? "GET" : "DELETE") });
		const acl = parseAcl({ paths: { "/a": { methods } } });
		expect([reads, acl.paths["/a"]?.methods]).toEqual([1, ["GET"]]);
		expect(aclAllows(acl, { method: "DELETE", path: "/a" })).toBe(false);
	});

	it("freezes a parsed list, and doesn't mistake a look-alike for one", () => {
		const acl = parseAcl({ paths: { "/a": { methods: ["GET"] } } });
		expect(() => Object.assign(acl.paths, { "/**": {} })).toThrow(TypeError);
		const methods = acl.paths["/a"]?.methods as string[];
		expect(() => methods.push("PUT")).toThrow(TypeError);
		const alike = { paths: { ...acl.paths, "/b": {} } };
		expect([acl, alike].map((one) => aclAllows(one, { ...GET, path: "/b" }))).toEqual([false, true]);
	});
});

describe("unusual requests", () => {
	const acl = deepFreeze({ paths: { "/**": {}, "/f": { filters: { from: "1" } } } });
	const ask = (request: unknown) => aclAllows(acl, request as RequestDetails);

	it.each<[unknown]>([[undefined], [null], [1], [true], [{}], [["/a"]], [new URL("http://h/a")], [Symbol("/a")]])(
		"rejects %s as path or method",
		(value) => {
			expect(ask({ ...GET, path: value })).toBe(false);
			expect(ask({ method: value, path: "/a" })).toBe(false);
		},
	);

	it("rejects an object with a toString as path", () => {
		let asked = 0;
		const path = { toString: () => (asked++ === 0 ? "/a" : "/b"), startsWith: () => true, length: 1 };
		expect(ask({ ...GET, path })).toBe(false);
		expect(asked).toBe(0);
	});

	it.each([
		"%E2%80%8B", // zero width space
		"%C2%AD", // soft hyphen
		"%E2%80%8C", // zero width non-joiner
		"%E2%80%AE", // right-to-left override
		"%E2%81%A0", // word joiner
		"%E3%85%A4", // Hangul filler
		"%EF%B8%8F", // variation selector
		"%F3%A0%80%A0", // tag space
	])("rejects dot segments with %s, an invisible character that some software drops", (invisible) => {
		const acl = { paths: { "/rooms/**": {} } };
		const isAllowed = (segment: string) => aclAllows(acl, { method: "GET", path: `/rooms/${segment}/admin` });
		for (const segment of [`..${invisible}`, `${invisible}..`, `.${invisible}.`, `.${invisible}`, invisible]) {
			expect(isAllowed(segment), segment).toBe(false);
		}
		expect(isAllowed(`..${invisible}a`)).toBe(true);
	});

	it("reads a getter for the path once", () => {
		let looks = 0;
		const request = {
			...GET,
			get path() {
				looks += 1;
				return looks === 1 ? "/a" : "/../a";
			},
		};
		expect([ask(request), looks]).toEqual([true, 1]);
	});

	it("looks up parameters as own members only", () => {
		const filtered = { paths: { "/f": { filters: { valueOf: "1" } } } };
		const request = { ...GET, path: "/f" };
		expect(aclAllows(filtered, { ...request, parameters: {} })).toBe(false);
		expect(aclAllows(filtered, { ...request, parameters: JSON.parse('{"valueOf":"1"}') })).toBe(true);
		expect(aclAllows(filtered, { ...request, parameters: JSON.parse('{"__proto__":{"valueOf":"1"}}') })).toBe(false);
	});
});

/** Decides column by column, each pair of segments once: another way to the same answer. */
function matchesInTable(pattern: readonly string[], path: readonly string[]): boolean {
	let row = Array.from({ length: path.length + 1 }, (_, i) => i === 0);
	for (const segment of pattern) {
		const above = row;
		row = Array<boolean>(path.length + 1).fill(false);
		for (let i = 0; i <= path.length; i++) {
			if (segment === "**") row[i] = above[i] === true || (i > 0 && row[i - 1] === true);
			else row[i] = i > 0 && above[i - 1] === true && (segment === "*" || segment === path[i - 1]);
		}
	}
	return row.at(-1) === true;
}
