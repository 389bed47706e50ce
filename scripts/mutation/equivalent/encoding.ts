/** @module */
import type { EquivalentMutant } from "../equivalent.ts";

const BOTH_DECODERS = "both decoders give the same result, as base64url-hostile.test.ts compares: it costs time only";
const TIME = "the result is the same: it costs time only";
const NODE_KEEPS = "Node has JSON.rawJSON, and gives the source of each number: for browsers";

export const ENCODING: readonly EquivalentMutant[] = [
	{ file: "encoding/base64url.node.ts", from: "text.length <= SHORT", why: BOTH_DECODERS },
	{
		file: "encoding/base64url.node.ts",
		from: "length <= scratch.length && writeExactly(text, scratch)",
		...{ to: "false", why: BOTH_DECODERS },
	},
	{ file: "encoding/base64url.node.ts", from: "length <= scratch.length", why: BOTH_DECODERS },
	{
		file: "encoding/base64url.node.ts",
		from: '{ const length = buffer.write(text, "base64url"); return buffer.toString("base64url", 0, length) === text; }',
		why: BOTH_DECODERS,
	},
	{
		file: "encoding/base64url.node.ts",
		from: 'buffer.toString("base64url", 0, length) === text',
		...{ to: "false", why: BOTH_DECODERS },
	},
	{
		...{ file: "encoding/base64url.ts", from: "!isPair", to: "true" },
		why: "what is beyond the end of a typed array isn't written",
	},
	{
		...{ file: "encoding/base64url.ts", from: "value < ALPHABET.length", to: "value <= ALPHABET.length" },
		why: "after the last character there is no code, and NaN is no index of a typed array",
	},
	{
		file: "encoding/json-number.ts",
		from: "literal.length <= EXACT_CHARACTERS && !/e/i.test(literal)",
		...{ to: "false", why: TIME },
	},
	{
		file: "encoding/json-number.ts",
		from: "literal.length <= EXACT_CHARACTERS",
		...{ to: "literal.length < EXACT_CHARACTERS", why: TIME },
	},
	{
		file: "encoding/json-number.ts",
		from: "literal.length <= FINITE_CHARACTERS && !/e/i.test(literal)",
		...{ to: "false", why: TIME },
	},
	{
		file: "encoding/json-number.ts",
		from: "literal.length <= FINITE_CHARACTERS",
		...{ to: "literal.length < FINITE_CHARACTERS", why: TIME },
	},
	{
		file: "encoding/json-number.ts",
		from: "!isSmall && !Number.isFinite(Number(literal))",
		to: "!Number.isFinite(Number(literal))",
		why: TIME,
	},
	{ file: "encoding/json-string.ts", from: "'\"'", to: '""', why: TIME },
	{
		file: "encoding/json.ts",
		from: 'numbers === "reject" || (numbers?.onlyRounded && rounded < 0)',
		...{ to: "false", why: "JSON.parse ignores a reviver that is no function; otherwise it costs time only" },
	},
	{
		file: "encoding/json.ts",
		from: 'numbers === "reject" || (numbers?.onlyRounded && rounded < 0)',
		to: 'numbers === "reject" && numbers?.onlyRounded && rounded < 0',
		why: "JSON.parse ignores a reviver that is no function; otherwise it costs time only",
	},
	{ file: "encoding/json.ts", from: "numbers?.onlyRounded && rounded < 0", to: "false", why: TIME },
	{ file: "encoding/json.ts", from: "reviver === undefined", to: "false", why: TIME },
	{ file: "encoding/json.ts", from: "hasEscapes", to: "true", why: TIME },
	{
		...{ file: "encoding/json.ts", from: "at < text.length", to: "at <= text.length" },
		why: "after the end there is no number",
	},
	{
		...{ file: "encoding/json.ts", from: "at < place", to: "at <= place" },
		why: "at the place is a number, which isn't part of a path",
	},
	{ file: "encoding/kept-number.ts", from: "{ onlyRounded: true as const }", to: "{}", why: TIME },
	{ file: "encoding/kept-number.ts", from: "isRawJSON?.(value)", to: "isRawJSON(value)", why: NODE_KEEPS },
	{ file: "encoding/kept-number.ts", from: "source === undefined", to: "false", why: NODE_KEEPS },
	{ file: "encoding/kept-number.ts", from: "rawJSON === undefined", to: "false", why: NODE_KEEPS },
	{ file: "encoding/native-json.ts", from: '!text.includes("\\\\")', to: "false", why: TIME },
	{ file: "encoding/native-json.ts", from: '"\\\\"', to: '""', why: TIME },
	{ file: "encoding/native-json.ts", from: "replaced.size === 0", to: "false", why: TIME },
	{
		...{ file: "encoding/native-json.ts", from: "at >= 0", to: "at > 0" },
		why: "a text that begins with a quote is a string, which has no names",
	},
	{ file: "encoding/native-json.ts", from: 'written.includes("\\\\")', to: "true", why: TIME },
	{
		...{ file: "encoding/undefined-on-error.ts", from: "{ return undefined; }", to: "{}" },
		why: "a function without return returns undefined",
	},
];
