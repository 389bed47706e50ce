/**
 * SQLite in runtimes without it.
 * @module
 */
import type { DatabaseSync } from "node:sqlite";
import { ConfigError } from "../../errors/errors.js";

/** Throws: only Node.js has it. */
export function openDatabase(_file: string, _schema: string): DatabaseSync {
	throw sqliteMissing();
}

export function sqliteMissing(): ConfigError {
	return new ConfigError("config/sqlite-missing", "a store in SQLite needs the module node:sqlite");
}
