/**
 * `--with-arguments` of `jwt sign`: the claims in ioctl's form.
 * @module
 */
import { parseJson } from "../../../encoding/json.js";
import { formatValue } from "../../../errors/errors.js";
import { invalidOption } from "../../../options/invalid-option.js";

/** The claims of a token. */
export interface SignArguments {
	/** Seconds since the epoch; 0 for a token that never expires. */
	readonly expiresAt: number;
	readonly resource: string;
	readonly operation: string;
	/** All arguments as given; ioctl prints them all, but puts only some into the token. */
	readonly given: ReadonlyMap<string, string>;
}

const EXAMPLE = `{"exp":"1700003600","sub":"https://host/path","scope":"Read"}`;
/** Larger numbers are rounded by JavaScript. */
const MAX_DIGITS = 15;

/** Parses the claims; empty text means no claims. */
export function parseSignArguments(text: string, option: string): SignArguments {
	const given = parseTexts(text || "{}", option);
	return {
		expiresAt: parseExp(given.get("exp") ?? "", option),
		resource: given.get("sub") ?? "",
		operation: given.get("scope") ?? "",
		given,
	};
}

function parseTexts(text: string, option: string): ReadonlyMap<string, string> {
	const members = new Map(Object.entries(parseObject(text, option)));
	for (const [name, value] of members) {
		if (typeof value === "string") continue;
		const problem = `${formatValue(name)} is ${formatValue(value)}`;
		throw invalidOption(option, `an object with text for all values, as in ${EXAMPLE}: ${problem}`);
	}
	return members as ReadonlyMap<string, string>;
}

function parseObject(text: string, option: string): object {
	const expected = `a JSON object, as in ${EXAMPLE}`;
	let value: unknown;
	try {
		value = parseJson(text);
	} catch (cause) {
		const reason = cause instanceof Error ? cause.message : "unreadable";
		throw invalidOption(option, `${expected}: ${reason}`, { cause });
	}
	if (typeof value === "object" && value !== null && !Array.isArray(value)) return value;
	throw invalidOption(option, expected, { got: value });
}

/** Go would also accept a sign, but a token that expired before 1970 is useless. */
function parseExp(text: string, option: string): number {
	if (text === "") return 0;
	if (/^\d+$/.test(text) && text.replace(/^0+/, "").length <= MAX_DIGITS) return Number(text);
	throw invalidOption(option, "an object with exp in decimal seconds since the epoch, as text", {
		got: text,
	});
}

/** Parses a number as Go does (`strconv.ParseUint` with base 0), for options whose value is ignored. */
export function parseUint64(text: string, option: string): bigint {
	const octal = /^0_?([0-7_]+)$/.exec(text);
	const digits = (octal === null ? text : `0o${octal[1]}`).replaceAll(/(?<=[\da-f]|^0[xob])_(?=[\da-f])/gi, "");
	if (/^(?:0x[\da-f]+|0o[0-7]+|0b[01]+|0|[1-9]\d*)$/i.test(digits) && BigInt(digits) < 2n ** 64n) return BigInt(digits);
	throw invalidOption(option, "a whole number below 2^64", { got: text });
}
