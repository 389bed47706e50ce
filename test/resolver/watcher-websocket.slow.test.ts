import { toQuantity } from "ethers";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { OrgId } from "../../src/did/did-url.ts";
import { generateKeyPair } from "../../src/keys/generate.ts";
import { createRegistry } from "../../src/registry/create-registry.ts";
import type { Registry } from "../../src/registry/registry.ts";
import { createOrgIdResolver, type OrgIdResolver } from "../../src/resolver/resolver.ts";
import { startTestNetwork, type TestNetwork } from "../../src/testing/test-network.ts";
import { unlockedAccount } from "../../src/testing/unlocked-account.ts";
import { until } from "../support/patient-timers.ts";
import { type RpcCounter, startRpcCounter } from "../support/rpc-counter.ts";
import { announcement, HEADS, LOGS, type SocketNode, startSocketNode, subscribe } from "../support/socket-node.ts";

let network: TestNetwork;
let owner: Registry;
let counter: RpcCounter;
let socket: SocketNode;
let did: string;
let orgId: OrgId;
let resolver: OrgIdResolver;

beforeAll(async () => {
	network = await startTestNetwork({ organizations: 0 });
	owner = network.registry.connect(unlockedAccount(network.provider, network.accounts[0].address));
	counter = await startRpcCounter(network.rpcUrl);
	({ did, orgId } = await owner.createOrganization());
});
beforeEach(async () => {
	socket = await startSocketNode();
});
afterEach(async () => {
	resolver.close();
	await socket.close();
});
afterAll(async () => {
	await counter.close();
	await network.close();
});

/** Polls once an hour, unless the node announces something. */
function watching(webSocketUrl = socket.url): OrgIdResolver {
	const registry = network.registry.address;
	resolver = createOrgIdResolver({
		networks: [{ chainId: 31337, rpcUrl: counter.url, registry, kind: "orgpass", webSocketUrl }],
		watch: { pollingSeconds: 3_600 },
	});
	return resolver;
}

const statusOf = () => resolver.status()[0];
const isLive = (): boolean => statusOf()?.via === "websocket";
const polls = (): number => counter.count("eth_getLogs");
const isListed = async (fragment: string): Promise<boolean> => {
	const { didDocument } = await resolver.resolve(did, { fragment });
	return didDocument?.authentication?.includes(`${did}#${fragment}`) === true;
};

async function addKey(fragment: string): Promise<void> {
	await owner.addKey(orgId, { fragment, publicKey: (await generateKeyPair()).publicKey });
}

/** Starts to watch, and waits until announcements arrive and the log is known up to the latest block. */
async function warmUp(): Promise<void> {
	await watching().resolve(did);
	await until(isLive);
	const latest = await network.provider.getBlockNumber();
	await until(() => statusOf()?.blockNumber === latest);
	await resolver.resolve(did);
	counter.reset();
}

describe("T50: a revocation that a real node announces", () => {
	it("takes effect although the next poll is an hour away", async () => {
		await addKey("real");
		watching(network.rpcUrl.replace("http", "ws"));
		expect(await isListed("real")).toBe(true);
		await until(isLive);
		await owner.revokeKey(orgId, "real");
		await until(() => statusOf()?.behindBlocks === 0);
		while (await isListed("real")) await until(() => true);
		const head = await network.provider
			.send("hardhat_mine", [toQuantity(3)])
			.then(() => network.provider.getBlockNumber());
		await until(() => statusOf()?.blockNumber === head);
	});

	it("is an event at once, too", async () => {
		const { chainId, rpcUrl, registry } = network;
		const webSocketUrl = rpcUrl.replace("http", "ws");
		const watched = createRegistry({ chainId, rpcUrl: counter.url, address: registry.address, webSocketUrl });
		watching();
		counter.reset();
		const ending = new AbortController();
		const events = watched.watchEvents({ pollingSeconds: 3_600, signal: ending.signal });
		const next = events.next();
		await until(() => polls() > 0);
		await owner.setActive(orgId, false);
		await owner.setActive(orgId, true);
		expect((await next).value).toMatchObject({ name: "OrganizationActiveStateChanged", orgId });
		ending.abort();
		await events.return(undefined);
		watched.close();
	});
});

describe("announcements", () => {
	it("of blocks and of logs cause a poll, but not more than ten a second", async () => {
		await warmUp();
		const block = { number: "0x1", hash: `0x${"aa".repeat(32)}`, parentHash: `0x${"bb".repeat(32)}` };
		const log = announcedLog();
		const startedAt = performance.now();
		for (let sent = 0; polls() < 3; sent++) {
			socket.send(announcement(LOGS, log));
			if (sent % 10 === 0) await new Promise((resolve) => setTimeout(resolve, 1));
		}
		expect(performance.now() - startedAt).toBeGreaterThan(190);
		socket.send(announcement(HEADS, block));
		expect(isLive()).toBe(true);
	});

	it("T86: drop the organization that they name, and nothing else", async () => {
		await warmUp();
		const { didDocument } = await resolver.resolve(did);
		socket.send(
			announcement(LOGS, announcedLog({ topics: [TOPIC, `0x${"0c".repeat(32)}`], data: `0x${"00".repeat(64)}` })),
		);
		await until(() => polls() > 0);
		expect((await resolver.resolve(did)).didDocument).toBe(didDocument);
		socket.send(announcement(LOGS, announcedLog({ topics: [TOPIC, orgId], data: `0x${"00".repeat(64)}` })));
		await until(() => polls() > 1);
		expect(counter.count("eth_call")).toBe(0);
		await resolver.resolve(did);
		expect(counter.count("eth_call")).toBe(1);
	});

	it("of a removed log drop it, too", async () => {
		await warmUp();
		const log = announcedLog({ topics: [TOPIC, orgId], data: `0x${"00".repeat(64)}`, removed: true });
		socket.send(announcement(LOGS, log));
		await until(() => polls() > 0);
		await resolver.resolve(did);
		expect(counter.count("eth_call")).toBe(1);
	});

	/** `OrganizationActiveStateChanged(bytes32,bool,bool)`. */
	const TOPIC = "0x74dc7d69331700018909372bcc720b39d24512cf06f201fccb2ebc50bf9d9777";

	function announcedLog(changes: object = {}): object {
		return {
			address: network.registry.address,
			topics: [`0x${"77".repeat(32)}`],
			data: "0x",
			blockNumber: "0x1",
			blockHash: `0x${"bb".repeat(32)}`,
			transactionHash: `0x${"cc".repeat(32)}`,
			logIndex: "0x0",
			...changes,
		};
	}
});

describe("a connection", () => {
	it("that is lost is opened again, and the log is polled for what was missed", async () => {
		await warmUp();
		socket.cut();
		await until(() => !isLive());
		await until(isLive);
		await until(() => polls() > 0);
		expect(statusOf()).toMatchObject({ via: "websocket", isUpToDate: true });
	});

	it.each<[string, SocketNode["answer"]]>([
		["of another chain", (call) => (call.method === "eth_chainId" ? "0x1" : subscribe(call))],
		["that refuses subscriptions", (call) => (call.method === "eth_subscribe" ? null : subscribe(call))],
	])("%s is closed and tried again, and polling goes on", async (_, answer) => {
		socket.answer = answer;
		await watching().resolve(did);
		await until(() => socket.calls.length > 6);
		expect(statusOf()).toMatchObject({ via: "polling", isUpToDate: true });
	});

	it.each<[string, unknown]>([
		["text that isn't JSON", "{"],
		["null", "null"],
		["a response to no request", { id: 9, result: "0x" }],
		["a message of two megabytes", "x".repeat(2 ** 21)],
		["a block without a number", announcement(HEADS, { hash: "0x" })],
		["a log of another contract", announcement(LOGS, { address: `0x${"12".repeat(20)}`, topics: [], data: "0x" })],
		["an announcement of nothing", { method: "eth_subscription" }],
	])("T86: is closed after %s", async (_, message) => {
		await warmUp();
		socket.send(message);
		await until(() => !isLive());
		await until(isLive);
	});

	it("ignores announcements of other subscriptions", async () => {
		await warmUp();
		socket.send(announcement("0xcc", null));
		socket.send({ method: "other" });
		socket.send(
			announcement(HEADS, { number: "0x1", hash: `0x${"aa".repeat(32)}`, parentHash: `0x${"bb".repeat(32)}` }),
		);
		expect(isLive()).toBe(true);
	});

	it("ends with `close`, in any state", async () => {
		socket.answer = () => undefined;
		await watching().resolve(did);
		resolver.close();
		await watching().resolve(did);
		await until(() => socket.calls.length > 0);
		resolver.close();
		await until(() => socket.connections() === 0);
		socket.answer = subscribe;
		await warmUp();
		socket.cut();
		await until(() => !isLive());
		resolver.close();
		await until(() => socket.connections() === 0);
		expect(statusOf()).toMatchObject({ via: "polling", isUpToDate: false });
	});
});

describe("webSocketUrl", () => {
	it.each(["http://a.example", "wss://user:pass@a.example", "a.example", ""])("can't be %j", (webSocketUrl) => {
		expect(() => watching(webSocketUrl)).toThrow(expect.objectContaining({ code: "config/invalid-option" }));
		watching();
	});
});
