/**
 * Recognizes common mistakes in what should be a token, and says what to do about them. Used only after a token was
 * refused. No message contains any part of the input.
 * @module
 */
import { isPath, MISSING_VALUES, QUOTES } from "../encoding/mistaken-text.js";
import { TokenError } from "../errors/errors.js";

const MAX_LENGTH = 8_192;
const START_LENGTH = 64;
/** How `{"` looks in base64. */
const TOKEN_START = "eyJ";
const SPACES = [" ", "\t", "\r", "\n"];

const FILE_ADVICE =
	'on the command line use `orgpass token verify - < FILE`, in code `readFileSync(file, "utf8").trim()`';
const FILE_ENDINGS = [".jwt", ".jws", ".token", ".tok", ".txt", ".json", ".pem", ".key"];

/** How other text begins that isn't a token, in lower case. */
const OTHER_STARTS: readonly (readonly [start: string, advice: string])[] = [
	["bearer ", "the token has Bearer before it: pass only what follows"],
	["authorization:", "this is an Authorization header: pass only the token, which follows Bearer"],
	["-----begin", "this is a key, not a token: mint a token with it (`orgpass token mint --key FILE …`)"],
	["ls0tls1", "this is a key in base64, not a token"],
	["0x", "this is hexadecimal, such as a key or an address, not a token"],
	["did:", "this is a DID, not a token"],
	["http://", "this is a URL, not a token"],
	["https://", "this is a URL, not a token"],
	["env:", 'expected the token itself, got the name of a variable: pass its value, such as "$NAME"'],
	["$", "this is the name of a variable that wasn't expanded: pass its value"],
	["zxlk", "the token is encoded in base64 once more: decode it first, with `base64 -d`"],
	["ghs_", "this is an access token, not a JWT"],
	["ghp_", "this is an access token, not a JWT"],
];

/** If the input is a common mistake, returns the error with advice as its message; otherwise, the same error. */
export function addTokenAdvice(error: unknown, input: unknown): unknown {
	if (!(error instanceof TokenError) || error.code !== "token/malformed") return error;
	const advice = typeof input === "string" ? adviseOnText(input) : adviseOnValue(input);
	if (advice === undefined) return error;
	return new TokenError("token/malformed", advice, { details: error.details, cause: error });
}

function adviseOnValue(input: unknown): string | undefined {
	if (input instanceof Promise) return "this is a Promise: wait for the token with `await minter.mint()`";
	return input instanceof Uint8Array
		? "these are bytes: pass the token as text, for example with `new TextDecoder().decode(bytes)`"
		: undefined;
}

function adviseOnText(input: string): string | undefined {
	if (input.length > MAX_LENGTH) return undefined;
	const text = input.trim();
	if (text === "") return "the token is empty: check that the file or variable it comes from has a value";
	if (MISSING_VALUES.has(text))
		return "this isn't a token, but a missing value converted to text: check where it comes from";
	if (text.includes("\0")) return "the token is in UTF-16 (PowerShell writes that): save it as UTF-8";
	if (QUOTES.includes(text[0] as string)) return "the token is in quotes: remove them";
	if (text.startsWith("{")) return adviseOnJson(text);
	const start = text.slice(0, START_LENGTH).toLowerCase();
	const other = OTHER_STARTS.find(([name]) => start.startsWith(name));
	if (other !== undefined) return other[1];
	return text.startsWith(TOKEN_START) ? adviseOnToken(text, input) : adviseOnOther(text);
}

function adviseOnJson(text: string): string {
	if (text.includes('"kty"')) return "this is a key, not a token";
	return text.includes('"payload"') && text.includes('"signature')
		? "this is a JWS in JSON: pass the compact form, `protected.payload.signature`"
		: "this is JSON: pass only the token, for example with `jq -r .token`";
}

/** Advice for text that begins as a token does. */
function adviseOnToken(text: string, input: string): string | undefined {
	if (SPACES.some((space) => text.includes(space))) {
		return "the token has spaces or line breaks in it: remove them, for example with `tr -d '[:space:]'`";
	}
	if (text.includes("…") || text.endsWith("...")) return "the token was shortened: copy all of it";
	const parts = text.split(".", 6).length;
	if (parts === 5) return "the token is encrypted (five parts): only signed tokens can be verified";
	if (parts < 3) return `the token has ${parts === 1 ? "one part" : "two parts"} instead of three: copy all of it`;
	if (parts > 3) return undefined;
	if (text.includes("=")) return "the token's base64url has padding: remove each =";
	if (text.includes("+") || text.includes("/"))
		return "the token is in base64 instead of base64url: write - for + and _ for /";
	return text.length < input.length ? "the token has spaces or line breaks around it: remove them" : undefined;
}

function adviseOnOther(text: string): string | undefined {
	const at = text.indexOf(TOKEN_START);
	if (at > 0 && " \t=:\"'".includes(text[at - 1] as string)) {
		return "there is something before the token: pass only the part that begins with eyJ";
	}
	const lower = text.slice(-START_LENGTH).toLowerCase();
	if (isPath(text) || FILE_ENDINGS.some((ending) => lower.endsWith(ending))) {
		return `this is the name of a file: pass the token in it; ${FILE_ADVICE}`;
	}
	if (text.includes(".")) return undefined;
	return `a token has three parts separated by dots; if this is the name of a file, pass the token in it: ${FILE_ADVICE}`;
}
