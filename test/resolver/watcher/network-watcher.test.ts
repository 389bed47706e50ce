/** What a watcher makes of what it reads in a log: with followers that find what real ones find rarely. */
import { setImmediate } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";
import type { OrgId } from "../../../src/did/did-url.ts";
import { RegistryError } from "../../../src/errors/errors.ts";
import type { FollowOptions, LogListener, LogUpdate } from "../../../src/registry/log/log-follower.ts";
import type { LogEntry } from "../../../src/registry/log/registry-event.ts";
import type { OrgRecord } from "../../../src/registry/org-record.ts";
import type { RegistryReader } from "../../../src/registry/registry.ts";
import {
	createNetworkWatcher,
	type NetworkWatcher,
	type NetworkWatcherOptions,
} from "../../../src/resolver/watcher/network-watcher.ts";
import { isWaiting, pass, until } from "../../support/patient-timers.ts";
import { recordOperations } from "../../support/recording-observer.ts";

const orgId: OrgId = `0x${"0a".repeat(32)}`;
const DID = `did:orgid:5:${orgId}`;
const NOTHING: LogUpdate = {
	...{ added: [], removed: [], isReset: false, isReorganized: false, head: 100, covered: 100, unreplaced: 100 },
	...{ isComplete: true, hasMore: false },
};

let clock: number;
let changes: unknown[][];
let polls: PromiseWithResolvers<LogUpdate>[];
let followed: FollowOptions | undefined;
let listener: LogListener | undefined;
let isDisconnected: boolean;
let isUnchanged: boolean;
let known: Set<string>;
let adapter: { isFullyLogged?: boolean };
beforeEach(() => {
	clock = 1_000;
	changes = [];
	polls = [];
	isDisconnected = false;
	isUnchanged = true;
	known = new Set();
	adapter = { isFullyLogged: true };
	// A whole number, so that pauses are exact.
	vi.spyOn(performance, "now").mockReturnValue(5_000);
});
afterEach(() => void vi.restoreAllMocks());

function start(options: Partial<NetworkWatcherOptions> = {}): NetworkWatcher {
	// A watcher that isn't closed must not reach the next test.
	const [ownPolls, ownChanges] = [polls, changes];
	const registry = {
		chainId: 5,
		readAdapter: async () => adapter,
		followLog(options?: FollowOptions) {
			followed = options;
			return {
				poll() {
					const polling = Promise.withResolvers<LogUpdate>();
					ownPolls.push(polling);
					return polling.promise;
				},
				isUnchanged: (asked: OrgId, block: number) => isUnchanged && asked === orgId && block > 0,
				listen(other: LogListener) {
					listener = other;
					return () => {
						isDisconnected = true;
					};
				},
			};
		},
	};
	const note =
		(name: string) =>
		(...args: unknown[]) =>
			void ownChanges.push([name, ...args]);
	const watcher = createNetworkWatcher({
		registry: registry as unknown as RegistryReader,
		cache: {
			invalidate: note("invalidate"),
			invalidateAll: note("invalidateAll"),
			rewind: note("rewind"),
			has: (did) => known.has(did),
			async get({ did }) {
				ownChanges.push(["get", did]);
				throw new RegistryError("registry/unreachable", "down");
			},
		},
		pollingSeconds: 4,
		observer: undefined,
		now: () => clock,
		...options,
	});
	onTestFinished(() => watcher.close());
	return watcher;
}

/** Ends the poll that is under way or comes next. */
async function end(update: Partial<LogUpdate> | Error): Promise<void> {
	await until(() => polls.length > 0);
	const polling = polls.shift();
	if (update instanceof Error) polling?.reject(update);
	else polling?.resolve({ ...NOTHING, ...update });
	for (let turn = 0; turn < 3; turn++) await setImmediate();
}

/** Lets the pause go by, and ends the next poll. */
async function next(update: Partial<LogUpdate> | Error): Promise<void> {
	await pass(4_000);
	await end(update);
}

const recordOf = (blockNumber: number): OrgRecord => ({ orgId, blockNumber }) as OrgRecord;
const entryOf = (blockNumber: number, event?: object): LogEntry => ({ blockNumber, event }) as unknown as LogEntry;

describe("a record", () => {
	it("is covered from the first poll on, if the registry logs everything and the follower saw no change", async () => {
		const watcher = start();
		expect(watcher.covers(recordOf(1), clock)).toBe(false);
		await end({});
		expect(watcher.covers(recordOf(1), clock)).toBe(true);
		expect(watcher.covers({ ...recordOf(1), orgId: `0x${"0b".repeat(32)}` }, clock)).toBe(false);
		isUnchanged = false;
		expect(watcher.covers(recordOf(1), clock)).toBe(false);
	});

	it.each([{}, { isFullyLogged: false }])("is never covered if the registry is %j", async (other) => {
		adapter = other;
		const watcher = start();
		await end({});
		expect(watcher.covers(recordOf(1), clock)).toBe(false);
	});

	it("T55: isn't covered if its read began before the log was first read, or read again after a gap", async () => {
		const watcher = start();
		clock = 1_010;
		await end({});
		expect([1_009, 1_010].map((readAt) => watcher.covers(recordOf(1), readAt))).toEqual([false, true]);
		clock = 1_020;
		await next({ isReset: true });
		expect([1_019, 1_020].map((readAt) => watcher.covers(recordOf(1), readAt))).toEqual([false, true]);
		clock = 1_030;
		await next({});
		expect(watcher.covers(recordOf(1), 1_020)).toBe(true);
	});

	it("isn't covered if its read began before blocks were replaced, or at that moment", async () => {
		const watcher = start();
		clock = 1_010;
		await end({ unreplaced: 99 });
		for (const [readAt, isCovered] of [
			[1_000, false],
			[1_010, false],
			[1_011, true],
		] as const) {
			expect(watcher.covers(recordOf(1), readAt), String(readAt)).toBe(isCovered);
		}
		clock = 1_020;
		await next({});
		expect(watcher.covers(recordOf(1), 1_011)).toBe(true);
	});
});

describe("the cache", () => {
	it("isn't touched while nothing changes", async () => {
		start();
		await end({});
		expect(changes).toEqual([]);
	});

	it("drops what changed, and all of the chain if that isn't known", async () => {
		start();
		await end({
			removed: [entryOf(97, { orgId })],
			added: [entryOf(98, { orgId }), entryOf(99)],
		});
		expect(changes).toEqual([
			["invalidate", DID, undefined],
			["invalidate", DID, 98],
			["invalidateAll", 5],
		]);
	});

	it("reads again what the first poll drops, once and after all is dropped, unless it wasn't there", async () => {
		known.add(DID);
		start();
		const other = `0x${"0b".repeat(32)}`;
		const added = [entryOf(97, { orgId }), entryOf(98, { orgId }), entryOf(98, { orgId: other }), entryOf(99)];
		await end({ added });
		expect(changes).toEqual([
			["invalidate", DID, 97],
			["invalidate", DID, 98],
			["invalidate", `did:orgid:5:${other}`, 98],
			["invalidateAll", 5],
			["get", DID],
		]);
		changes.length = 0;
		await next({ added: [entryOf(101, { orgId })] });
		expect(changes).toEqual([["invalidate", DID, 101]]);
	});

	it("drops everything after a reset, before what changed", async () => {
		start();
		await end({ isReset: true, added: [entryOf(98, { orgId })] });
		expect(changes).toEqual([
			["invalidateAll", 5],
			["invalidate", DID, 98],
		]);
	});

	it("is rewound first, to the last block only after a reorganization", async () => {
		start();
		await end({ unreplaced: 90, removed: [entryOf(97, { orgId })] });
		await next({ unreplaced: 91, isReorganized: true });
		expect(changes).toEqual([
			["rewind", 5, { head: Infinity, unreplaced: 90 }],
			["invalidate", DID, undefined],
			["rewind", 5, { head: 100, unreplaced: 91 }],
		]);
	});

	it("isn't touched by a poll that ends after close", async () => {
		const watcher = start();
		watcher.close();
		await end({ isReset: true });
		expect(changes).toEqual([]);
		expect(watcher.confirmedAt()).toBeUndefined();
	});
});

describe("the time up to which changes are known", () => {
	it("is that of the start of the last complete poll", async () => {
		const watcher = start();
		await until(() => polls.length > 0);
		clock = 1_003;
		await end({});
		expect(watcher.confirmedAt()).toBe(1_000);
		await next({ isComplete: false });
		expect(watcher.confirmedAt()).toBe(1_000);
		clock = 1_008;
		await next({});
		expect(watcher.confirmedAt()).toBe(1_008);
	});

	it("doesn't go on while the node is behind a record, unless the chain was reorganized", async () => {
		const watcher = start();
		await end({});
		clock = 1_010;
		watcher.covers(recordOf(101), clock);
		watcher.covers(recordOf(7), clock);
		await next({});
		expect(watcher.confirmedAt()).toBe(1_000);
		expect(watcher.status()).toMatchObject({ blockNumber: 100, behindBlocks: 1 });
		await next({ head: 101, covered: 101, unreplaced: 101 });
		expect(watcher.confirmedAt()).toBe(1_010);
		watcher.covers(recordOf(200), clock);
		clock = 1_020;
		await next({});
		await next({ isReorganized: true });
		expect(watcher.confirmedAt()).toBe(1_020);
		expect(watcher.status()).toMatchObject({ behindBlocks: 0 });
	});

	it("is forgotten when it is closed", async () => {
		const watcher = start();
		await end({});
		watcher.close();
		expect(watcher.confirmedAt()).toBeUndefined();
		expect(isDisconnected).toBe(true);
		await pass(60_000);
		expect(polls).toEqual([]);
	});
});

describe("the status", () => {
	it("says how far the log is known", async () => {
		const watcher = start();
		expect(watcher.status()).toStrictEqual({ chainId: 5, isUpToDate: false, via: "polling" });
		await end({ head: 100, covered: 70 });
		clock = 1_002;
		const status = watcher.status();
		expect(status).toStrictEqual({
			...{ chainId: 5, isUpToDate: true, blockNumber: 70, behindBlocks: 30, behindSeconds: 2, via: "polling" },
		});
		expect(Object.isFrozen(status)).toBe(true);
		clock = 900;
		expect(watcher.status()).toMatchObject({ behindSeconds: 0, isUpToDate: true });
	});

	it.each([
		[4, 12],
		[0.1, 1],
		[0.5, 1.5],
	])("is up to date for three polls, at least a second: every %d s, %d s", async (pollingSeconds, seconds) => {
		const watcher = start({ pollingSeconds });
		await end({});
		clock += seconds;
		expect(watcher.status().isUpToDate).toBe(true);
		clock += 0.01;
		expect(watcher.status().isUpToDate).toBe(false);
	});

	it("names the error of the last poll", async () => {
		const watcher = start();
		await end(new RegistryError("registry/unreachable", "down"));
		expect(watcher.status()).toMatchObject({
			isUpToDate: false,
			error: { code: "registry/unreachable", message: "down" },
		});
		expect(Object.keys(watcher.status().error ?? {})).toEqual(["code", "message"]);
		expect(Object.isFrozen(watcher.status().error)).toBe(true);
		await next(new RangeError("a bug"));
		expect(watcher.status().error?.code).toBe("registry/bad-response");
		await next({});
		expect(watcher.status()).not.toHaveProperty("error");
	});

	it("says whether a WebSocket announces changes", async () => {
		const watcher = start();
		await end({});
		listener?.onChange(true);
		expect(watcher.status().via).toBe("websocket");
		listener?.onChange(false);
		expect(watcher.status().via).toBe("polling");
		listener?.onChange(true);
		watcher.close();
		expect(watcher.status().via).toBe("polling");
		listener?.onChange(true);
		expect(watcher.status().via).toBe("polling");
	});
});

describe("polls", () => {
	it("skip a log of more than ten thousand blocks", () => {
		start();
		expect(followed).toEqual({ maxBacklog: 10_000 });
	});

	it("follow at once if there is more", async () => {
		start();
		await end({ hasMore: true });
		await until(() => polls.length === 1);
		await end({});
		expect(isWaiting(4_000)).toBe(true);
	});

	it("follow later and later while the node limits the rate, until one succeeds", async () => {
		start();
		const limited = new RegistryError("registry/unreachable", "slow down", { details: { status: 429 } });
		await end(limited);
		await pass(7_999);
		expect(polls).toEqual([]);
		await pass(2_001);
		await end(limited);
		await pass(15_999);
		expect(polls).toEqual([]);
		await pass(4_001);
		await end({});
		await next(limited);
		await pass(10_000);
		await until(() => polls.length === 1);
		expect(polls).toHaveLength(1);
	});

	it("begin early when a WebSocket connects and when it announces a log, until the log is found", async () => {
		start();
		await end({});
		listener?.onChange(true);
		await end({});
		listener?.onLog(102);
		await end({ head: 101 });
		await end({ head: 102 });
		await pass(900);
		expect(polls).toEqual([]);
	});

	it("are observed", async () => {
		const { observer, of } = recordOperations();
		start({ observer });
		await end({
			added: [entryOf(98, { orgId }), entryOf(99, { orgId })],
			removed: [entryOf(97, { orgId })],
			covered: 90,
		});
		clock += 5;
		await next(new RegistryError("registry/unreachable", "down"));
		const known = { operation: "watch", chainId: 5, blockNumber: 90, behindBlocks: 10 };
		expect(of("watch")).toMatchObject([
			{ ...known, outcome: "ok", events: 3, behindSeconds: 0 },
			{ ...known, outcome: "failed", code: "registry/unreachable", behindSeconds: 5 },
		]);
	});
});
