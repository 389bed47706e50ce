/**
 * Options are checked once, when something is made of them: a misspelt name (`aud` for `audience`) must
 * not silently switch a check off.
 * @module
 */
import type { core, ZodMiniType } from "zod/mini";
import { ConfigError } from "../errors/errors.js";
import { formatValue } from "../errors/format-value.js";
import { invalidOption } from "./invalid-option.js";

/**
 * Refuses options of unknown names or wrong shapes. Schemas give their expectation as the error text
 * (`z.string("a non-empty string")`), and it ends up in the message.
 */
export function checkOptions(schema: ZodMiniType, options: unknown, subject: string): void {
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
	const expected = `${issue.message}, got ${kindOf(valueAt(options, path))}`;
	throw invalidOption(option, expected, { subject, label: formatValue(option) });
}

function valueAt(options: unknown, path: readonly string[]): unknown {
	return path.reduce<unknown>(
		(value, name) => (value as Record<string, unknown> | undefined)?.[name],
		options,
	);
}

/** Only the kind of a string: it may be a secret in the wrong place. */
function kindOf(value: unknown): string {
	return typeof value === "string" && value !== "" ? "a string" : formatValue(value);
}
