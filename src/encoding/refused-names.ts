/** @module */

/** Names of members that reach an object's prototype when the object is copied: JSON with such a name is rejected. */
export const REFUSED_NAMES: ReadonlySet<string> = new Set(["__proto__", "constructor"]);
