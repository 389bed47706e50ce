/**
 * Which content types may carry a JSON document in UTF-8.
 * @module
 */

import { DocumentError } from "../../errors/errors.js";
import { formatValue } from "../../errors/format-value.js";

/** Static hosts and IPFS gateways serve JSON as the last two. */
const TYPES = new Set(["application/json", "text/plain", "application/octet-stream"]);
const JSON_SUFFIX = /^application\/[a-z0-9.+-]+\+json$/;
/** US-ASCII is a part of UTF-8. */
const CHARSETS = new Set(["utf-8", "utf8", "us-ascii"]);

/** Refuses a content type that promises anything but JSON, text or bytes, or another charset than UTF-8. */
export function assertJsonContentType(value: string | undefined): void {
	if (value === undefined) return;
	const [type = "", ...parameters] = value.split(";").map((part) => part.trim().toLowerCase());
	if (!TYPES.has(type) && !JSON_SUFFIX.test(type)) {
		throw new DocumentError(
			"document/content-type",
			`expected a document of type application/json, got ${formatValue(value)}`,
		);
	}
	const charsets = parameters.filter((parameter) => /^charset\s*=/.test(parameter));
	for (const parameter of charsets) {
		const charset = parameter.slice(parameter.indexOf("=") + 1).trim();
		if (!CHARSETS.has(charset.replace(/^"(.*)"$/, "$1"))) {
			throw new DocumentError(
				"document/content-type",
				`expected a document in UTF-8, got charset ${formatValue(charset)}`,
			);
		}
	}
}
