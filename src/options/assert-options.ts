/**
 * Checks options once, when they arrive: a misspelled name (`aud` for `audience`) must not silently disable a check.
 * @module
 */
import * as v from "valibot";
import { ConfigError, formatValue } from "../errors/errors.js";
import { invalidOption } from "./invalid-option.js";

/** A message for schemas without one: valibot's own would show the value, which may be a secret in the wrong place. */
const SAFE = { message: "valid" };

/** Rejects unknown names and invalid values; the schema's error text ("a non-empty string") completes the message. */
export function assertOptions(schema: v.GenericSchema, options: unknown, subject: string): void {
	const { issues } = v.safeParse(schema, options, SAFE);
	if (issues === undefined) return;
	const [{ message, type, expected, path: items = [] }] = issues;
	const path = items.map(({ key }) => String(key));
	if (type === "strict_object" && expected === "never") {
		const option = path.join(".");
		throw new ConfigError("config/unknown-option", `${subject} has no option ${formatValue(option)}`, {
			details: { option },
		});
	}
	const option = path.join(".") || "options";
	// Of a restriction: "nothing" would read as if it were left out.
	const got = type === "never" ? "undefined" : formatType(valueAt(options, path));
	throw invalidOption(option, `${message}, got ${got}`, { subject, label: formatValue(option) });
}

function valueAt(options: unknown, path: readonly string[]): unknown {
	return path.reduce<unknown>((value, name) => (value as Record<string, unknown> | undefined)?.[name], options);
}

/** Doesn't show strings: one may be a secret in the wrong place. */
function formatType(value: unknown): string {
	return typeof value === "string" && value !== "" ? "a string" : formatValue(value);
}
