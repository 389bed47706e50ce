/**
 * Remembers which test noticed which fault, so that the next run tries only the others: an entry counts while neither the
 * source nor the test's file has changed.
 * @module
 */
import { createHash } from "node:crypto";
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { root } from "../sources.ts";
import type { Mutant } from "./plant.ts";

/** Hashes of files, and by source file the tests that noticed its faults, by their place among the file's faults. */
interface Stored {
	readonly hashes: Record<string, string>;
	readonly kills: Record<string, Record<string, string>>;
}

export interface KnownKills {
	/** Faults that are noticed, and by which test. */
	readonly killed: ReadonlyMap<string, string>;
	/** Writes them, whole or not at all. */
	save(killed: ReadonlyMap<string, string>): void;
}

export function readKnownKills(path: string, mutants: readonly Mutant[]): KnownKills {
	const stored: Stored = existsSync(path) ? JSON.parse(readFileSync(path, "utf8")) : { hashes: {}, kills: {} };
	const hashes = new Map<string, string | undefined>();
	const places = placeInFile(mutants);
	const killed = new Map<string, string>();
	for (const { id, file } of mutants) {
		const by = stored.kills[file]?.[places.get(id) as string];
		if (by === undefined || !isUnchanged(file) || !isUnchanged(testFile(by))) continue;
		killed.set(id, by);
	}
	return { killed, save };

	function save(all: ReadonlyMap<string, string>): void {
		const next: Stored = { hashes: { ...stored.hashes }, kills: { ...stored.kills } };
		for (const { file } of mutants) next.kills[file] = {};
		for (const { id, file } of mutants) {
			const by = all.get(id);
			// Why a process ended isn't known, so it is tried again.
			if (by === undefined || !existsSync(`${root}/${testFile(by)}`)) continue;
			(next.kills[file] as Record<string, string>)[places.get(id) as string] = by;
			for (const name of [file, testFile(by)]) next.hashes[name] = hash(name) ?? "";
		}
		writeFileSync(`${path}.new`, JSON.stringify(next));
		renameSync(`${path}.new`, path);
	}

	function isUnchanged(file: string): boolean {
		return stored.hashes[file] === (hash(file) ?? "");
	}

	function hash(file: string): string | undefined {
		if (!hashes.has(file)) hashes.set(file, hashFile(`${root}/${file}`));
		return hashes.get(file);
	}
}

/** Of `test/a.test.ts > title`; a process that ended has none. */
function testFile(by: string): string {
	return by.split(" > ", 1)[0] as string;
}

function hashFile(path: string): string | undefined {
	return existsSync(path) ? createHash("sha256").update(readFileSync(path)).digest("hex") : undefined;
}

function placeInFile(mutants: readonly Mutant[]): Map<string, string> {
	const counts = new Map<string, number>();
	return new Map(
		mutants.map(({ id, file }) => {
			const place = counts.get(file) ?? 0;
			counts.set(file, place + 1);
			return [id, String(place)];
		}),
	);
}
