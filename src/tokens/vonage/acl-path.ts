/**
 * Splits and matches the paths of an ACL. Ambiguous paths are refused, because the server behind this library could
 * interpret them differently.
 * @module
 */
import { undefinedOnError } from "../../encoding/undefined-on-error.js";

/** The maximum length of a path or pattern. */
export const MAX_PATH_LENGTH = 2_048;

/** The maximum number of segments in a path or pattern; limits the cost of matching. */
export const MAX_SEGMENTS = 64;

/** Matches exactly one segment of a path. */
const ONE = "*";

/** Matches any number of segments, including none. */
const ANY = "**";

/** Characters that never need encoding (RFC 3986 section 2.3); percent-encoded, they are refused. */
const UNRESERVED: ReadonlySet<string> = new Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~");

/** Characters allowed without encoding: pchar (RFC 3986 section 3.3) without `%` and without `;` (parameters). */
const PLAIN: ReadonlySet<string> = new Set([...UNRESERVED, ..."!$&'()*+,=:@"]);

/** Characters that would end, split or change a path if a server decoded it before routing. */
const DELIMITERS: ReadonlySet<string> = new Set("/\\?#;%");

/** An invisible character. HFS+, for example, ignores these when it compares names. */
const INVISIBLE = /^[\p{Default_Ignorable_Code_Point}\p{Format}]$/u;

/** Splits the path of a request; undefined if it is ambiguous or too long. */
export function splitPath(path: string): readonly string[] | undefined {
	if (path === "/") return [];
	if (!path.startsWith("/") || path.length > MAX_PATH_LENGTH) return undefined;
	const segments = path.slice(1).split("/", MAX_SEGMENTS + 1);
	return segments.length <= MAX_SEGMENTS && segments.every(isPlainSegment) ? segments : undefined;
}

/** Splits a pattern: a path in which whole segments may be `*` or `**`. */
export function splitPattern(pattern: string): readonly string[] | undefined {
	const segments = splitPath(pattern);
	return segments?.every(isPatternSegment) ? segments : undefined;
}

/** Backtracks only to the last `**`, so it makes at most `pattern.length * path.length` comparisons. */
export function matchesPath(pattern: readonly string[], path: readonly string[]): boolean {
	let [at, position] = [0, 0];
	let [lastAny, resume] = [-1, 0];
	while (position < path.length) {
		const expected = pattern[at];
		if (expected === ANY) {
			[lastAny, resume] = [at, position];
			at += 1;
		} else if (expected === ONE || expected === path[position]) {
			at += 1;
			position += 1;
		} else if (lastAny >= 0) {
			resume += 1;
			[at, position] = [lastAny + 1, resume];
		} else {
			return false;
		}
	}
	while (pattern[at] === ANY) at += 1;
	return at === pattern.length;
}

function isPatternSegment(segment: string): boolean {
	return segment === ONE || segment === ANY || !segment.includes("*");
}

/** Whether each character is plain, or encoded and impossible to mistake for a delimiter or a dot. */
function isPlainSegment(segment: string): boolean {
	for (let i = 0; i < segment.length; i++) {
		const character = segment[i] as string;
		if (character === "%") {
			const octet = Number.parseInt(segment.slice(i + 1, i + 3), 16);
			if (UNRESERVED.has(String.fromCharCode(octet))) return false;
			i += 2;
		} else if (!PLAIN.has(character)) {
			return false;
		}
	}
	// Decoding fails unless two hexadecimal digits follow each `%`, and for overlong forms, which aren't valid UTF-8 but
	// which lenient decoders read as dots or slashes.
	return isUnambiguous(undefinedOnError(() => decodeURIComponent(segment)));
}

/** Some servers fold look-alikes of dots and slashes (hence NFKC), and drop dots, spaces and invisible characters. */
function isUnambiguous(decoded: string | undefined): boolean {
	let hasName = false;
	for (const character of decoded?.normalize("NFKC") ?? "") {
		if (DELIMITERS.has(character) || isControl(character)) return false;
		if (character !== "." && character.trim() !== "" && !INVISIBLE.test(character)) hasName = true;
	}
	return hasName;
}

/** C0, DEL and C1. */
function isControl(character: string): boolean {
	const code = character.charCodeAt(0);
	return code < 0x20 || (code >= 0x7f && code < 0xa0);
}
