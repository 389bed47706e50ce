/**
 * Decodes a compact JWS (RFC 7515 section 7.1) strictly, so that no two programs see different tokens in the same text.
 * @module
 */
import { decodeBase64Url } from "../encoding/base64.js";
import { decodeUtf8, isJsonObject, type JsonObject, parseJson } from "../encoding/json.js";
import { JsonNumberError } from "../encoding/json-number.js";
import { keepText, type NumberReviver } from "../encoding/kept-number.js";
import { formatValue, TokenError } from "../errors/errors.js";

/** The default limit for the size of a token. */
export const DEFAULT_MAX_TOKEN_BYTES = 8_192;

const MAX_DEPTH = 32;
/** The number of known headers, and the size of each in characters. */
const MAX_HEADERS = 1_000;
const MAX_HEADER_LENGTH = 512;
/** Headers as they were decoded, by their text: the tokens that a key signs have the same one. */
const knownHeaders = new Map<string, JsonObject>();
const encoder = new TextEncoder();

/** The parts of a token; don't trust them before the signature is verified. */
export interface CompactJws {
	/** The JOSE header. */
	readonly header: JsonObject;
	/** The JWT claims set. */
	readonly claims: JsonObject;
	/** The bytes that were signed: `header.payload` in ASCII. */
	readonly signingInput: Uint8Array;
	/** The signature's bytes. */
	readonly signature: Uint8Array;
}

/**
 * Decodes a token without verifying anything: use it to inspect a token, never to trust one.
 *
 * @example
 * ```ts
 * import { decodeToken } from "orgpass/jws";
 *
 * const { header } = decodeToken("eyJhbGciOiJFUzI1NksifQ.e30.c2ln");
 * header; // => { alg: "ES256K" }
 * ```
 * @param token a compact JWS whose payload is a JSON object
 * @param maxTokenBytes the largest size to decode, in bytes. Default: 8,192
 * @returns the parts of the token, frozen
 * @throws {TokenError} `token/too-large`, `token/malformed`, `token/number`
 */
export function decodeToken(token: string, maxTokenBytes: number = DEFAULT_MAX_TOKEN_BYTES): CompactJws {
	return decode(token, maxTokenBytes, "reject");
}

/** Decodes a token for display: numbers keep their original text, even those that {@link decodeToken} rejects. */
export function decodeTokenText(token: string): CompactJws {
	return decode(token, DEFAULT_MAX_TOKEN_BYTES, keepText);
}

/** Throws unless {@link decodeToken} accepts a text as a token's payload. */
export function assertPayload(text: string): void {
	parsePart(encoder.encode(text), "payload", "reject");
}

function decode(token: string, maxTokenBytes: number, numbers: "reject" | NumberReviver): CompactJws {
	if (typeof token !== "string") {
		throw new TokenError("token/malformed", `expected a compact JWS as text, got ${formatValue(token)}`);
	}
	if (token.length > maxTokenBytes) {
		throw new TokenError("token/too-large", `expected at most ${maxTokenBytes} bytes, got ${token.length}`, {
			details: { maxTokenBytes, length: token.length },
		});
	}
	const first = token.indexOf(".");
	const second = token.indexOf(".", first + 1);
	if (first < 0 || second < 0 || token.includes(".", second + 1)) {
		throw new TokenError("token/malformed", "expected three parts separated by dots");
	}
	const headerText = token.slice(0, first);
	// A slice of a token keeps all of its text in memory.
	const isSmall = headerText.length <= MAX_HEADER_LENGTH && token.length <= DEFAULT_MAX_TOKEN_BYTES;
	return Object.freeze({
		header: isSmall && numbers === "reject" ? recallHeader(headerText) : decodeObject(headerText, "header", numbers),
		claims: decodeObject(token.slice(first + 1, second), "payload", numbers),
		signingInput: encoder.encode(token.slice(0, second)),
		signature: decodePart(token.slice(second + 1), "signature"),
	});
}

function recallHeader(text: string): JsonObject {
	const known = knownHeaders.get(text);
	if (known !== undefined) return known;
	const header = decodeObject(text, "header", "reject");
	if (knownHeaders.size >= MAX_HEADERS) knownHeaders.clear();
	knownHeaders.set(text, header);
	return header;
}

function decodeObject(text: string, name: "header" | "payload", numbers: "reject" | NumberReviver): JsonObject {
	return parsePart(decodePart(text, name), name, numbers);
}

function decodePart(part: string, name: string): Uint8Array {
	try {
		return decodeBase64Url(part);
	} catch (cause) {
		throw malformed(name, cause);
	}
}

function parsePart(bytes: Uint8Array, name: "header" | "payload", numbers: "reject" | NumberReviver): JsonObject {
	let value: unknown;
	try {
		value = parseJson(decodeUtf8(bytes), { maxDepth: MAX_DEPTH, numbers });
	} catch (cause) {
		// Without a path, the part itself isn't an object.
		if (cause instanceof JsonNumberError && cause.path.length > 0) throw numberError(name, cause.path);
		throw malformed(name, cause);
	}
	if (isJsonObject(value)) return freeze(value);
	const message = `expected the ${name} to be a JSON object, got ${formatValue(value)}`;
	throw new TokenError("token/malformed", message);
}

/** Freezes deeply, so that nothing changes after verification. The parser limits the depth. */
function freeze<T extends object>(value: T): T {
	for (const member of Object.values(value)) if (typeof member === "object" && member !== null) freeze(member);
	return Object.freeze(value);
}

function numberError(part: "header" | "payload", path: readonly string[]): TokenError {
	const message = `expected a number up to 2^53 - 1 in ${formatValue(path.join("."))} of the ${part}`;
	const details = { [part === "payload" ? "claim" : "parameter"]: path[0] };
	return new TokenError("token/number", message, { details });
}

function malformed(part: string, cause: unknown): TokenError {
	const reason = (cause as SyntaxError).message;
	return new TokenError("token/malformed", `the token's ${part}: ${reason}`, { cause, details: { part } });
}
