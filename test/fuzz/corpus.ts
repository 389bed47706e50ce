/**
 * The inputs that are kept for each target: small files, in hexadecimal if their names end in `.hex`.
 * @module
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** A kept input. */
export interface Entry {
	readonly name: string;
	readonly input: Buffer;
}

const CORPUS = fileURLToPath(new URL("corpus/", import.meta.url));
const TARGETS = fileURLToPath(new URL("targets/", import.meta.url));

/** The names of all targets: each is a file that exports `createTarget`. */
export const TARGET_NAMES: readonly string[] = readdirSync(TARGETS)
	.filter((name) => name.endsWith(".ts"))
	.map((name) => name.slice(0, -".ts".length))
	.sort();

/** The kept inputs of a target. */
export function readCorpus(target: string): readonly Entry[] {
	const folder = `${CORPUS}${target}`;
	if (!existsSync(folder)) return [];
	return readdirSync(folder)
		.sort()
		.map((name) => ({ name, input: readEntry(`${folder}/${name}`) }));
}

/** Reads an input from its file. */
export function readEntry(file: string): Buffer {
	const bytes = readFileSync(file);
	return file.endsWith(".hex") ? Buffer.from(bytes.toString().replace(/\s/g, ""), "hex") : bytes;
}

/** The form in which an input is kept, and the end of its name. */
export function toEntry(input: Buffer): { readonly content: Buffer | string; readonly extension: string } {
	const isText = Buffer.from(input.toString()).equals(input) && !/[^\n\r\t -\u{10ffff}]/u.test(input.toString());
	return isText ? { content: input, extension: "txt" } : { content: `${input.toString("hex")}\n`, extension: "hex" };
}
