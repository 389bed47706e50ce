/**
 * JSON as Go's `encoding/json` writes it, for texts that must equal a Go program's output byte for byte.
 * @module
 */

/** Go escapes these characters so that the text is safe in HTML and JavaScript. */
const ESCAPED: Readonly<Record<string, string>> = {
	"<": "\\u003c",
	">": "\\u003e",
	"&": "\\u0026",
	"\u2028": "\\u2028",
	"\u2029": "\\u2029",
};

/** Encodes a value as Go's `json.Marshal` does (Go 1.22 and later); unpaired surrogates become U+FFFD. */
export function encodeGoJson(value: unknown): string {
	const text = JSON.stringify(value, (_, member) => (typeof member === "string" ? member.toWellFormed() : member));
	return text.replace(/[<>&\u2028\u2029]/g, (character) => ESCAPED[character] as string);
}
