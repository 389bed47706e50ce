/**
 * Schemas that several functions' options share.
 * @module
 */
import * as z from "zod/mini";
import { MAX_EPOCH_SECONDS } from "../encoding/date-time.js";

/** Creates the schema of an options object; unknown names are rejected. */
export function optionsSchema<Options>(
	shape: Readonly<Record<keyof Options, z.ZodMiniType>>,
	expected = "an object",
): z.ZodMiniType {
	return z.strictObject(shape, expected);
}

/** A duration in seconds, more than zero, possibly fractional. */
export const positiveSeconds: z.ZodMiniType<number> = z
	.number("a positive number of seconds")
	.check(z.positive("a positive number of seconds"));

/** A duration in seconds, zero or more. */
export const secondsOrZero: z.ZodMiniType<number> = z
	.number("a number of seconds, zero or more")
	.check(z.nonnegative("a number of seconds, zero or more"));

const EPOCH_SECONDS = "seconds since the epoch (not milliseconds)";

/** A time in seconds since the epoch, possibly fractional. */
export const epochSeconds: z.ZodMiniType<number> = z
	.number(EPOCH_SECONDS)
	.check(z.nonnegative(EPOCH_SECONDS), z.lte(MAX_EPOCH_SECONDS, EPOCH_SECONDS));

/** A count, at least one. */
export const positiveInteger: z.ZodMiniType<number> = z
	.int("a positive whole number")
	.check(z.positive("a positive whole number"));

/** An EIP-155 chain id. */
export const chainIdNumber: z.ZodMiniType<number> = z
	.int("a chain id (a positive whole number)")
	.check(z.positive("a chain id (a positive whole number)"));

/** The number of a block. */
export const blockNumber: z.ZodMiniType<number> = z.int("a block number").check(z.nonnegative("a block number"));

/** A non-empty string. */
export const nonEmptyString: z.ZodMiniType<string> = z
	.string("a non-empty string")
	.check(z.minLength(1, "a non-empty string"));

/** One non-empty string or several. */
export const stringOrStrings: z.ZodMiniType<string | string[]> = z.union(
	[nonEmptyString, z.array(nonEmptyString).check(z.minLength(1, "a non-empty string or a non-empty array of them"))],
	"a non-empty string or a non-empty array of them",
);

/** A function, such as a clock. */
export const anyFunction: z.ZodMiniType<(...args: never[]) => unknown> = z.custom<(...args: never[]) => unknown>(
	(value) => typeof value === "function",
	"a function",
);

/** An object with a method. */
export function objectWith(method: string): z.ZodMiniType<object> {
	return z.custom<object>(
		(value) => typeof (value as Record<string, unknown> | null)?.[method] === "function",
		`an object with a ${method} method`,
	);
}
