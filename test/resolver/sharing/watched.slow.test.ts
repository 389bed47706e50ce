/** Instances that share records through Redis, and follow the log of a real registry. */
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import type { OrgId } from "../../../src/did/did-url.ts";
import { generateKeyPair } from "../../../src/keys/generate.ts";
import type { Registry } from "../../../src/registry/registry.ts";
import { createOrgIdResolver, type OrgIdResolver } from "../../../src/resolver/resolver.ts";
import type { OrgIdResolverOptions } from "../../../src/resolver/resolver-options.ts";
import { createRedisRecordStore } from "../../../src/resolver/sharing/redis-store.ts";
import { startTestNetwork, type TestNetwork } from "../../../src/testing/test-network.ts";
import { unlockedAccount } from "../../../src/testing/unlocked-account.ts";
import { type FakeNode, passOn, startFakeNode } from "../../support/fake-node.ts";
import { until } from "../../support/patient-timers.ts";
import { type RedisServer, startRedis } from "../../support/redis-server.ts";
import { describeWithTool } from "../../support/tools.ts";

const SOON = { interval: 5, timeout: 60_000 };

describeWithTool("watching instances with one Redis", "redis-server", ["--version"], () => {
	let network: TestNetwork;
	let redis: RedisServer;
	let owner: Registry;
	let orgId: OrgId;
	let did: string;
	let clock = 1_000;
	const open: OrgIdResolver[] = [];
	const nodes: FakeNode[] = [];

	beforeAll(async () => {
		[network, redis] = await Promise.all([startTestNetwork({ organizations: 0 }), startRedis()]);
		owner = network.registry.connect(unlockedAccount(network.provider, network.accounts[0].address));
	});
	beforeEach(async () => {
		({ did, orgId } = await owner.createOrganization());
		await owner.addKey(orgId, { fragment: "webserver", publicKey: (await generateKeyPair()).publicKey });
	});
	afterEach(async () => {
		for (const one of open.splice(0)) one.close();
		await Promise.all(nodes.splice(0).map((node) => node.close()));
	});
	afterAll(() => Promise.all([network.close(), redis.stop()]));

	/** An instance with a connection of its own to the node; all have one clock, so that nothing expires by itself. */
	async function start(
		watch: OrgIdResolverOptions["watch"] = { pollingSeconds: 0.03 },
	): Promise<{ readonly resolver: OrgIdResolver; readonly node: FakeNode }> {
		const node = await startFakeNode((method, params) => passOn(network.rpcUrl, method, params));
		const resolver = createOrgIdResolver({
			networks: [{ chainId: 31337, rpcUrl: node.url, registry: network.registry.address, kind: "orgpass" }],
			sharedCache: {
				store: createRedisRecordStore({ client: await redis.connect() }),
				secret: "a secret of these tests, which is long enough",
			},
			watch,
			now: () => clock,
		});
		open.push(resolver);
		nodes.push(node);
		return { resolver, node };
	}

	async function stateOf(resolver: OrgIdResolver): Promise<string> {
		const { didDocument, didDocumentMetadata, didResolutionMetadata } = await resolver.resolve(did, {
			fragment: "webserver",
		});
		const code = didResolutionMetadata["code"];
		if (code === "did/key-revoked" || didDocumentMetadata["revokedKey"] !== undefined) return "revoked";
		return String(code ?? (didDocument?.verificationMethod?.length ? "valid" : "missing"));
	}

	const reads = (node: FakeNode): number => node.calls.filter((method) => method === "eth_call").length;

	it("T50: a revocation that is watched ends the use of the key in all of them", async () => {
		const instances = await Promise.all([start(), start(), start()]);
		for (const { resolver } of instances) expect(await stateOf(resolver)).toBe("valid");
		await until(() => instances.every(({ resolver }) => resolver.status()[0]?.isUpToDate === true));
		await owner.revokeKey(orgId, "webserver");
		for (const { resolver } of instances) await expect.poll(() => stateOf(resolver), SOON).toBe("revoked");
	});

	it("T50: a revocation that is watched ends the use of the key in those that start later, too", async () => {
		const seeing = await start();
		// What the first poll finds in the last blocks is dropped anyway.
		await network.provider.send("hardhat_mine", ["0x80"]);
		expect(await stateOf(seeing.resolver)).toBe("valid");
		await until(() => seeing.resolver.status()[0]?.isUpToDate === true);
		const announced = Promise.withResolvers<void>();
		const listener = (await redis.connect()).duplicate();
		await listener.connect();
		await listener.subscribe("orgpass:records:", (message) => {
			if (message.includes('"changed"') && message.includes(orgId)) announced.resolve();
		});
		await owner.revokeKey(orgId, "webserver");
		await announced.promise;
		listener.destroy();
		expect(await stateOf((await start(false)).resolver)).toBe("revoked");
	});

	it("T50: one whose node can't be reached any more hears of a revocation from the others", async () => {
		const [seeing, blind] = await Promise.all([start(), start()]);
		for (const { resolver } of [seeing, blind]) expect(await stateOf(resolver)).toBe("valid");
		blind.node.answer = () => ({ error: { code: -32_603, message: "internal error" } });
		expect(await stateOf(blind.resolver)).toBe("valid");
		await owner.revokeKey(orgId, "webserver");
		await expect.poll(() => stateOf(seeing.resolver), SOON).toBe("revoked");
		await expect.poll(() => stateOf(blind.resolver), SOON).toBe("revoked");
	});

	it("T55: a record of a branch that was replaced doesn't hide a revocation in an earlier block of the new one", async () => {
		const { did: other } = await owner.createOrganization();
		const [seeing, fresh] = await Promise.all([start(), start()]);
		const isUpToDate = (): boolean =>
			[seeing, fresh].every(({ resolver }) => resolver.status()[0]?.isUpToDate === true);
		const snapshot: string = await network.provider.send("evm_snapshot", []);
		await network.provider.send("hardhat_mine", ["0x3"]);
		expect(await stateOf(seeing.resolver)).toBe("valid");
		await fresh.resolver.resolve(other);
		await until(isUpToDate);
		await network.provider.send("evm_revert", [snapshot]);
		await owner.revokeKey(orgId, "webserver");
		await network.provider.send("hardhat_mine", ["0x8"]);
		for (const { resolver } of [fresh, seeing]) await expect.poll(() => stateOf(resolver), SOON).toBe("revoked");
	});

	it("T55: a record of a branch that was replaced before an instance followed the log expires after the TTL", async () => {
		const { did: other } = await owner.createOrganization();
		await network.provider.send("hardhat_mine", ["0x80"]);
		const snapshot: string = await network.provider.send("evm_snapshot", []);
		await owner.addKey(orgId, { fragment: "orphan", publicKey: (await generateKeyPair()).publicKey });
		const hasOrphan = async ({ resolver }: { readonly resolver: OrgIdResolver }): Promise<boolean | undefined> => {
			const { didDocument } = await resolver.resolve(did, { fragment: "orphan" });
			return didDocument?.verificationMethod?.some(({ id }) => id.endsWith("#orphan"));
		};
		const first = await start();
		expect(await hasOrphan(first)).toBe(true);
		first.resolver.close();
		await network.provider.send("evm_revert", [snapshot]);
		await network.provider.send("hardhat_mine", ["0x8"]);
		clock += 1;
		const second = await start();
		await second.resolver.resolve(other);
		await until(() => second.resolver.status()[0]?.isUpToDate === true);
		expect(await hasOrphan(second)).toBe(true);
		clock += 60;
		await until(() => second.resolver.status()[0]?.behindSeconds === 0);
		expect(await hasOrphan(second)).toBe(false);
	});

	it("records that others have read don't expire while their log is followed", async () => {
		const [first, second] = await Promise.all([start(), start()]);
		// The last blocks could be replaced by others, so what changed in them expires.
		await network.provider.send("hardhat_mine", ["0x80"]);
		for (const { resolver } of [first, second]) {
			expect(await stateOf(resolver)).toBe("valid");
			await until(() => resolver.status()[0]?.isUpToDate === true);
		}
		const before = reads(first.node) + reads(second.node);
		for (let i = 0; i < 5; i++) {
			clock += 50;
			await until(() => [first, second].every(({ resolver }) => resolver.status()[0]?.behindSeconds === 0));
			for (const { resolver } of [first, second]) expect(await stateOf(resolver)).toBe("valid");
		}
		expect(reads(first.node) + reads(second.node) - before).toBeLessThanOrEqual(2);
	});
});
