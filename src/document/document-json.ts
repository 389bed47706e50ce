/**
 * Parses the JSON of documents strictly, and freezes it. Numbers that JavaScript would round keep their original text.
 * @module
 */
import { hasMoreValues, isJsonObject, type JsonObject, parseJson } from "../encoding/json.js";
import { isOverflow } from "../encoding/json-number.js";
import { keepRounded, keptNumber, type NumberReviver } from "../encoding/kept-number.js";
import { decodeUtf8 } from "../encoding/utf8.js";
import { DocumentError, formatValue } from "../errors/errors.js";

const MAX_VALUES = 10_000;
const BOM = /^\ufeff/;

/** Parses a document's bytes as strict JSON; its members aren't checked. To write it back, keep the text of numbers. */
export function parseDocumentJson(bytes: Uint8Array, numbers: NumberReviver = keepRounded): JsonObject {
	const value = parseJsonBytes(bytes, numbers);
	if (isJsonObject(value)) return freeze(value);
	throw new DocumentError("document/malformed", `expected a JSON object, got ${formatValue(value)}`);
}

export function parseJsonBytes(bytes: Uint8Array, numbers: NumberReviver = keepRounded): unknown {
	try {
		const text = decodeUtf8(bytes);
		if (hasMoreValues(text, MAX_VALUES)) throw new SyntaxError(`JSON: more than ${MAX_VALUES} values`);
		return parseJson(text, { numbers });
	} catch (cause) {
		if (!(cause instanceof SyntaxError)) throw cause;
		throw new DocumentError("document/malformed", `the document: ${cause.message}`, { cause });
	}
}

/** Whether bytes are JSON, however wrong, and not an error page or a part of a document. */
export function isJson(bytes: Uint8Array): boolean {
	try {
		const text = decodeUtf8(bytes).replace(BOM, "");
		if (!hasMoreValues(text, MAX_VALUES)) JSON.parse(text);
		return true;
	} catch {
		return false;
	}
}

/** Freezes deeply; the parser bounds the depth. Rejects numbers like `1e400`, which other parsers read as infinity. */
export function freeze<T extends object>(value: T): T {
	for (const member of Object.values(value)) {
		// Texts and numbers count as frozen.
		if (!Object.isFrozen(member)) freeze(member as object);
		if (isOverflow(keptNumber(member) ?? "0")) {
			throw new DocumentError("document/malformed", "a number in the document is out of range");
		}
	}
	return Object.freeze(value);
}
