/**
 * The part of DER (ITU-T X.690) that keys use, read strictly: definite, minimal lengths and no trailing bytes.
 * @module
 */

export const TAG = {
	integer: 0x02,
	bitString: 0x03,
	octetString: 0x04,
	null: 0x05,
	objectIdentifier: 0x06,
	sequence: 0x30,
	context0: 0xa0,
	context1: 0xa1,
	implicit1: 0x81,
} as const;

/** Reads the values inside a constructed DER value in order. */
export class DerReader {
	readonly #bytes: Uint8Array;
	#offset = 0;

	constructor(bytes: Uint8Array) {
		this.#bytes = bytes;
	}

	/** The tag of the next value, or undefined at the end. */
	get nextTag(): number | undefined {
		return this.#bytes[this.#offset];
	}

	/** Reads a value with that tag and returns its content. Like all readers here, throws a SyntaxError. */
	read(tag: number, what: string): Uint8Array {
		if (this.nextTag !== tag) throw new SyntaxError(`DER: expected ${what} at ${this.#offset}`);
		this.#offset++;
		const length = this.#readLength(what);
		const start = this.#offset;
		this.#offset += length;
		if (this.#offset > this.#bytes.length) throw new SyntaxError(`DER: ${what} is truncated`);
		return this.#bytes.subarray(start, this.#offset);
	}

	/** Reads a SEQUENCE (or another constructed tag) and returns a reader of its content. */
	readInside(what: string, tag: number = TAG.sequence): DerReader {
		return new DerReader(this.read(tag, what));
	}

	/** Reads a non-negative INTEGER of at most four bytes, minimally encoded. */
	readSmallInteger(what: string): number {
		const content = this.read(TAG.integer, what);
		const [first = 0x80, second = 0x80] = content;
		if (content.length > 4 || first > 0x7f) throw new SyntaxError(`DER: ${what} is out of range`);
		if (first === 0 && content.length > 1 && second < 0x80) {
			throw new SyntaxError(`DER: ${what} is not minimal`);
		}
		return content.reduce((value, byte) => value * 256 + byte, 0);
	}

	/** Reads a non-negative INTEGER, minimally encoded, and returns its bytes without the sign's zero byte. */
	readUnsignedInteger(what: string): Uint8Array {
		const content = this.read(TAG.integer, what);
		const [first = 0x80, second = 0x80] = content;
		if (first > 0x7f) throw new SyntaxError(`DER: ${what} is negative or empty`);
		if (first !== 0 || content.length === 1) return content;
		if (second < 0x80) throw new SyntaxError(`DER: ${what} is not minimal`);
		return content.subarray(1);
	}

	/** Reads a BIT STRING of whole bytes. */
	readBits(what: string, tag: number = TAG.bitString): Uint8Array {
		const content = this.read(tag, what);
		if (content[0] !== 0) throw new SyntaxError(`DER: ${what} must be whole bytes`);
		return content.subarray(1);
	}

	/** Reads an OBJECT IDENTIFIER as dotted text. */
	readObjectIdentifier(what: string): string {
		return toDotted(this.read(TAG.objectIdentifier, what), what);
	}

	/** Throws a SyntaxError unless everything was read. */
	end(what: string): void {
		if (this.#offset !== this.#bytes.length) throw new SyntaxError(`DER: data after the end of ${what}`);
	}

	#readLength(what: string): number {
		const first = this.#bytes[this.#offset++] ?? 0x80;
		if (first < 0x80) return first;
		const count = first & 0x7f;
		if (count < 1 || count > 3) throw new SyntaxError(`DER: the length of ${what} is indefinite or too large`);
		let length = 0;
		for (let at = 0; at < count; at++) length = length * 256 + (this.#bytes[this.#offset++] ?? 0);
		if (length < 0x80 || length < 256 ** (count - 1)) {
			throw new SyntaxError(`DER: the length of ${what} is not minimal`);
		}
		return length;
	}
}

/** Reads one SEQUENCE with nothing after it, whose content `read` reads completely. */
export function parseSequence<T>(bytes: Uint8Array, what: string, read: (content: DerReader) => T): T {
	const outer = new DerReader(bytes);
	const content = outer.readInside(what);
	outer.end(what);
	const result = read(content);
	content.end(what);
	return result;
}

/** Checks whether the bytes end before their first DER value does. */
export function isTruncated(bytes: Uint8Array): boolean {
	const [, first = 0x80] = bytes;
	if (first < 0x80) return bytes.length < 2 + first;
	const count = first & 0x7f;
	const header = 2 + count;
	if (count > 3) return false;
	return bytes.length < header + bytes.subarray(2, header).reduce((sum, byte) => sum * 256 + byte, 0);
}

export function encodeDer(tag: number, ...parts: readonly (Uint8Array | readonly number[])[]): Uint8Array<ArrayBuffer> {
	const length = parts.reduce((sum, part) => sum + part.length, 0);
	const lengthBytes: number[] = [];
	for (let rest = length; rest > 0; rest >>= 8) lengthBytes.unshift(rest & 0xff);
	const header = length < 0x80 ? [tag, length] : [tag, 0x80 | lengthBytes.length, ...lengthBytes];
	const bytes = new Uint8Array(header.length + length);
	let at = 0;
	for (const part of [header, ...parts]) {
		bytes.set(part, at);
		at += part.length;
	}
	return bytes;
}

/** X.690 section 8.19, as far as the identifiers of key algorithms need it. */
function toDotted(content: Uint8Array, what: string): string {
	if (content.length === 0 || content.length > 32 || (content.at(-1) as number) > 0x7f) {
		throw new SyntaxError(`DER: ${what} is not an object identifier`);
	}
	const arcs: number[] = [];
	let arc = 0;
	for (const byte of content) {
		if (arc === 0 && byte === 0x80) throw new SyntaxError(`DER: ${what} is not minimal`);
		arc = arc * 128 + (byte & 0x7f);
		if (byte > 0x7f) continue;
		arcs.push(arc);
		arc = 0;
	}
	const [head = 0, ...tail] = arcs;
	const first = Math.min(Math.floor(head / 40), 2);
	return [first, head - first * 40, ...tail].join(".");
}
