/**
 * The one place that makes `config/invalid-option` errors, so that all of them read alike and name the option.
 * @module
 */
import { ConfigError } from "../errors/errors.js";
import { formatValue } from "../errors/format-value.js";

/** What the message and the details say besides the option and what was expected. */
export interface InvalidOptionContext {
	/** The function or command that was given the option. */
	readonly subject?: string;
	/** How the message names the option, where its name in `details` isn't what the caller wrote. */
	readonly label?: string;
	/** The value that arrived; the message quotes it, so never pass a secret. */
	readonly got?: unknown;
	/** Further details. */
	readonly details?: Readonly<Record<string, unknown>>;
	/** The underlying error. */
	readonly cause?: unknown;
}

/** Creates the error for an option with an unusable value: "subject: option must be expected, got value". */
export function invalidOption(
	option: string,
	expected: string,
	context: InvalidOptionContext = {},
): ConfigError {
	const { subject, label = option, details, cause } = context;
	const prefix = subject === undefined ? "" : `${subject}: `;
	const got = "got" in context ? `, got ${formatValue(context.got)}` : "";
	return new ConfigError("config/invalid-option", `${prefix}${label} must be ${expected}${got}`, {
		details: { option, ...details },
		cause,
	});
}
