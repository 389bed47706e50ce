import { chmodSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { openDatabase } from "../../../src/auth/replay/open-database.ts";
import { createSqliteReplayStore, type SqliteReplayStore } from "../../../src/auth/replay/sqlite-store.ts";
import { idle } from "../../support/patient-timers.ts";
import { expectRefusal } from "../../support/refusal.ts";
import { createOfflineStage } from "../../support/token-stage.ts";

let folder: string;
let file: string;
beforeAll(() => {
	folder = mkdtempSync(join(tmpdir(), "orgpass-sqlite-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));
beforeEach(() => {
	file = join(folder, `${crypto.randomUUID()}.db`);
});

function open(): SqliteReplayStore {
	const store = createSqliteReplayStore({ file });
	onTestFinished(() => {
		try {
			store.close();
		} catch {
			// The test has closed it.
		}
	});
	return store;
}

/** Another program with the same file. */
function openDirectly(): DatabaseSync {
	const database = new DatabaseSync(file);
	onTestFinished(() => database.close());
	return database;
}

const countOf = (database: DatabaseSync): unknown =>
	database.prepare("SELECT count(*) AS count FROM orgpass_used_tokens").get()?.["count"];

describe("a store of used tokens in SQLite", () => {
	it("remembers them after a restart", async () => {
		const before = open();
		expect(await before.spend("a", 100, 0)).toBe(true);
		before.close();
		expect(await open().spend("a", 100, 0)).toBe(false);
	});

	it("is shared by all who open the file", async () => {
		const stores = [open(), open(), open()] as const;
		const spends = Array.from({ length: 300 }, (_, at) => stores[(at % 3) as 0 | 1 | 2].spend(`${at % 10}`, 100, 0));
		const results = await Promise.all(spends);
		expect(results.filter((isFirst) => isFirst)).toHaveLength(10);
		expect(countOf(openDirectly())).toBe(10);
	});

	it.skipIf(process.platform === "win32")("creates files that nobody else can read, and so lock", async () => {
		const umask = process.umask(0o022);
		onTestFinished(() => void process.umask(umask));
		await open().spend("a", 100, 0);
		const modes = ["", "-shm", "-wal"].map((end) => (statSync(`${file}${end}`).mode & 0o777).toString(8));
		expect(modes).toEqual(["600", "600", "600"]);
	});

	it.skipIf(process.platform === "win32")("leaves the mode of a file that exists", async () => {
		writeFileSync(file, "");
		chmodSync(file, 0o660);
		await open().spend("a", 100, 0);
		expect((statSync(file).mode & 0o777).toString(8)).toBe("660");
	});

	it("has the file synchronized with the disk at each commit, in WAL mode", async () => {
		await open().spend("a", 100, 0);
		expect(openDirectly().prepare("PRAGMA journal_mode").get()).toEqual({ journal_mode: "wal" });
		const exec = vi.spyOn(DatabaseSync.prototype, "exec");
		onTestFinished(() => exec.mockRestore());
		open();
		expect(exec.mock.calls.flat()).toContain("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL");
	});

	it("commits tokens that arrive in one turn together", async () => {
		const store = open();
		const exec = vi.spyOn(DatabaseSync.prototype, "exec");
		onTestFinished(() => exec.mockRestore());
		await Promise.all(Array.from({ length: 100 }, (_, at) => store.spend(`${at}`, 100, 0)));
		expect(exec.mock.calls.flat()).toEqual(["BEGIN IMMEDIATE", "COMMIT"]);
	});

	it("removes expired rows in small steps, at most two for each token", async () => {
		const store = open();
		await Promise.all(Array.from({ length: 10 }, (_, at) => store.spend(`${at}`, 100 + at, 0)));
		const database = openDirectly();
		const counts: unknown[] = [];
		for (let at = 0; at < 6; at += 1) {
			await store.spend(`new ${at}`, 1_000, 105);
			counts.push(countOf(database));
		}
		expect(counts).toEqual([9, 8, 7, 8, 9, 10]);
		expect(await store.spend("6", 106, 105)).toBe(false);
	});

	it("can't tell about keys that it may have removed, also after a restart with the clock set back", async () => {
		const before = open();
		await before.spend("a", 100, 0);
		await before.spend("b", 200, 150);
		before.close();
		const store = open();
		const error = await expectRefusal(() => store.spend("a", 100, 50), "replay/unavailable");
		expect(error.message).toMatch(/clock was set back/);
		expect(await store.spend("b", 100, 50)).toBe(false);
		expect(await store.spend("c", 101, 50)).toBe(true);
	});

	it("waits while another process writes, and doesn't block this one", async () => {
		const store = open();
		const other = openDirectly();
		other.exec("BEGIN IMMEDIATE");
		const spending = store.spend("a", 100, 0);
		await idle(5);
		other.exec("COMMIT");
		expect(await spending).toBe(true);
	});

	it("gives up if another process never stops writing", async () => {
		const store = open();
		openDirectly().exec("BEGIN IMMEDIATE");
		let now = 0;
		const clock = vi.spyOn(performance, "now").mockImplementation(() => (now += 1_000));
		onTestFinished(() => clock.mockRestore());
		await expect(store.spend("a", 100, 0)).rejects.toMatchObject({ code: "ERR_SQLITE_ERROR", errcode: 5 });
	});

	it("accepts nothing if a transaction fails, and later tokens again", async () => {
		const store = open();
		const other = openDirectly();
		other.exec("ALTER TABLE orgpass_removed RENAME TO elsewhere");
		await expect(store.spend("a", 100, 0)).rejects.toMatchObject({ code: "ERR_SQLITE_ERROR" });
		other.exec("ALTER TABLE elsewhere RENAME TO orgpass_removed");
		expect(await store.spend("a", 100, 0)).toBe(true);
	});

	it("accepts nothing once it is closed", async () => {
		const stage = await createOfflineStage();
		const replay = open();
		const verifier = stage.verifierWith({ replay });
		await verifier.verify(await stage.forge());
		replay.close();
		const error = await expectRefusal(async () => verifier.verify(await stage.forge()), "replay/unavailable");
		expect(error.cause).toMatchObject({ code: "ERR_INVALID_STATE" });
	});
});

describe("a file that can't be opened", () => {
	it("is a configuration error if its folder doesn't exist", async () => {
		file = join(folder, "nowhere", "a.db");
		const error = await expectRefusal(open, "config/file");
		expect(error).toMatchObject({ details: { file }, cause: { code: "ERR_SQLITE_ERROR" } });
	});

	it("is a configuration error if it isn't a database", async () => {
		writeFileSync(file, "This is a text file.\n".repeat(100));
		await expectRefusal(open, "config/file");
	});

	it("is a configuration error if Node.js has no SQLite", async () => {
		const find = vi.spyOn(process, "getBuiltinModule").mockReturnValue(undefined as never);
		onTestFinished(() => find.mockRestore());
		await expectRefusal(open, "config/sqlite-missing");
	});

	it("is a configuration error in other runtimes", async () => {
		await expectRefusal(() => openDatabase("a.db", ""), "config/sqlite-missing");
	});

	it.each([
		[{}, "config/invalid-option"],
		[{ file: "" }, "config/invalid-option"],
		[{ file: ":memory:", path: "a.db" }, "config/unknown-option"],
	] as const)("is a configuration error with the options %j", async (options, code) => {
		await expectRefusal(() => createSqliteReplayStore(options as never), code);
	});
});
