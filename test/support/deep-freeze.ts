/**
 * Inputs that throw when somebody changes them (modules are strict).
 * @module
 */

/** Freezes plain objects and arrays through and through; instances of classes are left as they are. */
export function deepFreeze<T>(value: T): T {
	if (typeof value !== "object" || value === null || Object.isFrozen(value)) return value;
	const prototype: unknown = Object.getPrototypeOf(value);
	if (!Array.isArray(value) && prototype !== Object.prototype && prototype !== null) return value;
	for (const one of Object.values(value)) deepFreeze(one);
	return Object.freeze(value);
}
