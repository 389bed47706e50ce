/**
 * What every peer of npm shares: the protocol of docs/interop.md around two functions of the peer's own.
 * @module
 */
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

/** One folder of work: one key, one kind of token. */
export interface Work {
	readonly profile: string;
	readonly algorithm: string;
	readonly issuer: string;
	readonly audience: string;
	/** The text of a further file. */
	read(name: string): string;
}

/** Claims of a token. */
export type Claims = Record<string, unknown>;

/** A peer: each function is made once per folder and called for every token. */
export interface Peer {
	/** The package whose version is told. */
	readonly packageName: string;
	/** Gives what makes a token of claims. */
	mint?(work: Work): (claims: Claims) => string | Promise<string>;
	/** Gives what reads a token; it throws, or answers false, for a bad one. */
	verify?(work: Work): (token: string) => unknown;
}

/** Runs the command line: `version`, `mint FOLDER...` or `verify FOLDER...`. */
export async function servePeer(peer: Peer): Promise<void> {
	const [verb, ...folders] = process.argv.slice(2);
	if (verb === "version") process.stdout.write(`${versionOf(peer.packageName)}\n`);
	for (const folder of folders) {
		const lines = await (verb === "mint" ? mintAll(peer, folder) : verifyAll(peer, folder));
		writeFileSync(join(folder, verb === "mint" ? "tokens" : "accepted"), lines.map((line) => `${line}\n`).join(""));
	}
}

/** The version in a package's manifest, which its `exports` may hide. */
function versionOf(packageName: string): string {
	const { paths } = createRequire(import.meta.url).resolve as unknown as {
		paths(name: string): string[];
	};
	for (const folder of paths(packageName)) {
		try {
			return JSON.parse(readFileSync(join(folder, packageName, "package.json"), "utf8")).version;
		} catch {}
	}
	throw new Error(`${packageName} is not installed`);
}

async function mintAll(peer: Peer, folder: string): Promise<string[]> {
	if (peer.mint === undefined) throw new Error(`${peer.packageName} mints nothing`);
	const mint = peer.mint(workIn(folder));
	const tokens: string[] = [];
	for (const line of linesOf(folder, "claims.jsonl")) tokens.push(await mint(JSON.parse(line)));
	return tokens;
}

async function verifyAll(peer: Peer, folder: string): Promise<string[]> {
	if (peer.verify === undefined) throw new Error(`${peer.packageName} verifies nothing`);
	const verify = peer.verify(workIn(folder));
	const answers: string[] = [];
	for (const token of linesOf(folder, "tokens")) {
		try {
			answers.push((await verify(token)) === false ? "false" : "true");
		} catch (error) {
			answers.push(`false ${String(error).replaceAll("\n", " ")}`);
		}
	}
	return answers;
}

function workIn(folder: string): Work {
	const read = (name: string): string => readFileSync(join(folder, name), "utf8");
	return {
		profile: read("profile"),
		algorithm: read("algorithm"),
		issuer: read("issuer"),
		audience: read("audience"),
		read,
	};
}

function linesOf(folder: string, name: string): string[] {
	return readFileSync(join(folder, name), "utf8").trimEnd().split("\n");
}
