/** What instances read for each other: with a store in memory that does what Redis does, at once. */
import { setImmediate } from "node:timers/promises";
import { beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { type CanonicalDidUrl, parseDidUrl, toCanonicalDidUrl } from "../../../src/did/did-url.ts";
import { DidError } from "../../../src/errors/errors.ts";
import type { OrgRecord } from "../../../src/registry/org-record.ts";
import type { RecordStore, StoreListener } from "../../../src/resolver/sharing/record-store.ts";
import {
	createSharedRecords,
	type SharedRecord,
	type SharedRecords,
	type SharedRecordsOptions,
} from "../../../src/resolver/sharing/shared-records.ts";
import { CHAIN_ID, didOf, keyOf, OWNER } from "../../support/memory-organizations.ts";
import { SECRET } from "../../support/shared-stage.ts";

const NOW = 1_800_000_000;
let clock: number;
let texts: Map<string, { readonly text: string; readonly until: number }>;
/** Whether anybody waits for the end of a lock, by key. */
let locks: Map<string, boolean>;
let listeners: Set<StoreListener>;
let published: number;
let takes: number;
/** Waited for by each question. */
let gate: Promise<void>;
let isDown: boolean;
let first: Instance;
let second: Instance;
beforeEach(() => {
	clock = NOW;
	texts = new Map();
	locks = new Map();
	listeners = new Set();
	[published, takes, isDown] = [0, 0, false];
	gate = Promise.resolve();
	first = join();
	second = join();
});

const store: RecordStore = {
	async take(key, _lockMs, refused) {
		takes += 1;
		await gate;
		const known = texts.get(key);
		if (known !== undefined && known.text !== refused)
			return { text: known.text, leftMs: (known.until - clock) * 1_000 };
		if (locks.has(key)) {
			locks.set(key, true);
			return "busy";
		}
		locks.set(key, false);
		return "locked";
	},
	async put(key, text, keptMs) {
		texts.set(key, { text, until: clock + keptMs / 1_000 });
		return unlock(key);
	},
	async remove(key) {
		texts.delete(key);
		return unlock(key);
	},
	async publish(message) {
		if (isDown) throw new Error("down");
		published += 1;
		for (const { onMessage } of listeners) onMessage(message);
	},
	subscribe(listener) {
		listeners.add(listener);
		listener.onListening();
		return () => void listeners.delete(listener);
	},
};

function unlock(key: string): boolean {
	const hasWaiters = locks.get(key) === true;
	locks.delete(key);
	return hasWaiters;
}

interface Instance {
	readonly records: SharedRecords;
	/** What the others said. */
	readonly heard: unknown[][];
	find(isUsable?: (found: SharedRecord) => boolean, did?: CanonicalDidUrl): Promise<SharedRecord | undefined>;
}

function join(options: Partial<SharedRecordsOptions> = {}): Instance {
	const records = createSharedRecords({
		...{ store, secret: SECRET, ttlSeconds: 60, negativeTtlSeconds: 5, maxEntries: 10 },
		sourceOf(chainId) {
			if (chainId !== CHAIN_ID) throw new DidError("did/chain-unknown", "another chain");
			return { registry: OWNER, blockTag: "latest" };
		},
		now: () => clock - NOW,
		wallNow: () => clock,
		...options,
	});
	const heard: unknown[][] = [];
	records.listen({
		onChanged: (...args) => void heard.push(["changed", ...args]),
		onRevoked: (...args) => void heard.push(["revoked", ...args]),
		onReset: () => void heard.push(["reset"]),
	});
	onTestFinished(() => records.close());
	return { records, heard, find: (isUsable = () => true, did = idOf(1)) => records.find(did, isUsable) };
}

const idOf = (index: number): CanonicalDidUrl => toCanonicalDidUrl(parseDidUrl(didOf(index)));
function recordOf(members: Partial<OrgRecord> = {}): OrgRecord {
	return {
		...{ did: didOf(1), kind: "orgpass", documentEvidence: "hash", chainId: CHAIN_ID, registry: OWNER },
		...{ orgId: idOf(1).orgId, owner: OWNER, active: true, keys: [], blockNumber: 5, ...members },
	};
}

function fakeTimers(): void {
	vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
	onTestFinished(() => void vi.useRealTimers());
}

/** Reads an organization and stores it. */
async function share(
	instance = first,
	record: OrgRecord | undefined = recordOf(),
	readAt = clock - NOW,
): Promise<void> {
	expect(await instance.find()).toBeUndefined();
	instance.records.offer(idOf(1), { record, readAt });
	await setImmediate();
}

describe("a record", () => {
	it("is read by one instance, and found by the others", async () => {
		await share();
		expect(await second.find()).toEqual({ record: recordOf(), readAt: 0 });
		clock += 20;
		expect(await second.find()).toEqual({ record: recordOf(), readAt: 0 });
		expect(locks.size).toBe(0);
	});

	it("is waited for while another instance reads it", async () => {
		expect(await first.find()).toBeUndefined();
		const finding = [second.find(), second.find()];
		await setImmediate();
		first.records.offer(idOf(1), { record: recordOf(), readAt: 0 });
		expect(await Promise.all(finding)).toEqual([1, 2].map(() => ({ record: recordOf(), readAt: 0 })));
	});

	it("is read by all if the one that reads it fails", async () => {
		expect(await first.find()).toBeUndefined();
		const finding = second.find();
		await setImmediate();
		first.records.fail(idOf(1));
		expect(await finding).toBeUndefined();
		expect(await first.find()).toBeUndefined();
		const before = published;
		second.records.fail(idOf(1));
		await setImmediate();
		expect(published).toBe(before);
	});

	it("that can't be used is refused once, then read", async () => {
		await share();
		const seen: unknown[] = [];
		const refuse = (found: SharedRecord): boolean => {
			seen.push(found.readAt);
			return false;
		};
		expect(await second.find(refuse)).toBeUndefined();
		expect(seen).toEqual([0]);
		expect(takes).toBe(3);
		second.records.offer(idOf(1), { record: recordOf({ blockNumber: 6 }), readAt: 0 });
		await setImmediate();
		expect((await first.find())?.record?.blockNumber).toBe(6);
	});

	it("that can't be used is waited for while another instance reads a later one", async () => {
		await share();
		expect(await first.find(() => false)).toBeUndefined();
		const finding = second.find(({ record }) => record?.blockNumber === 6);
		await setImmediate();
		first.records.offer(idOf(1), { record: recordOf({ blockNumber: 6 }), readAt: 0 });
		expect((await finding)?.record?.blockNumber).toBe(6);
	});

	it("isn't stored if it has been kept as long as it may be, or is of the future", async () => {
		await share(first, recordOf(), -60);
		expect(texts.size).toBe(0);
		expect(locks.size).toBe(0);
		await share(first, recordOf(), 1);
		expect(texts.size).toBe(0);
		await share(first, recordOf(), -59.5);
		expect([...texts.values()][0]?.until).toBe(clock + 0.5);
		expect((await second.find())?.readAt).toBe(-59.5);
	});

	it("isn't stored if it is too long", async () => {
		await share(first, recordOf({ delegates: ["x".repeat(2 ** 18)] }));
		expect([texts.size, locks.size]).toEqual([0, 0]);
	});

	it("of an organization that doesn't exist is kept for a shorter time", async () => {
		expect(await first.find()).toBeUndefined();
		first.records.offer(idOf(1), { record: undefined, readAt: -1 });
		await setImmediate();
		expect([...texts.values()][0]?.until).toBe(clock + 4);
		expect(await second.find()).toEqual({ record: undefined, readAt: -1 });
	});

	it("isn't found by instances with another registry, block or secret", async () => {
		await share();
		const sources = [
			{ registry: `0x${"5e".repeat(20)}`, blockTag: "latest" } as const,
			{ registry: OWNER, blockTag: "safe" } as const,
		];
		for (const source of sources) expect(await join({ sourceOf: () => source }).find()).toBeUndefined();
		expect(await join({ secret: "another secret of these tests, long enough" }).find()).toBeUndefined();
	});

	it("isn't used after it was dropped, until it is read again", async () => {
		await share();
		clock += 1;
		second.records.drop(didOf(2));
		expect(await second.find()).toBeDefined();
		second.records.drop(didOf(1));
		expect(await second.find()).toBeUndefined();
		second.records.fail(idOf(1));
		await setImmediate();
		await share(first);
		expect(await second.find()).toBeUndefined();
		second.records.fail(idOf(1));
		await setImmediate();
		clock += 1;
		await share(first);
		expect(await second.find()).toBeDefined();
		clock += 1;
		second.records.dropAll();
		expect(await second.find()).toBeUndefined();
	});
});

describe("an instance", () => {
	it("asks the store again after 900 ms, and then twice as long each time; after five seconds it reads for itself", async () => {
		expect(await first.find()).toBeUndefined();
		fakeTimers();
		const finding = second.find();
		for (const [at, ms] of [900, 1_800, 3_600].entries()) {
			await vi.advanceTimersByTimeAsync(ms - 1);
			expect(takes).toBe(2 + at);
			await vi.advanceTimersByTimeAsync(1);
		}
		expect(await finding).toBeUndefined();
		expect(takes).toBe(4);
		expect(second.records.status()).toEqual({
			...{ isAvailable: false, error: "another instance locks records and doesn't store them" },
		});
		expect(first.records.status()).toEqual({ isAvailable: true });
	});

	it("gives back a lock that it gets too late, but not that of another one", async () => {
		fakeTimers();
		for (const [holder, left] of [
			[undefined, 0],
			[first, 1],
		] as const) {
			await holder?.find();
			const { promise, resolve } = Promise.withResolvers<void>();
			gate = promise;
			const late = join().find();
			await vi.advanceTimersByTimeAsync(500);
			expect(await late).toBeUndefined();
			resolve();
			await vi.advanceTimersByTimeAsync(0);
			expect(locks.size).toBe(left);
		}
	});

	it("finds what was stored meanwhile even if no message said so", async () => {
		expect(await first.find()).toBeUndefined();
		fakeTimers();
		const finding = second.find();
		await vi.advanceTimersByTimeAsync(0);
		listeners.clear();
		first.records.offer(idOf(1), { record: recordOf(), readAt: 0 });
		await vi.advanceTimersByTimeAsync(900);
		expect(await finding).toMatchObject({ readAt: 0 });
	});

	it("neither asks nor listens after it was closed", async () => {
		await second.find(undefined, idOf(2));
		expect(listeners.size).toBe(1);
		second.records.close();
		expect(listeners.size).toBe(0);
		const before = takes;
		expect(await second.find()).toBeUndefined();
		expect(takes).toBe(before);
	});

	it("drops everything when it listens again, because it may have missed something", async () => {
		await second.find();
		expect(second.heard).toEqual([]);
		for (const { onListening } of listeners) onListening();
		expect(second.heard).toEqual([["reset"]]);
	});
});

describe("news", () => {
	/** All listen, and the store has a record. */
	beforeEach(async () => {
		for (const [at, instance] of [first, second].entries()) {
			await instance.find(undefined, idOf(10 + at));
			instance.records.fail(idOf(10 + at));
		}
		await share();
		published = 0;
	});

	it("of a change that was read reaches the others, and leaves the record, which has it", async () => {
		first.records.announce(didOf(1), 7);
		await setImmediate();
		expect(texts.size).toBe(1);
		expect([first.heard, second.heard]).toEqual([[], [["changed", didOf(1), 7]]]);
	});

	it("of a revocation, and of everything, reaches the others", async () => {
		const key = keyOf("k", { revokedAt: 5 });
		first.records.announceRevoked(didOf(1), key);
		first.records.announceAll();
		await setImmediate();
		expect(second.heard).toEqual([["revoked", didOf(1), key], ["reset"]]);
		expect(texts.size).toBe(1);
	});

	it("of other chains isn't told, and of other registries isn't heard", async () => {
		first.records.announce(`did:orgid:5:${idOf(1).orgId}`, 7);
		first.records.announce("did:web:example.com", 7);
		await setImmediate();
		expect(published).toBe(0);
		join({ sourceOf: () => ({ registry: OWNER, blockTag: "safe" }) }).records.announce(didOf(1), 7);
		await setImmediate();
		expect(published).toBe(1);
		expect(second.heard).toEqual([]);
	});

	it("without a secret only makes the others read again", async () => {
		const [one, other] = [join({ secret: false }), join({ secret: false })];
		expect([one.records.isAuthentic, first.records.isAuthentic]).toEqual([false, true]);
		await other.find(undefined, idOf(12));
		one.records.announce(didOf(1), 7);
		one.records.announceRevoked(didOf(1), keyOf("k", { revokedAt: 5 }));
		one.records.announceAll();
		await setImmediate();
		expect(other.heard).toEqual([["changed", didOf(1), undefined], ["changed", didOf(1), undefined], ["reset"]]);
		expect(second.heard).toEqual([]);
	});

	it("that couldn't be told makes the others read everything again once the store works", async () => {
		fakeTimers();
		first.records.announce(didOf(1), 7);
		await vi.advanceTimersByTimeAsync(0);
		isDown = true;
		first.records.announce(didOf(1), 8);
		await vi.advanceTimersByTimeAsync(500);
		isDown = false;
		expect(second.heard).toEqual([["changed", didOf(1), 7]]);
		await first.find(undefined, idOf(13));
		await vi.advanceTimersByTimeAsync(0);
		expect(second.heard).toEqual([["changed", didOf(1), 7], ["reset"]]);
		await first.find(undefined, idOf(14));
		expect(second.heard).toHaveLength(2);
	});

	it("that was missed makes the others read everything again", async () => {
		const all = [...listeners];
		first.records.announce(didOf(1), 7);
		await setImmediate();
		listeners.clear();
		first.records.announce(didOf(1), 8);
		await setImmediate();
		for (const listener of all) listeners.add(listener);
		first.records.announce(didOf(1), 9);
		await setImmediate();
		expect(second.heard).toEqual([["changed", didOf(1), 7], ["reset"], ["changed", didOf(1), 9]]);
	});
});
