/** What a watcher costs does not depend on how many organizations it watches. */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { Contract, toQuantity } from "ethers";
import { afterAll, beforeAll, expect, it } from "vitest";
import { formatDidUrl, type OrgId } from "../../src/did/did-url.ts";
import { createRegistry } from "../../src/registry/create-registry.ts";
import type { OrgRecord } from "../../src/registry/org-record.ts";
import type { Registry } from "../../src/registry/registry.ts";
import { createOrgIdResolver } from "../../src/resolver/resolver.ts";
import { startTestNetwork, type TestNetwork } from "../../src/testing/test-network.ts";
import { unlockedAccount } from "../../src/testing/unlocked-account.ts";
import { type FakeNode, passOn, startFakeNode } from "../support/fake-node.ts";
import { until } from "../support/patient-timers.ts";
import { deployKind } from "../support/registry-kinds.ts";

const CHAIN = 31_337;
const WATCH = { pollingSeconds: 0.2 };
const MANY = 100_000;
/** More than a record takes. */
const MAX_BYTES_EACH = 4_096;

let network: TestNetwork;
let node: FakeNode;
beforeAll(async () => {
	network = await startTestNetwork({ organizations: 0 });
	node = await startFakeNode((method, params) => passOn(network.rpcUrl, method, params));
});
afterAll(async () => {
	await node.close();
	await network.close();
});

const mine = (): Promise<unknown> => network.provider.send("hardhat_mine", [toQuantity(70)]);
const didOf = (orgId: OrgId): string => formatDidUrl({ chainId: CHAIN, orgId });

/** In bytes. */
function heapUsed(): number {
	setFlagsFromString("--expose-gc");
	(runInNewContext("gc") as () => void)();
	return process.memoryUsage().heapUsed;
}

function recordOf({ address }: Registry, orgId: OrgId, blockNumber: number): OrgRecord {
	const common = { kind: "orgpass", documentEvidence: "hash", chainId: CHAIN, registry: address } as const;
	const owner = `0x${"0c".repeat(20)}` as const;
	return Object.freeze({ ...common, did: didOf(orgId), orgId, owner, active: true, keys: [], blockNumber });
}

it("T50: 100,000 organizations cost one poll, and an event drops one of them", async () => {
	const { address } = network.registry;
	const opened = createRegistry({ chainId: CHAIN, rpcUrl: node.url, address, kind: "orgpass" });
	const owner = network.registry.connect(unlockedAccount(network.provider, network.accounts[0].address));
	const { orgId: changing } = await owner.createOrganization();
	await mine();
	const head = await network.provider.getBlockNumber();
	const orgIds = Array.from({ length: MANY - 1 }, (_, i) => `0x${i.toString(16).padStart(64, "f")}` as const);
	const all: readonly OrgId[] = [...orgIds, changing];
	const reads: OrgId[] = [];
	// Creating so many would take an hour, so only one of them, and the log, are on the chain.
	const registry: Registry = {
		...opened,
		read(orgId, options) {
			reads.push(orgId);
			return orgId === changing ? opened.read(orgId, options) : Promise.resolve(recordOf(opened, orgId, head));
		},
	};
	const now = { seconds: 1_000 };
	const resolver = createOrgIdResolver({
		networks: [{ chainId: CHAIN, registry }],
		documents: false,
		watch: WATCH,
		cache: { maxEntries: MANY },
		now: () => now.seconds,
	});
	await resolver.resolve(didOf(changing));
	await until(() => resolver.status()[0]?.blockNumber === head);
	const resolveAll = async (some = all): Promise<void> => {
		for (const orgId of some) {
			const { didResolutionMetadata } = await resolver.resolve(didOf(orgId));
			if (didResolutionMetadata.error !== undefined) throw new Error(didResolutionMetadata.error);
		}
	};
	resolver.invalidate(didOf(changing));
	const before = heapUsed();
	await resolveAll();
	expect((heapUsed() - before) / MANY).toBeLessThan(MAX_BYTES_EACH);

	node.calls.length = 0;
	reads.length = 0;
	const polls = (): number => node.calls.filter((method) => method === "eth_getLogs").length;
	await owner.setActive(changing, false);
	await until(() => resolver.status()[0]?.blockNumber === head + 1);
	await until(() => polls() > 2);
	expect(node.calls.length).toBeLessThanOrEqual(4 * polls() + 4);
	now.seconds += 600;
	await until(() => resolver.status()[0]?.behindSeconds === 0);
	node.calls.length = 0;
	await resolveAll(all.filter((orgId, index) => index % 50 === 0 || orgId === changing));
	expect(reads).toEqual([changing]);
	expect(node.calls.filter((method) => method === "eth_call")).toHaveLength(1);
	resolver.close();
	opened.close();
});

it("T50: a transfer of an ERC-721 token (ORGiD 3) drops its organization's owner", async () => {
	const [account] = network.accounts;
	const address = await deployKind("orgid-v3", account);
	const registry = createRegistry({ chainId: CHAIN, rpcUrl: node.url, address });
	const { orgId } = await registry.connect(account).createOrganization({ document: { uris: ["https://x.example/"] } });
	const events = await registry.readEvents({ fromBlock: 0 });
	const { args: minted } = events.find(({ name }) => name === "Transfer") ?? {};
	await mine();
	const resolver = createOrgIdResolver({
		networks: [{ chainId: CHAIN, rpcUrl: node.url, registry: address }],
		documents: false,
		watch: WATCH,
		now: () => 1_000,
	});
	const heir = `0x${"0d".repeat(20)}`;
	const isOwner = async (owner: string): Promise<boolean> => {
		const { didDocument } = await resolver.resolve(didOf(orgId), { fragment: "owner" });
		return JSON.stringify(didDocument).toLowerCase().includes(owner.toLowerCase());
	};
	expect(await isOwner(account.address)).toBe(true);
	await until(() => resolver.status()[0]?.behindBlocks === 0);
	const token = new Contract(address, ["function transferFrom(address, address, uint256)"], account);
	await token.getFunction("transferFrom").send(account.address, heir, minted?.["tokenId"]);
	await until(() => isOwner(heir));
	expect(await isOwner(account.address)).toBe(false);
	resolver.close();
	registry.close();
});
