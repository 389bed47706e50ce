/**
 * One interface for every generation of ORGiD registry.
 * @module
 */
import type { Signer } from "ethers";
import type { OrgId } from "../did/did-url.js";
import type { PublicKey } from "../keys/public-key.js";
import type { Address, DocumentReference, OnChainKey, OrgRecord } from "./org-record.js";

/** The block a read speaks of: one of the names of the JSON-RPC interface, or a number. */
export type BlockTag = "latest" | "safe" | "finalized" | number;

/** Options of every read. */
export interface ReadOptions {
	/** `latest` by default. */
	readonly blockTag?: BlockTag;
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
	readonly salt?: `0x${string}`;
	/** Its document, where it has one. */
	readonly document?: DocumentReference;
}

/** A key to put on chain. Times are seconds since the epoch. */
export interface NewKey {
	/** Its name: 1 to 64 of `0-9 A-Z a-z _ -`, never used before in this organization. */
	readonly fragment: string;
	/** The secp256k1 public key. */
	readonly publicKey: PublicKey;
	/** Valid from this time on; always where absent. */
	readonly validFrom?: number;
	/** Valid until this time; without end where absent. */
	readonly validUntil?: number;
}

/**
 * An ORGiD registry on one chain. Reads need nothing but an RPC node; writes need an account, see
 * {@link Registry.connect}. Every method refuses with `registry/*` codes: `registry/unreachable`,
 * `registry/wrong-chain`, `registry/no-contract`, `registry/bad-response`, and for writes
 * `registry/reverted`, `registry/unauthorized`.
 */
export interface Registry {
	/** EIP-155 chain id. */
	readonly chainId: number;
	/** The contract. */
	readonly address: Address;
	/** The same registry, signing with the account given (an ethers `Signer`). */
	connect(account: Signer): Registry;
	/** Lets go of the connection, where it was made from a URL. */
	close(): void;

	/** Reads one organization; undefined where there is none. One `eth_call`. */
	read(orgId: OrgId, options?: ReadOptions): Promise<OrgRecord | undefined>;
	/** Reads one key, revoked ones too; undefined where the fragment was never used. One `eth_call`. */
	readKey(orgId: OrgId, fragment: string, options?: ReadOptions): Promise<OnChainKey | undefined>;
	/** Lists the ids of all organizations, inactive ones too, in the order of their creation. */
	list(options?: ReadOptions): Promise<readonly OrgId[]>;

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
	/** Switches the organization on or off; no change is no error. Owner. */
	setActive(orgId: OrgId, active: boolean): Promise<WriteReceipt>;
	/** Gives the organization to another account at once; resets the director, leaves the keys. Owner. */
	transferOwnership(orgId: OrgId, newOwner: Address): Promise<WriteReceipt>;
	/** Proposes a director (zero address: none), who must accept. Owner. */
	transferDirectorship(orgId: OrgId, director: Address): Promise<WriteReceipt>;
	/** Accepts the directorship. The proposed director. */
	acceptDirectorship(orgId: OrgId): Promise<WriteReceipt>;
}
