/**
 * Loads optional packages.
 * @module
 */

/**
 * Loads a CommonJS package when it is called; throws if it isn't installed. Bundlers don't see it: they would fail to
 * build programs without the package, or take only a part of a native module.
 */
export function requirePackage(name: string): unknown {
	return process.getBuiltinModule("node:module").createRequire(import.meta.url)(name);
}
