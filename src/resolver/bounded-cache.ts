/**
 * A cache bounded by its number of entries and, optionally, by their size.
 * @module
 */
import { LRUCache } from "lru-cache";

/** Limits the total size of the values. */
export interface SizeLimit<Value> {
	readonly maxSize: number;
	readonly sizeCalculation: (value: Value) => number;
}

/** Allocates memory as it fills. With `max`, lru-cache would allocate all of it at once, which takes milliseconds. */
export class BoundedCache<Value extends {}> extends LRUCache<string, Value> {
	readonly #maxEntries: number;

	constructor(maxEntries: number, limit: SizeLimit<Value> = { maxSize: maxEntries, sizeCalculation: () => 1 }) {
		super(limit);
		this.#maxEntries = maxEntries;
	}

	override set(key: string, value: Value): this {
		super.set(key, value);
		if (this.size > this.#maxEntries) this.pop();
		return this;
	}
}
