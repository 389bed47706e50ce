/** @module */
import type { NumberReviver } from "./kept-number.js";
import { parseNative } from "./native-json.js";

/** Copies a JSON value. The reviver decides which numbers the copy keeps. */
export function copyJson(value: object, reviver: NumberReviver): unknown {
	return parseNative(JSON.stringify(value), reviver);
}
