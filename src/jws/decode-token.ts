/**
 * Decodes a compact JWS (RFC 7515 section 7.1) strictly, so that no two programs see different tokens in the same text.
 * @module
 */
import { decodeBase64Url, decodeBase64UrlText } from "../encoding/base64.js";
import { isJsonObject, type JsonObject, parseJson } from "../encoding/json.js";
import { JsonNumberError } from "../encoding/json-number.js";
import { keepText, type NumberReviver } from "../encoding/kept-number.js";
import { toBytes } from "../encoding/utf8.js";
import { formatValue, TokenError } from "../errors/errors.js";
import { invalidOption } from "../options/invalid-option.js";

/** The default limit for the size of a token. */
export const DEFAULT_MAX_TOKEN_BYTES = 8_192;

/** The number of known headers, and the size of each in characters. */
const MAX_HEADERS = 1_000;
const MAX_HEADER_LENGTH = 512;
/** Headers as they were decoded, by their text: the tokens that a key signs have the same one. */
const knownHeaders = new Map<string, JsonObject>();

/**
 * The parts of a token; don't trust them before the signature is verified. A verifier decodes the bytes only when they
 * are read: `{ ...jws }` of what it passes to a profile copies only the header and the claims.
 */
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
	const { header, claims, signingInput, signature } = parseToken(token, maxTokenBytes);
	return Object.freeze({ header, claims, signingInput, signature });
}

/** The same without the bytes that were signed until they are read: {@link signedTextOf} is enough for our keys. */
export function parseToken(token: string, maxTokenBytes: number): CompactJws {
	return decode(token, maxTokenBytes, "reject");
}

/** Returns what was signed, as text if it is known. */
export function signedTextOf(jws: CompactJws): string | Uint8Array {
	if (DecodedToken.is(jws)) return jws.signedText;
	assertComplete(jws);
	return jws.signingInput;
}

/** Throws if a profile from outside passes on `{ ...jws }`, which copies only the header and the claims. */
export function assertComplete(jws: CompactJws): void {
	if (DecodedToken.is(jws) || (jws.signature && jws.signingInput)) return;
	throw invalidOption("jws", "a token with its signature and signingInput");
}

/** Decodes a token for display: numbers keep their original text, even those that {@link decodeToken} rejects. */
export function decodeTokenText(token: string): CompactJws {
	return decode(token, DEFAULT_MAX_TOKEN_BYTES, keepText);
}

/** A token as it was decoded. It keeps no bytes: keys verify text, and a remembered token's signature isn't needed. */
class DecodedToken implements CompactJws {
	readonly header: JsonObject;
	readonly claims: JsonObject;
	readonly #token: string;
	/** Where the signing input ends. */
	readonly #end: number;
	/** Until it is read for the first time. */
	#signature: Uint8Array | undefined;

	constructor(header: JsonObject, claims: JsonObject, token: string, end: number) {
		this.header = header;
		this.claims = claims;
		this.#token = token;
		this.#end = end;
		this.#signature = this.#decodeSignature();
		Object.freeze(this);
	}

	get signedText(): string {
		return this.#token.slice(0, this.#end);
	}

	get signingInput(): Uint8Array {
		return toBytes(this.signedText);
	}

	get signature(): Uint8Array {
		const signature = this.#signature ?? this.#decodeSignature();
		this.#signature = undefined;
		return signature;
	}

	#decodeSignature(): Uint8Array {
		return decodePart(decodeBase64Url, this.#token.slice(this.#end + 1), "signature");
	}

	static is(jws: CompactJws): jws is DecodedToken {
		return #token in jws;
	}
}

/** Throws unless {@link decodeToken} accepts a text as a token's payload. */
export function assertPayload(text: string): void {
	parsePart(text, "payload", "reject");
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
	if (second < 0 || token.includes(".", second + 1)) {
		throw new TokenError("token/malformed", "expected three parts separated by dots");
	}
	const header = decodeHeader(token, first, numbers);
	const payload = decodePart(decodeBase64UrlText, token.slice(first + 1, second), "payload");
	const claims = parsePart(payload, "payload", numbers);
	return new DecodedToken(header, claims, token, second);
}

function decodeHeader(token: string, length: number, numbers: "reject" | NumberReviver): JsonObject {
	const text = token.slice(0, length);
	// A slice of a token keeps all of its text in memory.
	const isSmall = length <= MAX_HEADER_LENGTH && token.length <= DEFAULT_MAX_TOKEN_BYTES;
	const known = isSmall && numbers === "reject" ? knownHeaders.get(text) : undefined;
	if (known !== undefined) return known;
	const header = parsePart(decodePart(decodeBase64UrlText, text, "header"), "header", numbers);
	if (isSmall && numbers === "reject") {
		if (knownHeaders.size >= MAX_HEADERS) knownHeaders.clear();
		knownHeaders.set(text, header);
	}
	return header;
}

function decodePart<T>(decode: (text: string) => T, part: string, name: string): T {
	try {
		return decode(part);
	} catch (cause) {
		throw malformed(name, cause);
	}
}

function parsePart(text: string, name: "header" | "payload", numbers: "reject" | NumberReviver): JsonObject {
	let value: unknown;
	try {
		value = parseJson(text, { numbers });
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
