/**
 * JSON as Go's `encoding/json` writes it, for texts that must be byte for byte what a Go program prints.
 * @module
 */

/** What Go escapes beyond JSON's need, so that the text can stand in HTML and in JavaScript. */
const ESCAPED: Readonly<Record<string, string>> = {
	"<": "\\u003c",
	">": "\\u003e",
	"&": "\\u0026",
	"\u2028": "\\u2028",
	"\u2029": "\\u2029",
};

/**
 * Writes a value as Go's `json.Marshal` does (Go 1.22 and later): without spaces, members in their order,
 * `<`, `>`, `&`, U+2028 and U+2029 escaped, unpaired surrogates replaced by U+FFFD.
 */
export function encodeGoJson(value: unknown): string {
	const text = JSON.stringify(value, (_, member) =>
		typeof member === "string" ? member.toWellFormed() : member,
	);
	return text.replace(/[<>&\u2028\u2029]/g, (character) => ESCAPED[character] as string);
}
