/**
 * One interface for every generation of ORGiD registry.
 * @module
 */
import type { OrgId } from "../did/did-url.js";
import type { PrivateKey } from "../keys/private-key.js";
import type { RegistryAdapter } from "./adapters/adapter.js";
import type { BlockTag } from "./block.js";
import type { FollowOptions, LogFollower } from "./log/log-follower.js";
import type { RegistryEvent } from "./log/registry-event.js";
import type { Address, OnChainKey, OrgRecord } from "./org-record.js";
import type { RegistryChanges } from "./registry-changes.js";
import type { TransactionAccount } from "./transaction-account.js";

/** Options of every read. */
export interface ReadOptions {
	/** `latest` by default. */
	readonly blockTag?: BlockTag | undefined;
}

/** Options of reads of one organization or key. */
export interface StateReadOptions extends ReadOptions {
	/**
	 * The earliest block whose state is acceptable: if the node is still behind it after three attempts, the read fails
	 * with `registry/outdated`. Without it, a node that is behind returns an earlier state.
	 */
	readonly minBlock?: number | undefined;
}

/** The blocks whose events to read, inclusive; up to the latest by default. */
export interface EventRange {
	readonly fromBlock: number;
	readonly toBlock?: number;
}

/** How to follow a registry. */
export interface WatchOptions {
	/** The first block to report; the one after the latest by default. */
	readonly fromBlock?: number | undefined;
	/** How often to poll for new blocks, in seconds; 4 by default. */
	readonly pollingSeconds?: number | undefined;
	/** Stops watching. */
	readonly signal?: AbortSignal | undefined;
}

/** The part of a {@link Registry} that reads. */
export type RegistryReader = Omit<Registry, keyof RegistryChanges | "connect">;

/**
 * An ORGiD registry on one chain. Reads need only an RPC node. Every method rejects with `registry/*` codes:
 * `registry/unreachable`, `registry/wrong-chain`, `registry/no-contract`, `registry/bad-response`.
 */
export interface Registry extends RegistryChanges {
	/** EIP-155 chain id. */
	readonly chainId: number;
	readonly address: Address;
	/** The adapter of the contract's generation: its name, and how documents are verified. */
	readAdapter(): Promise<RegistryAdapter>;
	/**
	 * Asks the node again for its chain id and for the contract, which must be of a known generation unless an adapter
	 * was given. The node has five seconds and one attempt.
	 */
	assertReady(): Promise<void>;
	/** Returns the same registry, which writes with the given account: its private key, an ethers 6 `Signer`, or that of a wallet. */
	connect(account: PrivateKey | TransactionAccount): Registry;
	/** Closes the connection, if it was created from a URL. */
	close(): void;

	/** Reads one organization; undefined if there is none. Simultaneous reads are batched. */
	read(orgId: OrgId, options?: StateReadOptions): Promise<OrgRecord | undefined>;
	/** Reads one key, revoked or not; undefined if the fragment was never used or the registry doesn't store keys. */
	readKey(orgId: OrgId, fragment: string, options?: StateReadOptions): Promise<OnChainKey | undefined>;
	/** Lists the ids of all organizations except units, including inactive ones, in the order of their creation. */
	list(options?: ReadOptions): Promise<readonly OrgId[]>;
	/** Reads the events of a range of blocks, in order. */
	readEvents(range: EventRange): Promise<readonly RegistryEvent[]>;
	/**
	 * Follows the log until aborted or a `break`, also through outages: it goes on from the last block that it has read.
	 * Each event is yielded once. If a reorganization of up to 32 blocks removes it, it is yielded again with `removed:
	 * true`; a deeper one throws `registry/bad-response`, as does a range whose events the node no longer has.
	 */
	watchEvents(options?: WatchOptions): AsyncGenerator<RegistryEvent>;
	/** Follows the log for a cache, which needs to know how far it has been read. The first poll connects. */
	followLog(options?: FollowOptions): LogFollower;
	/** Finds the last block at or before a time (seconds since the epoch); undefined if there is none. */
	findBlock(time: number): Promise<number | undefined>;
}
