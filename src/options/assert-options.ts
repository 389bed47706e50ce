/**
 * Checks options once, when they arrive: a misspelled name (`aud` for `audience`) must not silently disable a check.
 * @module
 */
import type { core, ZodMiniType } from "zod/mini";
import { ConfigError, formatValue } from "../errors/errors.js";
import { invalidOption } from "./invalid-option.js";

/** Rejects unknown names and invalid values; the schema's error text ("a non-empty string") completes the message. */
export function assertOptions(schema: ZodMiniType, options: unknown, subject: string): void {
	const result = schema.safeParse(options);
	if (result.success) return;
	const issue = result.error.issues[0] as core.$ZodIssue;
	const path = issue.path.map(String);
	if (issue.code === "unrecognized_keys") {
		const option = [...path, issue.keys[0]].join(".");
		throw new ConfigError("config/unknown-option", `${subject} has no option ${formatValue(option)}`, {
			details: { option },
		});
	}
	const option = path.join(".") || "options";
	const expected = `${issue.message}, got ${formatType(valueAt(options, path))}`;
	throw invalidOption(option, expected, { subject, label: formatValue(option) });
}

function valueAt(options: unknown, path: readonly string[]): unknown {
	return path.reduce<unknown>((value, name) => (value as Record<string, unknown> | undefined)?.[name], options);
}

/** Doesn't show strings: one may be a secret in the wrong place. */
function formatType(value: unknown): string {
	return typeof value === "string" && value !== "" ? "a string" : formatValue(value);
}
