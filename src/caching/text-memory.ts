/**
 * Texts in one block of memory: the garbage collector doesn't move them, as it would each text of its own. The oldest are
 * overwritten.
 * @module
 */

const ENCODER = new TextEncoder();
const DECODER = new TextDecoder();
const SMALLEST = 2 ** 16;

/** Keeps ASCII texts, each no longer than the memory. */
export interface TextMemory {
	/** Returns the text's place. */
	write(text: string): number;
	/** Returns a text that shares no memory with others; undefined if it was overwritten. */
	read(place: number, length: number): string | undefined;
}

/** Takes as many bytes as are in use, doubled each time, up to the largest size, a power of two. */
export function createTextMemory(maxBytes: number): TextMemory {
	let bytes = new Uint8Array(0);
	/** Counts on when the memory starts again at its beginning, so that each place is used once. */
	let next = 0;
	return {
		write(text) {
			const { length } = text;
			while (next + length > bytes.length && bytes.length < maxBytes) grow();
			const left = bytes.length - (next % bytes.length);
			const place = left < length ? next + left : next;
			next = place + length;
			const at = place % bytes.length;
			ENCODER.encodeInto(text, bytes.subarray(at, at + length));
			return place;
		},
		read(place, length) {
			if (place + bytes.length < next) return undefined;
			const at = place % bytes.length;
			return DECODER.decode(bytes.subarray(at, at + length));
		},
	};

	function grow(): void {
		const grown = new Uint8Array(Math.min(Math.max(2 * bytes.length, SMALLEST), maxBytes));
		grown.set(bytes);
		bytes = grown;
	}
}
