import { Interface, ZeroAddress } from "ethers";
import { beforeEach, describe, expect, it } from "vitest";
import { ORGID_V1_ABI } from "../../../src/registry/adapters/orgid-abi.ts";
import { documentArguments, orgIdV1 } from "../../../src/registry/adapters/orgid-v1.ts";
import { CONTRACT, createFakeContract, type FakeContract, HEAD } from "../../support/fake-contract.ts";

const OWNER = "0x19E7E376E7C213B7E7e7e46cc70A5dD086DAff2A";
const ZERO = `0x${"00".repeat(32)}` as const;
const HASH = `0x${"ab".repeat(32)}` as const;
const ORG_ID = `0x${"0a".repeat(32)}` as const;
const OTHER_ID = `0x${"0b".repeat(32)}` as const;
const URIS = ["https://a.example/", "https://b.example/", "https://c.example/"] as const;

interface Organization {
	exists: boolean;
	orgId: string;
	hash: string;
	uris: readonly string[];
	parentOrgId: string;
	director: string;
	isActive: boolean;
	isDirectorshipAccepted: boolean;
}
const PLAIN: Organization = {
	...{ exists: true, orgId: ORG_ID, hash: ZERO, uris: ["", "", ""], parentOrgId: ZERO },
	...{ director: ZeroAddress, isActive: true, isDirectorshipAccepted: false },
};
const RECORD = {
	...{ did: `did:orgid:31337:${ORG_ID}`, kind: "orgid-v1", documentEvidence: "hash", chainId: 31_337 },
	...{ registry: CONTRACT, orgId: ORG_ID, owner: OWNER, active: true, keys: [], blockNumber: HEAD },
};

let contract: FakeContract;
beforeEach(() => {
	contract = createFakeContract(ORGID_V1_ABI, orgIdV1);
});

/** Makes the contract have this organization. */
function setOrganization(changes: Partial<Organization>): void {
	const { exists, orgId, hash, uris, parentOrgId, director, isActive, isDirectorshipAccepted } = {
		...PLAIN,
		...changes,
	};
	const tail = [parentOrgId, OWNER, director, isActive, isDirectorshipAccepted];
	contract.answers["getOrganization"] = () => [exists, orgId, hash, ...uris, ...tail];
}

describe("an organization", () => {
	it.each<[string, Partial<Organization>, object]>([
		["without anything", {}, {}],
		["that is deactivated", { isActive: false }, { active: false }],
		["with a director", { director: CONTRACT, isDirectorshipAccepted: true }, { director: CONTRACT }],
		["with a director who hasn't accepted", { director: CONTRACT }, {}],
		["with a director who is nobody", { isDirectorshipAccepted: true }, {}],
		["that is a unit", { parentOrgId: OTHER_ID }, { parentOrgId: OTHER_ID }],
		["with a document", { hash: HASH, uris: [URIS[0], "", ""] }, { document: { hash: HASH, uris: [URIS[0]] } }],
		["with backups", { hash: HASH, uris: URIS }, { document: { hash: HASH, uris: URIS } }],
		["with a backup alone", { hash: HASH, uris: ["", "", URIS[2]] }, { document: { hash: HASH, uris: [URIS[2]] } }],
		["with an address without a hash", { uris: URIS }, {}],
	])("%s is read", async (_, changes, expected) => {
		setOrganization(changes);
		expect(await contract.registry.read(ORG_ID)).toEqual({ ...RECORD, ...expected });
	});

	it("is read at a given block", async () => {
		setOrganization({});
		expect(await contract.registry.read(ORG_ID, { blockTag: 50 })).toEqual({ ...RECORD, blockNumber: 50 });
		expect(contract.calls).toEqual([{ name: "getOrganization", args: [ORG_ID], block: "0x32" }]);
	});

	it("is read at a safe block, whose number is the record's", async () => {
		setOrganization({});
		contract.methods["eth_getBlockByNumber"] = ([tag]) => tag === "safe" && { number: "0x5a", timestamp: "0x1" };
		expect(await contract.registry.read(ORG_ID, { blockTag: "safe" })).toEqual({ ...RECORD, blockNumber: 90 });
		expect(contract.calls.map(({ block }) => block)).toEqual(["safe"]);
	});

	it("is absent if it doesn't exist", async () => {
		setOrganization({ exists: false, orgId: ZERO });
		expect(await contract.registry.read(ORG_ID)).toBeUndefined();
	});

	it("that is another one is an invalid response", async () => {
		setOrganization({ orgId: OTHER_ID });
		await expect(contract.registry.read(ORG_ID)).rejects.toMatchObject({ code: "registry/bad-response" });
	});

	it("at block 0 is an invalid response", async () => {
		setOrganization({ exists: false });
		await expect(contract.registry.read(ORG_ID, { blockTag: 0 })).rejects.toMatchObject({
			code: "registry/bad-response",
		});
		expect(await contract.registry.read(ORG_ID, { blockTag: 1 })).toBeUndefined();
	});
});

it.each([
	["OrganizationCreated", [ORG_ID, OWNER]],
	["UnitCreated", [OTHER_ID, ORG_ID, OWNER]],
])("the event %s is that of the organization that changed", async (name, args) => {
	const log = new Interface(ORGID_V1_ABI).encodeEventLog(name, args);
	const place = { address: CONTRACT, blockNumber: "0x1", blockHash: HASH, transactionHash: HASH, logIndex: "0x0" };
	contract.methods["eth_getLogs"] = () => [{ ...log, ...place }];
	expect(await contract.registry.readEvents({ fromBlock: 0 })).toMatchObject([{ name, orgId: ORG_ID }]);
});

it("every change of a record is logged", async () => {
	expect(await contract.registry.readAdapter()).toMatchObject({ isFullyLogged: true });
});

it("the list includes inactive organizations", async () => {
	contract.answers["getOrganizations"] = ([isIncluded]) => [isIncluded ? [ORG_ID, OTHER_ID] : [ORG_ID]];
	expect(await contract.registry.list({ blockTag: 50 })).toEqual([ORG_ID, OTHER_ID]);
	expect(contract.calls).toEqual([{ name: "getOrganizations", args: [true], block: "0x32" }]);
});

it("T83: a list with zeros in place of an organization is an invalid response", async () => {
	contract.answers["getOrganizations"] = () => [[ORG_ID, ZERO]];
	await expect(contract.registry.list()).rejects.toMatchObject({ code: "registry/bad-response" });
});

describe("the arguments of a document", () => {
	it.each<[string, Parameters<typeof documentArguments>[0], readonly string[]]>([
		["none", undefined, [ZERO, "", "", ""]],
		["one address", { hash: HASH, uris: [URIS[0]] }, [HASH, URIS[0], "", ""]],
		["two addresses", { hash: HASH, uris: URIS.slice(0, 2) }, [HASH, URIS[0], URIS[1], ""]],
		["three addresses", { hash: HASH, uris: URIS }, [HASH, ...URIS]],
	])("are its hash and addresses: %s", (_, document, expected) => {
		expect(documentArguments(document)).toEqual(expected);
	});

	it.each<[string, object, string, string]>([
		["no address", { hash: HASH, uris: [] }, "document.uris", ", got 0"],
		["an empty address", { hash: HASH, uris: ["", URIS[0]] }, "document.uris", ", got 2"],
		["four addresses", { hash: HASH, uris: [...URIS, URIS[0]] }, "document.uris", ", got 4"],
		["no hash", { uris: URIS }, "document.hash", ""],
	])("can't be %s", (_, document, option, got) => {
		const error = { code: "config/invalid-option", details: { option }, message: expect.stringContaining(got) };
		expect(() => documentArguments(document as never)).toThrow(expect.objectContaining(error));
	});
});

describe("a change", () => {
	const { writes } = orgIdV1;
	const reader = {} as never;
	const document = { hash: HASH, uris: [URIS[0]] };

	it("calls the function of the contract", () => {
		const args = [HASH, URIS[0], "", ""];
		expect(writes.createOrganization(ZERO, document)).toEqual(["createOrganization", [ZERO, ...args]]);
		expect(writes.setDocument?.(reader, ORG_ID, document)).toEqual(["setOrgJson", [ORG_ID, ...args]]);
		const transfer = writes.transferOwnership?.(reader, ORG_ID, CONTRACT);
		expect(transfer).toEqual(["transferOrganizationOwnership", [ORG_ID, CONTRACT]]);
		const directorship = writes.transferDirectorship?.(reader, ORG_ID, CONTRACT);
		expect(directorship).toEqual(["transferDirectorship", [ORG_ID, CONTRACT]]);
		expect(writes.acceptDirectorship?.(reader, ORG_ID)).toEqual(["acceptDirectorship", [ORG_ID]]);
	});

	it("can't remove the document", () => {
		const error = { code: "config/invalid-option", details: expect.objectContaining({ option: "document" }) };
		expect(() => writes.setDocument?.(reader, ORG_ID, undefined)).toThrow(expect.objectContaining(error));
	});

	it("of the active state is a toggle, if the state is another one", async () => {
		const blocks = new Set<unknown>();
		const active = {
			call: async (_name: string, _args: unknown, block: unknown) => {
				blocks.add(block);
				return { exists: true, orgId: ORG_ID, orgJsonHash: ZERO, parentOrgId: ZERO, isActive: true };
			},
			readBlockNumber: async (block: unknown) => {
				blocks.add(block);
				return HEAD;
			},
		} as never;
		expect(await writes.setActive?.(active, ORG_ID, true)).toBeUndefined();
		const [name, args, isDone] = (await writes.setActive?.(active, ORG_ID, false)) ?? [];
		expect([name, args]).toEqual(["toggleActiveState", [ORG_ID]]);
		expect(blocks).toEqual(new Set(["latest"]));
		const event = (newState: boolean, changed = "OrganizationActiveStateChanged") => ({
			name: changed,
			args: { newState },
		});
		const verdicts = [[], [event(false)], [event(true)], [event(true, "Other"), event(false)]].map((events) =>
			isDone?.(events as never),
		);
		expect(verdicts).toEqual([true, true, false, true]);
	});
});
