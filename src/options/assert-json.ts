/**
 * Checks that values can be written as JSON unchanged.
 * @module
 */
import { findJsonProblem } from "../encoding/json-value.js";
import { invalidOption } from "./invalid-option.js";

/** Throws if `JSON.stringify` would drop or change part of an option's value, or parsers would round it. */
export function assertJson(value: unknown, option: string): void {
	const problem = findJsonProblem(value);
	if (problem === undefined) return;
	const { path, expected, value: got } = problem;
	throw invalidOption([option, ...path].join("."), expected, { got });
}
