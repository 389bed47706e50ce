/** T54: reads at a block or later, of one node that may be behind it. */
import { ZeroAddress } from "ethers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { orgpass } from "../../src/registry/adapters/orgpass.ts";
import { orgIdRegistryAbi } from "../../src/registry/orgid-registry.contract.ts";
import { createFakeContract, type FakeContract } from "../support/fake-contract.ts";

const ORG_ID = `0x${"0a".repeat(32)}` as const;
const ZERO = `0x${"00".repeat(32)}`;
const X = `0x${"01".repeat(32)}`;
const MIN_BLOCK = 100;

let contract: FakeContract;
/** The blocks of the node's states, one for each answer; the last one for all later ones. */
let blocks: number[];
let exists: boolean;
/** How often the node was asked for the number of its last block, and of its last safe one. */
let heads: { latest: number; safe: number };
beforeEach(() => {
	vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
	contract = createFakeContract(orgIdRegistryAbi, orgpass);
	[blocks, exists, heads] = [[MIN_BLOCK], true, { latest: 0, safe: 0 }];
	const next = (): number => (blocks.length > 1 ? blocks.shift() : blocks[0]) as number;
	contract.answers["resolve"] = ([orgId]) => [organization(orgId), next(), 1];
	contract.answers["getKey"] = () => [exists, X, X, 0, 0, 1, 0];
	contract.methods["eth_blockNumber"] = () => {
		heads.latest += 1;
		return `0x${next().toString(16)}`;
	};
	contract.methods["eth_getBlockByNumber"] = () => {
		heads.safe += 1;
		return { number: `0x${next().toString(16)}`, timestamp: "0x1" };
	};
});
afterEach(() => void vi.useRealTimers());

const organization = (orgId: unknown): object => ({
	...{ exists, orgId, orgJsonHash: ZERO, orgJsonUri: "", orgJsonUriBackup1: "", orgJsonUriBackup2: "" },
	...{ parentOrgId: ZERO, owner: ZeroAddress, director: ZeroAddress, isActive: true, isDirectorshipAccepted: false },
	unrevokedKeys: [],
});

/** Settles a read, and lets its pauses pass. */
async function settle<T>(reading: Promise<T>): Promise<T | Error> {
	let isSettled = false;
	const settled = reading
		.catch((error: Error) => error)
		.finally(() => {
			isSettled = true;
		});
	while (!isSettled) await vi.advanceTimersByTimeAsync(50);
	return settled;
}

const read = (minBlock = MIN_BLOCK) => settle(contract.registry.read(ORG_ID, { minBlock }));
const readKey = (minBlock = MIN_BLOCK) => settle(contract.registry.readKey(ORG_ID, "k", { minBlock }));
const called = (): readonly string[] => contract.calls.map(({ name, block }) => `${name} at ${block}`);

describe("T54: an organization", () => {
	it.each([MIN_BLOCK, MIN_BLOCK + 1])("at block %d is read once", async (block) => {
		blocks = [block];
		expect(await read()).toMatchObject({ blockNumber: block });
		expect(called()).toEqual(["resolve at latest"]);
	});

	it("of a node that catches up is read again, three times at most", async () => {
		blocks = [98, 99, 100];
		expect(await read()).toMatchObject({ blockNumber: 100 });
		blocks = [97, 98, 99, 100];
		const details = { expected: MIN_BLOCK, actual: 99 };
		expect(await read()).toMatchObject({ code: "registry/outdated", details });
		expect(called()).toHaveLength(6);
	});

	it("is absent if it is absent at the block", async () => {
		exists = false;
		blocks = [50];
		expect(await read()).toBeUndefined();
		expect(called()).toEqual(["resolve at latest", "resolve at 0x64"]);
	});

	it("that is absent isn't known at a block that the node doesn't have", async () => {
		const { resolve } = contract.answers;
		exists = false;
		contract.answers["resolve"] = (args, block) =>
			block === "latest" ? (resolve?.(args, block) ?? []) : { code: -32_000, message: "header not found" };
		expect(await read()).toMatchObject({ code: "registry/outdated", cause: { code: "registry/bad-response" } });
		contract.answers["resolve"] = (args, block) =>
			block === "latest" ? (resolve?.(args, block) ?? []) : { code: 429, message: "slow down" };
		expect(await read()).toMatchObject({ code: "registry/unreachable" });
	});
});

describe("T54: a key", () => {
	it("is read with the number of the block, once for all reads of a turn", async () => {
		const keys = await Promise.all([readKey(), readKey(), readKey(MIN_BLOCK - 1)]);
		expect(keys).toMatchObject([{ fragment: "k" }, { fragment: "k" }, { fragment: "k" }]);
		expect(called()).toEqual(["getKey at latest"]);
		expect(heads.latest).toBe(1);
		await readKey();
		expect(called()).toHaveLength(2);
		expect(heads.latest).toBe(2);
	});

	it("is read at each block that is named", async () => {
		const safe = settle(contract.registry.readKey(ORG_ID, "k", { minBlock: MIN_BLOCK, blockTag: "safe" }));
		await Promise.all([readKey(), safe]);
		expect(called().toSorted()).toEqual(["getKey at latest", "getKey at safe"]);
		expect(heads).toEqual({ latest: 1, safe: 1 });
	});

	it("of a node that catches up is read again, three times at most", async () => {
		blocks = [98, 99, 100];
		expect(await readKey()).toMatchObject({ fragment: "k" });
		blocks = [99];
		expect(await readKey()).toMatchObject({ code: "registry/outdated", details: { expected: MIN_BLOCK, actual: 99 } });
		expect(called()).toHaveLength(6);
	});

	it("that was never added is absent at the block alone", async () => {
		exists = false;
		expect(await readKey()).toBeUndefined();
		blocks = [99];
		expect(await readKey()).toMatchObject({ code: "registry/outdated" });
	});
});
