/**
 * Tables of export formats.
 * @module
 */
import { invalidOption } from "../options/invalid-option.js";

/** How a key is written, by format. */
export type Writers<Key, Exports> = { readonly [Format in keyof Exports]: (key: Key) => Exports[Format] };

/** Finds the writer of a format. */
export function findWriter<Writer>(
	writers: Readonly<Record<string, Writer>>,
	format: string,
	subject: string,
): Writer {
	if (Object.hasOwn(writers, format)) return writers[format] as Writer;
	throw invalidOption("format", `one of ${Object.keys(writers).join(", ")}`, { subject });
}
