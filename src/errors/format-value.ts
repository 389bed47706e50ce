/**
 * Makes untrusted text safe to show in an error message, a log or a terminal.
 * @module
 */

const MAX_SHOWN = 96;

/**
 * Escapes everything except printable ASCII, so that control sequences, bidirectional overrides and look-alike letters
 * become visible.
 */
export function escapeText(text: string): string {
	let shown = "";
	for (let i = 0; i < text.length; i++) {
		const code = text.charCodeAt(i);
		shown += code >= 0x20 && code < 0x7f ? text[i] : `\\u${code.toString(16).padStart(4, "0")}`;
	}
	return shown;
}

/**
 * Formats a value for an error message: numbers and booleans as they are, strings quoted, escaped and shortened,
 * everything else by its type. Never use it for a secret.
 */
export function formatValue(value: unknown): string {
	if (typeof value === "string") {
		if (value === "") return "an empty string";
		const shown = `"${escapeText(value.slice(0, MAX_SHOWN))}"`;
		return value.length > MAX_SHOWN ? `${shown}… (${value.length} characters)` : shown;
	}
	if (value === null || typeof value === "number" || typeof value === "boolean") return String(value);
	if (value === undefined) return "nothing";
	if (Array.isArray(value)) return "an array";
	return typeof value === "object" ? "an object" : `a ${typeof value}`;
}
