/**
 * What orgpass stores in SQLite, for the processes of one machine.
 * @module
 */
export type { ReplayStore } from "./auth/replay/replay-store.js";
export {
	createSqliteReplayStore,
	type SqliteReplayStore,
	type SqliteReplayStoreOptions,
} from "./auth/replay/sqlite-store.js";
