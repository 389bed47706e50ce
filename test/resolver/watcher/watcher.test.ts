import { expect, it } from "vitest";
import type { OrgRecord } from "../../../src/registry/org-record.ts";
import type { RegistryReader } from "../../../src/registry/registry.ts";
import { createWatcher, type Watcher } from "../../../src/resolver/watcher/watcher.ts";
import { until } from "../../support/patient-timers.ts";

const record = { chainId: 5, orgId: `0x${"0a".repeat(32)}`, blockNumber: 1 } as OrgRecord;

/** Watches three networks; only the first poll of each ends. */
function watch(pollingSeconds: number | undefined): { watcher: Watcher; followed: number[] } {
	const followed: number[] = [];
	const registryOf = (chainId: number): RegistryReader => {
		const follower = {
			poll: async () => ({
				...{ added: [], removed: [], isReset: false, isReorganized: false, head: 9, covered: 9, unreplaced: 9 },
				...{ isComplete: true, hasMore: false },
			}),
			isUnchanged: () => true,
			listen: () => undefined,
		};
		const followLog = (): object => {
			followed.push(chainId);
			return follower;
		};
		return { chainId, readAdapter: async () => ({ isFullyLogged: true }), followLog } as unknown as RegistryReader;
	};
	const registries = new Map([7, 5, 6].map((chainId) => [chainId, registryOf(chainId)]));
	const cache = {
		get: () => expect.fail("nothing is read"),
		has: () => false,
		invalidate() {},
		invalidateAll() {},
		rewind() {},
	};
	return {
		watcher: createWatcher({ registries, cache, pollingSeconds, observer: undefined, now: () => 50 }),
		followed,
	};
}

it("a network is followed once, from its first look-up on", async () => {
	const { watcher, followed } = watch(60);
	for (const chainId of [5, 5, 6, 8]) watcher.start(chainId);
	expect(followed).toEqual([5, 6]);
	await until(() => watcher.confirmedAt(5) === 50);
	expect(watcher.confirmedAt(7)).toBeUndefined();
	expect(watcher.covers(record, 50)).toBe(true);
	expect(watcher.covers({ ...record, chainId: 7 }, 50)).toBe(false);
	expect(watcher.status()).toMatchObject([
		{ chainId: 7, isUpToDate: false },
		{ chainId: 5, isUpToDate: true, blockNumber: 9 },
		{ chainId: 6, isUpToDate: true },
	]);
	expect(watcher.status()[0]).toStrictEqual({ chainId: 7, isUpToDate: false });
	expect(Object.isFrozen(watcher.status())).toBe(true);
	expect(Object.isFrozen(watcher.status()[0])).toBe(true);
	watcher.close();
	expect(watcher.confirmedAt(5)).toBeUndefined();
	expect(watcher.confirmedAt(6)).toBeUndefined();
	watcher.start(7);
	expect(followed).toEqual([5, 6]);
});

it("no network is followed without an interval", () => {
	const { watcher, followed } = watch(undefined);
	watcher.start(5);
	expect(followed).toEqual([]);
	expect(watcher.covers(record, 50)).toBe(false);
});
