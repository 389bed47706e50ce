/**
 * What a registry records about one organization, in any generation.
 * @module
 */
import type { OrgId } from "../did/did-url.js";
import { formatTimeAway } from "../encoding/format-time.js";
import { DidError } from "../errors/errors.js";

/** An Ethereum address: `0x` and 40 hex digits, in the mixed case of EIP-55. */
export type Address = `0x${string}`;

/** A secp256k1 public key on chain, with its validity period. All times are seconds since the epoch. */
export interface OnChainKey {
	/** Its name in the organization, without `#`. */
	readonly fragment: string;
	/** Uncompressed SEC1 point, `0x04…`, 65 bytes. */
	readonly publicKeyHex: `0x${string}`;
	/** Valid from this time on; 0 means always. */
	readonly validFrom: number;
	/** Valid until this time; 0 means no end. */
	readonly validUntil: number;
	readonly addedAt: number;
	/** When it was revoked; 0 means it isn't revoked. */
	readonly revokedAt: number;
}

/** A reference to a document outside the chain. */
export interface DocumentReference {
	/** The document's address, then its backups; empty ones and those that aren't UTF-8 are left out. */
	readonly uris: readonly string[];
	/** keccak256 of the document's bytes; absent if {@link DocumentEvidence} is `proof`. */
	readonly hash?: `0x${string}`;
}

/** What a document is verified by: its `hash` on chain, or its `proof`, signed by the owner or a delegate. */
export type DocumentEvidence = "hash" | "proof";

/** An organization's state at one block. */
export interface OrganizationState {
	readonly owner: Address;
	/** The director, once they have accepted. A proposed director has no rights and isn't listed here. */
	readonly director?: Address;
	/** False if the owner has deactivated the organization; always true in `orgid-v3`, which has no such state. */
	readonly active: boolean;
	/** The organization this one is a unit of. */
	readonly parentOrgId?: OrgId;
	readonly document?: DocumentReference;
	/** Who may sign its document besides the owner, as DID URLs; only if the registry supports delegates. */
	readonly delegates?: readonly string[];
	/** Its keys on chain that are not revoked, whether or not they are valid now. */
	readonly keys: readonly OnChainKey[];
	/** The block of this state, or an earlier one if the registry doesn't report it. */
	readonly blockNumber: number;
	/** That block's time, in seconds since the epoch; reported only by `orgpass`. */
	readonly blockTimestamp?: number;
}

/** An organization's state at one block, and the registry (with its EIP-155 chain id) where it was read. */
export interface OrgRecord extends OrganizationState {
	/** Canonical bare DID. */
	readonly did: string;
	/** The name of the registry's adapter: `orgpass`, `orgid-v1`, `orgid-v3`, or the name of a custom one. */
	readonly kind: string;
	readonly documentEvidence: DocumentEvidence;
	readonly chainId: number;
	readonly registry: Address;
	readonly orgId: OrgId;
}

/** Whether two records of an organization differ in nothing but their block. */
export function isSameState(first: OrgRecord, second: OrgRecord): boolean {
	const block = { blockNumber: 0, blockTimestamp: 0 };
	return JSON.stringify({ ...first, ...block }) === JSON.stringify({ ...second, ...block });
}

/** Throws if a time is outside a key's validity period. */
export function assertKeyInForce(
	{ validFrom, validUntil }: OnChainKey,
	keyId: string,
	now: number,
	toleranceSeconds: number,
): void {
	if (now < validFrom - toleranceSeconds) {
		const message = `the key ${keyId} is valid from ${formatTimeAway(validFrom, now)}`;
		throw new DidError("did/key-not-yet-valid", message, { details: { validFrom, now } });
	}
	if (validUntil !== 0 && now >= validUntil + toleranceSeconds) {
		const message = `the key ${keyId} was valid until ${formatTimeAway(validUntil, now)}`;
		throw new DidError("did/key-expired", message, { details: { validUntil, now } });
	}
}
