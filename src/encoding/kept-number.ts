/**
 * Keeps the original text of JSON numbers, in `JSON.rawJSON` objects, so that `JSON.stringify` writes them unchanged.
 * @module
 */
import { isRounded } from "./json-number.js";

/** A reviver for `JSON.parse`: {@link keepRounded} or {@link keepText}. */
export interface NumberReviver {
	(name: string, value: unknown, context?: { readonly source?: string }): unknown;
	/** Whether it changes only numbers that JavaScript would round. */
	readonly onlyRounded?: true;
}

/** Missing in some browsers, where no numbers are kept. */
const { rawJSON, isRawJSON } = JSON as {
	rawJSON?: (text: string) => object;
	isRawJSON?: (value: unknown) => value is { readonly rawJSON: string };
};

/** Keeps the numbers that JavaScript would round. */
export const keepRounded: NumberReviver = Object.assign(
	(_name: string, value: unknown, { source }: { readonly source?: string } = {}) => keepIf(isRounded, value, source),
	{ onlyRounded: true as const },
);

/** Also keeps numbers like `1.0`, which `JSON.stringify` would write as `1`. */
export const keepText: NumberReviver = (_, value, { source } = {}) =>
	keepIf((text) => JSON.stringify(value) !== text, value, source);

/** Returns the text of a number that was kept. */
export function keptNumber(value: unknown): string | undefined {
	return isRawJSON?.(value) === true ? value.rawJSON : undefined;
}

function keepIf(isKept: (text: string) => boolean, value: unknown, source: string | undefined): unknown {
	if (typeof value !== "number" || source === undefined || rawJSON === undefined) return value;
	return isKept(source) ? rawJSON(source) : value;
}
