/**
 * Decodes the results of ORGiD 1.1's ABI, which orgpass extends with keys. Their shape has been checked against the
 * ABI; here they are compared with the request, because a node could return the result of another one.
 * @module
 */
import { isFragment, type OrgId } from "../../did/did-url.js";
import { RegistryError } from "../../errors/errors.js";
import { badResponse } from "../call-error.js";
import type { Address, DocumentReference, OnChainKey, OrganizationState } from "../org-record.js";

/** `Key` of the contract's ABI. */
export interface AbiKey {
	readonly fragment: string;
	readonly x: string;
	readonly y: string;
	readonly validFrom: bigint;
	readonly validUntil: bigint;
	readonly addedAt: bigint;
}

/** What `getOrganization` returns; `resolve` adds the keys. */
export interface AbiOrganization {
	readonly exists: boolean;
	readonly orgId: string;
	readonly orgJsonHash: string;
	readonly orgJsonUri: string;
	readonly orgJsonUriBackup1: string;
	readonly orgJsonUriBackup2: string;
	readonly parentOrgId: string;
	readonly owner: string;
	readonly director: string;
	readonly isActive: boolean;
	readonly isDirectorshipAccepted: boolean;
	readonly unrevokedKeys?: readonly AbiKey[];
}

/** The block of a result; only orgpass reports its time. */
export interface ResultBlock {
	readonly blockNumber: bigint | number;
	readonly blockTimestamp?: bigint;
}

/** 32 zero bytes: no hash, no organization. */
export const ZERO_HASH: string = `0x${"00".repeat(32)}`;
/** 20 zero bytes: nobody. */
export const ZERO_ADDRESS: string = `0x${"00".repeat(20)}`;

const URI_MEMBERS = ["orgJsonUri", "orgJsonUriBackup1", "orgJsonUriBackup2"] as const;

/** Converts the result of `resolve` or `getOrganization`; undefined if there is no such organization. */
export function decodeOrganization(
	organization: AbiOrganization,
	{ blockNumber, blockTimestamp }: ResultBlock,
	orgId: OrgId,
): OrganizationState | undefined {
	if (!(Number.isSafeInteger(Number(blockNumber)) && blockNumber > 0)) throw badResponse();
	if (!organization.exists) return undefined;
	assertSameOrgId(organization.orgId, orgId);
	const { director, parentOrgId } = organization;
	const hasDirector = organization.isDirectorshipAccepted && director !== ZERO_ADDRESS;
	return {
		owner: organization.owner as Address,
		...(hasDirector ? { director: director as Address } : {}),
		active: organization.isActive,
		...(parentOrgId === ZERO_HASH ? {} : { parentOrgId: parentOrgId as OrgId }),
		...decodeDocument(organization),
		keys: (organization.unrevokedKeys ?? []).map((key) => decodeKey(key, key.fragment)),
		blockNumber: Number(blockNumber),
		...(blockTimestamp === undefined ? {} : { blockTimestamp: Number(blockTimestamp) }),
	};
}

/** Converts a key; an invalid name makes the whole response invalid. */
export function decodeKey(
	{ x, y, validFrom, validUntil, addedAt }: Omit<AbiKey, "fragment">,
	fragment: string,
	revokedAt = 0n,
): OnChainKey {
	if (!isFragment(fragment)) throw badResponse();
	return {
		fragment,
		publicKeyHex: `0x04${x.slice(2)}${y.slice(2)}`,
		validFrom: Number(validFrom),
		validUntil: Number(validUntil),
		addedAt: Number(addedAt),
		revokedAt: Number(revokedAt),
	};
}

function decodeDocument(organization: AbiOrganization): { readonly document?: DocumentReference } {
	const { orgJsonHash } = organization;
	if (orgJsonHash === ZERO_HASH) return {};
	const uris = URI_MEMBERS.map((member) => organization[member]);
	return { document: { uris: uris.filter((uri) => uri !== ""), hash: orgJsonHash as `0x${string}` } };
}

/** Asserts that a result is about the requested organization. */
export function assertSameOrgId(actual: string, expected: OrgId): void {
	if (actual === expected) return;
	throw new RegistryError("registry/bad-response", `expected a result for ${expected}, got one for ${actual}`);
}

/** `UnitCreated` names the unit and its parent, all other events one organization. */
export function findEventOrgId(_reader: unknown, { orgId, unitOrgId }: Readonly<Record<string, unknown>>): unknown {
	return orgId ?? unitOrgId;
}
