import { solidityPackedKeccak256 } from "ethers";
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";
import type { OrgId } from "../../src/did/did-url.ts";
import { generateKeyPair } from "../../src/keys/generate.ts";
import type { Registry } from "../../src/registry/registry.ts";
import { createOrgIdResolver, type OrgIdResolver } from "../../src/resolver/resolver.ts";
import type { OrgIdResolverOptions } from "../../src/resolver/resolver-options.ts";
import { startTestNetwork, type TestNetwork } from "../../src/testing/test-network.ts";
import { unlockedAccount } from "../../src/testing/unlocked-account.ts";
import { passOn, startFakeNode } from "../support/fake-node.ts";
import { passSeconds } from "../support/pass-seconds.ts";
import { until } from "../support/patient-timers.ts";
import { type RpcCounter, startRpcCounter } from "../support/rpc-counter.ts";

const LIMITS = { ttlSeconds: 60, negativeTtlSeconds: 5, refreshCooldownSeconds: 10 };

let network: TestNetwork;
let owner: Registry;
let counter: RpcCounter;
let clock = 1_000;
let did: string;
let orgId: OrgId;
let resolver: OrgIdResolver;
const open: OrgIdResolver[] = [];
beforeAll(async () => {
	network = await startTestNetwork({ organizations: 0 });
	owner = network.registry.connect(unlockedAccount(network.provider, network.accounts[0].address));
	counter = await startRpcCounter(network.rpcUrl);
});
beforeEach(async () => {
	({ did, orgId } = await owner.createOrganization());
	await addKey("webserver");
	resolver = make();
	await resolver.resolve(`did:orgid:31337:0x${"0c".repeat(32)}`);
	counter.reset();
});
afterAll(async () => {
	for (const one of open) one.close();
	await counter.close();
	await network.close();
});

function make(cache: OrgIdResolverOptions["cache"] = LIMITS, rpcUrl: string = counter.url): OrgIdResolver {
	const registry = network.registry.address;
	const networks = [{ chainId: 31337, rpcUrl, registry }];
	const made = createOrgIdResolver({ networks, cache, now: () => clock });
	open.push(made);
	return made;
}

async function addKey(fragment: string): Promise<void> {
	await owner.addKey(orgId, { fragment, publicKey: (await generateKeyPair()).publicKey });
}

const calls = () => counter.count("eth_call");
const fragmentsOf = async (asked: { fragment?: string } = {}) => {
	const { didDocument } = await resolver.resolve(did, asked);
	return didDocument?.authentication?.map((id) => String(id).split("#")[1]);
};
const codeOf = async (fragment: string) => (await resolver.resolve(did, { fragment })).didResolutionMetadata["code"];
const revokedOf = async (fragment: string) =>
	(await resolver.resolve(did, { fragment })).didDocumentMetadata["revokedKey"];

describe("cached results", () => {
	it("keeps an organization for its TTL, counted from before the read", async () => {
		await resolver.resolve(did);
		await owner.setActive(orgId, false);
		clock += 59;
		expect((await resolver.resolve(did)).didDocumentMetadata.deactivated).toBeUndefined();
		expect(calls()).toBe(1);
		clock += 1;
		expect((await resolver.resolve(did)).didDocumentMetadata.deactivated).toBe(true);
		expect(calls()).toBe(2);
	});

	it("keeps an absence for a shorter TTL, then finds a new organization", async () => {
		const salt = `0x${"77".repeat(32)}` as const;
		const { orgId: soon } = await owner.createOrganization({ salt });
		const later = `0x${"78".repeat(32)}` as const;
		const types = ["address", "bytes32"];
		expect(solidityPackedKeccak256(types, [network.accounts[0].address, salt])).toBe(soon);
		const unborn = solidityPackedKeccak256(types, [network.accounts[0].address, later]);
		const resolve = () => resolver.resolve(`did:orgid:31337:${unborn}`);
		expect((await resolve()).didResolutionMetadata.error).toBe("notFound");
		await owner.createOrganization({ salt: later });
		clock += 4;
		expect((await resolve()).didResolutionMetadata.error).toBe("notFound");
		expect(calls()).toBe(1);
		clock += 1;
		expect((await resolve()).didDocument).not.toBeNull();
		expect(calls()).toBe(2);
	});

	it("keeps nothing with a TTL of zero", async () => {
		resolver = make({ ttlSeconds: 0, negativeTtlSeconds: 0, refreshCooldownSeconds: 0 });
		for (let i = 0; i < 3; i++) await resolver.resolve(did);
		expect(calls()).toBe(3);
	});

	it("keeps nothing that was invalidated, with or without a fragment", async () => {
		for (const spelling of [did, `${did}#webserver`]) {
			await resolver.resolve(did);
			counter.reset();
			await resolver.resolve(did);
			expect(calls()).toBe(0);
			resolver.invalidate(spelling);
			await resolver.resolve(did);
			expect(calls()).toBe(1);
		}
	});

	it("T48: keeps at most maxEntries organizations, evicting the least recently used", async () => {
		resolver = make({ ...LIMITS, maxEntries: 2 });
		const { did: b } = await owner.createOrganization();
		const { did: c } = await owner.createOrganization();
		counter.reset();
		for (const one of [did, b, did, c]) await resolver.resolve(one);
		expect(calls()).toBe(3);
		await resolver.resolve(did);
		expect(calls()).toBe(3);
		await resolver.resolve(b);
		expect(calls()).toBe(4);
	});

	it("T48: absences don't evict organizations", async () => {
		resolver = make({ ...LIMITS, maxEntries: 2 });
		await resolver.resolve(did);
		for (let i = 0; i < 20; i++) {
			await resolver.resolve(`did:orgid:31337:0x${i.toString(16).padStart(64, "d")}`);
		}
		counter.reset();
		await resolver.resolve(did);
		expect(calls()).toBe(0);
	});

	it("T48: two resolvers share nothing", async () => {
		await resolver.resolve(did);
		await make().resolve(did);
		expect(calls()).toBe(2);
	});

	it("T28: reads again if the clock goes back", async () => {
		await resolver.resolve(did);
		clock -= 3_600;
		await resolver.resolve(did);
		expect(calls()).toBe(2);
		clock += 3_700;
		await resolver.resolve(did);
		expect(calls()).toBe(3);
	});

	it("T53: doesn't cache errors", async () => {
		// After an outage of a second, a node is asked only now and then.
		passSeconds(0);
		onTestFinished(() => void vi.restoreAllMocks());
		const node = await startFakeNode(() => ({ hangUp: true }));
		const cold = make(LIMITS, node.url);
		for (let i = 0; i < 2; i++) {
			node.calls.length = 0;
			expect((await cold.resolve(did)).didResolutionMetadata["code"]).toBe("registry/unreachable");
			expect(node.calls).not.toHaveLength(0);
		}
		node.answer = (method, params) => passOn(network.rpcUrl, method, params);
		expect(await cold.resolve(did)).toMatchObject({ didDocument: { id: did } });
		await node.close();
	});
});

describe("fragments missing from the record", () => {
	it("finds a newly added key at once, with one read", async () => {
		expect(await fragmentsOf()).toEqual(["webserver"]);
		await addKey("fresh");
		counter.reset();
		expect(await fragmentsOf({ fragment: "fresh" })).toEqual(["webserver", "fresh"]);
		expect(calls()).toBe(1);
		expect(await fragmentsOf({ fragment: "fresh" })).toEqual(["webserver", "fresh"]);
		expect(calls()).toBe(1);
	});

	it("T50: reports a revoked key as revoked, without further calls later", async () => {
		await owner.revokeKey(orgId, "webserver");
		expect(await revokedOf("webserver")).toMatchObject({
			fragment: "webserver",
			revokedAt: expect.any(Number),
		});
		expect(calls()).toBe(2);
		for (let i = 0; i < 5; i++) expect(await revokedOf("webserver")).toBeDefined();
		expect(calls()).toBe(2);
	});

	it("T50: rejects a revoked cached key after the TTL, and at once after invalidate", async () => {
		await resolver.resolve(did, { fragment: "webserver" });
		await owner.revokeKey(orgId, "webserver");
		expect(await revokedOf("webserver")).toBeUndefined();
		clock += 60;
		expect(await revokedOf("webserver")).toBeDefined();
		await addKey("next");
		resolver.invalidate(did);
		expect(await fragmentsOf({ fragment: "next" })).toEqual(["next"]);
		await owner.revokeKey(orgId, "next");
		resolver.invalidate(did);
		expect(await revokedOf("next")).toBeDefined();
	});

	it("200 random fragments cause a bounded number of calls: ten lookups, then one per cooldown", async () => {
		await resolver.resolve(did);
		counter.reset();
		const attack = async (round: string) => {
			for (let i = 0; i < 200; i++) await resolver.resolve(did, { fragment: `x${round}${i}` });
		};
		await attack("a");
		expect(calls()).toBe(20);
		clock += 8;
		await attack("b");
		expect(calls()).toBe(20);
		clock += 2;
		await attack("c");
		expect(calls()).toBe(22);
		counter.reset();
		await Promise.all(Array.from({ length: 200 }, (_, i) => resolver.resolve(did, { fragment: `y${i}` })));
		expect(calls()).toBe(0);
	});

	it("such an attack doesn't block known keys, and new keys are found after the cooldown", async () => {
		await resolver.resolve(did);
		for (let i = 0; i < 10; i++) await resolver.resolve(did, { fragment: `nonsense${i}` });
		await addKey("fresh");
		expect(await codeOf("fresh")).toBe("registry/unreachable");
		clock += 10;
		expect(await fragmentsOf({ fragment: "fresh" })).toEqual(["webserver", "fresh"]);
		expect(await fragmentsOf({ fragment: "webserver" })).toContain("webserver");
	});

	it("T50: such an attack hides no revocation after invalidate", async () => {
		await resolver.resolve(did);
		for (let i = 0; i < 10; i++) await resolver.resolve(did, { fragment: `nonsense${i}` });
		await owner.revokeKey(orgId, "webserver");
		resolver.invalidate(did);
		expect(await revokedOf("webserver")).toMatchObject({ fragment: "webserver" });
	});

	it("makes no further calls for an unknown organization", async () => {
		const absent = `did:orgid:31337:0x${"0d".repeat(32)}`;
		for (let i = 0; i < 50; i++) await resolver.resolve(absent, { fragment: `x${i}` });
		expect(calls()).toBe(1);
	});
});

describe("pending reads", () => {
	it("T61: are shared: fifty concurrent resolutions make one call", async () => {
		const gate = Promise.withResolvers<void>();
		counter.before = gate.promise;
		const resolving = Promise.all(Array.from({ length: 50 }, () => resolver.resolve(did)));
		await until(() => calls() === 1);
		gate.resolve();
		const results = await resolving;
		expect(new Set(results.map(({ didDocument }) => didDocument)).size).toBe(1);
		expect(calls()).toBe(1);
	});

	it("T51: don't fill the cache after invalidate", async () => {
		const gate = Promise.withResolvers<void>();
		counter.before = gate.promise;
		const slow = resolver.resolve(did);
		await until(() => calls() === 1);
		resolver.invalidate(did);
		gate.resolve();
		await slow;
		counter.reset();
		await resolver.resolve(did);
		expect(calls()).toBe(1);
	});

	it("T51: don't bring back a key that was revoked meanwhile", async () => {
		const gate = Promise.withResolvers<void>();
		const held = Promise.withResolvers<void>();
		let isHeld = false;
		const node = await startFakeNode(async (method, params) => {
			const answer = await passOn(network.rpcUrl, method, params);
			if (method !== "eth_call" || isHeld) return answer;
			isHeld = true;
			held.resolve();
			await gate.promise;
			return answer;
		});
		const racing = make(LIMITS, node.url);
		const ask = () => racing.resolve(did, { fragment: "webserver" });
		const slow = ask();
		await held.promise;
		await owner.revokeKey(orgId, "webserver");
		racing.invalidate(did);
		expect((await ask()).didDocumentMetadata).toHaveProperty("revokedKey");
		gate.resolve();
		await slow;
		for (let i = 0; i < 3; i++) {
			const { didDocument, didDocumentMetadata } = await ask();
			expect(didDocumentMetadata).toHaveProperty("revokedKey");
			expect(didDocument?.authentication).toEqual([]);
		}
		await node.close();
	});

	it("T61: aren't shared once failed", async () => {
		const node = await startFakeNode(() => ({ hangUp: true }));
		const flaky = make(LIMITS, node.url);
		for (const { didResolutionMetadata } of await Promise.all([flaky.resolve(did), flaky.resolve(did)])) {
			expect(didResolutionMetadata["code"]).toBe("registry/unreachable");
		}
		node.answer = (method, params) => passOn(network.rpcUrl, method, params);
		expect((await flaky.resolve(did)).didDocument?.id).toBe(did);
		await node.close();
	});
});
