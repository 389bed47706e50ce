/**
 * Finds values that `JSON.stringify` would drop or change. A token must contain exactly what its minter was given.
 * @module
 */

/** A value that isn't JSON. */
export interface JsonProblem {
	/** The member names and indexes that lead to the value. */
	readonly path: readonly string[];
	readonly value: unknown;
	readonly expected: string;
}

/** The maximum depth that parsers accept. */
const MAX_DEPTH = 32;

/** Returns the first value that isn't JSON, at any depth. */
export function findJsonProblem(value: unknown, depth = 0): JsonProblem | undefined {
	const expected = expectedInstead(value);
	if (expected !== undefined || depth > MAX_DEPTH) return { path: [], value, expected: expected ?? "less nested" };
	if (typeof value !== "object" || value === null) return undefined;
	for (const [name, member] of Object.entries(value)) {
		const problem = findJsonProblem(member, depth + 1);
		if (problem !== undefined) return { ...problem, path: [name, ...problem.path] };
	}
	return undefined;
}

function expectedInstead(value: unknown): string | undefined {
	if (value === null || typeof value === "boolean") return undefined;
	if (typeof value === "string") return value.isWellFormed() ? undefined : "text without lone surrogates";
	if (typeof value === "number" && Math.abs(value) <= Number.MAX_SAFE_INTEGER) return undefined;
	if (typeof value === "number" || typeof value === "bigint") return "a number up to 2^53 - 1, or text";
	return typeof value === "object" && isContainer(value) ? undefined : "a JSON value";
}

/** Whether a value is a plain object or an array without holes, and has no symbols, hidden members or `toJSON`. */
function isContainer(value: object): boolean {
	const names = Object.keys(value);
	const length = Array.isArray(value) ? value.length : undefined;
	if ("toJSON" in value) return false;
	if (length === undefined) return Reflect.ownKeys(value).length === names.length && hasPlainPrototype(value);
	const isDense = names.length === length && names.every((name, at) => name === String(at));
	return isDense && Reflect.ownKeys(value).length === length + 1;
}

/** Whether the prototype is null or that of `{}`, in any realm. */
function hasPlainPrototype(value: object): boolean {
	const prototype: unknown = Object.getPrototypeOf(value);
	return prototype === null || Object.getPrototypeOf(prototype) === null;
}
