/**
 * How the suite talks with a peer's program: folders of plain files, so that a Bash script can take part
 * without a JSON parser. docs/interop.md describes it.
 * @module
 */
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

/** Claims of a token. */
export type Claims = Readonly<Record<string, unknown>>;

/** What a program is told about one key and one kind of token: the text of its files, by name. */
export type Files = Readonly<Record<string, string>>;

/** How a peer's program is started: the command and its arguments before the verb. */
export type Command = readonly [string, ...string[]];

/** What a peer said to a token. */
export interface Answer {
	readonly isAccepted: boolean;
	readonly reason: string;
}

/** Only for what never ends: without a cache, a peer's build takes minutes on a busy machine. */
const TIMEOUT_MS = 900_000;

const run = promisify(execFile);

/** Asks a peer for its version. */
export async function askVersion(command: Command): Promise<string> {
	return (await call(command, ["version"])).trim();
}

/** Has a peer make a token of each set of claims, in one run of its program; answers in the same order. */
export function askToMint(
	command: Command,
	batches: readonly { readonly files: Files; readonly claims: readonly Claims[] }[],
): Promise<string[][]> {
	const work = batches.map(({ files, claims }) => ({
		files: { ...files, "claims.jsonl": linesOf(claims.map((one) => JSON.stringify(one))) },
		count: claims.length,
	}));
	return inFolders(command, "mint", work, "tokens");
}

/** Has a peer verify tokens, in one run of its program; answers in the same order. */
export async function askToVerify(
	command: Command,
	batches: readonly { readonly files: Files; readonly tokens: readonly string[] }[],
): Promise<Answer[][]> {
	const work = batches.map(({ files, tokens }) => ({
		files: { ...files, tokens: linesOf(tokens) },
		count: tokens.length,
	}));
	const answers = await inFolders(command, "verify", work, "accepted");
	return answers.map((lines) => lines.map(toAnswer));
}

async function inFolders(
	command: Command,
	verb: "mint" | "verify",
	batches: readonly { readonly files: Files; readonly count: number }[],
	result: string,
): Promise<string[][]> {
	const place = await mkdtemp(join(tmpdir(), "orgpass-interop-"));
	try {
		const folders = batches.map((_, at) => join(place, String(at)));
		for (const [at, { files }] of batches.entries()) await writeFolder(folders[at] as string, files);
		await call(command, [verb, ...folders]);
		return await Promise.all(folders.map((folder, at) => readResult(folder, result, batches[at]?.count as number)));
	} finally {
		await rm(place, { recursive: true });
	}
}

async function writeFolder(folder: string, files: Files): Promise<void> {
	await mkdir(folder);
	for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text, { mode: 0o600 });
}

/** A program that answers less than it was asked would pass for a good one. */
async function readResult(folder: string, name: string, count: number): Promise<string[]> {
	const lines = (await readFile(join(folder, name), "utf8")).trimEnd().split("\n");
	if (lines.length === count) return lines;
	throw new Error(`expected ${count} lines in ${name}, got ${lines.length}`);
}

function toAnswer(line: string): Answer {
	const [word, ...rest] = line.split(" ");
	if (word !== "true" && word !== "false") throw new Error(`expected true or false, got ${line}`);
	return { isAccepted: word === "true", reason: rest.join(" ") };
}

function linesOf(lines: readonly string[]): string {
	return lines.map((line) => `${line}\n`).join("");
}

async function call([program, ...first]: Command, args: readonly string[]): Promise<string> {
	const { stdout } = await run(program, [...first, ...args], { timeout: TIMEOUT_MS });
	return stdout;
}
