/**
 * JSON pointers (RFC 6901). Only members of the JSON value itself are found, never what its prototypes have.
 * @module
 */

const ESCAPE = /~(?![01])/;

/** Parses a pointer to the names that lead to a value; undefined if it isn't one. */
export function parseJsonPointer(pointer: string): readonly string[] | undefined {
	if (pointer === "") return [];
	if (!pointer.startsWith("/") || ESCAPE.test(pointer)) return undefined;
	return pointer
		.slice(1)
		.split("/")
		.map((name) => name.replaceAll("~1", "/").replaceAll("~0", "~"));
}

/** Returns the value that the names lead to; undefined if there is none. */
export function findJsonValue(value: unknown, names: readonly string[]): unknown {
	return names.reduce<unknown>((parent, name) => {
		if (typeof parent !== "object" || parent === null || !Object.hasOwn(parent, name)) return undefined;
		// An array's own names are its indexes and this one.
		if (Array.isArray(parent) && name === "length") return undefined;
		return (parent as Readonly<Record<string, unknown>>)[name];
	}, value);
}
