/**
 * Paths of an ACL taken apart, and matched. The danger is a path that this library reads in one way and
 * the server behind it in another: only paths with a single reading have segments here at all.
 * @module
 */

/** Longer paths and patterns are refused. */
export const MAX_PATH_LENGTH = 2_048;

/** Paths and patterns of more segments are refused: it bounds the work of a match to their product. */
export const MAX_SEGMENTS = 64;

/** The pattern segment that stands for exactly one segment of a path. */
const ONE = "*";

/** The pattern segment that stands for any number of segments, none among them. */
const ANY = "**";

/** What may stand in a segment as it is: pchar (RFC 3986 3.3) without `%`, and without `;` (parameters). */
const PLAIN: ReadonlySet<string> = new Set(
	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~!$&'()*+,=:@",
);

/** What needs no encoding (RFC 3986 2.3): encoded, it is a disguise. */
const UNRESERVED: ReadonlySet<string> = new Set(
	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~",
);

/** What would end, split or change a path if a server decoded it before it routes. */
const DELIMITERS: ReadonlySet<string> = new Set("/\\?#;%");

/** One character without a glyph of its own: HFS+, for one, leaves such out when it compares names. */
const INVISIBLE = /^[\p{Default_Ignorable_Code_Point}\p{Format}]$/u;

/** Takes the path of a request apart. */
export function splitPath(path: string): readonly string[] | undefined {
	if (path === "/") return [];
	if (!path.startsWith("/") || path.length > MAX_PATH_LENGTH) return undefined;
	const segments = path.slice(1).split("/", MAX_SEGMENTS + 1);
	return segments.length <= MAX_SEGMENTS && segments.every(isPlainSegment) ? segments : undefined;
}

/** Takes a pattern apart: the path of a request in which whole segments may be `*` or `**`. */
export function splitPattern(pattern: string): readonly string[] | undefined {
	const segments = splitPath(pattern);
	return segments?.every(isPatternSegment) ? segments : undefined;
}

/**
 * Matches greedily and goes back to the last `**` only: what an earlier one took can stay, since the
 * later one can take all that it could leave. At most `pattern.length * path.length` comparisons.
 */
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

/** Characters that mean themselves, and encoded ones that can't be taken for a delimiter or a dot. */
function isPlainSegment(segment: string): boolean {
	let isEncoded = false;
	for (let i = 0; i < segment.length; i++) {
		const character = segment[i] as string;
		if (character === "%") {
			const octet = encodedOctet(segment, i);
			if (octet === undefined || UNRESERVED.has(String.fromCharCode(octet))) return false;
			isEncoded = true;
			i += 2;
		} else if (!PLAIN.has(character)) {
			return false;
		}
	}
	return hasSingleReading(isEncoded ? decode(segment) : segment);
}

/**
 * NFKC, because servers and file systems that fold look-alikes (U+2025, U+FF0F) would read dots and
 * slashes; white space and what can't be seen (U+200B, U+00AD) beside dots, because some trim or drop it. Nothing
 * else than those is no segment either.
 */
function hasSingleReading(decoded: string | undefined): boolean {
	let names = false;
	for (const character of decoded?.normalize("NFKC") ?? "") {
		if (DELIMITERS.has(character) || isControl(character)) return false;
		if (character !== "." && character.trim() !== "" && !INVISIBLE.test(character)) names = true;
	}
	return names;
}

/** The octet that `%` and two hexadecimal digits stand for. */
function encodedOctet(segment: string, index: number): number | undefined {
	const [high, low] = [hexDigit(segment[index + 1]), hexDigit(segment[index + 2])];
	return high < 0 || low < 0 ? undefined : high * 16 + low;
}

function hexDigit(digit: string | undefined): number {
	return digit === undefined ? -1 : "0123456789abcdef".indexOf(digit.toLowerCase());
}

/** Undefined for what isn't UTF-8: an overlong form is a dot or a slash to a careless decoder. */
function decode(segment: string): string | undefined {
	try {
		return decodeURIComponent(segment);
	} catch {
		return undefined;
	}
}

/** C0, DEL and C1. */
function isControl(character: string): boolean {
	const code = character.charCodeAt(0);
	return code < 0x20 || (code >= 0x7f && code < 0xa0);
}
