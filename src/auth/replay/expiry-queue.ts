/**
 * A queue of keys that returns the one that expires first.
 * @module
 */

/** A binary heap in two arrays, which take less memory than an object for each key. */
export class ExpiryQueue {
	readonly #keys: string[] = [];
	readonly #times: number[] = [];

	/** When the first key expires; `Infinity` if there is none. */
	get firstExpiry(): number {
		return this.#times[0] ?? Number.POSITIVE_INFINITY;
	}

	add(key: string, expiresAt: number): void {
		let at = this.#keys.length;
		while (at > 0) {
			const parent = (at - 1) >> 1;
			if ((this.#times[parent] as number) <= expiresAt) break;
			this.#move(parent, at);
			at = parent;
		}
		this.#put(at, key, expiresAt);
	}

	/** Removes the key that expires first. */
	removeFirst(): string | undefined {
		const first = this.#keys[0];
		const [key, expiresAt] = [this.#keys.pop(), this.#times.pop()] as [string, number];
		const { length } = this.#keys;
		if (length === 0) return first;
		let at = 0;
		for (let child = 1; child < length; child = 2 * at + 1) {
			if (child + 1 < length && this.#timeAt(child + 1) < this.#timeAt(child)) child += 1;
			if (this.#timeAt(child) >= expiresAt) break;
			this.#move(child, at);
			at = child;
		}
		this.#put(at, key, expiresAt);
		return first;
	}

	#timeAt(at: number): number {
		return this.#times[at] as number;
	}

	#move(from: number, to: number): void {
		this.#put(to, this.#keys[from] as string, this.#timeAt(from));
	}

	#put(at: number, key: string, expiresAt: number): void {
		this.#keys[at] = key;
		this.#times[at] = expiresAt;
	}
}
