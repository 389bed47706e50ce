/**
 * A cache bounded by its number of entries and, optionally, by their size. The entry used least recently is dropped first.
 * @module
 */

/** Limits the total size of the values. */
export interface SizeLimit<Value> {
	readonly maxSize: number;
	readonly sizeCalculation: (value: Value) => number;
}

/** An entry, and those used just before and after it. */
interface Entry<Value> {
	readonly key: string;
	readonly value: Value;
	readonly size: number;
	older: Entry<Value> | undefined;
	newer: Entry<Value> | undefined;
}

/** The entries are a linked list as well: moving them in a Map would take several times as long. */
export class BoundedCache<Value extends {}> {
	readonly #entries = new Map<string, Entry<Value>>();
	readonly #maxEntries: number;
	readonly #limit: SizeLimit<Value> | undefined;
	#size = 0;
	#oldest: Entry<Value> | undefined;
	#newest: Entry<Value> | undefined;

	constructor(maxEntries: number, limit?: SizeLimit<Value>) {
		this.#maxEntries = maxEntries;
		this.#limit = limit;
	}

	get(key: string): Value | undefined {
		const entry = this.#entries.get(key);
		if (entry === undefined) return undefined;
		if (entry !== this.#newest) {
			this.#unlink(entry);
			this.#append(entry);
		}
		return entry.value;
	}

	/** Like `get`, but doesn't count as a use. */
	peek(key: string): Value | undefined {
		return this.#entries.get(key)?.value;
	}

	has(key: string): boolean {
		return this.#entries.has(key);
	}

	/** The keys, those used last first. */
	*keys(): Generator<string> {
		for (let entry = this.#newest; entry !== undefined; entry = entry.older) yield entry.key;
	}

	/** Stores a value instead of the key's last one. A value that is larger than all together may be isn't kept. */
	set(key: string, value: Value): void {
		this.delete(key);
		const { maxSize = 0, sizeCalculation } = this.#limit ?? {};
		const size = sizeCalculation?.(value) ?? 0;
		if (size > maxSize || this.#maxEntries < 1) return;
		while (this.#entries.size >= this.#maxEntries || this.#size + size > maxSize)
			this.#remove(this.#oldest as Entry<Value>);
		const entry = { key, value, size, older: undefined, newer: undefined };
		this.#entries.set(key, entry);
		this.#size += size;
		this.#append(entry);
	}

	delete(key: string): void {
		const entry = this.#entries.get(key);
		if (entry !== undefined) this.#remove(entry);
	}

	clear(): void {
		this.#entries.clear();
		this.#size = 0;
		this.#oldest = undefined;
		this.#newest = undefined;
	}

	#remove(entry: Entry<Value>): void {
		this.#entries.delete(entry.key);
		this.#size -= entry.size;
		this.#unlink(entry);
	}

	#append(entry: Entry<Value>): void {
		entry.older = this.#newest;
		entry.newer = undefined;
		if (this.#newest === undefined) this.#oldest = entry;
		else this.#newest.newer = entry;
		this.#newest = entry;
	}

	#unlink({ older, newer }: Entry<Value>): void {
		if (older === undefined) this.#oldest = newer;
		else older.newer = newer;
		if (newer === undefined) this.#newest = older;
		else newer.older = older;
	}
}
