/** When a cache reads its registry, and what it returns meanwhile. */
import { beforeEach, describe, expect, it } from "vitest";
import type { CanonicalDidUrl } from "../../src/did/did-url.ts";
import { RegistryError } from "../../src/errors/errors.ts";
import type { OnChainKey, OrgRecord } from "../../src/registry/org-record.ts";
import type { RegistryReader, StateReadOptions } from "../../src/registry/registry.ts";
import { createRecordCache, type RecordCache } from "../../src/resolver/record-cache.ts";
import type { RecordWatch } from "../../src/resolver/record-entries.ts";
import { CHAIN_ID, didOf, keyOf, OWNER, orgIdOf } from "../support/memory-organizations.ts";
import { expectRefusal } from "../support/refusal.ts";

const LIMITS = {
	...{ ttlSeconds: 60, negativeTtlSeconds: 5, staleIfErrorSeconds: 600, refreshCooldownSeconds: 0.1, maxEntries: 10 },
};
const A: CanonicalDidUrl = { did: didOf(1), orgId: orgIdOf(1), chainId: CHAIN_ID };
const DOWN = new RegistryError("registry/unreachable", "down");
type State = Partial<OrgRecord> | undefined | Error;

let clock: number;
let state: State;
let states: State[];
let reads: (StateReadOptions | undefined)[];
let keyReads: unknown[][];
let key: OnChainKey | undefined;
/** Waited for by each read. */
let gate: Promise<void>;
let watch: RecordWatch | undefined;
let cache: RecordCache;
beforeEach(() => {
	clock = 1_000;
	state = {};
	states = [];
	reads = [];
	keyReads = [];
	key = undefined;
	gate = Promise.resolve();
	watch = undefined;
	cache = create();
});

function create(limits: Partial<typeof LIMITS> = {}): RecordCache {
	const registry = {
		async read(orgId: string, options?: StateReadOptions) {
			reads.push(options);
			await gate;
			const current = states.length > 0 ? states.shift() : state;
			if (current instanceof Error) throw current;
			return (
				current && recordOf({ orgId: orgId as OrgRecord["orgId"], did: `did:orgid:${CHAIN_ID}:${orgId}`, ...current })
			);
		},
		async readKey(...args: unknown[]) {
			keyReads.push(args);
			return key;
		},
	};
	return createRecordCache(
		() => registry as unknown as RegistryReader,
		{ ...LIMITS, ...limits },
		() => clock,
		{ watch },
	);
}

function recordOf(members: Partial<OrgRecord>): OrgRecord {
	return {
		...{ did: A.did, kind: "orgpass", documentEvidence: "hash", chainId: CHAIN_ID, registry: OWNER, orgId: A.orgId },
		...{ owner: OWNER, active: true, keys: [], blockNumber: 5, ...members },
	};
}

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const use = async (): Promise<string> => (await cache.get(A)).cache;
const recordNow = async (): Promise<OrgRecord> => (await cache.get(A)).record as OrgRecord;

describe("an organization", () => {
	it("is read once for all who ask at the same time, and kept", async () => {
		expect(await Promise.all([use(), use(), use()])).toEqual(["miss", "shared", "shared"]);
		expect(await use()).toBe("hit");
		expect(reads).toEqual([{}]);
		const record = await recordNow();
		expect(cache.peek(A.did)).toBe(record);
		expect([cache.isCurrent(record), cache.isStale(record), cache.isOutdated(record)]).toEqual([true, false, false]);
	});

	it("that doesn't exist is kept for a shorter time", async () => {
		state = undefined;
		expect(await cache.get(A)).toEqual({ record: undefined, cache: "miss" });
		clock += 4;
		expect(await cache.get(A)).toEqual({ record: undefined, cache: "hit" });
		expect(cache.peek(A.did)).toBeUndefined();
		clock += 1;
		expect(await use()).toBe("miss");
	});

	it("is the same object if it hasn't changed, unless its document may have", async () => {
		const first = await recordNow();
		cache.invalidate(A.did);
		expect(await recordNow()).not.toBe(first);
		const second = await recordNow();
		state = { blockNumber: 9 };
		await cache.findMissingKey(A, "x", { record: second, cache: "hit" });
		expect(await recordNow()).toBe(second);
		expect(cache.isOutdated(second)).toBe(false);
		state = { document: { uris: [] }, blockNumber: 9 };
		await cache.findMissingKey(A, "x", { record: second, cache: "hit" });
		const third = await recordNow();
		expect(third).not.toBe(second);
		expect([cache.isCurrent(second), cache.isOutdated(second), cache.isOutdated(third)]).toEqual([false, true, false]);
		await cache.findMissingKey(A, "x", { record: third, cache: "hit" });
		expect(await recordNow()).not.toBe(third);
	});

	it("is read as of the latest block seen", async () => {
		await use();
		cache.invalidate(A.did, 7);
		states = [{ blockNumber: 6 }, { blockNumber: 7 }];
		expect((await recordNow()).blockNumber).toBe(7);
		expect(reads).toEqual([{}, { minBlock: 7 }, { minBlock: 7 }]);
		cache.invalidate(A.did, 6);
		state = { blockNumber: 7 };
		await use();
		expect(reads.at(-1)).toEqual({ minBlock: 7 });
	});

	it("is read five times at most while its state is too old", async () => {
		cache.invalidate(A.did, 7);
		const error = await expectRefusal(use, "registry/outdated");
		expect(error.message).toContain(A.did);
		expect(reads).toHaveLength(5);
		states = [{}, {}, {}, {}, { blockNumber: 7 }];
		expect((await recordNow()).blockNumber).toBe(7);
	});

	it("that doesn't exist at the block seen doesn't exist", async () => {
		cache.invalidate(A.did, 7);
		state = undefined;
		expect((await cache.get(A)).record).toBeUndefined();
		expect(reads).toEqual([{ minBlock: 7 }]);
	});

	it("of a block that can't exist is read at the block that does", async () => {
		cache.invalidate(A.did, 10 ** 6);
		const outdated = new RegistryError("registry/outdated", "x", { details: { expected: 10 ** 6, actual: 100 } });
		states = [outdated, { blockNumber: 100, blockTimestamp: clock }];
		expect((await recordNow()).blockNumber).toBe(100);
		expect(reads).toEqual([{ minBlock: 10 ** 6 }, undefined]);
		cache.invalidate(A.did);
		await expectRefusal(use, "registry/outdated");
		expect(reads.at(-1)).toEqual({ minBlock: 100 });
		cache.invalidate(A.did, 10 ** 6);
		states = [outdated, { blockNumber: 990_000, blockTimestamp: clock }];
		await expect(use()).rejects.toBe(outdated);
	});
});

describe("while the node is down", () => {
	beforeEach(async () => {
		await use();
		state = DOWN;
		reads = [];
	});

	it("an expired record is used, and read again every negativeTtlSeconds", async () => {
		clock += 60;
		const { record, cache: how } = await cache.get(A);
		expect(how).toBe("stale");
		expect([cache.isStale(record as OrgRecord), cache.isCurrent(record as OrgRecord)]).toEqual([true, true]);
		expect(cache.peek(A.did)).toBeUndefined();
		expect(reads).toHaveLength(1);
		clock += 4;
		expect(await use()).toBe("stale");
		expect(reads).toHaveLength(1);
		clock += 1;
		expect(await use()).toBe("stale");
		await settle();
		expect(reads).toHaveLength(2);
		expect(await use()).toBe("stale");
		expect(reads).toHaveLength(2);
		state = {};
		clock += 5;
		expect(await use()).toBe("stale");
		await settle();
		expect(await use()).toBe("hit");
		expect(cache.isStale(record as OrgRecord)).toBe(false);
	});

	it("it isn't used after staleIfErrorSeconds, or if the registry says something else", async () => {
		clock += 60;
		state = new RangeError("a bug");
		await expect(use()).rejects.toBe(state);
		state = DOWN;
		clock += 599;
		expect(await use()).toBe("stale");
		clock += 1;
		await expect(use()).rejects.toBe(DOWN);
	});

	it("one that was invalidated isn't used", async () => {
		cache.invalidate(A.did);
		await expect(use()).rejects.toBe(DOWN);
		expect(cache.copyOf(A.did).entry).toBeUndefined();
	});
});

describe("a key that the record doesn't list", () => {
	it("is looked up in a new record, then by itself, unless the record is new", async () => {
		const known = await cache.get(A);
		await cache.findMissingKey(A, "x", known);
		expect(reads).toHaveLength(1);
		expect(keyReads).toEqual([[A.orgId, "x", { minBlock: 5 }]]);
		state = { keys: [keyOf("x")], blockNumber: 6 };
		await cache.findMissingKey(A, "x", await cache.get(A));
		expect(reads).toHaveLength(2);
		expect(keyReads).toHaveLength(1);
		expect(cache.revokedKey(A, "x")).toBeUndefined();
	});

	it("may have been revoked", async () => {
		key = keyOf("x", { revokedAt: 9 });
		const known = await cache.get(A);
		await cache.findMissingKey(A, "x", known);
		expect(cache.revokedKey(A, "x")).toBe(key);
		expect([...(cache.revokedKeys(A.did) ?? [])]).toEqual([["x", key]]);
		expect(cache.isUnrevoked("x", known.record as OrgRecord)).toBe(false);
		expect(cache.revokedKey(A, "y")).toBeUndefined();
		cache.invalidateAll();
		expect(cache.revokedKey(A, "x")).toBe(key);
		cache.clear();
		expect(cache.revokedKey(A, "x")).toBeUndefined();
	});

	it("isn't looked up in an organization that is gone", async () => {
		const known = await cache.get(A);
		state = undefined;
		await cache.findMissingKey(A, "x", { ...known, cache: "hit" });
		expect(keyReads).toEqual([]);
	});

	it("is an outage if it isn't revoked: then the states differ", async () => {
		key = keyOf("x");
		const error = await expectRefusal(
			async () => cache.findMissingKey(A, "x", await cache.get(A)),
			"registry/outdated",
		);
		expect(error.message).toContain(`${A.did}#x`);
	});

	it.each<[string, object, number]>([
		["without a document", {}, 0.1],
		["with the hash of its document", { document: { uris: [], hash: `0x${"0a".repeat(32)}` } }, 0.1],
		["with a document that may change", { document: { uris: [] } }, 10],
	])("of an organization %s is looked up ten times, then once per cooldown", async (_what, members, seconds) => {
		state = members;
		await use();
		const find = async (): Promise<void> => cache.findMissingKey(A, "x", await cache.get(A));
		for (let count = 0; count < 10; count++) await find();
		expect(reads).toHaveLength(11);
		if (seconds < 1) await find();
		else expect((await expectRefusal(find, "registry/unreachable")).details).toEqual({ retryAfterSeconds: seconds });
		clock += seconds;
		await find();
		expect(reads.length).toBeGreaterThan(11);
	});

	it("waits for a longer cooldown if that is configured", async () => {
		cache = create({ refreshCooldownSeconds: 20 });
		state = { document: { uris: [] } };
		await use();
		const find = async (): Promise<void> => cache.findMissingKey(A, "x", await cache.get(A));
		for (let count = 0; count < 10; count++) await find();
		expect((await expectRefusal(find, "registry/unreachable")).details).toEqual({ retryAfterSeconds: 20 });
		cache.invalidate(A.did);
		await use();
		await find();
		expect(reads.length).toBeGreaterThan(11);
	});
});

describe("what was seen", () => {
	it("is part of a copy, with the record", async () => {
		key = keyOf("x", { revokedAt: 9 });
		await cache.findMissingKey(A, "x", await cache.get(A));
		const record = await recordNow();
		const copied = cache.copyOf(A.did);
		expect(copied).toMatchObject({ entry: { record }, minBlock: 5 });
		const copy = create();
		copy.restore(A.did, copied);
		expect(await copy.get(A)).toEqual({ record, cache: "hit" });
		expect(copy.revokedKey(A, "x")).toBe(key);
		const other = create();
		other.restore(A.did, { entry: undefined, minBlock: 8, revokedKeys: undefined });
		state = { blockNumber: 8 };
		expect((await other.get(A)).cache).toBe("miss");
		expect(reads.at(-1)).toEqual({ minBlock: 8 });
		clock += 60;
		expect(cache.copyOf(A.did).entry?.record).toBe(record);
	});

	it("after a reorganization isn't expected any more", async () => {
		await use();
		cache.rewind(CHAIN_ID, { head: 3, unreplaced: 2 });
		cache.invalidate(A.did);
		state = { blockNumber: 3 };
		expect((await recordNow()).blockNumber).toBe(3);
		expect(reads.at(-1)).toEqual({ minBlock: 3 });
	});

	it("is dropped with everything else, of one chain or of all", async () => {
		await use();
		cache.invalidateAll(1);
		expect(await use()).toBe("hit");
		cache.invalidateAll(CHAIN_ID);
		expect(await use()).toBe("miss");
		expect(reads.at(-1)).toEqual({ minBlock: 5 });
		cache.invalidateAll();
		expect(await use()).toBe("miss");
		cache.clear();
		await use();
		expect(reads.at(-1)).toEqual({});
	});
});

describe("a watched record", () => {
	it("is covered if the watcher says so, until it is rewound", async () => {
		const asked: unknown[][] = [];
		watch = {
			covers(...args) {
				asked.push(args);
				return true;
			},
			confirmedAt: () => clock,
		};
		cache = create();
		const record = await recordNow();
		expect(asked).toEqual([[record, 1_000]]);
		clock += 3_000;
		expect(await use()).toBe("hit");
		cache.rewind(CHAIN_ID, { head: 9, unreplaced: 4 });
		expect(await use()).toBe("miss");
	});

	it("isn't covered if the watcher doesn't say so", async () => {
		watch = { covers: () => false, confirmedAt: () => clock };
		cache = create();
		await use();
		clock += 60;
		expect(await use()).toBe("miss");
	});
});

describe("a read that an invalidation overtakes", () => {
	it("is returned to those who asked, but not kept", async () => {
		for (const invalidate of [() => cache.invalidate(A.did), () => cache.invalidateAll()]) {
			reads = [];
			const { promise, resolve } = Promise.withResolvers<void>();
			gate = promise;
			const overtaken = cache.get(A);
			await settle();
			expect(reads).toHaveLength(1);
			invalidate();
			resolve();
			expect((await overtaken).record).toBeDefined();
			expect(cache.peek(A.did)).toBeUndefined();
			expect(await use()).toBe("miss");
			invalidate();
		}
	});
});
