/**
 * What scripts do with wrong arguments: they say so and exit with 2.
 * @module
 */
import { type ParseArgsConfig, parseArgs } from "node:util";

export function refuse(message: string): never {
	console.error(message);
	process.exit(2);
}

export function parseFlags<const T extends ParseArgsConfig>(config: T): ReturnType<typeof parseArgs<T>> {
	try {
		return parseArgs(config);
	} catch (error) {
		if (error instanceof TypeError && /^ERR_PARSE_ARGS_/.test(String(Object(error).code))) refuse(error.message);
		throw error;
	}
}

export function parseNumber(flag: string, text: string, least: number): number {
	const number = Number(text);
	if (number >= least && text.trim() !== "") return number;
	return refuse(`expected a number from ${least} on after --${flag}, got ${JSON.stringify(text)}`);
}

/** Refuses names that don't exist. */
export function checkNames(what: string, names: readonly string[], known: readonly string[]): void {
	const unknown = names.filter((name) => !known.includes(name));
	if (unknown.length > 0) refuse(`no ${what} is named ${unknown.join(" or ")}: there are ${known.join(", ")}`);
}
