/** @module */

/** The lines that a terminal shows after it was sent the text, which moves the cursor only within a line. */
export function toScreen(text: string): readonly string[] {
	return text.split("\n").map((line) => {
		let shown = "";
		let column = 0;
		// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what a terminal interprets
		for (const [part] of line.matchAll(/\u001b\[2K|\r|[^\u001b\r]+/g)) {
			if (part === "\r") column = 0;
			else if (part === "\u001b[2K") shown = "";
			else {
				shown = shown.slice(0, column).padEnd(column) + part + shown.slice(column + part.length);
				column += part.length;
			}
		}
		return shown.trimEnd();
	});
}
