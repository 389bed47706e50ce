/**
 * A chain in memory with our registry on it, which answers as a node does: for long random sequences of changes,
 * reorganizations, failures and slow responses.
 * @module
 */
import { Interface, type InterfaceAbi, id, toQuantity } from "ethers";
import type { OrgId } from "../../src/did/did-url.ts";
import type { EthersProvider } from "../../src/registry/chain-reads.ts";
import { orgIdRegistryAbi } from "../../src/registry/orgid-registry.contract.ts";
import type { RpcCall, RpcResponse } from "../../src/registry/rpc-provider.ts";

export const CHAIN_ID = 31_337;
export const REGISTRY = "0x19E7E376E7C213B7E7e7e46cc70A5dD086DAff2A";
const OWNER = `0x${"21".repeat(20)}`;
const ZERO = `0x${"00".repeat(32)}`;
/** A point on the curve: the generator (SEC 2 section 2.4.1). */
const X = "0x79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798";
const Y = "0x483ada7726a3c4655da4fbfc0e1108a8fd17b448a68554199c47d08ffb10d4b8";
const GENESIS_BLOCKS = 80;
const contract = new Interface(orgIdRegistryAbi as unknown as InterfaceAbi);

/** An organization's keys, by name: whether each one is revoked. */
export interface MemoryOrganization {
	readonly active: boolean;
	readonly keys: ReadonlyMap<string, boolean>;
}

/** A change of an organization; without `fragment`, of whether it is active. One that isn't possible is none. */
export interface MemoryChange {
	readonly orgId: OrgId;
	readonly fragment?: string;
}

type States = ReadonlyMap<OrgId, MemoryOrganization>;

interface Block {
	readonly number: number;
	readonly hash: string;
	readonly parentHash: string;
	readonly timestamp: number;
	readonly states: States;
	readonly logs: readonly object[];
}

/** The time on the chain. */
export interface ChainClock {
	/** In seconds. */
	readonly now: () => number;
	/** Waits, if the node is slow. */
	readonly pause: (seconds: number) => Promise<void>;
}

export interface MemoryChain {
	/** Answers as one node; a batch is answered at once, as of one block. */
	readonly provider: EthersProvider;
	/** What an honest node answers to a call. */
	readonly answer: (method: string, params: readonly unknown[]) => unknown;
	/** Whether the node answers at all. */
	isDown: boolean;
	/** How long its responses take; they are of the time of the request. */
	latencySeconds: number;
	head(): number;
	/** How many calls of the contract it has answered. */
	reads(): number;
	organization(orgId: OrgId): MemoryOrganization | undefined;
	/** Creates the organization, adds a key, revokes it, or (de)activates the organization, in a new block. */
	change(change: MemoryChange): void;
	mine(blocks: number): void;
	/** Removes the last blocks; the next ones have other hashes. */
	revert(blocks: number): void;
}

export function createMemoryChain({ now, pause }: ChainClock): MemoryChain {
	let branch = 0;
	let reads = 0;
	const blocks: Block[] = [
		{
			number: 0,
			hash: id("genesis"),
			parentHash: ZERO,
			timestamp: 0,
			states: new Map<OrgId, MemoryOrganization>(),
			logs: [],
		},
	];
	const last = (): Block => blocks.at(-1) as Block;
	const chain = {
		isDown: false,
		latencySeconds: 0,
		head: () => last().number,
		reads: () => reads,
		answer,
		organization,
		change,
		mine,
		revert,
	};
	mine(GENESIS_BLOCKS);
	const sender = { send: (method: string, params: readonly unknown[]) => respond(() => answer(method, params)) };
	const sendTogether = (calls: readonly RpcCall[]): Promise<readonly RpcResponse[]> =>
		respond(() => calls.map(({ method, params }) => ({ result: answer(method, params) })));
	return Object.assign(chain, { provider: { ...sender, sendTogether } as unknown as EthersProvider });

	function organization(orgId: OrgId): MemoryOrganization | undefined {
		return last().states.get(orgId);
	}

	function add(states: States, logs: readonly object[]): void {
		const { number: before, hash: parentHash } = last();
		const number = before + 1;
		const hash = id(`${number} ${branch} ${parentHash}`);
		const position = { address: REGISTRY, blockNumber: toQuantity(number), blockHash: hash };
		const placed = logs.map((log, at) => ({ ...position, ...log, logIndex: toQuantity(at), transactionHash: hash }));
		blocks.push({ number, hash, parentHash, timestamp: Math.floor(now()), states, logs: placed });
	}

	function mine(count: number): void {
		for (let at = 0; at < count; at++) add(last().states, []);
	}

	function revert(count: number): void {
		branch += 1;
		blocks.splice(Math.max(1, blocks.length - count));
	}

	function change({ orgId, fragment }: MemoryChange): void {
		const { states } = last();
		const known = states.get(orgId);
		const [next, event, args] = known === undefined ? created() : changed(known, fragment);
		add(new Map(states).set(orgId, next), [contract.encodeEventLog(event, [orgId, ...args])]);
	}

	async function respond<T>(work: () => T): Promise<T> {
		if (chain.isDown) throw Object.assign(new Error("connection refused"), { code: "NETWORK_ERROR" });
		const result = work();
		await pause(chain.latencySeconds);
		return result;
	}

	function answer(method: string, params: readonly unknown[]): unknown {
		if (method === "eth_chainId") return toQuantity(CHAIN_ID);
		if (method === "eth_getCode") return "0x00";
		if (method === "eth_blockNumber") return toQuantity(last().number);
		if (method === "eth_getBlockByNumber") return header(params[0] as string);
		if (method === "eth_getLogs") return logsOf(params[0] as { readonly fromBlock: string; readonly toBlock: string });
		return call((params[0] as { readonly data: string }).data, params[1] as string);
	}

	function blockAt(tag: string): Block | undefined {
		return tag === "latest" ? last() : blocks[Number(tag)];
	}

	function header(tag: string): object | null {
		const block = blockAt(tag);
		if (block === undefined) return null;
		const { number, hash, parentHash, timestamp } = block;
		return { number: toQuantity(number), hash, parentHash, timestamp: toQuantity(timestamp) };
	}

	function logsOf({ fromBlock, toBlock }: { readonly fromBlock: string; readonly toBlock: string }): readonly object[] {
		return blocks.slice(Number(fromBlock), (blockAt(toBlock) ?? last()).number + 1).flatMap(({ logs }) => logs);
	}

	function call(data: string, tag: string): string {
		reads += 1;
		const block = blockAt(tag);
		if (block === undefined) throw Object.assign(new Error("unknown block"), { code: "CALL_EXCEPTION" });
		const called = contract.parseTransaction({ data });
		const [first, fragment] = called?.args ?? [];
		if (called?.name === "getKey") {
			const isRevoked = block.states.get(first)?.keys.get(fragment);
			const key = [isRevoked !== undefined, X, Y, 0, 0, 1, isRevoked ? 2 : 0];
			return contract.encodeFunctionResult("getKey", key);
		}
		const encode = (orgId: OrgId): object => encodeOrganization(orgId, block.states.get(orgId));
		const result = called?.name === "resolve" ? encode(first) : [...first].map(encode);
		return contract.encodeFunctionResult(called?.name ?? "", [result, block.number, block.timestamp]);
	}
}

type Changed = readonly [MemoryOrganization, string, readonly unknown[]];

function created(): Changed {
	return [{ active: true, keys: new Map() }, "OrganizationCreated", [OWNER]];
}

function changed(known: MemoryOrganization, fragment: string | undefined): Changed {
	const { active, keys } = known;
	const isRevoked = fragment === undefined ? undefined : keys.get(fragment);
	if (fragment === undefined || isRevoked === true) {
		return [{ active: !active, keys }, "OrganizationActiveStateChanged", [active, !active]];
	}
	const next = new Map(keys).set(fragment, isRevoked === false);
	if (isRevoked === false) return [{ active, keys: next }, "KeyRevoked", [fragment, 2]];
	return [{ active, keys: next }, "KeyAdded", [fragment, X, Y, 0, 0, 1]];
}

function encodeOrganization(orgId: OrgId, organization: MemoryOrganization | undefined): object {
	const { active = false, keys = new Map<string, boolean>() } = organization ?? {};
	const unrevoked = [...keys].filter(([, isRevoked]) => !isRevoked);
	return {
		...{ exists: organization !== undefined, orgId, orgJsonHash: ZERO, parentOrgId: ZERO, owner: OWNER },
		...{ orgJsonUri: "", orgJsonUriBackup1: "", orgJsonUriBackup2: "", director: `0x${"00".repeat(20)}` },
		...{ isActive: active, isDirectorshipAccepted: false },
		unrevokedKeys: unrevoked.map(([fragment]) => ({ fragment, x: X, y: Y, validFrom: 0, validUntil: 0, addedAt: 1 })),
	};
}
