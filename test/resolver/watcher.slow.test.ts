import { toQuantity } from "ethers";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { OrgId } from "../../src/did/did-url.ts";
import { generateKeyPair } from "../../src/keys/generate.ts";
import type { Registry } from "../../src/registry/registry.ts";
import { createOrgIdResolver, type OrgIdResolver } from "../../src/resolver/resolver.ts";
import type { OrgIdResolverOptions } from "../../src/resolver/resolver-options.ts";
import { startTestNetwork, type TestNetwork } from "../../src/testing/test-network.ts";
import { unlockedAccount } from "../../src/testing/unlocked-account.ts";
import { type Answer, type FakeNode, passOn, startFakeNode } from "../support/fake-node.ts";
import { answerAt } from "../support/lagging-node.ts";
import { idle, until } from "../support/patient-timers.ts";
import { recordOperations } from "../support/recording-observer.ts";

/** Polls often, and has its own clock: nothing expires unless a test says so. */
const POLLING_SECONDS = 0.03;

let network: TestNetwork;
let owner: Registry;
let node: FakeNode;
let did: string;
let orgId: OrgId;
let clock = 1_000;
let resolver: OrgIdResolver;
const open: OrgIdResolver[] = [];

beforeAll(async () => {
	network = await startTestNetwork({ organizations: 0 });
	owner = network.registry.connect(unlockedAccount(network.provider, network.accounts[0].address));
	node = await startFakeNode(honest);
});
beforeEach(async () => {
	node.answer = honest;
	({ did, orgId } = await owner.createOrganization());
	await owner.addKey(orgId, { fragment: "webserver", publicKey: (await generateKeyPair()).publicKey });
	resolver = watching();
});
afterEach(() => {
	for (const one of open.splice(0)) one.close();
});
afterAll(async () => {
	await node.close();
	await network.close();
});

const honest = (method: string, params: readonly unknown[]): Promise<Answer> => passOn(network.rpcUrl, method, params);
const isPoll = (method: string): boolean => method === "eth_getLogs";

function watching(options: Partial<OrgIdResolverOptions> = {}): OrgIdResolver {
	const made = createOrgIdResolver({
		networks: [{ chainId: 31337, rpcUrl: node.url, registry: network.registry.address, kind: "orgpass" }],
		watch: { pollingSeconds: POLLING_SECONDS },
		now: () => clock,
		...options,
	});
	open.push(made);
	return made;
}

const hasKey = async (one = resolver): Promise<boolean> => {
	const { didDocument, didResolutionMetadata } = await one.resolve(did, { fragment: "webserver" });
	if (didDocument !== null) return didDocument.authentication?.includes(`${did}#webserver`) === true;
	throw new Error(String(didResolutionMetadata["code"]));
};
const statusOf = (one = resolver) => one.status()[0];
const polls = (): number => node.calls.filter(isPoll).length;

/** Waits for polls that begin after this call. */
async function nextPolls(count = 2): Promise<void> {
	const before = polls();
	await until(() => polls() > before + count);
}

/** Waits until the watcher has polled the latest block and the organization's changes are old, then reads it. */
async function warmUp(one = resolver): Promise<void> {
	await network.provider.send("hardhat_mine", [toQuantity(70)]);
	await one.resolve(did);
	const latest = await network.provider.getBlockNumber();
	await until(() => statusOf(one)?.blockNumber === latest);
	one.invalidate(did);
	expect(await hasKey(one)).toBe(true);
}

/** An outage isn't an acceptance. */
const isAccepted = (one = resolver): Promise<boolean> => hasKey(one).catch(() => false);

/** Resolves until the key isn't accepted any more. */
async function untilRevoked(one = resolver): Promise<void> {
	while (await isAccepted(one)) await nextPolls(0);
}

describe("T50: a watched revocation", () => {
	it("is noticed long before the TTL, and the node isn't asked otherwise", async () => {
		await warmUp();
		node.calls.length = 0;
		for (let i = 0; i < 3; i++) await hasKey();
		await nextPolls();
		expect(node.calls.filter((method) => method === "eth_call")).toEqual([]);
		await owner.revokeKey(orgId, "webserver");
		await untilRevoked();
	});

	it("is noticed after an outage that began before it", async () => {
		await warmUp();
		node.answer = () => ({ hangUp: true });
		await owner.revokeKey(orgId, "webserver");
		await until(() => statusOf()?.error !== undefined);
		expect(await hasKey()).toBe(true);
		node.answer = honest;
		await untilRevoked();
	});

	it("is noticed behind a load balancer one of whose nodes lags", async () => {
		await warmUp();
		const before = await network.provider.getBlockNumber();
		await owner.revokeKey(orgId, "webserver");
		let requests = 0;
		node.answer = (method, params) => {
			if (method === "eth_getBlockByNumber" && params[0] === "latest") requests += 1;
			return requests % 2 === 0 ? honest(method, params) : answerAt(before, network.rpcUrl, method, params);
		};
		await untilRevoked();
		for (let i = 0; i < 5; i++) {
			await nextPolls(1);
			expect(await isAccepted()).toBe(false);
		}
	});

	it("after the TTL if the watcher is cut off, as without one", async () => {
		await warmUp();
		node.answer = (method, params) =>
			isPoll(method) ? { error: { code: -32_603, message: "internal error" } } : honest(method, params);
		await owner.revokeKey(orgId, "webserver");
		await nextPolls();
		clock += 59;
		expect(await hasKey()).toBe(true);
		clock += 1;
		expect(await hasKey()).toBe(false);
	});

	it("reaches two resolvers that know nothing of each other", async () => {
		const second = watching();
		await Promise.all([warmUp(), warmUp(second)]);
		await owner.revokeKey(orgId, "webserver");
		await Promise.all([untilRevoked(), untilRevoked(second)]);
	});
});

describe("T52: a watched organization whose node breaks batches", () => {
	/** Only a batch asks for the logs up to `latest`. */
	const isInBatch = (method: string, params: readonly unknown[]): boolean =>
		isPoll(method) && (params[0] as { readonly toBlock: string }).toBlock === "latest";

	it.each<[string, Answer]>([
		["status 500", { status: 500, body: "" }],
		["no response to one call", { status: 200, body: "[null]" }],
		["status 405", { status: 405, body: "" }],
	])("(%s) is used past its TTL, and its revocation is noticed by polls of single calls", async (_what, broken) => {
		await warmUp();
		node.answer = (method, params) => (isInBatch(method, params) ? broken : honest(method, params));
		await nextPolls(8);
		await until(() => statusOf()?.error === undefined);
		clock += 61;
		expect(await hasKey()).toBe(true);
		await owner.revokeKey(orgId, "webserver");
		await untilRevoked();
	});

	it("isn't dropped because of a batch that failed once", async () => {
		await warmUp();
		let failures = 0;
		node.answer = (method, params) => {
			if (!isPoll(method) || failures === 2) return honest(method, params);
			failures += 1;
			return { status: 500, body: "" };
		};
		await nextPolls(5);
		node.calls.length = 0;
		expect(await hasKey()).toBe(true);
		expect(node.calls).not.toContain("eth_call");
	});
});

describe("T55: a reorganization", () => {
	it("that removes a change makes the organization be read again", async () => {
		await warmUp();
		const snapshot: string = await network.provider.send("evm_snapshot", []);
		await owner.addKey(orgId, { fragment: "second", publicKey: (await generateKeyPair()).publicKey });
		const isListed = async (): Promise<boolean> => {
			const { didDocument } = await resolver.resolve(did);
			return didDocument?.authentication?.includes(`${did}#second`) === true;
		};
		while (!(await isListed())) await nextPolls(0);
		await network.provider.send("evm_revert", [snapshot]);
		await network.provider.send("hardhat_mine", [toQuantity(2)]);
		while (await isListed().catch(() => true)) await nextPolls(0);
	});

	it("that removes a revocation and adds it again doesn't bring back the key for longer than that takes", async () => {
		await warmUp();
		const snapshot: string = await network.provider.send("evm_snapshot", []);
		await owner.revokeKey(orgId, "webserver");
		await untilRevoked();
		await network.provider.send("evm_revert", [snapshot]);
		await network.provider.send("hardhat_mine", [toQuantity(2)]);
		await nextPolls();
		await owner.revokeKey(orgId, "webserver");
		await untilRevoked();
	});
});

describe("a watched organization", () => {
	it("is used for an hour without being read, while the log shows no change", async () => {
		await warmUp();
		node.calls.length = 0;
		for (let seconds = 0; seconds < 3_540; seconds += 50) {
			clock += 50;
			await nextPolls(1);
			expect(await hasKey()).toBe(true);
		}
		expect(node.calls).not.toContain("eth_call");
		clock += 60;
		await nextPolls(1);
		expect(await hasKey()).toBe(true);
		expect(node.calls).toContain("eth_call");
	});

	it("is read again after an event that can't be understood, such as that of a proxy", async () => {
		await warmUp();
		node.calls.length = 0;
		const block = await network.provider.getBlock("latest");
		const log = {
			address: network.registry.address,
			topics: [`0x${"77".repeat(32)}`],
			data: "0x",
			blockNumber: toQuantity(block?.number ?? 0),
			blockHash: block?.hash,
			transactionHash: `0x${"cc".repeat(32)}`,
			logIndex: "0x7",
		};
		node.answer = async (method, params) => {
			const answer = (await honest(method, params)) as { result: unknown[] };
			return isPoll(method) ? { result: [...answer.result, log] } : answer;
		};
		await nextPolls();
		expect(await hasKey()).toBe(true);
		expect(node.calls.filter((method) => method === "eth_call")).toHaveLength(1);
		await nextPolls();
		expect(await hasKey()).toBe(true);
		expect(node.calls.filter((method) => method === "eth_call")).toHaveLength(1);
	});

	it("expires as usual if its block is later than what was polled", async () => {
		await warmUp();
		const { answer } = node;
		const before = await network.provider.getBlockNumber();
		node.answer = (method, params) =>
			method === "eth_call" ? answer(method, params) : answerAt(before, network.rpcUrl, method, params);
		await network.provider.send("hardhat_mine", [toQuantity(1)]);
		resolver.invalidate(did);
		expect(await hasKey()).toBe(true);
		node.answer = honest;
		await nextPolls();
		clock += 60;
		await nextPolls();
		node.calls.length = 0;
		expect(await hasKey()).toBe(true);
		expect(node.calls).toContain("eth_call");
	});
});

describe("status", () => {
	it("says how far the log is known", async () => {
		expect(resolver.status()).toEqual([{ chainId: 31337, isUpToDate: false }]);
		const before = node.calls.length;
		await warmUp();
		expect(node.calls.length).toBeGreaterThan(before);
		const blockNumber = await network.provider.getBlockNumber();
		expect(statusOf()).toEqual({
			chainId: 31337,
			isUpToDate: true,
			blockNumber,
			behindBlocks: 0,
			behindSeconds: 0,
			via: "polling",
		});
		expect(Object.isFrozen(statusOf())).toBe(true);
		node.answer = () => ({ status: 500, body: "" });
		await until(() => statusOf()?.error !== undefined);
		clock += 5;
		expect(statusOf()).toMatchObject({ isUpToDate: false, behindSeconds: 5 });
		expect(statusOf()?.error).toEqual({ code: "registry/unreachable", message: expect.stringMatching(/status 500/) });
		node.answer = honest;
		await until(() => statusOf()?.isUpToDate === true);
		expect(statusOf()).not.toHaveProperty("error");
	});

	it("without `watch` says that nothing is known", async () => {
		const plain = watching({ watch: false });
		await plain.resolve(did);
		expect(plain.status()).toEqual([{ chainId: 31337, isUpToDate: false }]);
	});

	it("is reported to the observer at every poll", async () => {
		const recording = recordOperations();
		const observed = watching({ observer: recording.observer });
		await warmUp(observed);
		const before = recording.of("watch").length;
		const { blockNumber = 0 } = (await owner.revokeKey(orgId, "webserver")) ?? {};
		await until(() => recording.of("watch").at(-1)?.blockNumber === blockNumber);
		const watched = recording.of("watch").slice(before);
		expect(watched.reduce((sum, { events = 0 }) => sum + events, 0)).toBe(1);
		expect(watched.at(-1)).toEqual({
			operation: "watch",
			chainId: 31337,
			outcome: "ok",
			events: expect.any(Number),
			blockNumber,
			behindBlocks: 0,
			behindSeconds: 0,
			durationMs: expect.any(Number),
		});
		node.answer = () => ({ hangUp: true });
		await until(() => recording.of("watch").at(-1)?.outcome === "failed");
		expect(recording.of("watch").at(-1)).toMatchObject({ code: "registry/unreachable", blockNumber });
	});
});

describe("close", () => {
	it("ends the polls, whatever they are doing", async () => {
		const early = watching();
		early.close();
		await early.resolve(did);
		const polling = watching();
		await polling.resolve(did);
		polling.close();
		await warmUp();
		node.answer = () => ({ hang: true });
		await nextPolls(0);
		resolver.close();
		node.answer = honest;
		await until(() => true);
		const before = polls();
		await idle();
		expect(polls()).toBe(before);
		expect(resolver.status()).toMatchObject([{ isUpToDate: false }]);
	});
});
