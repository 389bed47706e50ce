/** @module */
import { createRequire } from "node:module";

export function readVersion(): string {
	return (createRequire(import.meta.url)("orgpass/package.json") as { version: string }).version;
}
