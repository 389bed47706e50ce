import { beforeEach, describe, expect, it } from "vitest";
import type { OrgRecord } from "../../src/registry/org-record.ts";
import { createRecordEntries, type Entry, isUnchanged, type RecordEntries } from "../../src/resolver/record-entries.ts";
import { didOf, keyOf, OWNER, orgIdOf } from "../support/memory-organizations.ts";

const LIMITS = {
	...{ ttlSeconds: 60, negativeTtlSeconds: 5, staleIfErrorSeconds: 600, refreshCooldownSeconds: 0, maxEntries: 3 },
};
const A = didOf(1);
const B = didOf(2);

let clock: number;
let confirmedAt: number | undefined;
let entries: RecordEntries;
beforeEach(() => {
	clock = 10_000;
	confirmedAt = undefined;
	entries = createRecordEntries(LIMITS, () => clock, {
		covers: () => true,
		confirmedAt: (chainId) => (chainId === 31_337 ? confirmedAt : undefined),
	});
});

function recordOf(did: string, blockNumber = 5): OrgRecord {
	return {
		...{ did, kind: "orgpass", documentEvidence: "hash", chainId: 31_337, registry: OWNER, orgId: orgIdOf(1) },
		...{ owner: OWNER, active: true, keys: [], blockNumber },
	};
}

function put(did: string, members: Partial<Entry> = {}): Entry {
	const entry: Entry = { record: recordOf(did), readAt: clock, isShared: false, isCovered: false, ...members };
	entries.set(did, entry);
	return entry;
}

describe("an entry", () => {
	it("is fresh for its TTL; then it is stale, and used only after a failure", () => {
		const entry = put(A);
		for (const seconds of [0, 59]) {
			clock = 10_000 + seconds;
			expect([entries.fresh(A), entries.usable(A), entries.stale(A)]).toEqual([entry, entry, entry]);
			expect(entries.isCurrent(entry.record as OrgRecord)).toBe(true);
		}
		for (const seconds of [60, 659]) {
			clock = 10_000 + seconds;
			expect([entries.fresh(A), entries.usable(A), entries.stale(A)]).toEqual([undefined, undefined, entry]);
			expect(entries.isCurrent(entry.record as OrgRecord)).toBe(false);
		}
		entry.failedAt = clock;
		expect(entries.usable(A)).toBe(entry);
		clock = 10_660;
		expect([entries.usable(A), entries.stale(A)]).toEqual([undefined, undefined]);
		expect(entries.last(A)).toBe(entry.record);
	});

	it("of an absence is fresh for a shorter time, and never stale", () => {
		const entry = put(A, { record: undefined });
		clock += 4.9;
		expect([entries.fresh(A), entries.usable(A)]).toEqual([entry, entry]);
		expect([entries.stale(A), entries.last(A)]).toEqual([undefined, undefined]);
		clock += 0.1;
		expect(entries.fresh(A)).toBeUndefined();
	});

	it("replaces the one before, of either kind", () => {
		put(A);
		const absence = put(A, { record: undefined });
		expect(entries.fresh(A)).toBe(absence);
		const found = put(A);
		clock += 5;
		expect(entries.fresh(A)).toBe(found);
		put(A, { record: undefined });
		expect(entries.last(A)).toBeUndefined();
	});

	it("is infinitely old if the clock was set back", () => {
		const entry = put(A);
		expect(entries.ageOf(entry)).toBe(0);
		clock -= 1;
		expect(entries.ageOf(entry)).toBe(Infinity);
		expect(entries.fresh(A)).toBeUndefined();
	});

	it("is only current with the very same record", () => {
		const { record } = put(A);
		expect(entries.isCurrent({ ...(record as OrgRecord) })).toBe(false);
		expect(entries.isCurrent(recordOf(B))).toBe(false);
	});
});

describe("a covered entry", () => {
	it("is as old as the last confirmation, for up to an hour", () => {
		const entry = put(A, { isCovered: true });
		confirmedAt = 10_000;
		clock = 10_050;
		expect(entries.ageOf(entry)).toBe(50);
		confirmedAt = 10_040;
		expect(entries.ageOf(entry)).toBe(10);
		expect(entries.ageOf({ ...entry, isCovered: false })).toBe(50);
		clock = confirmedAt = 13_599;
		expect(entries.fresh(A)).toBe(entry);
		clock = confirmedAt = 13_600;
		expect(entries.fresh(A)).toBeUndefined();
		expect(entries.stale(A)).toBe(entry);
	});

	it("that isn't confirmed any more is stale for as long as others, an hour later", () => {
		const entry = put(A, { isCovered: true });
		confirmedAt = 13_590;
		clock = 14_249;
		expect(entries.stale(A)).toBe(entry);
		clock = 14_250;
		expect(entries.stale(A)).toBeUndefined();
		clock = confirmedAt = 14_259;
		expect(entries.stale(A)).toBe(entry);
		clock = confirmedAt = 14_260;
		expect(entries.stale(A)).toBeUndefined();
	});

	it("of an absence, or before the first confirmation, is as old as its read", () => {
		const absence = put(B, { record: undefined, isCovered: true });
		const entry = put(A, { isCovered: true });
		clock += 30;
		expect(entries.ageOf(entry)).toBe(30);
		confirmedAt = clock;
		expect(entries.ageOf(absence)).toBe(30);
		const without = createRecordEntries(LIMITS, () => clock);
		expect(without.ageOf(entry)).toBe(30);
	});

	it("isn't covered any more after a reorganization of its block or an earlier one", () => {
		const [first, second] = [put(A, { isCovered: true }), put(B, { isCovered: true, record: recordOf(B, 6) })];
		entries.rewind(1, { head: 0, unreplaced: 0 });
		expect([first.isCovered, second.isCovered]).toEqual([true, true]);
		entries.rewind(31_337, { head: 9, unreplaced: 5 });
		expect([first.isCovered, second.isCovered]).toEqual([true, false]);
	});
});

describe("entries", () => {
	it("are deleted one by one, by chain, or all", () => {
		const other = "did:orgid:313370:0x01";
		const fill = (): void => {
			for (const did of [A, other]) put(did);
			put(B, { record: undefined });
		};
		const left = (): string[] => [A, B, other].filter((did) => entries.fresh(did) !== undefined);
		fill();
		entries.delete(A);
		expect(left()).toEqual([B, other]);
		entries.delete(B);
		expect(left()).toEqual([other]);
		fill();
		entries.deleteAll(31_337);
		expect(left()).toEqual([other]);
		fill();
		entries.deleteAll();
		expect(left()).toEqual([]);
		fill();
		entries.clear();
		expect(left()).toEqual([]);
	});

	it("of earlier blocks and absences are deleted, not those of later ones", () => {
		put(A);
		entries.deleteEarlier(recordOf(A, 5));
		expect(entries.fresh(A)).toBeDefined();
		entries.deleteEarlier(recordOf(A, 6));
		expect(entries.fresh(A)).toBeUndefined();
		put(A, { record: undefined });
		entries.deleteEarlier(recordOf(A, 1));
		expect(entries.fresh(A)).toBeUndefined();
	});

	it("are as many as allowed, and absences as many again", () => {
		for (let index = 1; index <= 4; index++) put(didOf(index));
		for (let index = 11; index <= 14; index++) put(didOf(index), { record: undefined });
		const known = [1, 2, 3, 4, 11, 12, 13, 14].filter((index) => entries.fresh(didOf(index)) !== undefined);
		expect(known).toEqual([2, 3, 4, 12, 13, 14]);
	});
});

describe("a record is unchanged", () => {
	const hash = `0x${"0a".repeat(32)}` as const;
	const withHash = { document: { uris: ["x"], hash } };
	it.each<[string, object, object, boolean]>([
		["without a document", {}, { blockNumber: 9 }, true],
		["with the hash of its document", withHash, { ...withHash, blockNumber: 9 }, true],
		["with another key", {}, { keys: [keyOf("a")] }, false],
		["with a document that has no hash", { document: { uris: [] } }, { document: { uris: [] } }, false],
	])("%s: %j, %j", (_what, known, record, expected) => {
		expect(isUnchanged({ ...recordOf(A), ...known }, { ...recordOf(A), ...record })).toBe(expected);
	});
});
