/**
 * The parts of a token as text to show, for broken tokens, too. What is shown here is never judged.
 * @module
 */

/** What doesn't show, or changes what is around it: controls, marks of direction, line separators, fillers, blanks. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]/gu;
/** Longer parts aren't shown: everything is shown again every second. Verifiers accept 8,192 bytes by default. */
const MAX_PART = 16_384;
/** Verifiers refuse what is nested deeper. The spaces before its lines would be megabytes. */
const MAX_DEPTH = 32;

/** The parts of a token. */
export interface TokenParts {
	readonly header: string;
	readonly claims: string;
	/** With everything after it, if there are more than three parts. */
	readonly signature: string;
}

/** Undefined if the token doesn't say it. */
export interface TokenPeriod {
	readonly from: number | undefined;
	readonly until: number | undefined;
}

/** Removes what is often copied with a token. */
export function cleanToken(text: string): string {
	return text.trim().replace(/^(?:authorization:\s*)?bearer\s+/i, "");
}

export function splitToken(token: string): TokenParts {
	const [header = "", claims = "", ...rest] = token.split(".");
	return { header, claims, signature: rest.join(".") };
}

/** Decodes a part to JSON with line breaks; as it is written, if that would hide something such as a duplicate name. */
export function showPart(segment: string): string {
	if (segment.length > MAX_PART) return "This is too long to be shown.";
	const text = decodeText(segment);
	if (text === undefined) return "This isn't base64url of UTF-8 text.";
	try {
		const value: unknown = JSON.parse(text);
		return !isTooDeep(value) && JSON.stringify(value) === text ? toLines(value) : makeVisible(text);
	} catch {
		return makeVisible(text);
	}
}

/** Returns a part as it is written, up to the length that is shown. */
export function showEncoded(segment: string): string {
	return makeVisible(segment.length > MAX_PART ? `${segment.slice(0, MAX_PART)}…` : segment);
}

/** Returns the members of a part; none if it isn't a JSON object. */
export function readPart(segment: string): Readonly<Record<string, unknown>> {
	try {
		const value: unknown = JSON.parse(decodeText(segment) ?? "");
		return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
	} catch {
		return {};
	}
}

/** Returns when a token says that it is valid, in seconds since the epoch. */
export function readPeriod(token: string): TokenPeriod {
	const { iat, nbf, exp } = readPart(splitToken(token).claims);
	return { from: toTime(nbf) ?? toTime(iat), until: toTime(exp) };
}

function toTime(value: unknown): number | undefined {
	return typeof value === "number" && Number.isFinite(value) ? value : undefined;
}

/** Escapes what doesn't show. */
export function makeVisible(text: string): string {
	return text.replace(INVISIBLE, (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`);
}

function isTooDeep(value: unknown, depth = 0): boolean {
	if (typeof value !== "object" || value === null) return false;
	return depth === MAX_DEPTH || Object.values(value).some((member) => isTooDeep(member, depth + 1));
}

function toLines(value: unknown): string {
	return JSON.stringify(value, undefined, 2).split("\n").map(makeVisible).join("\n");
}

function decodeText(segment: string): string | undefined {
	if (segment.length > MAX_PART) return undefined;
	try {
		const bytes = Uint8Array.from(atob(segment.replaceAll("-", "+").replaceAll("_", "/")), (byte) =>
			byte.charCodeAt(0),
		);
		return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
	} catch {
		return undefined;
	}
}
