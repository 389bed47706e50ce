/**
 * Creates every `config/invalid-option` error, so that all have the same wording and name the option.
 * @module
 */
import { ConfigError, formatValue } from "../errors/errors.js";

/** Additional information for the error. */
export interface InvalidOptionContext {
	/** The function that the option belongs to. */
	readonly subject?: string;
	/** The option's name in the message, if it isn't the name in `details`. */
	readonly label?: string;
	/** The invalid value. The message shows it: never pass a secret. */
	readonly got?: unknown;
	/** Further details. */
	readonly details?: Readonly<Record<string, unknown>>;
	/** The underlying error. */
	readonly cause?: unknown;
}

/** Creates the error for an option with an invalid value: `<subject>: <option> must be <expected>, got <value>`. */
export function invalidOption(option: string, expected: string, context: InvalidOptionContext = {}): ConfigError {
	const { subject, label = option, details, cause } = context;
	const prefix = subject === undefined ? "" : `${subject}: `;
	const got = "got" in context ? `, got ${formatValue(context.got)}` : "";
	return new ConfigError("config/invalid-option", `${prefix}${label} must be ${expected}${got}`, {
		details: { option, ...details },
		cause,
	});
}
