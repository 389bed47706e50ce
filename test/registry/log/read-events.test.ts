import { getEventListeners } from "node:events";
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { createRegistry } from "../../../src/registry/create-registry.ts";
import type { RegistryEvent } from "../../../src/registry/log/registry-event.ts";
import type { Registry, WatchOptions } from "../../../src/registry/registry.ts";
import { type AnnouncingNode, startAnnouncingNode } from "../../support/announcing-node.ts";
import { type FollowedChain, ORG_ID, startFollowedChain } from "../../support/followed-chain.ts";
import { CHAIN_ID, REGISTRY } from "../../support/memory-chain.ts";
import { idle, isWaiting, pass, until } from "../../support/patient-timers.ts";

const POLLING_SECONDS = 60;

let world: FollowedChain;
let { chain, node, honest, behind, change } = {} as FollowedChain;
let registry: Registry;
let ending: AbortController;
beforeEach(async () => {
	// Pauses are whole numbers of milliseconds then.
	vi.useFakeTimers({ toFake: ["performance"], now: 0 });
	world = await startFollowedChain();
	({ chain, node, honest, behind, change } = world);
	registry = world.registryAt();
	ending = new AbortController();
});
afterEach(async () => {
	ending.abort();
	await world.close();
	vi.useRealTimers();
});

/** The events of a watch so far, and whether it has ended, and how. */
function watch(options: WatchOptions = {}) {
	const seen: RegistryEvent[] = [];
	const watching = { seen, end: undefined as unknown };
	void (async () => {
		const events = registry.watchEvents({ pollingSeconds: POLLING_SECONDS, signal: ending.signal, ...options });
		try {
			for await (const event of events) seen.push(event);
			watching.end = "done";
		} catch (error) {
			watching.end = error;
		}
	})();
	return watching;
}

const isResting = (): boolean => isWaiting(POLLING_SECONDS * 1_000);
const logOf = (block: number): object => {
	const [log] = chain.answer("eth_getLogs", [{ fromBlock: block, toBlock: block }]) as [object];
	return log;
};
const blocksOf = (events: readonly RegistryEvent[]): number[] => events.map(({ blockNumber }) => blockNumber);

describe("the events of a range", () => {
	it("are those of its blocks, in order, without those that the contract's ABI doesn't have", async () => {
		const changes = [change(), change(), change()];
		const [first = 0, second = 0] = changes;
		node.answer = (method, params) => {
			const answer = honest(method, params) as { readonly result: unknown };
			if (method !== "eth_getLogs") return answer;
			const [log] = answer.result as readonly object[];
			return { result: [...(answer.result as readonly object[]), { ...log, topics: [`0x${"77".repeat(32)}`] }] };
		};
		const events = await registry.readEvents({ fromBlock: first, toBlock: second });
		expect(events.map(({ name }) => name)).toEqual(["OrganizationCreated", "OrganizationActiveStateChanged"]);
		expect(blocksOf(events)).toEqual([first, second]);
		expect(events.every((event) => event.orgId === ORG_ID && Object.isFrozen(event))).toBe(true);
		expect(blocksOf(await registry.readEvents({ fromBlock: first }))).toEqual(changes);
	});

	it.each<[string, (log: object) => object]>([
		["data", (log) => ({ ...log, data: "0x12" })],
		["a topic less", (log) => ({ ...log, topics: (log as { topics: string[] }).topics.slice(0, 1) })],
	])("are an invalid response if one has other %s", async (_, spoil) => {
		const fromBlock = change();
		change();
		node.answer = (method, params) => {
			const answer = honest(method, params) as { readonly result: unknown };
			return method === "eth_getLogs" ? { result: (answer.result as object[]).map(spoil) } : answer;
		};
		await expect(registry.readEvents({ fromBlock })).rejects.toMatchObject({ code: "registry/bad-response" });
		// A watch doesn't know what has changed, and has nothing to tell.
		const { added } = await registry.followLog({ fromBlock }).poll(5_000);
		expect(added.map((entry) => "event" in entry)).toEqual([false, false]);
	});
});

describe("a watch", () => {
	/** Connects the registry to a node that announces logs. */
	async function listen(): Promise<AnnouncingNode> {
		const announcing = await startAnnouncingNode();
		const source = { chainId: CHAIN_ID, rpcUrl: node.url, address: REGISTRY, webSocketUrl: announcing.url };
		registry = createRegistry({ ...source, kind: "orgpass" });
		return announcing;
	}

	it("begins after the last block by default, and polls again after a pause", async () => {
		change();
		const { seen } = watch();
		await until(isResting);
		expect(seen).toEqual([]);
		const changed = change();
		await pass(POLLING_SECONDS * 1_000 - 1);
		expect(seen).toEqual([]);
		await pass(1);
		await until(() => seen.length === 1);
		expect(blocksOf(seen)).toEqual([changed]);
	});

	it("begins at a given block, also at the first one", async () => {
		const changed = change();
		const { seen } = watch({ fromBlock: 0 });
		await until(() => seen.length === 1);
		expect(blocksOf(seen)).toEqual([changed]);
	});

	it("polls every four seconds by default", async () => {
		watch({ pollingSeconds: undefined });
		await until(() => isWaiting(4_000));
		expect(node.calls).toContain("eth_getLogs");
	});

	it("polls again at once as long as there is more", async () => {
		const changes = [change()];
		for (let more = 0; more < 3; more++) {
			chain.mine(20);
			changes.push(change());
		}
		node.answer = (method, params) => {
			const { fromBlock, toBlock } = Object(params[0]) as Record<string, string>;
			const isLong = method === "eth_getLogs" && (toBlock === "latest" || Number(toBlock) - Number(fromBlock) > 20);
			return isLong ? { error: { code: -32_000, message: "too long" } } : honest(method, params);
		};
		const { seen } = watch({ fromBlock: changes[0] });
		await until(() => seen.length === 4);
		expect(blocksOf(seen)).toEqual(changes);
	});

	it("T55: yields what a reorganization removed before what it added, the last event first", async () => {
		const fromBlock = chain.head() + 1;
		const { seen } = watch({ fromBlock });
		const removed = [change(), change()];
		await pass(POLLING_SECONDS * 1_000);
		await until(() => seen.length === 2);
		chain.revert(2);
		chain.mine(1);
		const added = change();
		await until(isResting);
		await pass(POLLING_SECONDS * 1_000);
		await until(() => seen.length === 5);
		expect(seen.map(({ blockNumber, removed: isRemoved }) => [blockNumber, isRemoved])).toEqual([
			...removed.map((block) => [block, undefined]),
			...removed.toReversed().map((block) => [block, true]),
			[added, undefined],
		]);
		expect(seen.every(Object.isFrozen)).toBe(true);
	});

	it("goes on after an outage, and ends with any other failure", async () => {
		const watching = watch();
		await until(isResting);
		node.answer = () => ({ status: 401, body: "" });
		await pass(POLLING_SECONDS * 1_000);
		await until(isResting);
		node.answer = honest;
		const changed = change();
		await pass(POLLING_SECONDS * 1_000);
		await until(() => watching.seen.length === 1);
		expect(blocksOf(watching.seen)).toEqual([changed]);
		await until(isResting);
		node.answer = (method, params) => (method === "eth_getLogs" ? { result: null } : honest(method, params));
		await pass(POLLING_SECONDS * 1_000);
		await until(() => watching.end !== undefined);
		expect(watching.end).toMatchObject({ code: "registry/bad-response" });
	});

	it("ends when it is aborted, while it waits", async () => {
		const watching = watch();
		await until(isResting);
		ending.abort();
		await until(() => watching.end !== undefined);
		expect(watching.end).toBe("done");
		expect(isResting()).toBe(false);
	});

	it("that was aborted before asks for no logs", async () => {
		ending.abort();
		const watching = watch();
		await until(() => watching.end !== undefined);
		expect(watching.end).toBe("done");
		expect(node.calls).not.toContain("eth_getLogs");
	});

	it("that is aborted by whom it yields an event to yields no more", async () => {
		const fromBlock = change();
		change();
		const seen: number[] = [];
		for await (const { blockNumber } of registry.watchEvents({ fromBlock, signal: ending.signal })) {
			seen.push(blockNumber);
			ending.abort();
		}
		expect(seen).toEqual([fromBlock]);
	});

	it("polls at once if a node announces something, and listens only until it ends", async () => {
		const announcing = await listen();
		const { seen } = watch();
		await until(() => announcing.calls.length === 3);
		await until(isResting);
		const changed = change();
		announcing.announceLog(logOf(changed));
		await until(() => seen.length === 1);
		expect(blocksOf(seen)).toEqual([changed]);
		ending.abort();
		await until(() => announcing.sockets.size === 0);
		expect(getEventListeners(ending.signal, "abort")).toEqual([]);
		registry.close();
		await announcing.close();
	});

	it("polls again soon for an announced log that the polled node doesn't have yet", async () => {
		const announcing = await listen();
		const { seen } = watch();
		await until(() => announcing.calls.length === 3);
		await until(isResting);
		const before = chain.head();
		const changed = change();
		node.answer = behind(before);
		node.calls.length = 0;
		announcing.announceLog(logOf(changed));
		await until(() => node.calls.includes("eth_getLogs"));
		node.answer = honest;
		await until(() => seen.length === 1);
		expect(blocksOf(seen)).toEqual([changed]);
		ending.abort();
		registry.close();
		await announcing.close();
	});

	it("T86: polls ten times at once at most if a node announces logs that aren't there", async () => {
		const announcing = await listen();
		const log = logOf(change());
		watch();
		await until(() => announcing.calls.length === 3);
		await until(isResting);
		// The beginning of announcements was the first.
		const polls = (): number => node.calls.filter((method) => method === "eth_getLogs").length;
		for (let announced = 2; announced <= 10; announced++) {
			const before = polls();
			vi.advanceTimersByTime(100);
			announcing.announceLog(log);
			await until(() => polls() > before && isResting());
		}
		const all = polls();
		vi.advanceTimersByTime(100);
		announcing.announceLog(log);
		await idle(10);
		expect(polls()).toBe(all);
		ending.abort();
		registry.close();
		await announcing.close();
	});

	it("yields nothing of an event that the contract's ABI doesn't have", async () => {
		const fromBlock = change();
		node.answer = (method, params) => {
			const answer = honest(method, params) as { readonly result: unknown };
			if (method !== "eth_getLogs") return answer;
			const [log] = answer.result as readonly object[];
			return { result: [{ ...log, topics: [`0x${"77".repeat(32)}`], logIndex: "0x7" }, log] };
		};
		const { seen } = watch({ fromBlock });
		await until(isResting);
		expect(blocksOf(seen)).toEqual([fromBlock]);
	});

	it("keeps the process running, unlike a watcher in the background", async () => {
		watch();
		onTestFinished(() => void vi.restoreAllMocks());
		const timers = vi.spyOn(globalThis, "setTimeout").mock;
		const findPause = (): number => timers.calls.findIndex(([, ms]) => ms === POLLING_SECONDS * 1_000);
		await until(() => findPause() >= 0);
		expect((timers.results[findPause()]?.value as NodeJS.Timeout | undefined)?.hasRef()).toBe(true);
	});

	it.each<[string, () => Promise<unknown>]>([
		["readEvents", () => registry.readEvents({ fromBlock: 0, to: 1 } as never)],
		["watchEvents", () => registry.watchEvents({ from: 1 } as never).next()],
	])("or a range with an unknown option is refused, in the name of %s", async (name, ask) => {
		const error = { code: "config/unknown-option", message: expect.stringContaining(name) };
		await expect(ask()).rejects.toMatchObject(error);
	});

	it.each<[string, () => Promise<unknown>]>([
		["fromBlock", () => registry.readEvents({ fromBlock: -1 })],
		["fromBlock", () => registry.readEvents({} as never)],
		["toBlock", () => registry.readEvents({ fromBlock: 0, toBlock: 0.5 })],
		["fromBlock", () => registry.watchEvents({ fromBlock: -1 }).next()],
		["pollingSeconds", () => registry.watchEvents({ pollingSeconds: 0 }).next()],
		["signal", () => registry.watchEvents({ signal: {} as never }).next()],
	])("or a range can't have an odd %s", async (option, ask) => {
		await expect(ask()).rejects.toMatchObject({ code: "config/invalid-option", details: { option } });
	});

	it("needs no signal", async () => {
		const fromBlock = change();
		for await (const event of registry.watchEvents({ fromBlock })) {
			expect(event).toMatchObject({ blockNumber: fromBlock });
			break;
		}
	});
});
