/**
 * The contract's answers made records. ethers has checked their shape against the ABI; here they are held
 * against the question, because a node can answer another one.
 * @module
 */
import { ZeroAddress, ZeroHash } from "ethers";
import { formatDidUrl, isFragment, type OrgId } from "../../did/did-url.js";
import { RegistryError } from "../../errors/errors.js";
import { badResponse } from "../connection.js";
import type { Address, DocumentReference, OnChainKey, OrgRecord, RegistryKind } from "../org-record.js";

/** `Key` of the contract's ABI. */
export interface AbiKey {
	readonly fragment: string;
	readonly x: string;
	readonly y: string;
	readonly validFrom: bigint;
	readonly validUntil: bigint;
	readonly addedAt: bigint;
}

/** What `getOrganization` returns. */
export interface AbiOrganizationState {
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
}

/** `ResolvedOrganization` of the contract's ABI. */
export interface AbiOrganization extends AbiOrganizationState {
	readonly unrevokedKeys: readonly AbiKey[];
}

/** What the contract's `resolve` returns. */
export interface ResolveAnswer {
	readonly organization: AbiOrganization;
	readonly blockNumber: bigint;
	readonly blockTimestamp: bigint;
}

/** The same of a contract that has neither keys nor the time. */
export interface StateAnswer {
	readonly organization: AbiOrganizationState & Partial<AbiOrganization>;
	readonly blockNumber: bigint;
	readonly blockTimestamp?: bigint;
}

/** What the contract's `getKey` returns. */
export type GetKeyAnswer = Omit<AbiKey, "fragment"> & {
	readonly exists: boolean;
	readonly revokedAt: bigint;
};

const URI_MEMBERS = ["orgJsonUri", "orgJsonUriBackup1", "orgJsonUriBackup2"] as const;

/** What was asked. */
export interface Question {
	readonly kind: RegistryKind;
	readonly chainId: number;
	readonly registry: Address;
	readonly orgId: OrgId;
}

/** Makes a record of an answer of `resolve` or `getOrganization`. */
export function decodeOrganization(answer: StateAnswer, question: Question): OrgRecord | undefined {
	const { organization } = answer;
	if (!organization.exists) return undefined;
	if (organization.orgId !== question.orgId) throw mismatch(question.orgId, organization.orgId);
	try {
		return toRecord(answer, question);
	} catch (cause) {
		throw badResponse(cause);
	}
}

/** ethers throws on reading a member that holds no UTF-8, whoever put it there. */
function toRecord({ organization, blockNumber, blockTimestamp }: StateAnswer, question: Question): OrgRecord {
	const { kind, chainId, registry, orgId } = question;
	const { director, parentOrgId } = organization;
	const hasDirector = organization.isDirectorshipAccepted && director !== ZeroAddress;
	const document = decodeDocument(organization);
	const keys = (organization.unrevokedKeys ?? []).map((key) => decodeUnrevoked(key));
	return Object.freeze({
		did: formatDidUrl({ chainId, orgId }),
		kind,
		chainId,
		registry,
		orgId,
		owner: organization.owner as Address,
		...(hasDirector ? { director: director as Address } : {}),
		active: organization.isActive,
		...(parentOrgId === ZeroHash ? {} : { parentOrgId: parentOrgId as OrgId }),
		...(document === undefined ? {} : { document }),
		keys: Object.freeze(keys),
		blockNumber: Number(blockNumber),
		...(blockTimestamp === undefined ? {} : { blockTimestamp: Number(blockTimestamp) }),
	});
}

/** Makes a key of an answer of `getKey`. */
export function decodeKey(answer: GetKeyAnswer, fragment: string): OnChainKey | undefined {
	return answer.exists ? toKey({ ...pick(answer), fragment }, Number(answer.revokedAt)) : undefined;
}

function decodeUnrevoked(key: AbiKey): OnChainKey {
	if (!isFragment(key.fragment)) throw badResponse();
	return toKey(key, 0);
}

function toKey(key: AbiKey, revokedAt: number): OnChainKey {
	return Object.freeze({
		fragment: key.fragment,
		publicKeyHex: `0x04${key.x.slice(2)}${key.y.slice(2)}`,
		validFrom: Number(key.validFrom),
		validUntil: Number(key.validUntil),
		addedAt: Number(key.addedAt),
		revokedAt,
	});
}

/** ethers' results are array-like and don't spread by name. */
function pick({ x, y, validFrom, validUntil, addedAt }: GetKeyAnswer): Omit<AbiKey, "fragment"> {
	return { x, y, validFrom, validUntil, addedAt };
}

function decodeDocument(organization: AbiOrganizationState): DocumentReference | undefined {
	const { orgJsonHash } = organization;
	if (orgJsonHash === ZeroHash) return undefined;
	const uris = URI_MEMBERS.map((member) => readText(organization, member)).filter((uri) => uri !== "");
	return Object.freeze({ uris: Object.freeze(uris), hash: orgJsonHash as `0x${string}` });
}

/** An owner may store bytes that are no UTF-8; they lead nowhere, and must not take the keys down with them. */
function readText(organization: AbiOrganizationState, member: (typeof URI_MEMBERS)[number]): string {
	try {
		return organization[member];
	} catch {
		return "";
	}
}

function mismatch(expected: string, actual: string): RegistryError {
	return new RegistryError("registry/bad-response", `asked for ${expected}, got an answer about ${actual}`);
}
