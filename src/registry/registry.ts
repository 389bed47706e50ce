/**
 * One interface for every generation of ORGiD registry.
 * @module
 */
import type { Signer as EthersSigner } from "ethers";
import type { OrgId } from "../did/did-url.js";
import type { RegistryAdapter } from "./adapters/adapter.js";
import type { BlockTag } from "./block.js";
import type { Address, OnChainKey, OrgRecord } from "./org-record.js";
import type { RegistryChanges } from "./registry-changes.js";

/** Options of every read. */
export interface ReadOptions {
	/** `latest` by default. */
	readonly blockTag?: BlockTag | undefined;
}

/** Which blocks to read the events of, both ends included; up to the latest by default. */
export interface EventRange {
	readonly fromBlock: number;
	readonly toBlock?: number;
}

/** How to follow a registry. */
export interface WatchOptions {
	/** The first block to report; the one after the latest by default. */
	readonly fromBlock?: number | undefined;
	/** How often to ask for new blocks, in seconds; 4 by default. */
	readonly pollingSeconds?: number | undefined;
	/** Ends the watch. */
	readonly signal?: AbortSignal | undefined;
}

/** One change of an organization, as the contract logged it. */
export interface RegistryEvent {
	/** The event's name in the contract: `OrganizationCreated`, `KeyRevoked`, `OrgJsonUriChanged`, `Transfer` … */
	readonly name: string;
	readonly orgId: OrgId;
	/** Its arguments by name; text that isn't UTF-8 is empty. */
	readonly args: Readonly<Record<string, unknown>>;
	readonly blockNumber: number;
	readonly blockHash: `0x${string}`;
	readonly transactionHash: `0x${string}`;
	readonly logIndex: number;
}

/**
 * An ORGiD registry on one chain. Reads need nothing but an RPC node. Every method refuses with `registry/*` codes:
 * `registry/unreachable`, `registry/wrong-chain`, `registry/no-contract`, `registry/bad-response`.
 */
export interface Registry extends RegistryChanges {
	/** EIP-155 chain id. */
	readonly chainId: number;
	readonly address: Address;
	/** The adapter of the contract's generation: its name, and what documents are verified by. */
	readAdapter(): Promise<RegistryAdapter>;
	/** The same registry, writing with the account given (an ethers `Signer`). */
	connect(account: EthersSigner): Registry;
	/** Closes the connection, if it was made from a URL. */
	close(): void;

	/** Reads one organization; undefined if there is none. Reads that are made at once go out together. */
	read(orgId: OrgId, options?: ReadOptions): Promise<OrgRecord | undefined>;
	/** Reads one key, revoked or not; undefined if the fragment was never used or the registry keeps no keys. */
	readKey(orgId: OrgId, fragment: string, options?: ReadOptions): Promise<OnChainKey | undefined>;
	/** Lists the ids of all organizations but units, inactive ones too, in the order of their creation. */
	list(options?: ReadOptions): Promise<readonly OrgId[]>;
	/** Reads the log of some blocks, in its order. */
	readEvents(range: EventRange): Promise<readonly RegistryEvent[]>;
	/** Follows the log until the signal or a `break`. Throws when the node fails: go on after the last event's block. */
	watchEvents(options?: WatchOptions): AsyncGenerator<RegistryEvent>;
	/** Finds the last block made at a time (seconds since the epoch) or before; undefined before the first. */
	findBlock(time: number): Promise<number | undefined>;
}
