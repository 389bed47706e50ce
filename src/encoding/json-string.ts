/** @module */

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** Finds the quote that closes the string opened at `open`. */
export function findStringEnd(text: string, open: number, hasEscapes: boolean): number {
	let at = hasEscapes ? open + 1 : text.indexOf('"', open + 1);
	for (;;) {
		const code = text.charCodeAt(at);
		if (code === QUOTE) return at;
		if (Number.isNaN(code)) throw new SyntaxError(`JSON: unterminated string at ${open}`);
		at += code === BACKSLASH ? 2 : 1;
	}
}
