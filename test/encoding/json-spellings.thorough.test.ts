/** A value of JSON is read as the same whatever its spelling. `JSON.parse` of V8 13.6 doesn't do that (native-json.ts). */
import fc from "fast-check";
import { expect, it } from "vitest";
import { parseJson } from "../../src/encoding/json.ts";
import { keepRounded, keptNumber } from "../../src/encoding/kept-number.ts";
import { choices, spell } from "../support/json-spelling.ts";
import { runs } from "../support/property.ts";

/** Few pieces, so that names contain one another, with and without escapes: V8 mixes up such ones. */
const text = fc.oneof(
	fc.array(fc.constantFrom("s", "u", "b", "\\"), { maxLength: 3 }).map((pieces) => pieces.join("")),
	fc
		.array(fc.constantFrom("a", "u0062", "\\", '"', "\n", "\0", "é", "\u2028", "\u{1f511}"), { maxLength: 4 })
		.map((pieces) => pieces.join("")),
);
const { value } = fc.letrec<{ value: unknown }>((tie) => ({
	value: fc.oneof(
		{ maxDepth: 4, depthIdentifier: "json" },
		fc.constantFrom(null, true, 0, -1.5, 1e21),
		text,
		fc.array(tie("value"), { maxLength: 3 }),
		fc.dictionary(text, tie("value"), { maxKeys: 4, noNullPrototype: true }),
	),
}));

/** Replaces the texts of numbers by the numbers. */
function toNumbers(value: unknown): unknown {
	if (typeof value !== "object" || value === null) return value;
	if (Array.isArray(value)) return value.map(toNumbers);
	const kept = keptNumber(value);
	if (kept !== undefined) return Number(kept);
	return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, toNumbers(member)]));
}

it("T16: parseJson reads every spelling of a value as the value", () => {
	fc.assert(
		fc.property(value, choices, (value, choices) => {
			const written = spell(value, choices);
			expect(parseJson(written)).toEqual(value);
			expect(toNumbers(parseJson(written, { numbers: keepRounded }))).toEqual(value);
		}),
		runs(20_000, 500),
	);
});

it("T16: parseJson rejects every spelling of an object in which a name occurs twice", () => {
	fc.assert(
		fc.property(text, value, value, choices, choices, (name, first, second, one, other) => {
			const written = [spell(name, one), spell(name, other)];
			const object = `{${written[0]}:${spell(first, one)},${spell("x", one)}:1,${written[1]}:${spell(second, other)}}`;
			expect(() => parseJson(object)).toThrow(/^JSON: a duplicate member name$/);
		}),
		runs(10_000, 200),
	);
});
