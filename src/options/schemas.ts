/**
 * Schemas that several functions' options share.
 * @module
 */
import * as v from "valibot";
import { MAX_EPOCH_SECONDS } from "../encoding/date-time.js";

/** The schema of each option. */
export type Shape<Options> = Readonly<Record<keyof Options, v.GenericSchema>>;

/** Creates the schema of an options object; unknown names are rejected. */
export function optionsSchema<Options>(shape: Shape<Options>, expected = "an object"): v.GenericSchema<Options> {
	const schema: v.GenericSchema = v.pipe(anyObject(expected), v.strictObject(shape, reportMissing(shape, expected)));
	return schema as v.GenericSchema<Options>;
}

/** Creates the schema of an object that may have other members, too. */
export function looseSchema<Options>(shape: Shape<Options>, expected: string): v.GenericSchema {
	return v.pipe(anyObject(expected), v.looseObject(shape, reportMissing(shape, expected)));
}

/** Reports a missing option like one that is `undefined`. */
function reportMissing<Options>(shape: Shape<Options>, expected: string): (issue: v.BaseIssue<unknown>) => string {
	return ({ path }) => {
		const name = path?.[0].key as keyof Options;
		const result = Object.hasOwn(shape, name) ? v.safeParse(shape[name], undefined) : undefined;
		return result?.issues?.[0].message ?? expected;
	};
}

/** An object with any members; an array isn't one. */
export function anyObject(expected: string): v.GenericSchema<object> {
	return v.custom<object>((value) => typeof value === "object" && value !== null && !Array.isArray(value), expected);
}

/** A number, neither NaN nor infinite. */
export function finiteNumber(expected: string): v.GenericSchema<number> {
	return v.custom<number>(Number.isFinite, expected);
}

/** A whole number that a double represents exactly. */
export function wholeNumber(expected: string): v.GenericSchema<number> {
	return v.custom<number>(Number.isSafeInteger, expected);
}

/** A duration in seconds, more than zero, possibly fractional. */
export const positiveSeconds: v.GenericSchema<number> = v.pipe(
	finiteNumber("a positive number of seconds"),
	v.gtValue(0, "a positive number of seconds"),
);

const SECONDS_OR_ZERO = "a number of seconds, zero or more";

/** A duration in seconds, zero or more. */
export const secondsOrZero: v.GenericSchema<number> = v.pipe(
	finiteNumber(SECONDS_OR_ZERO),
	v.minValue(0, SECONDS_OR_ZERO),
);

const EPOCH_SECONDS = "seconds since the epoch (not milliseconds)";

/** A time in seconds since the epoch, possibly fractional. */
export const epochSeconds: v.GenericSchema<number> = v.pipe(
	finiteNumber(EPOCH_SECONDS),
	v.minValue(0, EPOCH_SECONDS),
	v.maxValue(MAX_EPOCH_SECONDS, EPOCH_SECONDS),
);

/** A count, at least one. */
export const positiveInteger: v.GenericSchema<number> = v.pipe(
	wholeNumber("a positive whole number"),
	v.minValue(1, "a positive whole number"),
);

const CHAIN_ID = "a chain id (a positive whole number)";

/** An EIP-155 chain id. */
export const chainIdNumber: v.GenericSchema<number> = v.pipe(wholeNumber(CHAIN_ID), v.minValue(1, CHAIN_ID));

/** The number of a block. */
export const blockNumber: v.GenericSchema<number> = v.pipe(
	wholeNumber("a block number"),
	v.minValue(0, "a block number"),
);

/** A non-empty string. */
export const nonEmptyString: v.GenericSchema<string> = v.pipe(
	v.string("a non-empty string"),
	v.nonEmpty("a non-empty string"),
);

const STRING_OR_STRINGS = "a non-empty string or a non-empty array of them";

/** One non-empty string or several. */
export const stringOrStrings: v.GenericSchema<string | string[]> = v.union(
	[nonEmptyString, v.pipe(v.array(nonEmptyString), v.nonEmpty(STRING_OR_STRINGS))],
	STRING_OR_STRINGS,
);

/** A function, such as a clock. */
export const anyFunction: v.GenericSchema<(...args: never[]) => unknown> = v.custom<(...args: never[]) => unknown>(
	(value) => typeof value === "function",
	"a function",
);

/** An object with a method. */
export function objectWith(method: string): v.GenericSchema<object> {
	return v.custom<object>(
		(value) => typeof (value as Record<string, unknown> | null)?.[method] === "function",
		`an object with a ${method} method`,
	);
}
