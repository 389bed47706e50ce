import { beforeEach, expect, it } from "vitest";
import type { CanonicalDidUrl } from "../../src/did/did-url.ts";
import type { OrgRecord } from "../../src/registry/org-record.ts";
import { copyOnRead } from "../../src/resolver/cache-copy.ts";
import type { CachedRecord, RecordCache } from "../../src/resolver/record-cache.ts";
import { CHAIN_ID, didOf, orgIdOf } from "../support/memory-organizations.ts";

const idOf = (index: number): CanonicalDidUrl => ({ did: didOf(index), orgId: orgIdOf(index), chainId: CHAIN_ID });
const record = { did: didOf(1) } as OrgRecord;
let calls: unknown[][];
let found: CachedRecord;
let records: OrgRecord[];
beforeEach(() => {
	calls = [];
	found = { record, cache: "hit" };
	records = [];
});

/** A cache that gives the same answer to every question about a record. */
function cacheOf(name: string, answer: boolean): RecordCache {
	const note =
		(method: string) =>
		(...args: unknown[]) =>
			void calls.push([name, method, ...args]);
	return {
		...{ isStale: () => answer, isCurrent: () => answer, isUnrevoked: () => answer },
		async get(did: CanonicalDidUrl) {
			note("get")(did.did);
			return found;
		},
		copyOf: (did: string) => `state of ${did}`,
		...{ restore: note("restore"), prefetchRevocation: note("prefetch") },
		checkRevocation: async (...args: unknown[]) => note("check")(...args),
	} as unknown as RecordCache;
}

const copied = (original: boolean, copy: boolean): RecordCache =>
	copyOnRead(cacheOf("original", original), cacheOf("copy", copy), (one) => void records.push(one));

it.each([
	[false, false],
	[true, false],
	[false, true],
	[true, true],
])("what one of the two knows about a record is known (%o, %o)", (original, copy) => {
	const cache = copied(original, copy);
	const expected = original || copy;
	expect([cache.isStale(record), cache.isCurrent(record), cache.isUnrevoked("k", record)]).toEqual([
		...[expected, expected, expected],
	]);
});

it.each([true, false])("a key that the original has checked isn't checked again (%o)", async (isChecked) => {
	const cache = copied(isChecked, false);
	await cache.checkRevocation(idOf(1), "k", record);
	cache.prefetchRevocation(idOf(1), "k", record);
	const expected = ["check", "prefetch"].map((method) => ["copy", method, idOf(1), "k", record]);
	expect(calls).toEqual(isChecked ? [] : expected);
});

it("the state of an organization is copied once, before it is looked up", async () => {
	const cache = copied(false, false);
	for (const index of [1, 1, 2]) expect(await cache.get(idOf(index))).toBe(found);
	expect(calls).toEqual([
		["copy", "restore", didOf(1), `state of ${didOf(1)}`],
		...[1, 2].map(() => ["copy", "get", didOf(1)]),
		["copy", "restore", didOf(2), `state of ${didOf(2)}`],
		["copy", "get", didOf(2)],
	]);
});

it("the records of the first organization are reported, not those of its delegates", async () => {
	const cache = copied(false, false);
	for (const index of [1, 2, 1]) await cache.get(idOf(index));
	expect(records).toEqual([record, record]);
	found = { record: undefined, cache: "miss" };
	await cache.get(idOf(1));
	expect(records).toHaveLength(2);
});
