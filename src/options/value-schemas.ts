/**
 * The schemas of values that several functions' options share. Not in the file of what creates them, because bundlers keep
 * all of a file's constants.
 * @module
 */
import * as v from "valibot";
import { MAX_EPOCH_SECONDS } from "../encoding/date-time.js";
import { finiteNumber, wholeNumber } from "./schemas.js";

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
