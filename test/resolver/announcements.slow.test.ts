/** What a node announces over its WebSocket brings polls forward, and nothing else. */
import { toQuantity } from "ethers";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import type { OrgId } from "../../src/did/did-url.ts";
import { generateKeyPair } from "../../src/keys/generate.ts";
import { createRegistry } from "../../src/registry/create-registry.ts";
import type { Registry } from "../../src/registry/registry.ts";
import { createOrgIdResolver, type OrgIdResolver } from "../../src/resolver/resolver.ts";
import { startTestNetwork, type TestNetwork } from "../../src/testing/test-network.ts";
import { unlockedAccount } from "../../src/testing/unlocked-account.ts";
import { type AnnouncingNode, answerHonestly, startAnnouncingNode } from "../support/announcing-node.ts";
import { type FakeNode, passOn, startFakeNode } from "../support/fake-node.ts";
import { answerAt } from "../support/lagging-node.ts";
import { stopClock } from "../support/node-cluster.ts";
import { idle, isWaiting, pass, until } from "../support/patient-timers.ts";

/** No poll but the first happens without an announcement. */
const POLLING_SECONDS = 600;
/** How many polls a node can cause at once. */
const BURST = 10;
const SILENCE_MS = 15_000;

let network: TestNetwork;
let owner: Registry;
let http: FakeNode;
let node: AnnouncingNode;
let resolver: OrgIdResolver;
/** Polls that have ended. */
let polled: number;
let did: string;
let orgId: OrgId;

beforeAll(async () => {
	network = await startTestNetwork({ organizations: 0 });
	owner = network.registry.connect(unlockedAccount(network.provider, network.accounts[0].address));
	http = await startFakeNode(honest);
	({ did, orgId } = await owner.createOrganization());
});
beforeEach(async () => {
	http.answer = honest;
	node = await startAnnouncingNode();
	const { address: registry } = network.registry;
	polled = 0;
	resolver = createOrgIdResolver({
		networks: [{ chainId: 31337, rpcUrl: http.url, registry, kind: "orgpass", webSocketUrl: node.url }],
		watch: { pollingSeconds: POLLING_SECONDS },
		observer: async (run) => {
			const { operation } = await run();
			if (operation === "watch") polled += 1;
		},
		now: () => 1_000,
	});
});
afterEach(async () => {
	vi.restoreAllMocks();
	resolver.close();
	await node.close();
});
afterAll(async () => {
	await http.close();
	await network.close();
});

const honest: FakeNode["answer"] = (method, params) => passOn(network.rpcUrl, method, params);
const callsOf = (method: string): number => http.calls.filter((called) => called === method).length;
const polls = (): number => callsOf("eth_getLogs");
const isLive = (): boolean => resolver.status()[0]?.via === "websocket";
const hasKey = async (fragment: string): Promise<boolean> => {
	const { didDocument } = await resolver.resolve(did, { fragment });
	return didDocument?.authentication?.includes(`${did}#${fragment}`) === true;
};

/** A log as a node announces it. */
const logOf = (blockNumber: number, changes: object = {}): object => ({
	address: network.registry.address,
	topics: [`0x${"77".repeat(32)}`],
	data: "0x",
	blockNumber: toQuantity(blockNumber),
	blockHash: `0x${"bb".repeat(32)}`,
	transactionHash: `0x${"cc".repeat(32)}`,
	logIndex: "0x0",
	...changes,
});

/** Adds a key whose addition is old, and waits until nothing is being polled: the connection itself has caused a poll. */
async function warmUp(fragment: string): Promise<void> {
	await owner.addKey(orgId, { fragment, publicKey: (await generateKeyPair()).publicKey });
	await network.provider.send("hardhat_mine", [toQuantity(70)]);
	expect(await hasKey(fragment)).toBe(true);
	await until(() => isLive() && polled > 1 && resolver.status()[0]?.behindBlocks === 0);
	http.calls.length = 0;
}

/** Lets announcements arrive, and the polls end that they cause. */
async function settle(): Promise<void> {
	let before = -1;
	while (polls() !== before) {
		before = polls();
		await idle();
	}
}

describe("an announcement", () => {
	it("T50: of a log causes a poll, which notices the revocation", async () => {
		await warmUp("first");
		const { blockNumber = 0 } = (await owner.revokeKey(orgId, "first")) ?? {};
		node.announceLog(logOf(blockNumber));
		await until(() => polls() > 0);
		await until(async () => !(await hasKey("first")));
		expect(polls()).toBe(1);
	});

	it("T50: of a log that the polled node doesn't have yet causes further polls", async () => {
		await warmUp("second");
		const before = await network.provider.getBlockNumber();
		const { blockNumber = 0 } = (await owner.revokeKey(orgId, "second")) ?? {};
		http.answer = (method, params) =>
			polls() > 1 ? honest(method, params) : answerAt(before, network.rpcUrl, method, params);
		node.announceLog(logOf(blockNumber));
		await until(async () => !(await hasKey("second")));
		expect(polls()).toBeGreaterThan(1);
	});

	it("of a new block causes a poll within a quarter of the interval", async () => {
		await warmUp("third");
		const { pass: passTime } = stopClock();
		passTime((POLLING_SECONDS * 1_000) / 4);
		node.announceBlock(1);
		await until(() => polls() > 0);
	});
});

describe("T86: a node that announces what never happened", () => {
	const FAR = 2 ** 40;
	const LIES: readonly (readonly [string, (index: number) => object])[] = [
		["logs of this contract", () => logOf(1)],
		["logs of blocks in the far future", (index) => logOf(FAR + index)],
		["logs of the next blocks", (index) => logOf(80 + (index % 16))],
		["removed logs", () => logOf(1, { removed: true })],
	];

	it.each(LIES)("(%s) causes a bounded number of polls, and no organization is read", async (_what, lie) => {
		stopClock();
		await warmUp(`lies${LIES.findIndex(([, one]) => one === lie)}`);
		for (let index = 0; index < 2_000; index++) node.announceLog(lie(index));
		await settle();
		expect(polls()).toBeLessThanOrEqual(BURST);
		expect(await hasKey(`lies${LIES.findIndex(([, one]) => one === lie)}`)).toBe(true);
		expect(callsOf("eth_call")).toBe(0);
	});

	it.each([
		["logs of another contract", () => node.announceLog(logOf(1, { address: `0x${"0c".repeat(20)}` }))],
		["logs without topics", () => node.announceLog(logOf(1, { topics: undefined }))],
		["impossible blocks", () => node.announceBlock(2 ** 53 - 1)],
		["a huge message", () => node.announceLog(logOf(1, { data: `0x${"00".repeat(2 ** 19)}` }))],
		["garbage", () => [...node.sockets].forEach((socket) => void socket.send("{"))],
		[
			"too much",
			() => {
				for (let index = 0; index < 8_200; index++) node.announceBlock(index);
			},
		],
	])("(%s) loses its connection, and polls go on", async (_what, announce) => {
		stopClock();
		await warmUp(`garbage${node.url.slice(-5)}`);
		announce();
		await until(() => node.connections === 2 && isLive());
		await settle();
		expect(polls()).toBeLessThanOrEqual(BURST);
		expect(callsOf("eth_call")).toBe(0);
	});
});

describe("T86: a node whose WebSocket fails", () => {
	it("by never answering a subscription is connected to again", async () => {
		node.answer = (socket, call) => call.method === "eth_chainId" && answerHonestly(socket, call);
		await resolver.resolve(did);
		await until(() => node.calls.length === 3);
		await pass(SILENCE_MS);
		await until(() => node.connections === 2);
		expect(isLive()).toBe(false);
	});

	it("by falling silent is connected to again", async () => {
		await warmUp("silent");
		node.answer = () => {};
		await pass(SILENCE_MS);
		await until(() => node.calls.length === 4);
		await pass(SILENCE_MS);
		await until(() => node.connections === 2);
	});

	it("by closing as soon as it is used is connected to less and less often", async () => {
		stopClock();
		vi.spyOn(Math, "random").mockReturnValue(0);
		node.answer = (socket, call) => {
			answerHonestly(socket, call);
			if (call.id === 3) socket.close();
		};
		await resolver.resolve(did);
		await until(() => isWaiting(1_600));
		expect(node.connections).toBe(4);
		await settle();
		expect(polls()).toBeLessThanOrEqual(BURST + 1);
		await pass(1_600);
		await until(() => node.connections === 5);
	});

	it("by serving another chain is never used", async () => {
		node.answer = (socket, { id }) => socket.send(JSON.stringify({ jsonrpc: "2.0", id, result: "0x1" }));
		await resolver.resolve(did);
		await until(() => node.connections === 2);
		expect(isLive()).toBe(false);
	});

	it("by never closing its end is connected to three times at most", async () => {
		node.greet = (socket) => {
			socket._socket.pause();
			socket.send("{");
		};
		await resolver.resolve(did);
		await until(() => node.connections === 3);
		await pass(60_000);
		expect(node.connections).toBe(3);
		node.greet = () => {};
		[...node.sockets][0]?.terminate();
		await pass(60_000);
		await until(() => node.connections === 4 && isLive());
	});
});

describe("watchEvents", () => {
	it("yields an event as soon as its log is announced, and reads no more than that", async () => {
		stopClock();
		const { address } = network.registry;
		const registry = createRegistry({ chainId: 31337, rpcUrl: http.url, address, webSocketUrl: node.url });
		const stop = new AbortController();
		const events = registry.watchEvents({ pollingSeconds: POLLING_SECONDS, signal: stop.signal });
		const first = events.next();
		await until(() => node.calls.length === 3);
		http.calls.length = 0;
		const { publicKey } = await generateKeyPair();
		const receipt = await owner.addKey(orgId, { fragment: "watched", publicKey });
		for (let index = 0; index < 1_000; index++) node.announceLog(logOf(receipt?.blockNumber ?? 0));
		expect((await first).value).toMatchObject({ name: "KeyAdded", orgId });
		const done = events.next();
		await settle();
		expect(polls()).toBeLessThanOrEqual(BURST + 1);
		stop.abort();
		expect((await done).done).toBe(true);
		registry.close();
	});
});
