import { toQuantity } from "ethers";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { createVerifier, type Verifier } from "../../../src/auth/create-verifier.ts";
import { isOrgpassError } from "../../../src/errors/errors.ts";
import { exportPublicKey } from "../../../src/keys/export-public-key.ts";
import { generateKeyPair } from "../../../src/keys/generate.ts";
import { importPrivateKey } from "../../../src/keys/import-private-key.ts";
import { createRegistry } from "../../../src/registry/create-registry.ts";
import type { EventRange, Registry } from "../../../src/registry/registry.ts";
import { createOrgIdResolver, type OrgIdResolver } from "../../../src/resolver/resolver.ts";
import { orgid } from "../../../src/tokens/orgid/orgid.ts";
import { createOrgIdMinter } from "../../../src/tokens/orgid/orgid-minter.ts";
import type { FakeNode } from "../../support/fake-node.ts";
import { answerAt } from "../../support/lagging-node.ts";
import { LIARS, type Lie } from "../../support/lying-node.ts";
import { stopClock, useNodeCluster } from "../../support/node-cluster.ts";
import { allOrFirst } from "../../support/thorough.ts";

const cluster = useNodeCluster(3);
/** For each sort of liar, with three verifications each: 10,000 verifications with ORGPASS_THOROUGH=1. */
const ROUNDS = allOrFirst([3, Math.ceil(10_000 / Object.keys(LIARS).length / 3)]).at(-1) ?? 0;

/** Tokens and the code of their refusal, if they must be refused. */
let tokens: readonly (readonly [token: string, code: string | undefined])[];
let lie: Lie;

beforeAll(async () => {
	const { network } = cluster;
	const [airline, hotel] = network.organizations;
	const audience = hotel.did;
	const revoked = await airline.minter({ audience }).mint();
	const past = await network.provider.getBlockNumber();
	await airline.rotateKey();
	const good = await airline.minter({ audience }).mint();
	const { privateKey, publicKey } = await generateKeyPair();
	const forged = await createOrgIdMinter({
		key: privateKey,
		issuer: airline.issuer,
		audience,
		now: network.now,
	}).mint();
	const point = exportPublicKey(publicKey, "hex").slice(4);
	// So that a head of some blocks ago is still after the revocation.
	for (let block = 0; block < 10; block++) await network.provider.send("evm_mine", []);
	tokens = [
		[good, undefined],
		[revoked, "did/key-revoked"],
		[forged, "token/signature"],
	];
	lie = { honest: cluster.honest, past, point: { x: `0x${point.slice(0, 64)}`, y: `0x${point.slice(64)}` } };
});

function open(): { resolver: OrgIdResolver; verifier: Verifier } {
	const { network, urls } = cluster;
	const resolver = createOrgIdResolver({
		networks: [{ chainId: network.chainId, rpcUrl: urls, agreement: 2, registry: network.registry.address }],
	});
	const audience = network.organizations[1].did;
	return { resolver, verifier: createVerifier({ profiles: [orgid({ audience, resolver })], now: network.now }) };
}

function openRegistry(): Registry {
	const { network, urls } = cluster;
	return createRegistry({ chainId: network.chainId, rpcUrl: urls, agreement: 2, address: network.registry.address });
}

async function verdictOf(verifier: Verifier, token: string): Promise<string | undefined> {
	return verifier.verify(token).then(
		() => undefined,
		(error) => (isOrgpassError(error) ? error.code : String(error)),
	);
}

/** Every verification reads the chain. */
async function expectRightVerdicts(rounds: number): Promise<void> {
	const { resolver, verifier } = open();
	for (let round = 0; round < rounds; round++) {
		for (const [token, code] of tokens) {
			resolver.invalidateAll();
			expect(await verdictOf(verifier, token)).toBe(code);
		}
	}
	resolver.close();
}

describe.each(Object.entries(LIARS))("T54: with one of three nodes that lies about %s", (_what, liar) => {
	it.each([0, 2])("accepts and refuses nothing wrongly, as node %i", async (index) => {
		(cluster.nodes[index] as FakeNode).answer = liar(lie);
		await expectRightVerdicts(index === 0 ? ROUNDS : 1);
	});
});

describe("T54: two of three nodes", () => {
	const [liar] = [LIARS["a key's coordinates"]] as const;

	it("T52: are an outage if one lies and another is down, never an acceptance", async () => {
		const [first, second] = cluster.nodes as [FakeNode, FakeNode];
		const checks = tokens.map(([token, code]) => ({ token, code, ...open() }));
		second.answer = () => ({ status: 500, body: "" });
		for (const [name, lies] of Object.entries(LIARS)) {
			first.answer = lies(lie);
			// The three wait out their pauses together.
			const verdicts = checks.map(({ token, resolver, verifier }) => {
				resolver.invalidateAll();
				return verdictOf(verifier, token);
			});
			for (const [at, verdict] of (await Promise.all(verdicts)).entries()) {
				expect(
					["registry/disagreement", "registry/unreachable", "registry/bad-response", checks[at]?.code],
					name,
				).toContain(verdict);
			}
		}
		for (const { resolver } of checks) resolver.close();
	}, 60_000);

	it("name the nodes and how they differ", async () => {
		const [first, second, third] = cluster.nodes as [FakeNode, FakeNode, FakeNode];
		first.answer = liar?.(lie) as FakeNode["answer"];
		second.answer = () => ({ status: 500, body: "" });
		const registry = openRegistry();
		const reading = registry.read(cluster.network.organizations[0].orgId);
		const error = await reading.catch((thrown) => thrown);
		expect(error).toMatchObject({ code: "registry/disagreement", details: { method: "eth_call", agreement: 2 } });
		const [a, b, c] = [first, second, third].map(({ url }) => new URL(url).host);
		expect(error.message).toContain("expected 2 nodes to agree on eth_call: ");
		expect(error.message).toContain(`${b} failed before`);
		for (const host of [a, c]) expect(error.message).toMatch(new RegExp(`${host} gives result [12] of 2`));
		registry.close();
	});

	it("wait for no node that hangs, and for none that is slow", async () => {
		const [, , third] = cluster.nodes as [FakeNode, FakeNode, FakeNode];
		third.answer = () => ({ hang: true });
		// Requests to it never end, so whoever waits for it gets no verdict.
		vi.spyOn(AbortSignal, "timeout").mockImplementation(() => new AbortController().signal);
		await expectRightVerdicts(2);
	});

	it("have one that lags behind", async () => {
		const [first] = cluster.nodes as [FakeNode, FakeNode, FakeNode];
		first.answer = (method, params) => {
			if (method === "eth_blockNumber") return { result: toQuantity(lie.past) };
			const [call, block] = params;
			const isAhead = method === "eth_call" && Number(block) > lie.past;
			return isAhead
				? { error: { code: -32_000, message: "header not found" } }
				: cluster.honest(method, [call, block]);
		};
		await expectRightVerdicts(2);
	});

	it("see a block that was just mined, and no older state", async () => {
		const { network } = cluster;
		const registry = openRegistry();
		const writer = network.registry.connect(network.accounts[0]);
		const { orgId } = await writer.createOrganization();
		for (let time = 0; time < 5; time++) {
			const receipt = await writer.setActive(orgId, time % 2 === 1);
			const record = await registry.read(orgId);
			expect(record?.active).toBe(time % 2 === 1);
			expect(record?.blockNumber).toBeGreaterThanOrEqual(receipt?.blockNumber ?? Number.NaN);
		}
		registry.close();
	});

	it("T55: forget what a reorganization removed", async () => {
		const { network } = cluster;
		const registry = openRegistry();
		const { provider } = network;
		const writer = network.registry.connect(network.accounts[0]);
		const { orgId } = await writer.createOrganization();
		const snapshot: unknown = await provider.send("evm_snapshot", []);
		await writer.setActive(orgId, false);
		expect((await registry.read(orgId))?.active).toBe(false);
		await provider.send("evm_revert", [snapshot]);
		expect((await registry.read(orgId))?.active).toBe(true);
		await provider.send("evm_mine", []);
		expect((await registry.read(orgId))?.active).toBe(true);
		registry.close();
	});

	it("agree on the log", async () => {
		const [first] = cluster.nodes as [FakeNode, FakeNode, FakeNode];
		const range = { fromBlock: 0 };
		const events = await cluster.network.registry.readEvents(range);
		expect(events.length).toBeGreaterThan(2);
		first.answer = async (method, params) => {
			const answer = await cluster.honest(method, params);
			if (method !== "eth_getLogs" || !("result" in answer)) return answer;
			return { result: (answer.result as readonly unknown[]).slice(1) };
		};
		const registry = openRegistry();
		expect(await registry.readEvents(range)).toEqual(events);
		registry.close();
	});

	it("T86: don't count the log of one that is behind, which a liar repeats", async () => {
		const [, second, third] = cluster.nodes as [FakeNode, FakeNode, FakeNode];
		const { provider, registry: honest, accounts, rpcUrl } = cluster.network;
		const before = await provider.getBlockNumber();
		const { orgId } = await honest.connect(accounts[0]).createOrganization();
		await provider.send("hardhat_mine", ["0x6"]);
		const toBlock = await provider.getBlockNumber();
		const behind: FakeNode["answer"] = (method, params) => answerAt(before, rpcUrl, method, params);
		const range = { fromBlock: before, toBlock };
		const registry = openRegistry();
		const read = async (given: EventRange): Promise<unknown> => (await registry.readEvents(given)).at(-1)?.orgId;

		second.answer = behind;
		expect(await read(range)).toBe(orgId);
		expect(await read({ fromBlock: before })).toBe(orgId);
		third.answer = (method, params) => (method === "eth_getLogs" ? behind : cluster.honest)(method, params);
		const disagreement = { code: "registry/disagreement", details: { method: "eth_getLogs" } };
		await expect(read(range)).rejects.toMatchObject(disagreement);
		await expect(read({ fromBlock: before })).rejects.toMatchObject(disagreement);
		second.answer = cluster.honest;
		expect(await read(range)).toBe(orgId);
		registry.close();
	});

	it("accept what two of them say, even if both lie", async () => {
		const [first, second] = cluster.nodes as [FakeNode, FakeNode];
		for (const node of [first, second]) node.answer = liar?.(lie) as FakeNode["answer"];
		const { resolver, verifier } = open();
		const [, , [forged]] = tokens as [unknown, unknown, readonly [string, string]];
		expect([undefined, "token/signature"]).toContain(await verdictOf(verifier, forged));
		resolver.close();
	});

	it("have one that limits requests, which is left alone", async () => {
		const [first] = cluster.nodes as [FakeNode, FakeNode];
		stopClock();
		first.answer = () => ({ status: 429, body: "", headers: { "retry-after": "30" } });
		await expectRightVerdicts(2);
		expect(first.calls.length).toBeLessThanOrEqual(6);
	});

	it("are a rate limit if the two are limited", async () => {
		stopClock();
		for (const node of cluster.nodes.slice(1)) {
			node.answer = () => ({ status: 429, body: "", headers: { "retry-after": "30" } });
		}
		const registry = openRegistry();
		const { orgId } = cluster.network.organizations[0];
		const details = { retryAfterSeconds: expect.any(Number) };
		await expect(registry.read(orgId)).rejects.toMatchObject({ code: "registry/unreachable", details });
		for (const node of cluster.nodes) node.calls.length = 0;
		await expect(registry.read(orgId)).rejects.toMatchObject({ code: "registry/unreachable", details });
		expect(cluster.nodes.map(({ calls }) => calls)).toEqual([[], [], []]);
		registry.close();
	});

	it("send a transaction to one of them", async () => {
		const key = await importPrivateKey(cluster.network.accounts[2].privateKey);
		const registry = openRegistry().connect(key);
		const { orgId } = await registry.createOrganization();
		expect(await registry.read(orgId)).toMatchObject({ orgId });
		const sent = cluster.nodes.flatMap(({ calls }) => calls).filter((call) => call === "eth_sendRawTransaction");
		expect(sent).toHaveLength(1);
		registry.close();
	});
});

describe("the options of several nodes", () => {
	it.each<[string, object]>([
		["an agreement of one", { rpcUrl: ["http://a.example", "http://b.example"], agreement: 1 }],
		["an agreement of more nodes than there are", { rpcUrl: ["http://a.example", "http://b.example"], agreement: 3 }],
		["an agreement of a single URL", { rpcUrl: "http://a.example", agreement: 2 }],
		["an agreement of a provider", { provider: {}, agreement: 2 }],
		["the same node twice", { rpcUrl: ["http://a.example", "http://a.example/"], agreement: 2 }],
		["the same node with a fragment", { rpcUrl: ["http://a.example", "http://a.example/#b"], agreement: 2 }],
		["the same node with an empty query", { rpcUrl: ["http://a.example", "http://a.example/?"], agreement: 2 }],
		["no node", { rpcUrl: [] }],
		["another protocol", { rpcUrl: ["http://a.example", "ftp://b.example/s3cret"] }],
	])("can't be %s", (_what, options) => {
		const address = `0x${"11".repeat(20)}`;
		const create = (): unknown => createRegistry({ chainId: 1, address, ...options });
		expect(create).toThrow(expect.objectContaining({ code: "config/invalid-option" }));
		expect(create).toThrow(expect.objectContaining({ message: expect.not.stringContaining("s3cret") }));
		const networks = [{ chainId: 1, registry: address, ...options }];
		expect(() => createOrgIdResolver({ networks })).toThrow(expect.objectContaining({ code: "config/invalid-option" }));
	});
});
