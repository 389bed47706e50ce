/** @module */
import { expect } from "vitest";

const TAG = /<(\/?)([a-z]+)((?:\s[\w-]+(?::\w+)?="[^"<]*")*)\s*(\/?)>/gy;
const TEXT = /(?:[^<&]|&(?:amp|lt|gt|quot|#\d+);)*/y;

/** Checks that a text is XML: one element, all tags closed in order, nothing unescaped. Knows as much as our SVGs need. */
export function expectWellFormed(xml: string): void {
	const open: string[] = [];
	let at = 0;
	while (at < xml.length) {
		TAG.lastIndex = at;
		const tag = TAG.exec(xml);
		if (tag === null) expect.fail(`no tag at ${JSON.stringify(xml.slice(at, at + 60))}`);
		const [whole, isEnd, name, , isEmpty] = tag;
		if (isEnd) expect(open.pop(), whole).toBe(name);
		else if (!isEmpty) open.push(name as string);
		TEXT.lastIndex = at + whole.length;
		TEXT.exec(xml);
		at = TEXT.lastIndex;
		if (open.length === 0) expect(xml.slice(at).trim()).toBe("");
	}
	expect(open).toEqual([]);
}
