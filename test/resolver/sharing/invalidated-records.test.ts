/** Records in a store that an instance invalidates: what is left of them for instances that start later. */
import { setImmediate } from "node:timers/promises";
import { beforeEach, expect, it, onTestFinished } from "vitest";
import { type CanonicalDidUrl, parseDidUrl, toCanonicalDidUrl } from "../../../src/did/did-url.ts";
import {
	createSharedRecords,
	type SharedRecord,
	type SharedRecords,
} from "../../../src/resolver/sharing/shared-records.ts";
import { didOf, OWNER } from "../../support/memory-organizations.ts";
import { createMemoryRecordStore, type MemoryRecordStore } from "../../support/memory-record-store.ts";
import { SECRET } from "../../support/shared-stage.ts";

const A: CanonicalDidUrl = toCanonicalDidUrl(parseDidUrl(didOf(1)));

let clock: number;
let store: MemoryRecordStore;
let first: SharedRecords;
let second: SharedRecords;
beforeEach(() => {
	clock = 1_800_000_000;
	store = createMemoryRecordStore(() => clock);
	[first, second] = [start(), start()];
});

/** An instance that begins now. */
function start(): SharedRecords {
	const records = createSharedRecords({
		...{ store: store.connect(), secret: SECRET, ttlSeconds: 60, negativeTtlSeconds: 5, maxEntries: 10 },
		...{ sourceOf: () => ({ registry: OWNER, blockTag: "latest" }), now: () => clock, wallNow: () => clock },
	});
	onTestFinished(() => records.close());
	return records;
}

/** What this instance finds; undefined if it has to read. */
function find(records: SharedRecords): Promise<number | undefined> {
	return records.find(A, () => true).then((found) => found?.record?.blockNumber);
}

/** Stores what this instance has read now. */
async function offer(records: SharedRecords, blockNumber: number): Promise<void> {
	const { did, chainId, orgId } = A;
	const record: SharedRecord["record"] = {
		...{ did, kind: "orgpass", documentEvidence: "hash", chainId, registry: OWNER, orgId, owner: OWNER },
		...{ active: true, keys: [], blockNumber },
	};
	records.offer(A, { record, readAt: clock });
	await setImmediate();
}

it.each([undefined, 5, 6, 7])(
	"T50: from block %j on, one reads it, for those that start later, too",
	async (minBlock) => {
		expect(await find(first)).toBeUndefined();
		await offer(first, 5);
		expect(await find(start())).toBe(5);
		first.invalidate(A.did, minBlock);
		clock += 1;
		const reader = start();
		expect(await find(reader)).toBeUndefined();
		const others = [first, second, start()].map(find);
		await setImmediate();
		await offer(reader, 7);
		expect(await Promise.all(others)).toEqual([7, 7, 7]);
	},
);

it("a read that an invalidation interrupted removes nothing that another instance has stored meanwhile", async () => {
	expect(await find(first)).toBeUndefined();
	first.invalidate(A.did, 7);
	expect(await find(second)).toBeUndefined();
	await offer(second, 7);
	first.fail(A);
	await setImmediate();
	expect(await find(start())).toBe(7);
});

it.each([undefined, 7])(
	"an instance that invalidates from block %j on uses nothing that was read before, even if stored later",
	async (minBlock) => {
		expect(await find(second)).toBeUndefined();
		first.invalidate(A.did, minBlock);
		await offer(second, 9);
		expect(await find(start())).toBe(9);
		expect(await find(first)).toBeUndefined();
	},
);
