/**
 * What a registry says about one organization, whatever its generation.
 * @module
 */
import type { OrgId } from "../did/did-url.js";

/** The generations of registry contracts: our own, ORGiD 1.0 to 1.1.5, ORGiD 3.x. */
export type RegistryKind = "orgpass" | "orgid-v1" | "orgid-v3";

/** An account: `0x` and 40 hex digits, mixed case as EIP-55 has it. */
export type Address = `0x${string}`;

/** A secp256k1 public key that stands on chain, with its validity. All times are seconds since the epoch. */
export interface OnChainKey {
	/** Its name in the organization, without `#`. */
	readonly fragment: string;
	/** Uncompressed SEC1 point, `0x04…`, 65 bytes. */
	readonly publicKeyHex: `0x${string}`;
	/** Valid from this time on; 0 means always. */
	readonly validFrom: number;
	/** Valid until this time; 0 means without end. */
	readonly validUntil: number;
	/** When it was added. */
	readonly addedAt: number;
	/** When it was revoked; 0 means it is not. */
	readonly revokedAt: number;
}

/** A reference to a document outside the chain. */
export interface DocumentReference {
	/** The document's address, then its backups; without those that are empty or not UTF-8. */
	readonly uris: readonly string[];
	/** keccak256 of the document's bytes; absent in `orgid-v3`, where a credential's proof takes its place. */
	readonly hash?: `0x${string}`;
}

/** An organization's state at one block. */
export interface OrgRecord {
	/** Canonical bare DID. */
	readonly did: string;
	/** The generation of the registry. */
	readonly kind: RegistryKind;
	/** EIP-155 chain id of the registry. */
	readonly chainId: number;
	/** The registry contract. */
	readonly registry: Address;
	/** The organization's id in it. */
	readonly orgId: OrgId;
	/** The account that owns the organization. */
	readonly owner: Address;
	/** The director, once accepted; a proposed one has no power and isn't named here. */
	readonly director?: Address;
	/** False while the owner has switched the organization off; `orgid-v3` has no such switch. */
	readonly active: boolean;
	/** The organization this one is a unit of. */
	readonly parentOrgId?: OrgId;
	/** Its document, where it has one. */
	readonly document?: DocumentReference;
	/** Who may sign its document besides the owner, as DID URLs; `orgid-v3` alone has them. */
	readonly delegates?: readonly string[];
	/** Its keys on chain that are not revoked; their times are not judged here. */
	readonly keys: readonly OnChainKey[];
	/** The block this is the state of, or an earlier one where the registry doesn't tell. */
	readonly blockNumber: number;
	/** That block's time, seconds since the epoch; `orgpass` alone tells it. */
	readonly blockTimestamp?: number;
}
