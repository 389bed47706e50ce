/**
 * The parts of a token as text to show, for broken tokens, too. What is shown here is never judged.
 * @module
 */

/** What doesn't show, or changes what is around it: controls, marks of direction, line separators. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

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
	const text = decodeText(segment);
	if (text === undefined) return "This isn't base64url of UTF-8 text.";
	try {
		const value: unknown = JSON.parse(text);
		return JSON.stringify(value) === text ? toLines(value) : makeVisible(text);
	} catch {
		return makeVisible(text);
	}
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

function toLines(value: unknown): string {
	return JSON.stringify(value, undefined, 2).split("\n").map(makeVisible).join("\n");
}

function decodeText(segment: string): string | undefined {
	try {
		const bytes = Uint8Array.from(atob(segment.replaceAll("-", "+").replaceAll("_", "/")), (byte) =>
			byte.charCodeAt(0),
		);
		return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
	} catch {
		return undefined;
	}
}
