/**
 * Creates the schemas of options.
 * @module
 */
import * as v from "valibot";

/** The schema of each option. */
export type Shape<Options> = Readonly<Record<keyof Options, v.GenericSchema>>;

/** Creates the schema of an options object; unknown names are rejected. */
export function optionsSchema<Options>(shape: Shape<Options>, expected = "an object"): v.GenericSchema<Options> {
	const named = v.custom<object>((value) => NAMED.has(Object.prototype.toString.call(value)), expected);
	const schema: v.GenericSchema = v.pipe(named, v.strictObject(shape, reportMissing(shape, expected)));
	return schema as v.GenericSchema<Options>;
}

/** What has options by name. A promise that wasn't awaited, or a Map, would have none, so nothing would be required. */
const NAMED: ReadonlySet<string> = new Set(["[object Object]", "[object Module]"]);

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

/** An option without which more is accepted. If it is undefined, a misspelled setting would remove the restriction. */
export function restriction(schema: v.GenericSchema): v.GenericSchema {
	return v.exactOptional(v.lazy((value) => (value === undefined ? LEFT_OUT : schema)));
}

const LEFT_OUT = v.never("left out if nothing is required");

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
