/** @module */
import { readFileSync } from "node:fs";

/** The version of an installed package, by the name of its folder. */
export function installedVersion(name: string): string {
	const path = new URL(`../../node_modules/${name}/package.json`, import.meta.url);
	return (JSON.parse(readFileSync(path, "utf8")) as { readonly version: string }).version;
}
