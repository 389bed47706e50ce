import { Interface } from "ethers";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { ORGID_V1_ABI, ORGID_V3_ABI } from "../../src/registry/adapters/orgid-abi.ts";
import { createRegistry } from "../../src/registry/create-registry.ts";
import type { Registry } from "../../src/registry/registry.ts";
import { startTestNetwork, type TestNetwork } from "../../src/testing/test-network.ts";
import { passOn, startFakeNode } from "../support/fake-node.ts";
import { until } from "../support/patient-timers.ts";
import { deployKind, KINDS } from "../support/registry-kinds.ts";

const HASH = `0x${"ab".repeat(32)}` as const;
/** What an owner's own software may store: 5 bytes that are no UTF-8. */
const [TEXT, NO_UTF8] = ["~~~~~", "fffefffefc"];

let network: TestNetwork;
beforeAll(async () => {
	network = await startTestNetwork({ organizations: 0 });
});
afterAll(() => network.close());

async function createOwner(kind: (typeof KINDS)[number]): Promise<Registry> {
	const [account] = network.accounts;
	const address = await deployKind(kind, account);
	return createRegistry({ chainId: 31337, provider: network.provider, address }).connect(account);
}

async function sendBytes(registry: Registry, abi: readonly string[], name: string, args: unknown[]) {
	const data = new Interface(abi).encodeFunctionData(name, args);
	const hidden = data.replaceAll(Buffer.from(TEXT).toString("hex"), NO_UTF8);
	expect(hidden).not.toBe(data);
	const sent = await network.accounts[0].sendTransaction({ to: registry.address, data: hidden });
	return (await sent.wait())?.blockNumber as number;
}

describe("text that isn't UTF-8", () => {
	it.each(KINDS)("doesn't stop the event log of %s for everyone", async (kind) => {
		const owner = await createOwner(kind);
		const document = kind === "orgid-v3" ? { uris: ["https://x/"] } : { uris: ["https://x/"], hash: HASH };
		const { orgId } = await owner.createOrganization({ document });
		const fromBlock =
			kind === "orgid-v3"
				? await sendBytes(owner, ORGID_V3_ABI, "setOrgJson", [orgId, TEXT])
				: await sendBytes(owner, ORGID_V1_ABI, "setOrgJson", [orgId, HASH, TEXT, "", ""]);
		const [event] = await owner.readEvents({ fromBlock });
		expect(event).toMatchObject({ orgId });
		expect(event?.args[kind === "orgid-v3" ? "orgJsonUri" : "newOrgJsonUri"]).toBe("");
	});

	it("is empty in a list too", async () => {
		const owner = await createOwner("orgid-v3");
		const { orgId } = await owner.createOrganization({ document: { uris: ["https://x/"] } });
		const fromBlock = await sendBytes(owner, ORGID_V3_ABI, "addDelegates", [orgId, [TEXT, "did:x"]]);
		const [event] = await owner.readEvents({ fromBlock });
		expect(event?.args["delegates"]).toEqual(["", "did:x"]);
		expect(Object.isFrozen(event?.args["delegates"])).toBe(true);
	});
});

describe("a watch", () => {
	it("T86: goes on after an outage, without losing an event", async () => {
		const owner = await createOwner("orgpass");
		const { orgId } = await owner.createOrganization();
		const node = await startFakeNode((method, params) => passOn(network.rpcUrl, method, params));
		const registry = createRegistry({ chainId: 31337, rpcUrl: node.url, address: owner.address });
		const watching = registry.watchEvents({ pollingSeconds: 0.02 });
		const next = watching.next();
		await until(() => node.calls.includes("eth_getLogs"));
		const { answer } = node;
		node.answer = () => ({ hangUp: true });
		await owner.setActive(orgId, false);
		node.calls.length = 0;
		await until(() => node.calls.length > 5);
		node.answer = answer;
		expect((await next).value).toMatchObject({ name: "OrganizationActiveStateChanged", orgId });
		await watching.return(undefined);
		registry.close();
		await node.close();
	});

	it("T55: yields an event again, as removed, if a reorganization removes it", async () => {
		const owner = await createOwner("orgpass");
		const { orgId } = await owner.createOrganization();
		const snapshot: string = await network.provider.send("evm_snapshot", []);
		const { blockNumber: fromBlock = 0 } = (await owner.setActive(orgId, false)) ?? {};
		const watching = owner.watchEvents({ fromBlock, pollingSeconds: 0.02 });
		const { value: first } = await watching.next();
		expect(first).toMatchObject({ name: "OrganizationActiveStateChanged", orgId, blockNumber: fromBlock });
		const next = watching.next();
		await network.provider.send("evm_revert", [snapshot]);
		await network.provider.send("hardhat_mine", ["0x2"]);
		expect((await next).value).toEqual({ ...first, removed: true });
		await owner.setActive(orgId, false);
		expect((await watching.next()).value).toMatchObject({ orgId, blockNumber: fromBlock + 2 });
		await watching.return(undefined);
	});
});

describe("an aborted watch", () => {
	it("yields nothing more, without waiting for the next poll", async () => {
		const owner = await createOwner("orgpass");
		const { blockNumber: fromBlock } = await owner.createOrganization();
		await owner.createOrganization();
		const ending = new AbortController();
		const watching = owner.watchEvents({ fromBlock, pollingSeconds: 3_600, signal: ending.signal });
		expect((await watching.next()).done).toBe(false);
		ending.abort();
		expect(await watching.next()).toEqual({ done: true, value: undefined });
	});

	it("accepts a very long poll interval", async () => {
		const owner = await createOwner("orgpass");
		const ending = new AbortController();
		const timers = vi.spyOn(globalThis, "setTimeout");
		const watching = owner.watchEvents({ pollingSeconds: 1e9, signal: ending.signal });
		const next = watching.next();
		const longest = (): number => Math.max(0, ...timers.mock.calls.map(([, ms = 0]) => ms));
		await until(() => longest() > 1_000_000_000);
		// A timer that is any longer ends at once.
		expect(longest()).toBe(2 ** 31 - 1);
		timers.mockRestore();
		ending.abort();
		expect(await next).toEqual({ done: true, value: undefined });
	});
});
