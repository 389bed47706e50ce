import { Interface, ZeroAddress } from "ethers";
import { beforeEach, describe, expect, it } from "vitest";
import { ORGID_V3_ABI } from "../../../src/registry/adapters/orgid-abi.ts";
import { orgIdV3 } from "../../../src/registry/adapters/orgid-v3.ts";
import { CONTRACT, createFakeContract, type FakeContract, HEAD } from "../../support/fake-contract.ts";

const OWNER = "0x19E7E376E7C213B7E7e7e46cc70A5dD086DAff2A";
const ZERO = `0x${"00".repeat(32)}`;
const idOf = (token: number | bigint) => `0x${token.toString(16).padStart(64, "0")}` as const;

let contract: FakeContract;
/** What `getOrgId` returns of a token. */
let token: (tokenId: bigint) => readonly unknown[];
beforeEach(() => {
	contract = createFakeContract(ORGID_V3_ABI, orgIdV3);
	token = (tokenId) =>
		tokenId === 0n ? [false, ZERO, "", ZeroAddress] : [true, idOf(tokenId), `https://${tokenId}.example/`, OWNER];
	Object.assign(contract.answers, {
		getTokenId: ([orgId]: readonly unknown[]) => [BigInt(orgId as string)],
		getOrgId: ([tokenId]: readonly unknown[]) => token(tokenId as bigint),
		getDelegates: () => [[]],
	});
});

describe("an organization", () => {
	it("is read from its token, with its delegates, at one block", async () => {
		contract.answers["getDelegates"] = () => [["did:x#1", "", "did:x#2"]];
		expect(await contract.registry.read(idOf(7), { blockTag: 50 })).toEqual({
			...{ did: `did:orgid:31337:${idOf(7)}`, kind: "orgid-v3", documentEvidence: "proof", chainId: 31_337 },
			...{ registry: CONTRACT, orgId: idOf(7), owner: OWNER, active: true, keys: [], blockNumber: 50 },
			document: { uris: ["https://7.example/"] },
			delegates: ["did:x#1", "did:x#2"],
		});
		expect(new Set(contract.calls.map(({ block }) => block))).toEqual(new Set(["0x32"]));
	});

	it("has no document if its address is empty", async () => {
		token = (tokenId) => [true, idOf(tokenId), "", OWNER];
		const record = await contract.registry.read(idOf(7));
		expect(record).toMatchObject({ blockNumber: HEAD });
		expect(record).not.toHaveProperty("document");
	});

	it("is absent if its token has the number 0", async () => {
		expect(await contract.registry.read(idOf(0))).toBeUndefined();
		expect(contract.calls.map(({ name }) => name)).toEqual(["getTokenId", "getOrgId"]);
	});

	it.each<[string, (tokenId: bigint) => readonly unknown[]]>([
		["doesn't exist", (tokenId) => [false, idOf(tokenId), "", OWNER]],
		["is another organization's", () => [true, idOf(8), "", OWNER]],
	])("whose token %s is an invalid response", async (_, answer) => {
		token = answer;
		await expect(contract.registry.read(idOf(7))).rejects.toMatchObject({ code: "registry/bad-response" });
	});
});

describe("a list", () => {
	const list = (count: bigint): Promise<readonly string[]> => {
		contract.answers["totalSupply"] = () => [count];
		return contract.registry.list({ blockTag: 50 });
	};

	it.each([1n, 250n, 251n, 501n])("has the organizations of all tokens (%d)", async (count) => {
		const ids = Array.from({ length: Number(count) }, (_, index) => idOf(index + 1));
		expect(await list(count)).toEqual(ids);
		expect(contract.calls).toHaveLength(Number(count) + 1);
		expect(new Set(contract.calls.map(({ block }) => block))).toEqual(new Set(["0x32"]));
	});

	it("is empty if there are no tokens, as another call shows", async () => {
		expect(await list(0n)).toEqual([]);
		expect(contract.calls.map(({ name }) => name)).toEqual(["totalSupply", "getOrgId"]);
	});

	it.each<[string, (tokenId: bigint) => readonly unknown[]]>([
		["that doesn't exist", (tokenId) => [tokenId !== 2n, idOf(tokenId), "", OWNER]],
		["of the same organization as another one", (tokenId) => [true, idOf(tokenId % 2n), "", OWNER]],
	])("with a token %s is an invalid response", async (_, answer) => {
		token = answer;
		await expect(list(3n)).rejects.toMatchObject({ code: "registry/bad-response" });
	});
});

describe("an event", () => {
	const abi = new Interface(ORGID_V3_ABI);
	const eventsOf = async (name: string, args: readonly unknown[]): Promise<readonly object[]> => {
		const log = {
			...{ ...abi.encodeEventLog(name, args), address: CONTRACT, blockNumber: "0x1", logIndex: "0x0" },
			...{ blockHash: idOf(1), transactionHash: idOf(2) },
		};
		contract.methods["eth_getLogs"] = () => [log];
		return contract.registry.readEvents({ fromBlock: 0 });
	};

	it("that names its organization needs no token", async () => {
		expect(await eventsOf("OrgIdCreated", [idOf(7), OWNER])).toMatchObject([{ name: "OrgIdCreated", orgId: idOf(7) }]);
		expect(contract.calls).toEqual([]);
	});

	it("of a transfer is that of the token's organization", async () => {
		const [event] = await eventsOf("Transfer", [OWNER, CONTRACT, 7n]);
		expect(event).toMatchObject({ orgId: idOf(7), args: { from: OWNER, to: CONTRACT, tokenId: 7n } });
		expect(contract.calls).toEqual([{ name: "getOrgId", args: [7n], block: "latest" }]);
	});

	it("about who may move a token changes no organization, and any other unknown one may", async () => {
		const erc721 = new Interface([
			"event Approval(address indexed owner, address indexed approved, uint256 indexed tokenId)",
			"event ApprovalForAll(address indexed owner, address indexed operator, bool approved)",
			"event Other()",
		]);
		const logs = [
			erc721.encodeEventLog("Approval", [OWNER, CONTRACT, 1n]),
			erc721.encodeEventLog("ApprovalForAll", [OWNER, CONTRACT, true]),
			erc721.encodeEventLog("Other", []),
		];
		const position = { address: CONTRACT, blockNumber: "0x64", blockHash: idOf(1), transactionHash: idOf(2) };
		contract.methods["eth_getBlockByNumber"] = ([tag]) => {
			const number = tag === "latest" ? "0x64" : tag;
			return { number, timestamp: "0x1", hash: idOf(3), parentHash: idOf(4) };
		};
		contract.methods["eth_getLogs"] = () => logs.map((log, index) => ({ ...log, ...position, logIndex: index }));
		const { added } = await contract.registry.followLog().poll(5_000);
		expect(added).toEqual([{ blockNumber: 100, blockHash: idOf(1), logIndex: 2 }]);
	});

	it("of a transfer of a token that doesn't exist is an invalid response", async () => {
		token = (tokenId) => [false, idOf(tokenId), "", OWNER];
		await expect(eventsOf("Transfer", [OWNER, CONTRACT, 7n])).rejects.toMatchObject({ code: "registry/bad-response" });
	});
});

describe("a change", () => {
	const { writes } = orgIdV3;
	const document = { uris: ["https://a.example/"] };
	const blocks = new Set<unknown>();
	const reader = {
		call: async (name: string, [arg]: readonly unknown[], block: unknown) => {
			blocks.add(block);
			return name === "getTokenId" ? [BigInt(arg as string)] : { owner: OWNER };
		},
	} as never;

	it.each<[string, unknown, string, string]>([
		["no document", undefined, "document", ""],
		["no address", { uris: [] }, "document", ""],
		["an empty address", { uris: [""] }, "document", ""],
		[
			"three addresses",
			{ uris: ["https://a.example/", "https://b.example/", "https://c.example/"] },
			"document.uris",
			", got 3",
		],
		["two addresses", { uris: ["https://a.example/", "https://b.example/"] }, "document.uris", ", got 2"],
		["a hash", { ...document, hash: ZERO }, "document.hash", ""],
	])("can't store %s", (_, given, option, got) => {
		const members = { code: "config/invalid-option", details: { option }, message: expect.stringContaining(got) };
		const error = expect.objectContaining(members);
		expect(() => writes.setDocument?.(reader, idOf(7), given as never)).toThrow(error);
		expect(() => writes.createOrganization(ZERO, given as never)).toThrow(error);
	});

	it("calls the function of the contract", async () => {
		blocks.clear();
		expect(writes.createOrganization(ZERO, document)).toEqual(["createOrgId", [ZERO, document.uris[0]]]);
		expect(writes.setDocument?.(reader, idOf(7), document)).toEqual(["setOrgJson", [idOf(7), document.uris[0]]]);
		expect(writes.addDelegates?.(reader, idOf(7), ["did:x"])).toEqual(["addDelegates", [idOf(7), ["did:x"]]]);
		expect(writes.removeDelegates?.(reader, idOf(7), ["did:x"])).toEqual(["removeDelegates", [idOf(7), ["did:x"]]]);
		const transfer = await writes.transferOwnership?.(reader, idOf(7), CONTRACT);
		expect(transfer).toEqual(["safeTransferFrom", [OWNER, CONTRACT, 7n]]);
		expect(blocks).toEqual(new Set(["latest"]));
	});

	it("of the owner of an organization that doesn't exist is refused", async () => {
		await expect(writes.transferOwnership?.(reader, idOf(0), CONTRACT)).rejects.toMatchObject({
			code: "registry/reverted",
		});
	});
});
