/** A resolver's records, with registries and watchers that do what real ones do rarely. */
import { describe, expect, it, onTestFinished, vi } from "vitest";
import type { CanonicalDidUrl, OrgId } from "../../src/did/did-url.ts";
import { formatDidUrl } from "../../src/did/did-url.ts";
import { RegistryError } from "../../src/errors/errors.ts";
import type { OnChainKey, OrgRecord } from "../../src/registry/org-record.ts";
import type { Registry } from "../../src/registry/registry.ts";
import { createOrganizationStore } from "../../src/resolver/organization-store.ts";
import { createRecordCache, type RecordCache } from "../../src/resolver/record-cache.ts";
import type { RecordWatch } from "../../src/resolver/record-entries.ts";
import { stopClock } from "../support/node-cluster.ts";

const orgId: OrgId = `0x${"0a".repeat(32)}`;
const did: CanonicalDidUrl = { chainId: 1, orgId, did: formatDidUrl({ chainId: 1, orgId }) };
const LIMITS = {
	ttlSeconds: 60,
	negativeTtlSeconds: 5,
	staleIfErrorSeconds: 0,
	refreshCooldownSeconds: 0,
	maxEntries: 10,
};
let clock = 0;

function recordAt(blockNumber: number): OrgRecord {
	return {
		did: did.did,
		kind: "orgpass",
		documentEvidence: "hash",
		chainId: 1,
		registry: `0x${"0b".repeat(20)}`,
		orgId,
		owner: `0x${"0c".repeat(20)}`,
		active: true,
		keys: [],
		blockNumber,
	};
}

function cacheOf(
	registry: Partial<Registry>,
	options: { readonly limits?: Partial<typeof LIMITS>; readonly watch?: RecordWatch } = {},
): RecordCache {
	return createRecordCache(
		() => registry as Registry,
		{ ...LIMITS, ...options.limits },
		() => clock,
		{ watch: options.watch },
	);
}

const OUTDATED = { code: "registry/outdated" };

describe("T54: a state that is older than one already seen", () => {
	it("isn't asked for without end, whatever a registry returns", async () => {
		let reads = 0;
		const cache = cacheOf({
			read: async () => {
				reads += 1;
				return recordAt(5);
			},
		});
		cache.invalidate(did.did, 10);
		await expect(cache.get(did)).rejects.toMatchObject(OUTDATED);
		expect(reads).toBeLessThanOrEqual(5);
	});

	it("isn't kept if a read that was overtaken by invalidate shows a later one", async () => {
		const first = Promise.withResolvers<OrgRecord>();
		const reads = [() => first.promise, async () => recordAt(5), async () => recordAt(9)];
		const cache = cacheOf({ read: async () => reads.shift()?.() });
		const overtaken = cache.get(did);
		await Promise.resolve();
		cache.invalidate(did.did);
		expect(await cache.get(did)).toMatchObject({ record: { blockNumber: 5 } });
		first.resolve(recordAt(9));
		await overtaken;
		expect(await cache.get(did)).toMatchObject({ cache: "miss", record: { blockNumber: 9 } });
	});

	it("isn't looked up without end if it changes all the time", async () => {
		const cache = { ...cacheOf({ read: async () => recordAt(5) }), isOutdated: () => true };
		const store = createOrganizationStore({
			cache,
			hasDocuments: false,
			fetchDocument: () => Promise.reject(new Error("no document is expected")),
			timeoutMs: 1_000,
			acceptPrettyPrintedHash: false,
			negativeTtlSeconds: 5,
			maxStaleSeconds: 0,
			maxEntries: 10,
			now: () => clock,
		});
		await expect(store.load(did, "owner")).rejects.toMatchObject(OUTDATED);
	});
});

describe("T84: a key that the record doesn't list", () => {
	const keyOf = (fragment: string): OnChainKey => ({
		fragment,
		publicKeyHex: `0x04${"0d".repeat(64)}`,
		validFrom: 0,
		validUntil: 0,
		addedAt: 1,
		revokedAt: 0,
	});

	it("is an outage, not absent, if it was added between the two reads", async () => {
		const cache = cacheOf({ read: async () => recordAt(5), readKey: async (_, fragment) => keyOf(fragment) });
		await expect(cache.findMissingKey(did, "new", await cache.get(did))).rejects.toMatchObject(OUTDATED);
		expect(cache.revokedKey(did, "new")).toBeUndefined();
	});

	it("is remembered only if it is among the thousand names used last", async () => {
		const asked: string[] = [];
		const cache = cacheOf({
			read: async () => recordAt(5),
			readKey: async (_, fragment) => void asked.push(fragment),
		});
		const { record } = await cache.get(did);
		if (record === undefined) throw new Error("expected a record");
		for (let index = 0; index < 2_000; index++) {
			await cache.checkRevocation(did, "published", record);
			await cache.checkRevocation(did, `made-up-${index}`, record);
		}
		expect(asked).toHaveLength(2_001);
		await cache.checkRevocation(did, "published", record);
		expect(asked).toHaveLength(2_001);
		await cache.checkRevocation(did, "made-up-0", record);
		expect(asked).toHaveLength(2_002);
	});
});

it("T61: a check for a revocation that never ends isn't joined after 30 seconds", async () => {
	let checks = 0;
	const held = Promise.withResolvers<undefined>();
	onTestFinished(() => held.resolve(undefined));
	const cache = cacheOf({
		read: async () => recordAt(5),
		readKey: () => {
			checks += 1;
			return checks === 1 ? held.promise : Promise.resolve(undefined);
		},
	});
	const { record } = await cache.get(did);
	if (record === undefined) throw new Error("expected a record");
	const { pass } = stopClock();
	void cache.checkRevocation(did, "published", record);
	pass(31_000);
	for (let i = 0; i < 2; i++) await cache.checkRevocation(did, "published", record);
	expect(checks).toBe(2);
	vi.restoreAllMocks();
});

it("has an organization from the start of its first read until it is invalidated, however old its record is", async () => {
	const cache = cacheOf({ read: async () => recordAt(5) });
	expect(cache.has(did.did)).toBe(false);
	const reading = cache.get(did);
	expect(cache.has(did.did)).toBe(true);
	await reading;
	clock += 1_000_000;
	expect(cache.has(did.did)).toBe(true);
	cache.invalidate(did.did);
	expect(cache.has(did.did)).toBe(false);
});

describe("T52: staleIfErrorSeconds with a watcher", () => {
	it("counts from the time up to which the changes are known, however long ago the record was read", async () => {
		clock = 1_000;
		let isDown = false;
		let confirmedAt = clock;
		const cache = cacheOf(
			{
				read: async () => {
					if (isDown) throw new RegistryError("registry/unreachable", "down");
					return recordAt(5);
				},
			},
			{ limits: { staleIfErrorSeconds: 600 }, watch: { covers: () => true, confirmedAt: () => confirmedAt } },
		);
		await cache.get(did);
		isDown = true;
		clock += 3_590;
		confirmedAt = clock;
		expect(await cache.get(did)).toMatchObject({ cache: "hit" });
		clock += 600;
		expect(await cache.get(did)).toMatchObject({ cache: "stale" });
		clock += 60;
		await expect(cache.get(did)).rejects.toMatchObject({ code: "registry/unreachable" });
	});
});
