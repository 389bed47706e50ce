/**
 * Changes one value of a DER encoding, and corrects the lengths of those around it.
 * @module
 */
import type { Random } from "./random.ts";

interface Value {
	tag: number;
	content: Buffer | Value[];
}

const TAGS = [0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x30, 0x31, 0xa0, 0xa1, 0x80];
const LONG_FORM = 0x80;
const CONSTRUCTED = 0x20;

/** Undefined if the input isn't DER. */
export function mutateDer(input: Buffer, random: Random): Buffer | undefined {
	const values = parse(input);
	if (values === undefined || values.length === 0) return undefined;
	const all: { readonly siblings: Value[]; readonly at: number }[] = [];
	collect(values);
	const { siblings, at } = random.pick(all);
	const value = siblings[at] as Value;
	const { content } = value;
	const { siblings: others, at: place } = random.pick(all);
	const graft = copy(others[place] as Value);
	const changes: (() => void)[] = [
		() => siblings.splice(at, 1),
		() => siblings.splice(at, 0, copy(value)),
		() => siblings.splice(at, 1, graft),
		() => siblings.reverse(),
		() => {
			value.tag = random.pick(TAGS);
		},
		() => {
			value.content = Array.isArray(content) ? Buffer.concat(content.map(encode)) : changeBytes(content, random);
		},
		() => {
			value.content = [copy(value)];
		},
	];
	random.pick(changes)();
	return Buffer.concat(values.map(encode));

	function collect(siblings: Value[]): void {
		for (const [at, { content }] of siblings.entries()) {
			all.push({ siblings, at });
			if (Array.isArray(content)) collect(content);
		}
	}
}

function changeBytes(bytes: Buffer, random: Random): Buffer {
	const at = random.below(bytes.length + 1);
	const parts = [bytes.subarray(0, at), Buffer.of(random.below(256)), bytes.subarray(at + random.below(2))];
	const padded = Buffer.concat([Buffer.alloc(random.pick([1, 1, 40, 300])), bytes]);
	return random.pick([Buffer.concat(parts), bytes.subarray(0, at), bytes.subarray(at), padded]);
}

/** What a constructed value contains, and an octet or bit string if that is DER, too. */
function parse(bytes: Buffer): Value[] | undefined {
	const values: Value[] = [];
	for (let at = 0; at < bytes.length; ) {
		const [tag = 0, first = 0] = bytes.subarray(at);
		const digits = first > LONG_FORM ? first - LONG_FORM : 0;
		const start = at + 2 + digits;
		if (digits > 2 || start > bytes.length) return undefined;
		const length = digits === 0 ? first : bytes.readUIntBE(at + 2, digits);
		if (start + length > bytes.length) return undefined;
		const content = bytes.subarray(start, start + length);
		const hasValues = (tag & CONSTRUCTED) !== 0 || tag === 0x04;
		values.push({ tag, content: (hasValues && length > 1 ? parse(content) : undefined) ?? content });
		at = start + length;
	}
	return values;
}

/** So that a value can be put into itself. */
function copy({ tag, content }: Value): Value {
	return { tag, content: Array.isArray(content) ? content.map(copy) : content };
}

function encode({ tag, content }: Value): Buffer {
	const bytes = Array.isArray(content) ? Buffer.concat(content.map(encode)) : content;
	const { length } = bytes;
	const digits = length < LONG_FORM ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255];
	return Buffer.concat([Buffer.of(tag, ...digits), bytes]);
}
