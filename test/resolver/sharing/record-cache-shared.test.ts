/** A cache whose records other instances share: what it takes from them, and what it tells them. */
import { beforeEach, describe, expect, it } from "vitest";
import type { CanonicalDidUrl } from "../../../src/did/did-url.ts";
import type { OnChainKey, OrgRecord } from "../../../src/registry/org-record.ts";
import type { RegistryReader, StateReadOptions } from "../../../src/registry/registry.ts";
import { createRecordCache, type RecordCache } from "../../../src/resolver/record-cache.ts";
import type {
	SharedRecord,
	SharedRecords,
	SharedRecordsListener,
} from "../../../src/resolver/sharing/shared-records.ts";
import { CHAIN_ID, didOf, keyOf, OWNER, orgIdOf } from "../../support/memory-organizations.ts";

const A: CanonicalDidUrl = { did: didOf(1), orgId: orgIdOf(1), chainId: CHAIN_ID };
const LIMITS = {
	...{ ttlSeconds: 60, negativeTtlSeconds: 5, staleIfErrorSeconds: 0, refreshCooldownSeconds: 0, maxEntries: 10 },
};

let clock: number;
let state: Partial<OrgRecord> | undefined | Error;
let reads: (StateReadOptions | undefined)[];
let key: OnChainKey | undefined;
/** What another instance has. */
let stored: SharedRecord | undefined;
let told: unknown[][];
let others: SharedRecordsListener;
let isAuthentic: boolean;
let isCovered: boolean;
let gate: Promise<void>;
let cache: RecordCache;
beforeEach(() => {
	clock = 1_000;
	state = {};
	reads = [];
	key = undefined;
	stored = undefined;
	told = [];
	isAuthentic = true;
	isCovered = false;
	gate = Promise.resolve();
	cache = create();
});

function create(): RecordCache {
	const note =
		(name: string) =>
		(...args: unknown[]) =>
			void told.push([name, ...args]);
	const shared: SharedRecords = {
		get isAuthentic() {
			return isAuthentic;
		},
		listen(listener) {
			others = listener;
		},
		find: async (_did, isUsable) => (stored !== undefined && isUsable(stored) ? stored : undefined),
		offer: (did, read) => note("offer")(did.did, read.record?.blockNumber, read.readAt),
		fail: (did) => note("fail")(did.did),
		...{ drop: note("drop"), dropAll: note("dropAll"), invalidate: note("invalidate") },
		...{ announce: note("announce"), announceAll: note("announceAll") },
		...{ announceRevoked: note("announceRevoked"), close() {}, status: () => ({ isAvailable: true }) },
	};
	const registry = {
		async read(_orgId: string, options?: StateReadOptions) {
			reads.push(options);
			await gate;
			if (state instanceof Error) throw state;
			return state && recordOf(state);
		},
		readKey: async () => key,
	};
	const watch = { covers: () => isCovered, confirmedAt: () => clock };
	return createRecordCache(
		() => registry as unknown as RegistryReader,
		LIMITS,
		() => clock,
		{ watch, shared },
	);
}

function recordOf(members: Partial<OrgRecord> = {}): OrgRecord {
	return {
		...{ did: A.did, kind: "orgpass", documentEvidence: "hash", chainId: CHAIN_ID, registry: OWNER, orgId: A.orgId },
		...{ owner: OWNER, active: true, keys: [], blockNumber: 5, ...members },
	};
}

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const use = async (): Promise<string> => (await cache.get(A)).cache;

describe("another instance's record", () => {
	it("is used instead of a read, until its TTL is over", async () => {
		stored = { record: recordOf(), readAt: 990 };
		expect(await cache.get(A)).toEqual({ record: stored.record, cache: "store" });
		expect(await use()).toBe("hit");
		expect([reads, told]).toEqual([[], []]);
		clock = 1_049;
		expect(await use()).toBe("hit");
		clock = 1_050;
		expect(await use()).toBe("miss");
		expect(reads).toHaveLength(1);
	});

	it.each<[string, SharedRecord, boolean]>([
		["almost too old", { record: recordOf(), readAt: 941 }, true],
		["too old", { record: recordOf(), readAt: 940 }, false],
		["of the future", { record: recordOf(), readAt: 1_001 }, false],
		["of the latest block seen", { record: recordOf({ blockNumber: 4 }), readAt: 1_000 }, true],
		["of an earlier block", { record: recordOf({ blockNumber: 3 }), readAt: 1_000 }, false],
	])("that is %s is used: %#", async (_what, other, isUsed) => {
		cache.invalidate(A.did, 4);
		stored = other;
		expect((await use()) === "store").toBe(isUsed);
		expect(reads).toHaveLength(isUsed ? 0 : 1);
	});

	it.each<[string, number, number, boolean]>([
		["almost too old", 996, 0, true],
		["too old", 995, 0, false],
		["of an organization that was seen", 1_000, 1, false],
	])("of an absence that is %s is used: %#", async (_what, readAt, minBlock, isUsed) => {
		if (minBlock > 0) cache.invalidate(A.did, minBlock);
		stored = { record: undefined, readAt };
		expect(await use()).toBe(isUsed ? "store" : "miss");
	});

	it("isn't used to look up an unlisted key, but the lookup is shared", async () => {
		stored = { record: recordOf(), readAt: 1_000 };
		const known = await cache.get(A);
		await cache.findMissingKey(A, "x", known);
		expect(reads).toEqual([{ minBlock: 5 }]);
		expect(told).toContainEqual(["offer", A.did, 5, 1_000]);
	});

	it("counts as seen, and is covered by the watcher, only if it is authentic", async () => {
		for (const authentic of [true, false]) {
			[isAuthentic, isCovered, clock] = [authentic, true, 1_000];
			cache = create();
			stored = { record: recordOf({ blockNumber: 9 }), readAt: 990 };
			expect(await use()).toBe("store");
			clock = 1_100;
			stored = undefined;
			expect(await use()).toBe(authentic ? "hit" : "miss");
			reads = [];
			cache.invalidate(A.did);
			state = { blockNumber: 9 };
			await use();
			expect(reads).toEqual([{ minBlock: authentic ? 9 : 5 }]);
			state = {};
		}
	});
});

describe("what a cache reads", () => {
	it("is offered to the others, who needn't wait any more", async () => {
		clock = 1_007;
		await use();
		expect(told).toEqual([
			["offer", A.did, 5, 1_007],
			["fail", A.did],
		]);
		told = [];
		state = undefined;
		cache.invalidateAll(CHAIN_ID);
		await use();
		expect(told).toEqual([["dropAll"], ["offer", A.did, undefined, 1_007], ["fail", A.did]]);
	});

	it("and can't, makes the others go on", async () => {
		state = new Error("down");
		await expect(use()).rejects.toThrow("down");
		expect(told).toEqual([["fail", A.did]]);
	});

	it("isn't offered if it was invalidated meanwhile", async () => {
		const { promise, resolve } = Promise.withResolvers<void>();
		gate = promise;
		const reading = cache.get(A);
		await settle();
		cache.invalidate(A.did);
		resolve();
		await reading;
		expect(new Set(told.map(([name]) => name))).toEqual(new Set(["drop", "invalidate", "fail"]));
	});

	it("and finds changed is announced, with its block", async () => {
		await use();
		told = [];
		state = { blockNumber: 6 };
		clock += 60;
		await use();
		expect(told.map(([name]) => name)).toEqual(["offer", "fail"]);
		state = { blockNumber: 7, active: false };
		clock += 60;
		await use();
		expect(told).toContainEqual(["announce", A.did, 7]);
		told = [];
		state = undefined;
		clock += 60;
		await use();
		expect(told.map(([name]) => name)).toEqual(["offer", "fail"]);
	});

	it("and finds revoked is announced, once", async () => {
		key = keyOf("x", { revokedAt: 5 });
		for (let i = 0; i < 2; i++) await cache.findMissingKey(A, "x", await cache.get(A));
		expect(told.filter(([name]) => name === "announceRevoked")).toEqual([["announceRevoked", A.did, key]]);
	});
});

describe("an invalidation", () => {
	it("is one for all instances, with its block if that is known", async () => {
		for (const minBlock of [undefined, 9]) {
			cache.invalidate(A.did, minBlock);
			expect(told.at(-1)).toEqual(["invalidate", A.did, minBlock]);
		}
		told = [];
		cache.invalidateAll();
		cache.invalidateAll(CHAIN_ID);
		expect(told).toEqual([["dropAll"], ["announceAll"], ["dropAll"]]);
	});

	it("of everything begins lookups of unknown keys anew, one of a chain doesn't", async () => {
		const known = { record: recordOf({ document: { uris: [] } }), cache: "hit" } as const;
		state = { document: { uris: [] } };
		const find = (): Promise<void> => cache.findMissingKey(A, "x", known);
		for (let count = 0; count < 10; count++) await find();
		cache.invalidateAll(CHAIN_ID);
		await expect(find()).rejects.toMatchObject({ code: "registry/unreachable" });
		cache.invalidateAll();
		expect(await find()).toBeUndefined();
	});
});

describe("what other instances say", () => {
	beforeEach(async () => {
		state = { blockNumber: 5 };
		await use();
		told = [];
		reads = [];
	});

	it.each<[number | undefined, boolean, unknown[][]]>([
		[undefined, true, [["drop", didOf(1)]]],
		[0, true, [["drop", didOf(1)]]],
		[4, false, []],
		[5, false, []],
		[6, true, []],
	])("of a change in block %j makes the cache read again: %o", async (minBlock, isDropped, expected) => {
		others.onChanged(A.did, minBlock);
		expect(told).toEqual(expected);
		state = { blockNumber: 6 };
		expect(await use()).toBe(isDropped ? "miss" : "hit");
		if (isDropped) expect(reads).toEqual([{ minBlock: minBlock === 6 ? 6 : 5 }]);
	});

	it("of a revoked key counts, once, and isn't said again", async () => {
		const revoked = keyOf("x", { revokedAt: 5 });
		others.onRevoked(A.did, revoked);
		expect(cache.revokedKey(A, "x")).toBe(revoked);
		expect(told).toEqual([["drop", A.did]]);
		expect(await use()).toBe("miss");
		others.onRevoked(A.did, { ...revoked });
		expect(cache.revokedKey(A, "x")).toBe(revoked);
		expect(await use()).toBe("hit");
		others.onRevoked(A.did, keyOf("y", { revokedAt: 5 }));
		expect(await use()).toBe("miss");
		expect(told.map(([name]) => name)).not.toContain("announceRevoked");
	});

	it("of everything drops everything, but what was seen stays known", async () => {
		others.onReset();
		expect(told).toEqual([["dropAll"]]);
		expect(await use()).toBe("miss");
		expect(reads).toEqual([{ minBlock: 5 }]);
	});
});
