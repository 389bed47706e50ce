import { describe, expect, it } from "vitest";
import { RegistryError } from "../../../src/errors/errors.ts";
import { hashText, toContractAbi } from "../../../src/registry/abi/contract-abi.ts";
import type { RegistryAdapter } from "../../../src/registry/adapters/adapter.ts";
import type { BoundAdapter } from "../../../src/registry/bound-adapter.ts";
import type { ContractLog } from "../../../src/registry/log/contract-log.ts";
import { toEntry, toEvent } from "../../../src/registry/log/registry-event.ts";

const ORG_ID = `0x${"0a".repeat(32)}` as const;
const OTHER_ID = `0x${"0b".repeat(32)}` as const;
const HASH = `0x${"ab".repeat(32)}` as const;
const READER = {};
const POSITION = { blockNumber: 7, blockHash: HASH, logIndex: 3 } as const;
const LOG: ContractLog = {
	topics: [hashText("Named(bytes32,uint8)")],
	data: `${ORG_ID}${"5".padStart(64, "0")}`,
	...POSITION,
	transactionHash: OTHER_ID,
	removed: false,
};

type FindOrgId = RegistryAdapter["findOrgId"];

function bind(findOrgId?: FindOrgId): BoundAdapter {
	const abi = toContractAbi(["event Named(bytes32 orgId, uint8 size)"]);
	return { abi, reader: READER, adapter: { findOrgId } } as unknown as BoundAdapter;
}

describe("a log of an event with the organization's id", () => {
	const args = { orgId: ORG_ID, size: 5n };

	it("is that organization's", async () => {
		const event = await toEvent(bind(), LOG);
		expect(event).toEqual({ name: "Named", orgId: ORG_ID, args, ...POSITION, transactionHash: OTHER_ID });
		expect(Object.isFrozen(event)).toBe(true);
		const entry = await toEntry(bind(), LOG);
		expect(entry).toEqual({ ...POSITION, event });
		expect(Object.isFrozen(entry)).toBe(true);
	});

	it("is the organization's that the adapter finds", async () => {
		const asked: unknown[] = [];
		const find: FindOrgId = async (reader, found) => {
			asked.push(reader, found);
			return OTHER_ID;
		};
		expect(await toEvent(bind(find), LOG)).toMatchObject({ orgId: OTHER_ID, args });
		expect(asked).toEqual([READER, args]);
		expect(asked[0]).toBe(READER);
	});
});

describe("a log that can't be understood", () => {
	it.each<[string, Partial<ContractLog>]>([
		["has another topic", { topics: [HASH] }],
		["has no topic", { topics: [] }],
	])("because it %s has no event", async (_, changes) => {
		expect(await toEvent(bind(), { ...LOG, ...changes })).toBeUndefined();
		const entry = await toEntry(bind(), { ...LOG, ...changes });
		expect(entry).toStrictEqual(POSITION);
		expect(Object.isFrozen(entry)).toBe(true);
	});

	it.each<[string, Partial<ContractLog>, FindOrgId?]>([
		["has other data", { data: "0x12" }],
		["has further topics", { topics: [...LOG.topics, HASH] }],
		["is of no organization", {}, () => undefined],
		["is of one whose id is none", {}, async () => "0x0a"],
	])("because it %s is an invalid response, and an entry without an event", async (_, changes, find) => {
		const log = { ...LOG, ...changes };
		await expect(toEvent(bind(find), log)).rejects.toMatchObject({ code: "registry/bad-response" });
		expect(await toEntry(bind(find), log)).toStrictEqual(POSITION);
	});

	it.each<[string, Error]>([
		["an outage", new RegistryError("registry/unreachable", "down")],
		["a bug", new TypeError("no function")],
		["an error of another library", Object.assign(new Error("other"), { code: "registry/bad-response" })],
	])("because of %s isn't an entry", async (_, error) => {
		const find: FindOrgId = () => Promise.reject(error);
		await expect(toEntry(bind(find), LOG)).rejects.toBe(error);
	});
});
