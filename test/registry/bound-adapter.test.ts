import { beforeEach, describe, expect, it } from "vitest";
import type { OrgId } from "../../src/did/did-url.ts";
import type { KnownAdapter } from "../../src/registry/adapters/adapter.ts";
import { ORGID_V1_ABI } from "../../src/registry/adapters/orgid-abi.ts";
import { orgIdV1 } from "../../src/registry/adapters/orgid-v1.ts";
import { type ContractAnswer, createFakeContract, type FakeContract } from "../support/fake-contract.ts";

const ZERO = `0x${"00".repeat(32)}`;
const ADDRESS = `0x${"12".repeat(20)}`;
const idOf = (index: number): OrgId => `0x${(index + 1).toString(16).padStart(64, "0")}`;
const organization: ContractAnswer = ([orgId]) => [true, orgId, ZERO, "", "", "", ZERO, ADDRESS, ADDRESS, true, false];

let contract: FakeContract;
let blockNumbers: number;
beforeEach(() => {
	start(orgIdV1);
});

function start(adapter: KnownAdapter): void {
	contract = createFakeContract(ORGID_V1_ABI, adapter);
	contract.answers["getOrganization"] = organization;
	blockNumbers = 0;
	const { eth_blockNumber: read } = contract.methods;
	contract.methods["eth_blockNumber"] = (params) => {
		blockNumbers += 1;
		return read?.(params);
	};
}

const orgIds = (): readonly unknown[] => contract.calls.map(({ args: [orgId] }) => orgId);
const readAll = (indices: readonly number[]) =>
	Promise.allSettled(indices.map((index) => contract.registry.read(idOf(index))));

describe("organizations that are read at the same time", () => {
	it("share the block's number, and each is read once", async () => {
		const records = await Promise.all([0, 1, 0].map((index) => contract.registry.read(idOf(index))));
		expect(records.map((record) => record?.orgId)).toEqual([0, 1, 0].map(idOf));
		expect(orgIds()).toEqual([0, 1].map(idOf));
		expect(blockNumbers).toBe(1);
	});

	it("aren't read together with those at another block, or later", async () => {
		const { registry } = contract;
		await Promise.all([registry.read(idOf(0)), registry.read(idOf(0), { blockTag: 5 })]);
		await registry.read(idOf(0));
		expect(contract.calls.map(({ block }) => block)).toEqual(["latest", "0x5", "latest"]);
		expect(blockNumbers).toBe(2);
	});

	it("are read in batches of the adapter's size", async () => {
		start({ ...orgIdV1, maxBatch: 2 });
		await readAll([0, 1, 2]);
		expect(blockNumbers).toBe(2);
		expect(orgIds()).toEqual([0, 1, 2].map(idOf));
	});

	it("fail each for itself", async () => {
		contract.answers["getOrganization"] = ([orgId], block) =>
			organization([orgId === idOf(1) ? idOf(2) : orgId], block);
		const settled = await readAll([0, 1]);
		expect(settled).toMatchObject([
			{ status: "fulfilled" },
			{ status: "rejected", reason: { code: "registry/bad-response" } },
		]);
	});
});

it("an adapter that calls a function that its ABI doesn't have is told so", async () => {
	start({ ...orgIdV1, list: (reader, blockTag) => reader.call("getAll", [], blockTag) });
	await expect(contract.registry.list()).rejects.toThrow("the ABI of orgid-v1 has no function getAll");
});

it("a record is frozen, with everything in it", async () => {
	const record = await contract.registry.read(idOf(0));
	expect([record, record?.keys].every(Object.isFrozen)).toBe(true);
	expect(record).toMatchObject({ did: `did:orgid:31337:${idOf(0)}`, orgId: idOf(0) });
});
