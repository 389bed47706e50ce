/**
 * All that printing a key can show.
 * @module
 */
import { format, inspect } from "node:util";

/** Everything that Node, JSON and copies of the key print. */
export function printedForms(key: object): string {
	return [
		inspect(key, { showHidden: true, depth: 9, showProxy: true }),
		inspect({ key }, { customInspect: false, showHidden: true, depth: 9 }),
		format("%s %o %O %j", key, key, { key }, [key]),
		JSON.stringify(Object.entries(Object.getOwnPropertyDescriptors(key))),
		JSON.stringify({ ...key }),
		inspect(structuredClone(key), { showHidden: true, depth: 9 }),
		inspect(Object.assign({}, key), { depth: 9 }),
		JSON.stringify(Reflect.ownKeys(key).map(String)),
	].join("\n");
}
