import { describe, expect, it } from "vitest";
import { BoundedCache } from "../../src/resolver/bounded-cache.ts";

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

	it("takes no memory for entries that it doesn't hold", () => {
		expect(new BoundedCache(10_000).max).toBe(0);
	});
});
