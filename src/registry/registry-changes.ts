/**
 * The changes that can be made in a registry of any generation.
 * @module
 */
import type { OrgId } from "../did/did-url.js";
import type { PublicKey } from "../keys/public-key.js";
import type { Address, DocumentReference } from "./org-record.js";

/** What a change on chain cost and which block it is in. */
export interface WriteReceipt {
	readonly transactionHash: `0x${string}`;
	readonly gasUsed: bigint;
	readonly blockNumber: number;
}

/** The receipt of a creation. */
export interface CreateReceipt extends WriteReceipt {
	/** Canonical DID of the new organization. */
	readonly did: string;
	readonly orgId: OrgId;
}

/** A new organization. */
export interface NewOrganization {
	/** 32 bytes as `0x…`; together with the sender, it determines the id. Random by default. */
	readonly salt?: `0x${string}` | undefined;
	readonly document?: DocumentReference | undefined;
}

/** A secp256k1 key to put on chain. Times are seconds since the epoch. */
export interface NewKey {
	/** Its name: 1 to 64 of `0-9 A-Z a-z _ -`, never used before in this organization. */
	readonly fragment: string;
	readonly publicKey: PublicKey;
	/** Valid from this time on, in whole seconds since the epoch; always by default. */
	readonly validFrom?: number | undefined;
	/** Valid until this time, in whole seconds since the epoch; forever by default. */
	readonly validUntil?: number | undefined;
}

/**
 * The changes of a registry. Each needs an account (see {@link Registry.connect}), with the role in parentheses, and
 * resolves once it is in a block.
 * Besides the codes of reads, they reject with `registry/reverted`, `registry/unauthorized`, and `registry/unsupported`
 * if the registry's generation doesn't have such a change.
 */
export interface RegistryChanges {
	/** Creates an organization owned by the account. */
	createOrganization(organization?: NewOrganization): Promise<CreateReceipt>;
	/** Sets or removes the document reference (owner or accepted director). */
	setDocument(orgId: OrgId, document: DocumentReference | undefined): Promise<WriteReceipt>;
	/** Adds a key (owner or accepted director). */
	addKey(orgId: OrgId, key: NewKey): Promise<WriteReceipt>;
	/** Revokes a key permanently (owner or accepted director). */
	revokeKey(orgId: OrgId, fragment: string): Promise<WriteReceipt>;
	/** Revokes every key that isn't revoked yet (owner or accepted director). */
	revokeAllKeys(orgId: OrgId): Promise<WriteReceipt>;
	/** Activates or deactivates the organization (owner). Undefined if nothing changed (`orgid-v1`). */
	setActive(orgId: OrgId, active: boolean): Promise<WriteReceipt | undefined>;
	/** Transfers the organization immediately (owner). Resets the director, keeps the keys. */
	transferOwnership(orgId: OrgId, newOwner: Address): Promise<WriteReceipt>;
	/** Proposes a director, who must accept (owner). The zero address removes the director. */
	transferDirectorship(orgId: OrgId, director: Address): Promise<WriteReceipt>;
	/** Accepts the directorship (proposed director). */
	acceptDirectorship(orgId: OrgId): Promise<WriteReceipt>;
	/** Adds delegates: DID URLs of keys that may sign the document (owner). */
	addDelegates(orgId: OrgId, delegates: readonly string[]): Promise<WriteReceipt>;
	/** Removes delegates (owner). */
	removeDelegates(orgId: OrgId, delegates: readonly string[]): Promise<WriteReceipt>;
}
