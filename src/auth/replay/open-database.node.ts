/** @module */
import { closeSync, openSync } from "node:fs";
import type { DatabaseSync } from "node:sqlite";
import { ConfigError } from "../../errors/errors.js";
import { sqliteMissing } from "./open-database.js";

/** How long another process may hold the file while it creates the tables, in milliseconds. */
const CREATION_TIMEOUT_MS = 5_000;

/**
 * Opens a database file and creates what is missing. A committed transaction survives the end of the process and of the
 * machine. While another process writes, statements fail at once: waiting would block this one.
 */
export function openDatabase(file: string, schema: string): DatabaseSync {
	// An import would load it in programs that don't use it, and fail without a code where it is missing.
	const { DatabaseSync } = process.getBuiltinModule("node:sqlite") ?? {};
	if (DatabaseSync === undefined) throw sqliteMissing();
	let database: DatabaseSync | undefined;
	if (file !== ":memory:" && !file.startsWith("file:")) createPrivately(file);
	try {
		database = new DatabaseSync(file);
		database.exec(`PRAGMA busy_timeout = ${CREATION_TIMEOUT_MS}`);
		database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL");
		database.exec(`BEGIN IMMEDIATE; ${schema}; COMMIT`);
		database.exec("PRAGMA busy_timeout = 0");
		return database;
	} catch (cause) {
		database?.close();
		throw new ConfigError("config/file", "can't open the database of used tokens", { details: { file }, cause });
	}
}

/**
 * Whoever can read the file can also lock it, so that no token is accepted. SQLite gives the mode of the file to those
 * beside it.
 */
function createPrivately(file: string): void {
	try {
		closeSync(openSync(file, "ax", 0o600));
	} catch {
		// It exists, or SQLite fails, too, and says why.
	}
}
