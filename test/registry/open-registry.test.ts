import { ZeroAddress } from "ethers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { selectorOf } from "../../src/registry/abi/contract-abi.ts";
import { ADAPTERS } from "../../src/registry/adapters/adapters.ts";
import { createRegistry } from "../../src/registry/create-registry.ts";
import { orgIdRegistryAbi } from "../../src/registry/orgid-registry.contract.ts";
import type { RegistryReader, StateReadOptions } from "../../src/registry/registry.ts";
import { CONTRACT, createFakeContract, type FakeContract, HEAD, type NodeError } from "../support/fake-contract.ts";

const { orgpass, "orgid-v1": orgIdV1, "orgid-v3": orgIdV3 } = ADAPTERS;
const ORG_ID = `0x${"0a".repeat(32)}` as const;
const ZERO = `0x${"00".repeat(32)}`;
const UNKNOWN = "0x3d3d";
const ORGANIZATION = {
	...{ exists: true, orgId: ORG_ID, orgJsonHash: ZERO, orgJsonUri: "", orgJsonUriBackup1: "", orgJsonUriBackup2: "" },
	...{ parentOrgId: ZERO, owner: CONTRACT, director: ZeroAddress, isActive: true, isDirectorshipAccepted: false },
	unrevokedKeys: [],
};
const [X, Y] = [`0x${"01".repeat(32)}`, `0x${"02".repeat(32)}`];

/** Code that compares these selectors, as compilers write it. */
const codeOf = ({ functions }: { readonly functions: readonly string[] }): string =>
	`0x${functions.map((signature) => `8063${selectorOf(signature).slice(2)}14`).join("")}00`;

let contract: FakeContract;
let registry: RegistryReader;
/** The contract's code, as the node says it. */
let code: string;
beforeEach(() => {
	vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
	code = codeOf(orgpass);
	contract = createFakeContract(orgIdRegistryAbi);
	contract.methods["eth_getCode"] = () => code;
	contract.answers["listOrganizations"] = () => [[ORG_ID], 1n, 1n];
	({ registry } = contract);
});
afterEach(() => void vi.useRealTimers());

/** A registry of the same node, with these options. */
function open(options: object): RegistryReader {
	const provider = {
		request: async ({ method, params }: { method: string; params?: unknown }) =>
			contract.methods[method]?.(params as unknown[]),
	};
	return createRegistry({ chainId: 31_337, provider, address: CONTRACT, ...options });
}

/** How a read ends, with its pauses. */
async function outcomeOf(reading: Promise<unknown>): Promise<unknown> {
	let isSettled = false;
	const settled = reading
		.catch((error: { readonly code: string }) => error.code)
		.finally(() => {
			isSettled = true;
		});
	while (!isSettled) await vi.advanceTimersByTimeAsync(50);
	return settled;
}

const kind = async (): Promise<string> => (await registry.readAdapter()).name;

describe("the generation of a contract", () => {
	it("is detected once for all who wait for it", async () => {
		code = UNKNOWN;
		contract.answers["resolveMany"] = () => [[], HEAD, 1];
		contract.answers["supportsInterface"] = () => [false];
		expect(await Promise.all([kind(), kind(), kind()])).toEqual(["orgpass", "orgpass", "orgpass"]);
		expect(await kind()).toBe("orgpass");
		expect(contract.calls).toHaveLength(3);
	});

	it("is detected again after a failure", async () => {
		code = UNKNOWN;
		expect(await outcomeOf(registry.list())).toBe("registry/no-contract");
		contract.answers["resolveMany"] = () => [[], HEAD, 1];
		expect(await outcomeOf(registry.readAdapter())).toMatchObject({ name: "orgpass" });
	});

	it("T54: is detected again until a call has had a valid result", async () => {
		code = codeOf(orgIdV3);
		expect(await kind()).toBe("orgid-v3");
		expect(await outcomeOf(registry.list())).toBe("registry/bad-response");
		code = codeOf(orgpass);
		expect(await kind()).toBe("orgpass");
		expect(await registry.list()).toEqual([ORG_ID]);
		code = codeOf(orgIdV3);
		contract.answers["listOrganizations"] = () => ({ code: -32_005, message: "slow down" });
		expect(await outcomeOf(registry.list())).toBe("registry/unreachable");
		expect(await kind()).toBe("orgpass");
	});

	it("is what the options say, whatever the code", async () => {
		expect((await open({ kind: "orgid-v1" }).readAdapter()).name).toBe("orgid-v1");
		expect(await open({ adapter: orgIdV3 }).readAdapter()).toBe(orgIdV3);
		expect(contract.calls).toEqual([]);
	});

	it("has to be known for a registry to be ready, unless the options say it", async () => {
		code = UNKNOWN;
		expect(await outcomeOf(registry.assertReady())).toBe("registry/no-contract");
		expect(await outcomeOf(open({ kind: "orgpass" }).assertReady())).toBeUndefined();
		code = codeOf(orgpass);
		expect(await outcomeOf(registry.assertReady())).toBeUndefined();
	});
});

describe("a read", () => {
	const blocks = (): readonly string[] => contract.calls.map(({ block }) => block);
	beforeEach(() => {
		contract.answers["resolve"] = () => [ORGANIZATION, HEAD, 1];
		contract.answers["resolveMany"] = () => [[ORGANIZATION], HEAD, 1];
		contract.answers["getKey"] = () => [true, X, Y, 0, 0, 1, 0];
	});

	it("is of the latest block by default", async () => {
		await registry.read(ORG_ID);
		await registry.readKey(ORG_ID, "k");
		await registry.list();
		expect(blocks()).toEqual(["latest", "latest", "latest"]);
	});

	it.each([
		[7, "0x7"],
		["latest", "latest"],
		["safe", "safe"],
		["finalized", "finalized"],
	] as const)("may be of the block %s", async (blockTag, block) => {
		await registry.read(ORG_ID, { blockTag });
		await registry.readKey(ORG_ID, "k", { blockTag });
		await registry.list({ blockTag });
		expect(blocks()).toEqual([block, block, block]);
	});

	it.each([undefined, HEAD])("of a key has a result that can't be changed (minBlock %s)", async (minBlock) => {
		const key = await registry.readKey(ORG_ID, "k", { minBlock });
		expect(key).toMatchObject({ fragment: "k", addedAt: 1 });
		expect(Object.isFrozen(key)).toBe(true);
	});

	it.each<[string, () => Promise<unknown>]>([
		["an organization", () => registry.read(ORG_ID, { minBlock: HEAD + 1 })],
		["a key", () => registry.readKey(ORG_ID, "k", { minBlock: HEAD + 1 })],
	])("T54: of %s is tried three times if the node is a block behind", async (_, read) => {
		expect(await outcomeOf(read())).toBe("registry/outdated");
		expect(contract.calls).toHaveLength(3);
	});

	it.each<[string, () => Promise<unknown>]>([
		["an organization", () => registry.read(ORG_ID, { blockTag: 7, minBlock: HEAD + 1 })],
		["a key", () => registry.readKey(ORG_ID, "k", { blockTag: 7, minBlock: HEAD + 1 })],
	])("T54: of %s says both blocks if the state is too old", async (_, read) => {
		const error = await outcomeOf(read().catch(({ details, message }) => ({ details, message })));
		expect(error).toMatchObject({ details: { expected: HEAD + 1 }, message: expect.stringContaining(`${HEAD + 1}`) });
	});

	describe("T54: of an absent organization with minBlock", () => {
		const none = { ...ORGANIZATION, exists: false, orgId: ZERO, owner: ZeroAddress };
		/** What the node answers about the block itself, after `latest`. */
		const answerAtBlock = (answer: readonly unknown[] | NodeError): void => {
			contract.answers["resolve"] = (_, block) => (block === "latest" ? [none, HEAD, 1] : answer);
		};

		it("is at that block", async () => {
			answerAtBlock([none, 90, 1]);
			expect(await outcomeOf(registry.read(ORG_ID, { minBlock: 90 }))).toBeUndefined();
			expect(blocks()).toEqual(["latest", "0x5a"]);
		});

		it.each<[string, NodeError]>([
			["registry/outdated", { code: -32_000, message: "unknown block" }],
			["registry/unreachable", { code: 429, message: "slow down" }],
		])("is %s if the node answers as %j", async (code, refusal) => {
			answerAtBlock(refusal);
			expect(await outcomeOf(registry.read(ORG_ID, { minBlock: 90 }))).toBe(code);
		});
	});

	it.each<[string, () => Promise<unknown>]>([
		["an outage", () => registry.read(ORG_ID, { minBlock: HEAD })],
		["an outage of a key", () => registry.readKey(ORG_ID, "k", { minBlock: HEAD })],
	])("T54: with minBlock isn't tried any longer than another in %s", async (_, read) => {
		for (const name of ["resolve", "getKey"]) contract.answers[name] = () => ({ code: 429, message: "slow down" });
		expect(await outcomeOf(read())).toBe("registry/unreachable");
		expect(contract.calls).toHaveLength(3);
	});

	describe.each<[string, (reader: RegistryReader, options: StateReadOptions) => Promise<unknown>]>([
		["an organization", (reader, options) => reader.read(ORG_ID, options)],
		["a key", (reader, options) => reader.readKey(ORG_ID, "k", options)],
	])("T54: of %s from several nodes, of which the first is a block behind", (_, read) => {
		/** What the nodes are asked to have reached. */
		let wanted: unknown[];
		/** A registry of nodes; whether another one has the block. */
		const openNodes = (isFound: boolean): RegistryReader => {
			wanted = [];
			const leaveOutBehind = async (...asked: unknown[]): Promise<boolean> => {
				wanted.push(asked);
				if (!isFound) return false;
				contract.answers["resolve"] = () => [ORGANIZATION, HEAD + 1, 1];
				contract.methods["eth_blockNumber"] = () => `0x${(HEAD + 1).toString(16)}`;
				return true;
			};
			const send = async (method: string, params: readonly unknown[]) => contract.methods[method]?.(params);
			return createRegistry({ chainId: 31_337, provider: { send, leaveOutBehind } as never, address: CONTRACT });
		};

		it("is one of another node, at once", async () => {
			expect(await read(openNodes(true), { minBlock: HEAD + 1 })).toBeDefined();
			expect(wanted).toEqual([["latest", HEAD + 1]]);
			expect(contract.calls).toHaveLength(2);
		});

		it("is an outage if no other node has the block either", async () => {
			expect(await outcomeOf(read(openNodes(false), { minBlock: HEAD + 1 }))).toBe("registry/outdated");
			expect(contract.calls).toHaveLength(3);
		});

		it("is of the first if the block is enough, or is named by its number", async () => {
			expect(await read(openNodes(true), { minBlock: HEAD })).toBeDefined();
			expect(wanted).toEqual([]);
			const tooOld = read(openNodes(true), { blockTag: 7, minBlock: HEAD + 2 });
			expect(await outcomeOf(tooOld)).toBe("registry/outdated");
			expect(wanted).toEqual([]);
		});

		it("is of the first if that one fails", async () => {
			for (const name of ["resolve", "getKey"]) contract.answers[name] = () => ({ code: 429, message: "slow down" });
			expect(await outcomeOf(read(openNodes(true), { minBlock: HEAD + 1 }))).toBe("registry/unreachable");
			expect(wanted).toEqual([]);
		});
	});

	it("of a key with an odd name says which", async () => {
		await expect(registry.readKey(ORG_ID, "a b")).rejects.toMatchObject({
			code: "config/invalid-option",
			message: expect.stringContaining('got "a b"'),
		});
	});

	it("of a key has no result if the contract has no keys", async () => {
		expect(await open({ adapter: orgIdV1 }).readKey(ORG_ID, "k")).toBeUndefined();
		expect(contract.calls).toEqual([]);
	});

	it("knows its chain and its contract", () => {
		expect(registry).toMatchObject({ chainId: 31_337, address: CONTRACT });
	});
});
