import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createTextMemory } from "../../src/caching/text-memory.ts";

const MAX = 2 ** 17;

describe("text memory", () => {
	it("has each text, or none once it was overwritten, oldest first", () => {
		const length = fc.oneof(fc.nat(200), fc.nat(MAX));
		fc.assert(
			fc.property(fc.array(length, { minLength: 1, maxLength: 100, size: "max" }), (lengths) => {
				const memory = createTextMemory(MAX);
				const texts = lengths.map((length, at) => `${at}`.padEnd(length, ".").slice(0, length));
				const places = texts.map((text) => memory.write(text));
				const read = texts.map((text, at) => memory.read(places[at] as number, text.length));
				const kept = read.findIndex((text) => text !== undefined);
				expect(read.slice(0, kept)).toEqual(texts.slice(0, kept).map(() => undefined));
				expect(read.slice(kept)).toEqual(texts.slice(kept));
			}),
		);
	});

	it("keeps texts that fit together", () => {
		const memory = createTextMemory(MAX);
		const texts = Array.from({ length: 8 }, (_, at) => `${at}`.repeat(MAX / 8));
		const places = texts.map((text) => memory.write(text));
		expect(texts.map((text, at) => memory.read(places[at] as number, text.length))).toEqual(texts);
		memory.write("a");
		expect(memory.read(places[0] as number, MAX / 8)).toBeUndefined();
		expect(memory.read(places[1] as number, MAX / 8)).toBe(texts[1]);
	});

	it("has a text that takes all of it, time after time", () => {
		const memory = createTextMemory(MAX);
		for (const character of "abc") {
			const text = character.repeat(MAX);
			expect(memory.read(memory.write(text), MAX)).toBe(text);
		}
	});
});
