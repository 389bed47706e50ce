/**
 * One interface for every generation of ORGiD registry.
 * @module
 */
import type { Signer } from "ethers";
import type { OrgId } from "../did/did-url.js";
import type { PublicKey } from "../keys/public-key.js";
import type { Address, DocumentReference, OnChainKey, OrgRecord, RegistryKind } from "./org-record.js";

/** The block a read speaks of: one of the names of the JSON-RPC interface, or a number. */
export type BlockTag = "latest" | "safe" | "finalized" | number;

/** Options of every read. */
export interface ReadOptions {
	/** `latest` by default. */
	readonly blockTag?: BlockTag | undefined;
}

/** What a change on chain cost and where it stands. */
export interface WriteReceipt {
	/** Hash of the transaction. */
	readonly transactionHash: `0x${string}`;
	/** Gas it used. */
	readonly gasUsed: bigint;
	/** Block it is in. */
	readonly blockNumber: number;
}

/** The receipt of a creation. */
export interface CreateReceipt extends WriteReceipt {
	/** Canonical DID of the new organization. */
	readonly did: string;
	/** Its id in the registry. */
	readonly orgId: OrgId;
}

/** A new organization. */
export interface NewOrganization {
	/** 32 bytes as `0x…`; with the sender it decides the id. Random where absent. */
	readonly salt?: `0x${string}` | undefined;
	/** Its document, where it has one. */
	readonly document?: DocumentReference | undefined;
}

/** A key to put on chain. Times are seconds since the epoch. */
export interface NewKey {
	/** Its name: 1 to 64 of `0-9 A-Z a-z _ -`, never used before in this organization. */
	readonly fragment: string;
	/** The secp256k1 public key. */
	readonly publicKey: PublicKey;
	/** Valid from this time on; always where absent. */
	readonly validFrom?: number | undefined;
	/** Valid until this time; without end where absent. */
	readonly validUntil?: number | undefined;
}

/** Which blocks to read the events of; both ends included. */
export interface EventRange {
	/** The first block. */
	readonly fromBlock: number;
	/** The last block; the latest where absent. */
	readonly toBlock?: number;
}

/** How to follow a registry. */
export interface WatchOptions {
	/** The first block to report; the one after the latest where absent. */
	readonly fromBlock?: number | undefined;
	/** How often to ask for new blocks, in seconds; 4 by default. */
	readonly pollingSeconds?: number | undefined;
	/** Ends the watch. */
	readonly signal?: AbortSignal | undefined;
}

/** One change of an organization, as the contract's log has it. */
export interface RegistryEvent {
	/** The event's name in the contract: `OrganizationCreated`, `KeyRevoked`, `OrgJsonUriChanged`, `Transfer` … */
	readonly name: string;
	/** The organization it is about. */
	readonly orgId: OrgId;
	/** Its arguments by name; text that is not UTF-8 is empty. */
	readonly args: Readonly<Record<string, unknown>>;
	/** Where it stands. */
	readonly blockNumber: number;
	readonly blockHash: `0x${string}`;
	readonly transactionHash: `0x${string}`;
	readonly logIndex: number;
}

/**
 * An ORGiD registry on one chain. Reads need nothing but an RPC node; writes need an account, see
 * {@link Registry.connect}. Every method refuses with `registry/*` codes: `registry/unreachable`,
 * `registry/wrong-chain`, `registry/no-contract`, `registry/bad-response`, and for writes
 * `registry/reverted`, `registry/unauthorized`, and `registry/unsupported` where its generation doesn't know
 * such a change.
 */
export interface Registry {
	/** EIP-155 chain id. */
	readonly chainId: number;
	/** The contract. */
	readonly address: Address;
	/** The contract's generation. */
	readKind(): Promise<RegistryKind>;
	/** The same registry, signing with the account given (an ethers `Signer`). */
	connect(account: Signer): Registry;
	/** Lets go of the connection, where it was made from a URL. */
	close(): void;

	/**
	 * Reads one organization; undefined where there is none. One `eth_call`, three for `orgid-v3`; all that is
	 * asked for at once goes out together.
	 */
	read(orgId: OrgId, options?: ReadOptions): Promise<OrgRecord | undefined>;
	/** Reads one key, revoked ones too; undefined where the fragment was never used. One `eth_call`; none but in `orgpass`. */
	readKey(orgId: OrgId, fragment: string, options?: ReadOptions): Promise<OnChainKey | undefined>;
	/** Lists the ids of all organizations but units, inactive ones too, in the order of their creation. */
	list(options?: ReadOptions): Promise<readonly OrgId[]>;
	/** Reads the log of some blocks, in its order. */
	readEvents(range: EventRange): Promise<readonly RegistryEvent[]>;
	/**
	 * Follows the log from now on, until the signal or a `break` ends it. Throws when the node fails: go on with
	 * the block after the last event's.
	 */
	watchEvents(options?: WatchOptions): AsyncGenerator<RegistryEvent>;
	/** Finds the last block made at a time (seconds since the epoch) or before; undefined before the first. */
	findBlock(time: number): Promise<number | undefined>;

	/** Creates an organization owned by the account. */
	createOrganization(organization?: NewOrganization): Promise<CreateReceipt>;
	/** Points to another document, or to none. Owner or accepted director. */
	setDocument(orgId: OrgId, document: DocumentReference | undefined): Promise<WriteReceipt>;
	/** Adds a key. Owner or accepted director. */
	addKey(orgId: OrgId, key: NewKey): Promise<WriteReceipt>;
	/** Revokes a key for ever. Owner or accepted director. */
	revokeKey(orgId: OrgId, fragment: string): Promise<WriteReceipt>;
	/** Revokes every key that is not revoked yet. Owner or accepted director. */
	revokeAllKeys(orgId: OrgId): Promise<WriteReceipt>;
	/** Switches the organization on or off. Owner. Undefined where `orgid-v1` had nothing to change. */
	setActive(orgId: OrgId, active: boolean): Promise<WriteReceipt | undefined>;
	/** Gives the organization to another account at once; resets the director, leaves the keys. Owner. */
	transferOwnership(orgId: OrgId, newOwner: Address): Promise<WriteReceipt>;
	/** Proposes a director (zero address: none), who must accept. Owner. */
	transferDirectorship(orgId: OrgId, director: Address): Promise<WriteReceipt>;
	/** Accepts the directorship. The proposed director. */
	acceptDirectorship(orgId: OrgId): Promise<WriteReceipt>;
	/** Names delegates, DID URLs of keys that may sign the document. Owner. */
	addDelegates(orgId: OrgId, delegates: readonly string[]): Promise<WriteReceipt>;
	/** Takes delegates away. Owner. */
	removeDelegates(orgId: OrgId, delegates: readonly string[]): Promise<WriteReceipt>;
}
