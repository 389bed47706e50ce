/** @module */
import { ConfigError } from "../errors/errors.js";

/** Checks that Node.js satisfies the `engines` of package.json. */
export function assertNodeVersion(version: string = process.version): void {
	const [major = 0, minor = 0] = version.slice(1).split(".").map(Number);
	if (major > 22 || (major === 22 && minor >= 12)) return;
	throw new ConfigError("config/missing", `expected Node.js 22.12 or later, got ${version}`);
}
