/**
 * A store of used tokens in a file, with SQLite.
 * @module
 */

import DataLoader from "dataloader";
import pRetry from "p-retry";
import { openDatabase } from "#open-database";
import { undefinedOnError } from "../../encoding/undefined-on-error.js";
import { ReplayError } from "../../errors/errors.js";
import { assertOptions } from "../../options/assert-options.js";
import { optionsSchema } from "../../options/schemas.js";
import { nonEmptyString } from "../../options/value-schemas.js";
import type { ReplayStore } from "./replay-store.js";
import type { TokenUse } from "./token-use.js";

/** Options of {@link createSqliteReplayStore}. */
export interface SqliteReplayStoreOptions {
	/** The path of the database file, on a local disk; it is created if it doesn't exist. */
	readonly file: string;
}

/** A store of used tokens in a file. */
export interface SqliteReplayStore extends ReplayStore {
	/** Closes the file. Tokens that arrive later are refused with `replay/unavailable`. */
	close(): void;
}

/** Keys that expire until `until` may have been removed. */
const SCHEMA = `
	CREATE TABLE IF NOT EXISTS orgpass_used_tokens (key TEXT PRIMARY KEY, expires_at REAL NOT NULL) STRICT, WITHOUT ROWID;
	CREATE INDEX IF NOT EXISTS orgpass_used_tokens_by_expiry ON orgpass_used_tokens (expires_at);
	CREATE TABLE IF NOT EXISTS orgpass_removed (id INTEGER PRIMARY KEY CHECK (id = 1), until REAL NOT NULL) STRICT;
	INSERT OR IGNORE INTO orgpass_removed VALUES (1, 0)`;
const INSERT = "INSERT OR IGNORE INTO orgpass_used_tokens VALUES (?, ?)";
const FIND = "SELECT 1 FROM orgpass_used_tokens WHERE key = ?";
const REMOVE = `DELETE FROM orgpass_used_tokens WHERE key IN (
	SELECT key FROM orgpass_used_tokens WHERE expires_at <= ? ORDER BY expires_at LIMIT ?) RETURNING expires_at`;
const READ_REMOVED = "SELECT until FROM orgpass_removed";
const WRITE_REMOVED = "UPDATE orgpass_removed SET until = max(until, ?)";

const MAX_PER_TRANSACTION = 500;
/** More than are added, so that expired rows become fewer. */
const REMOVED_PER_TOKEN = 2;
/** The code for a file that another process is writing to, in the last eight bits. */
const SQLITE_BUSY = 5;
const RETRIES = { retries: 1_000, minTimeout: 1, maxTimeout: 20, randomize: true, maxRetryTime: 5_000 };

const schema = optionsSchema<SqliteReplayStoreOptions>({ file: nonEmptyString });

/**
 * Creates a store of used tokens in a SQLite file, for all processes of one machine. It survives restarts and crashes:
 * a token is accepted once the disk has it. Tokens that arrive at the same time share a transaction. Needs Node.js 22.13
 * or later.
 *
 * @example
 * ```ts
 * import { mkdtemp } from "node:fs/promises";
 * import { tmpdir } from "node:os";
 * import { join } from "node:path";
 * import { createVerifier, orgid } from "orgpass";
 * import { createSqliteReplayStore } from "orgpass/sqlite";
 *
 * const folder = await mkdtemp(join(tmpdir(), "orgpass-"));
 * const replay = createSqliteReplayStore({ file: join(folder, "used-tokens.db") });
 * const resolver = { resolve: async () => ({ didDocument: null, didDocumentMetadata: {}, didResolutionMetadata: {} }) };
 * const audience = `did:orgid:100:0x${"0b".repeat(32)}`;
 * const verifier = createVerifier({ profiles: [orgid({ audience, resolver })], replay });
 * replay.close();
 * ```
 * @param options the file
 * @returns the store, for the option `replay` of `createVerifier` or of a route
 * @throws {ConfigError} `config/unknown-option`, `config/invalid-option`, `config/sqlite-missing`, `config/file`
 * @see https://sqlite.org/wal.html
 */
export function createSqliteReplayStore(options: SqliteReplayStoreOptions): SqliteReplayStore {
	assertOptions(schema, options, "createSqliteReplayStore");
	const database = openDatabase(options.file, SCHEMA);
	const [insert, find, remove] = [database.prepare(INSERT), database.prepare(FIND), database.prepare(REMOVE)];
	const [readRemoved, writeRemoved] = [database.prepare(READ_REMOVED), database.prepare(WRITE_REMOVED)];
	const loader = new DataLoader<TokenUse, boolean>(commitWhenFree, {
		cache: false,
		maxBatchSize: MAX_PER_TRANSACTION,
		batchScheduleFn: setImmediate,
	});

	return Object.freeze({
		spend: (key: string, expiresAt: number, now: number) => loader.load({ key, expiresAt, now }),
		peek: async (key: string, expiresAt: number) => peekNow(key, expiresAt),
		close: () => database.close(),
	});

	function commitWhenFree(uses: readonly TokenUse[]): Promise<(boolean | Error)[]> {
		return pRetry(() => commit(uses), { ...RETRIES, shouldRetry: ({ error }) => isBusy(error) });
	}

	/** Everything happens in one turn of the event loop, so transactions of this process don't overlap. */
	function commit(uses: readonly TokenUse[]): (boolean | Error)[] {
		database.exec("BEGIN IMMEDIATE");
		try {
			const until = removeExpired(Math.max(...uses.map(({ now }) => now)), REMOVED_PER_TOKEN * uses.length);
			const results = uses.map((use) => spendNow(use, until));
			database.exec("COMMIT");
			return results;
		} catch (error) {
			// After some errors, SQLite has already rolled back.
			undefinedOnError(() => database.exec("ROLLBACK"));
			throw error;
		}
	}

	function spendNow({ key, expiresAt }: TokenUse, until: number): boolean | Error {
		if (expiresAt > until) return insert.run(key, expiresAt).changes === 1;
		if (find.get(key) !== undefined) return false;
		return clockSetBack();
	}

	function peekNow(key: string, expiresAt: number): boolean {
		if (find.get(key) !== undefined) return false;
		if (expiresAt > removedUntil()) return true;
		throw clockSetBack();
	}

	/** Returns until when keys may have been removed, also by other processes. */
	function removeExpired(now: number, count: number): number {
		const removed = remove.all(now, count).map((row) => row["expires_at"] as number);
		if (removed.length > 0) writeRemoved.run(Math.max(...removed));
		return removedUntil();
	}

	function removedUntil(): number {
		return readRemoved.get()?.["until"] as number;
	}
}

function clockSetBack(): ReplayError {
	return new ReplayError("replay/unavailable", "the clock was set back: the token may have been used before");
}

function isBusy(error: Error): boolean {
	const { errcode } = error as Partial<Record<"errcode", number>>;
	return errcode !== undefined && (errcode & 0xff) === SQLITE_BUSY;
}
