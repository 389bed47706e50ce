import fc from "fast-check";
import { LRUCache } from "lru-cache";
import { describe, expect, it } from "vitest";
import { BoundedCache } from "../../src/caching/bounded-cache.ts";
import { runs } from "../support/property.ts";

describe("BoundedCache", () => {
	it("keeps the entries used last", () => {
		const cache = new BoundedCache<number>(3);
		for (const key of ["a", "b", "c"]) cache.set(key, 1);
		cache.get("a");
		for (const key of ["d", "d", "e"]) cache.set(key, 2);
		expect([...cache.keys()]).toEqual(["e", "d", "a"]);
	});

	it("bounds the number of entries however small they are, and their size however few they are", () => {
		const cache = new BoundedCache<string>(3, { maxSize: 10, sizeCalculation: ({ length }) => length });
		for (const key of ["a", "b", "c", "d"]) cache.set(key, "1");
		expect([...cache.keys()]).toEqual(["d", "c", "b"]);
		cache.set("e", "12345678");
		expect([...cache.keys()]).toEqual(["e", "d", "c"]);
		cache.set("f", "12345678901");
		expect([...cache.keys()]).toEqual(["e", "d", "c"]);
	});

	it("can be filled again once it is empty", () => {
		const cache = new BoundedCache<number>(2);
		for (const key of ["a", "b", "c"]) cache.set(key, 1);
		for (const key of ["b", "c"]) cache.delete(key);
		expect([...cache.keys()]).toEqual([]);
		for (const key of ["d", "e", "f"]) cache.set(key, 1);
		cache.clear();
		for (const key of ["g", "h", "i"]) cache.set(key, 1);
		expect([...cache.keys()]).toEqual(["i", "h"]);
	});

	it("replaces a value, and counts its size instead of the last one's", () => {
		const cache = new BoundedCache<string>(3, { maxSize: 10, sizeCalculation: ({ length }) => length });
		for (const value of ["12345678", "1", "1234"]) cache.set("a", value);
		cache.set("b", "123456");
		expect([cache.get("a"), cache.get("b")]).toEqual(["1234", "123456"]);
		cache.set("b", "12345678901");
		expect([cache.get("a"), cache.get("b")]).toEqual(["1234", undefined]);
	});

	it("doesn't count peek and has as uses", () => {
		const cache = new BoundedCache<number>(2);
		for (const key of ["a", "b"]) cache.set(key, 1);
		expect([cache.peek("a"), cache.has("a"), cache.peek("c"), cache.has("c")]).toEqual([1, true, undefined, false]);
		cache.set("c", 1);
		expect([...cache.keys()]).toEqual(["c", "b"]);
	});

	it("keeps nothing if it has no room", () => {
		const cache = new BoundedCache<number>(0);
		cache.set("a", 1);
		expect([...cache.keys()]).toEqual([]);
	});

	it("behaves like lru-cache, whatever is done with it", () => {
		const key = fc.constantFrom("a", "b", "c", "d", "e", "f");
		const step = fc.oneof(
			fc.record({ action: fc.constant("set"), key, value: fc.string({ minLength: 1, maxLength: 12 }) }),
			fc.record({ action: fc.constantFrom("get", "peek", "delete"), key, value: fc.constant("") }),
		);
		fc.assert(
			fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
				const sizeCalculation = ({ length }: string): number => length;
				const cache = new BoundedCache<string>(3, { maxSize: 20, sizeCalculation });
				const reference = new LRUCache<string, string>({ max: 3, maxSize: 20, sizeCalculation });
				for (const { action, key, value } of steps) {
					const run = (one: BoundedCache<string> | LRUCache<string, string>): unknown =>
						action === "set"
							? void one.set(key, value)
							: action === "delete"
								? void one.delete(key)
								: one[action as "get" | "peek"](key);
					expect(run(cache)).toBe(run(reference));
					expect([...cache.keys()]).toEqual([...reference.keys()]);
				}
			}),
			runs(500),
		);
	});
});
