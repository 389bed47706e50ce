/**
 * A cache bounded by its number of entries and, if wanted, by their size.
 * @module
 */
import { LRUCache } from "lru-cache";

/** How large the values may be together. */
export interface SizeLimit<Value> {
	readonly maxSize: number;
	readonly sizeCalculation: (value: Value) => number;
}

/** Takes memory as it fills: with `max`, lru-cache takes all of it at once, and milliseconds to do so. */
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
