/**
 * Checks app ids: the same rules apply to minting, to the keys of a verifier and to tokens.
 * @module
 */
import { decodeAddress } from "../../keys/address.js";

/** What an app's id must be, for error messages. */
export const APP_ID: string =
	"an app's id: a positive whole number, or up to 128 letters, digits and ._:/@- that aren't a placeholder, " +
	"a DID or an account's address";

/** What a Vonage application's id must be, for error messages. */
export const UUID = "a UUID";

const MAX_LENGTH = 128;
const DIGITS = "0123456789";
const LETTERS = "abcdefghijklmnopqrstuvwxyz";
const ALLOWED: ReadonlySet<string> = new Set(`${DIGITS}${LETTERS}${LETTERS.toUpperCase()}_-.:/@`);
/** Allowed inside an id, but not at its ends. */
const SEPARATORS: ReadonlySet<string> = new Set(".:/@");
const NUMERIC: ReadonlySet<string> = new Set(`${DIGITS}.`);

/** What programs write for a missing value, and the placeholders of samples, without `_` and `-`. */
const PLACEHOLDERS: ReadonlySet<string> = new Set([
	...["undefined", "null", "nan", "infinity", "none", "nil", "true", "false"],
	...["changeme", "todo", "githubappid", "githubclientid", "yourgithubappid", "yourappidhere", "appidhere"],
	...["appid", "clientid", "applicationid", "yourappid", "yourclientid", "yourapplicationid"],
]);

/** How names of variables that weren't read begin. */
const VARIABLES = ["env:", "env.", "process.env", "import.meta.env", "os.environ"];

const UUID_LENGTH = 36;
const HEX: ReadonlySet<string> = new Set("0123456789abcdefABCDEF");
const HYPHENS: ReadonlySet<number> = new Set([8, 13, 18, 23]);

/**
 * Returns an app's id as text, UUIDs in lower case; undefined if it is invalid or could be mistaken for a DID or an
 * account.
 */
export function toAppId(value: unknown): string | undefined {
	if (typeof value === "number") return Number.isSafeInteger(value) && value > 0 ? String(value) : undefined;
	if (typeof value !== "string" || !hasIdCharacters(value)) return undefined;
	if (isMistakenId(value) || value.startsWith("did:") || decodeAddress(value) !== undefined) return undefined;
	return isUuid(value) ? value.toLowerCase() : value;
}

/** Whether a value is a UUID (RFC 9562 section 4), in any letter case. */
export function isUuid(value: unknown): value is string {
	if (typeof value !== "string" || value.length !== UUID_LENGTH) return false;
	for (let at = 0; at < UUID_LENGTH; at++) {
		const character = value[at] as string;
		if (HYPHENS.has(at) ? character !== "-" : !HEX.has(character)) return false;
	}
	return true;
}

function hasIdCharacters(text: string): boolean {
	if (text === "" || text.length > MAX_LENGTH || text.startsWith("-")) return false;
	if (SEPARATORS.has(text[0] as string) || SEPARATORS.has(text.at(-1) as string)) return false;
	return [...text].every((character) => ALLOWED.has(character));
}

/** Placeholders, and numbers other than positive integers: `12345.0` is a formatted number. */
function isMistakenId(text: string): boolean {
	if (PLACEHOLDERS.has(text.toLowerCase().replaceAll("_", "").replaceAll("-", ""))) return true;
	if (VARIABLES.some((start) => text.startsWith(start))) return true;
	const isNumeric = [...text].every((character) => NUMERIC.has(character));
	return isNumeric && (text.includes(".") || Number(text) === 0);
}
