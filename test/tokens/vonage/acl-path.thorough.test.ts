import { posix } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { aclAllows } from "../../../src/tokens/vonage/acl.ts";
import { matchesPath, splitPath, splitPattern } from "../../../src/tokens/vonage/acl-path.ts";
import { runs } from "../../support/property.ts";
import { thorough } from "../../support/thorough.ts";

/** The definition, word for word and exponentially slow. */
function means(pattern: readonly string[], path: readonly string[]): boolean {
	const [first, ...others] = pattern;
	if (first === undefined) return path.length === 0;
	if (first === "**") return means(others, path) || (path.length > 0 && means(pattern, path.slice(1)));
	return path.length > 0 && (first === "*" || first === path[0]) && means(others, path.slice(1));
}

const toPath = (segments: readonly string[]): string => `/${segments.join("/")}`;
const allows = (patterns: readonly string[], path: string, method = "GET"): boolean =>
	aclAllows({ paths: Object.fromEntries(patterns.map((one) => [one, {}])) }, { method, path });

// Few different segments, so that patterns and paths meet often.
const patternSegments = fc.array(fc.constantFrom("a", "b", "aa", "*", "**", "**"), { maxLength: 8 });
const pathSegments = fc.array(fc.constantFrom("a", "b", "aa"), { maxLength: 9 });
const many = runs(3_000, 300);

describe("matchesPath", () => {
	it("agrees with the recursive definition", () => {
		fc.assert(
			fc.property(patternSegments, pathSegments, (pattern, path) => {
				expect(matchesPath(pattern, path)).toBe(means(pattern, path));
			}),
			many,
		);
	});

	it("agrees with the definition for every pattern and path of up to four segments", () => {
		const words = (alphabet: readonly string[], length: number): string[][] =>
			length === 0
				? [[]]
				: [[], ...words(alphabet, length - 1).flatMap((word) => alphabet.map((one) => [one, ...word]))];
		const paths = words(["a", "b"], 4);
		const patterns = words(["a", "b", "*", "**"], 4);
		const wrong = patterns.flatMap((pattern) =>
			paths.filter((path) => matchesPath(pattern, path) !== means(pattern, path)).map((path) => [pattern, path]),
		);
		expect(patterns.length * paths.length).toBeGreaterThan(10_000);
		expect(wrong).toEqual([]);
	});

	it("compares each pair of segments at most once, however many ** there are", () => {
		const looks = (pattern: readonly string[], path: readonly string[]): number => {
			let count = 0;
			const counted = new Proxy(pattern, {
				get: (target, name) => {
					if (name !== "length") count += 1;
					return Reflect.get(target, name) as unknown;
				},
			});
			matchesPath(counted, path);
			return count;
		};
		const path = [...Array<string>(255).fill("a"), "b"];
		for (const unit of [["**"], ["**", "a"], ["**", "a", "a"], ["**", "*", "a"], ["**", "a", "*", "b"], ["**", "b"]]) {
			const pattern = Array.from({ length: 128 }, (_, i) => unit[i % unit.length] as string);
			for (const one of [pattern, [...pattern, "c"], ["**", ...pattern, "a", "c"]]) {
				expect(looks(one, path)).toBeLessThanOrEqual((one.length + 1) * (path.length + 1));
			}
		}
	});
});

describe("aclAllows", () => {
	it("agrees with the definition for several patterns", () => {
		fc.assert(
			fc.property(fc.array(patternSegments, { maxLength: 5 }), pathSegments, (patterns, path) => {
				const expected = patterns.some((pattern) => means(pattern, path));
				expect(allows(patterns.map(toPath), toPath(path))).toBe(expected);
			}),
			many,
		);
	});

	it("never allows less if a pattern is added or a segment becomes a wildcard", () => {
		fc.assert(
			fc.property(patternSegments, patternSegments, pathSegments, fc.nat(7), (pattern, other, path, at) => {
				fc.pre(means(pattern, path));
				expect(allows([toPath(pattern), toPath(other)], toPath(path))).toBe(true);
				const wider = pattern.map((segment, i) => (i === at ? "**" : segment));
				expect(allows([toPath(wider)], toPath(path))).toBe(true);
			}),
			many,
		);
	});

	it("allows no path that a URL parser, a decoder or a file system reads differently", () => {
		const pieces = ["/", "/", ".", "..", "a", "b", "%", "2", "2e", "%2e", "%2F", "%5c", "%25", "%00", "\\", ";", "?"];
		const more = ["#", " ", "%20", "%C3%A4", "%c0%ae", "%E2%80%A5", "%EF%BC%8F", "\0", "ä", "*", ":", "@", "%40"];
		const text = fc.array(fc.constantFrom(...pieces, ...more), { maxLength: 12 }).map((parts) => `/${parts.join("")}`);
		let allowed = 0;
		fc.assert(
			fc.property(text, (path) => {
				if (!allows(["/**"], path)) return;
				allowed += 1;
				expect(new URL(`http://host${path}`).pathname).toBe(path);
				const decoded = decodeURIComponent(path);
				expect(decodeURIComponent(decoded)).toBe(decoded);
				const folded = decoded.normalize("NFKC");
				expect(posix.normalize(folded)).toBe(folded);
				expect(folded.split("/").length).toBe(path.split("/").length);
				expect(folded).not.toMatch(/[\\?#;\0]/);
			}),
			runs(20_000, 2_000),
		);
		expect(allowed).toBeGreaterThan(thorough(100, 10));
	});
});

describe("splitPath and splitPattern", () => {
	it("return the joined segments", () => {
		fc.assert(
			fc.property(patternSegments, (segments) => {
				expect(splitPattern(toPath(segments))).toEqual(segments);
				expect(splitPath(toPath(segments))).toEqual(segments);
			}),
		);
	});

	it("accept a name encoded by encodeURIComponent, unless it is or hides a delimiter", () => {
		fc.assert(
			fc.property(fc.string({ unit: "grapheme", minLength: 1, maxLength: 20 }), (name) => {
				const segment = encodeURIComponent(name);
				const segments = splitPath(`/users/${segment}`);
				if (segments !== undefined) expect(segments).toEqual(["users", segment]);
				else
					expect(name.normalize("NFKC")).toMatch(/[\p{Cc}/\\?#;%]|^[.\s\p{Default_Ignorable_Code_Point}\p{Format}]+$/u);
			}),
			many,
		);
	});
});
