/**
 * The content types of a JSON document in UTF-8.
 * @module
 */
import { DocumentError, formatValue } from "../../errors/errors.js";

/** Static hosts and IPFS gateways serve JSON as the last two. */
const TYPES = new Set(["application/json", "text/plain", "application/octet-stream"]);
const JSON_SUFFIX = /^application\/[a-z0-9.+-]+\+json$/;
/** US-ASCII is a subset of UTF-8. */
const CHARSETS = new Set(["utf-8", "utf8", "us-ascii"]);

/** Accepts JSON, text and bytes; a charset, if given, must be UTF-8. */
export function assertJsonContentType(value: string | undefined): void {
	if (value === undefined) return;
	const [type = "", ...parameters] = value.split(";").map((part) => part.trim().toLowerCase());
	if (!TYPES.has(type) && !JSON_SUFFIX.test(type)) {
		throw refused(`expected a document of type application/json, got ${formatValue(value)}`);
	}
	for (const parameter of parameters.filter((text) => /^charset\s*=/.test(text))) {
		const charset = parameter.slice(parameter.indexOf("=") + 1).trim();
		if (!CHARSETS.has(charset.replace(/^"(.*)"$/, "$1"))) {
			throw refused(`expected a document in UTF-8, got charset ${formatValue(charset)}`);
		}
	}
}

function refused(message: string): DocumentError {
	return new DocumentError("document/content-type", message);
}
