import { Interface } from "ethers";
import { beforeEach, describe, expect, it } from "vitest";
import type { KnownAdapter } from "../../src/registry/adapters/adapter.ts";
import { ORGID_V1_ABI, ORGID_V3_ABI } from "../../src/registry/adapters/orgid-abi.ts";
import { orgIdV1 } from "../../src/registry/adapters/orgid-v1.ts";
import { orgIdV3 } from "../../src/registry/adapters/orgid-v3.ts";
import type { Registry } from "../../src/registry/registry.ts";
import type { TransactionData, TransactionLog } from "../../src/registry/transaction-account.ts";
import { CONTRACT, createFakeContract, type FakeContract } from "../support/fake-contract.ts";

const ORG_ID = `0x${"0a".repeat(32)}` as const;
const OTHER_ID = `0x${"0b".repeat(32)}` as const;
const HASH = `0x${"ab".repeat(32)}` as const;
const ZERO = `0x${"00".repeat(32)}` as const;
const DOCUMENT = { uris: ["https://a.example/"], hash: HASH };
const v1 = new Interface(ORGID_V1_ABI);

let contract: FakeContract;
let owner: Registry;
let sent: TransactionData[];
/** The logs of the next transaction. */
let logs: readonly TransactionLog[];
let chainId: bigint;
beforeEach(() => start(orgIdV1, ORGID_V1_ABI));

function start(adapter: KnownAdapter, abi: readonly string[]): void {
	contract = createFakeContract(abi, adapter);
	[sent, logs, chainId] = [[], [], 31_337n];
	owner = contract.registry.connect({
		provider: { getNetwork: async () => ({ chainId }) },
		sendTransaction: async (transaction) => {
			sent.push(transaction);
			const receipt = { hash: HASH, blockNumber: 7, gasUsed: 5n, contractAddress: null, logs };
			return { hash: HASH, wait: async () => receipt };
		},
	});
}

const log = (name: string, args: readonly unknown[]): TransactionLog => ({
	address: CONTRACT,
	...v1.encodeEventLog(name, args),
});
const RECEIPT = { transactionHash: HASH, gasUsed: 5n, blockNumber: 7 };

describe("a new organization", () => {
	it("is that of the event", async () => {
		logs = [
			log("OrgJsonChanged", [OTHER_ID, HASH, "", "", "", HASH, "", "", ""]),
			log("OrganizationCreated", [ORG_ID, CONTRACT]),
		];
		const created = await owner.createOrganization({ salt: HASH, document: DOCUMENT });
		expect(created).toEqual({ did: `did:orgid:31337:${ORG_ID}`, orgId: ORG_ID, ...RECEIPT });
		const data = v1.encodeFunctionData("createOrganization", [HASH, HASH, DOCUMENT.uris[0], "", ""]);
		expect(sent).toEqual([{ to: CONTRACT, chainId: "0x7a69", data }]);
	});

	it("has another salt each time by default", async () => {
		logs = [log("OrganizationCreated", [ORG_ID, CONTRACT])];
		await owner.createOrganization({ document: DOCUMENT });
		await owner.createOrganization({ document: DOCUMENT });
		const salts = sent.map(({ data }) => v1.decodeFunctionData("createOrganization", data)[0] as string);
		expect(new Set(salts).size).toBe(2);
		expect(salts).not.toContain(ZERO);
	});

	it.each<[string, () => readonly TransactionLog[]]>([
		["none", () => []],
		[
			"several",
			() => [log("OrganizationCreated", [ORG_ID, CONTRACT]), log("OrganizationCreated", [OTHER_ID, CONTRACT])],
		],
		[
			"one of another contract",
			() => [{ ...log("OrganizationCreated", [ORG_ID, CONTRACT]), address: `0x${"12".repeat(20)}` }],
		],
	])("isn't known if the logs show %s", async (_, shown) => {
		logs = shown();
		await expect(owner.createOrganization({ document: DOCUMENT })).rejects.toMatchObject({
			code: "registry/bad-response",
			details: { transactionHash: HASH },
			message: `the logs of ${HASH} show ${shown().length > 1 ? "several new organizations" : "no new organization"}`,
		});
	});

	it.each<[string, object, string]>([
		["an odd salt", { salt: 1 }, "config/invalid-option"],
		["an odd document", { document: { uris: "https://a.example/" } }, "config/invalid-option"],
		["an odd hash", { document: { uris: [], hash: 1 } }, "config/invalid-option"],
		["an unknown member", { documents: [] }, "config/unknown-option"],
		["an unknown member of the document", { document: { ...DOCUMENT, uri: "" } }, "config/unknown-option"],
	])("can't have %s", async (_, organization, code) => {
		await expect(owner.createOrganization(organization)).rejects.toMatchObject({ code });
		expect(sent).toEqual([]);
	});
});

describe("a change", () => {
	it("has a receipt, without events", async () => {
		logs = [log("DirectorshipAccepted", [ORG_ID, CONTRACT])];
		expect(await owner.acceptDirectorship(ORG_ID)).toEqual(RECEIPT);
		expect(sent).toEqual([
			{ to: CONTRACT, chainId: "0x7a69", data: v1.encodeFunctionData("acceptDirectorship", [ORG_ID]) },
		]);
	});

	it("of the active state of an organization that doesn't exist is left to the contract", async () => {
		contract.answers["getOrganization"] = () => [false, ZERO, ZERO, "", "", "", ZERO, CONTRACT, CONTRACT, false, false];
		expect(await owner.setActive(ORG_ID, true)).toEqual(RECEIPT);
	});

	it("that isn't needed sends nothing", async () => {
		contract.answers["getOrganization"] = () => [true, ORG_ID, ZERO, "", "", "", ZERO, CONTRACT, CONTRACT, true, false];
		expect(await owner.setActive(ORG_ID, true)).toBeUndefined();
		expect(sent).toEqual([]);
	});

	it("T68: that another transaction has undone is an error", async () => {
		contract.answers["getOrganization"] = () => [true, ORG_ID, ZERO, "", "", "", ZERO, CONTRACT, CONTRACT, true, false];
		logs = [log("OrganizationActiveStateChanged", [ORG_ID, false, true])];
		await expect(owner.setActive(ORG_ID, false)).rejects.toMatchObject({
			code: "registry/reverted",
			details: { transactionHash: HASH },
		});
		logs = [log("OrganizationActiveStateChanged", [ORG_ID, true, false])];
		expect(await owner.setActive(ORG_ID, false)).toEqual(RECEIPT);
	});

	it("T35: isn't sent to another chain", async () => {
		chainId = 1n;
		await expect(owner.acceptDirectorship(ORG_ID)).rejects.toMatchObject({
			code: "config/invalid-option",
			details: { option: "account", expected: 31_337, actual: 1 },
		});
		const offline = contract.registry.connect({ provider: null, sendTransaction: () => Promise.reject(new Error()) });
		await expect(offline.acceptDirectorship(ORG_ID)).rejects.toMatchObject({
			code: "config/invalid-option",
			details: { option: "account", expected: 31_337, actual: undefined },
			message: expect.stringContaining("got none"),
		});
		expect(sent).toEqual([]);
	});

	it("needs an account", async () => {
		const error = { code: "config/invalid-option", details: { option: "account" } };
		await expect(contract.registry.acceptDirectorship(ORG_ID)).rejects.toMatchObject(error);
		await expect(contract.registry.createOrganization({ document: DOCUMENT })).rejects.toMatchObject(error);
	});

	it.each<[string, string, () => Promise<unknown>]>([
		["an id that is none", "orgId", () => owner.acceptDirectorship("0x0a")],
		["an id in upper case", "orgId", () => owner.acceptDirectorship(`0x${"0A".repeat(32)}`)],
		["a document without addresses", "uris", () => owner.setDocument(ORG_ID, {} as never)],
		["no key", "options", () => owner.addKey(ORG_ID, undefined as never)],
		["no delegates", "delegates", () => owner.addDelegates(ORG_ID, [])],
		["delegates that are no list", "delegates", () => owner.addDelegates(ORG_ID, "did:x" as never)],
		["an empty delegate", "delegates", () => owner.removeDelegates(ORG_ID, ["did:x", ""])],
		["a delegate that is no text", "delegates", () => owner.removeDelegates(ORG_ID, [7 as never])],
	])("can't have %s", async (_, option, change) => {
		await expect(change()).rejects.toMatchObject({ code: "config/invalid-option", details: { option } });
		expect(sent).toEqual([]);
	});

	it.each<[string, () => Promise<unknown>]>([
		["createOrganization", () => owner.createOrganization({ documents: [] } as never)],
		["setDocument", () => owner.setDocument(ORG_ID, { ...DOCUMENT, uri: "" } as never)],
		["addKey", () => owner.addKey(ORG_ID, { validUntill: 1 } as never)],
	])("with odd options is refused in the name of %s", async (name, change) => {
		const message = expect.stringContaining(name);
		await expect(change()).rejects.toMatchObject({ code: expect.stringMatching(/^config\//), message });
	});

	it.each<[string, () => Promise<unknown>]>([
		['got "0x0a"', () => owner.acceptDirectorship("0x0a")],
		["got an array", () => owner.addDelegates(ORG_ID, [])],
		["must be text, got 1", () => owner.setDocument(ORG_ID, { uris: [1 as never] })],
		["an account must be connected", () => contract.registry.acceptDirectorship(ORG_ID)],
	])("is refused in words: %s", async (text, change) => {
		await expect(change()).rejects.toMatchObject({ message: expect.stringContaining(text) });
	});

	const { createOrganization } = orgIdV1.writes;
	const onlyCreating: KnownAdapter = { ...orgIdV1, writes: { createOrganization } };

	it.each<[string, KnownAdapter, readonly string[], () => Promise<unknown>]>([
		["keys", orgIdV1, ORGID_V1_ABI, () => owner.revokeKey(ORG_ID, "k")],
		["keys", orgIdV1, ORGID_V1_ABI, () => owner.revokeAllKeys(ORG_ID)],
		["delegates", orgIdV1, ORGID_V1_ABI, () => owner.addDelegates(ORG_ID, ["did:x"])],
		["delegates", orgIdV1, ORGID_V1_ABI, () => owner.removeDelegates(ORG_ID, ["did:x"])],
		["document", onlyCreating, ORGID_V1_ABI, () => owner.setDocument(ORG_ID, DOCUMENT)],
		["transfer of ownership", onlyCreating, ORGID_V1_ABI, () => owner.transferOwnership(ORG_ID, CONTRACT)],
		["active state", orgIdV3, ORGID_V3_ABI, () => owner.setActive(ORG_ID, false)],
		["director", orgIdV3, ORGID_V3_ABI, () => owner.transferDirectorship(ORG_ID, CONTRACT)],
		["director", orgIdV3, ORGID_V3_ABI, () => owner.acceptDirectorship(ORG_ID)],
	])("of %s isn't possible in a registry that has none", async (what, adapter, abi, change) => {
		start(adapter, abi);
		await expect(change()).rejects.toMatchObject({
			code: "registry/unsupported",
			details: { kind: adapter.name },
			message: expect.stringContaining(`a registry of kind ${adapter.name} has no ${what}`),
		});
	});
});
