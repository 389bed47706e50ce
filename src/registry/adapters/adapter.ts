/**
 * What differs between generations of registry contracts: everything above uses this interface.
 * @module
 */
import type { InterfaceAbi, LogDescription } from "ethers";
import type { OrgId } from "../../did/did-url.js";
import type { BlockTag } from "../block.js";
import type { Address, DocumentEvidence, DocumentReference, OnChainKey, OrganizationState } from "../org-record.js";
import type { RegistryChanges } from "../registry-changes.js";

/** Every generation that orgpass supports: its own, ORGiD 1.0 to 1.1.5, ORGiD 3.x. */
export const REGISTRY_KINDS = ["orgpass", "orgid-v1", "orgid-v3"] as const;

/** A generation of registry contracts by name. */
export type RegistryKind = (typeof REGISTRY_KINDS)[number];

/** What a custom error of the contract means, for whoever sent the transaction. */
export interface ContractError {
	/** What is wrong, in words, such as "the key is already revoked". */
	readonly message: string;
	/** Whether the sender may not do this: the code is then `registry/unauthorized`, otherwise `registry/reverted`. */
	readonly isUnauthorized?: boolean;
}

/** Custom errors by their names in the contract's ABI. */
export type ContractErrors = Readonly<Record<string, ContractError>>;

/**
 * Reads the contract. The chain and the code have been checked; a call is tried three times, at most five seconds each,
 * and fails with `registry/unreachable` or `registry/bad-response`.
 */
export interface ContractReader {
	/**
	 * Calls a view function at a block; returns its results by position and name. Text that isn't valid UTF-8 is empty.
	 * A result named like a member of arrays, such as `keys`, throws a TypeError: rename it in the adapter's ABI.
	 * A divisible call isn't retried if the node refuses it: the adapter splits it into smaller ones.
	 */
	call<T>(name: string, args: readonly unknown[], blockTag: BlockTag, isDivisible?: boolean): Promise<T>;
	/** Called once for all organizations that are read together. */
	readBlockNumber(blockTag: BlockTag): Promise<number>;
}

/**
 * A transaction to send: a function of the contract, by its signature if it is overloaded, its arguments, and
 * optionally a check that its events show the intended change.
 */
export type ContractCall = readonly [
	name: string,
	args: readonly unknown[],
	isDone?: (events: readonly LogDescription[]) => boolean,
];

/** A call for a change, which results in a receipt; undefined if there is nothing to change. */
type CallFor<Receipt, Call = Receipt extends undefined ? undefined : ContractCall> = Call | Promise<Call>;

/** All changes except the creation. */
export type ChangeName = Exclude<keyof RegistryChanges, "createOrganization">;

/**
 * How each change is written to the contract. A change that is absent fails with `registry/unsupported`. Arguments have
 * been checked; a document that the contract can't store throws `config/invalid-option`.
 */
export type AdapterWrites = {
	readonly [Name in ChangeName]?: (
		reader: ContractReader,
		...args: Parameters<RegistryChanges[Name]>
	) => CallFor<Awaited<ReturnType<RegistryChanges[Name]>>>;
} & {
	/** Creates an organization; with the sender, the salt (32 bytes as hex) decides its id. */
	createOrganization(salt: string, document: DocumentReference | undefined): ContractCall;
};

/** An organization's state, undefined if there is no such organization, or why it can't be read. */
export type ReadResult = OrganizationState | undefined | Error;

/**
 * One generation of registry contract. Pass one to `createRegistry` or to a network of `createOrgIdResolver` to use a
 * contract that orgpass doesn't support.
 */
export interface RegistryAdapter {
	/** Its human-readable name: `kind` in {@link OrgRecord}. */
	readonly name: string;
	/** How documents are verified; with `proof`, `delegates` may sign them besides the owner. */
	readonly documentEvidence: DocumentEvidence;
	/** The contract's ABI, as ethers reads it; its events are the registry's events. */
	readonly abi: InterfaceAbi;
	/** The maximum number of organizations read at once. */
	readonly maxBatch: number;
	/** The event of a creation, with the argument `orgId`. */
	readonly creationEvent: string;
	/**
	 * Derives the id, in lower case, of the organization that an account creates with a salt. With it, `createOrganization`
	 * refuses what a node reports as the new organization if it has another id, because it is someone else's.
	 */
	deriveOrgId?(creator: Address, salt: string): string;
	/**
	 * Reads one organization; undefined if there is none. A response about another organization, or one that makes no
	 * sense, must be refused: throw `new RegistryError("registry/bad-response", message)`. Other errors reach the caller
	 * as they are.
	 */
	read(reader: ContractReader, orgId: OrgId, blockTag: BlockTag): Promise<OrganizationState | undefined>;
	/** Reads several at once, in their order; if absent, `read` is called for each. */
	readMany?(reader: ContractReader, orgIds: readonly OrgId[], blockTag: BlockTag): Promise<readonly ReadResult[]>;
	/** Reads one key, revoked or not; undefined if the fragment was never used. Absent if the contract has no keys. */
	readKey?(reader: ContractReader, orgId: OrgId, fragment: string, blockTag: BlockTag): Promise<OnChainKey | undefined>;
	/** Lists the ids of all organizations except units, in the order of their creation. */
	list(reader: ContractReader, blockTag: BlockTag): Promise<readonly OrgId[]>;
	/** Finds the organization of an event from its arguments; their `orgId` if absent. */
	findOrgId?(reader: ContractReader, args: Readonly<Record<string, unknown>>): unknown;
	/** Signatures of events that change no record. Any other event that isn't in the ABI may have changed every record. */
	readonly unrelatedEvents?: readonly string[];
	/**
	 * Whether every change of a record, and of the document that it refers to, is logged; false by default. Then a watched
	 * record is used for longer than its TTL, so it must be false if anything that `read` returns can change without an
	 * event in `abi`, such as with the time or another contract.
	 */
	readonly isFullyLogged?: boolean;
	/** The contract's custom errors in words; of others, the name and the arguments are shown. They must be in `abi`. */
	readonly errors?: ContractErrors;
	readonly writes: AdapterWrites;
}

/** The adapter of a generation that orgpass recognizes. */
export interface KnownAdapter extends RegistryAdapter {
	/** Signatures of functions in its contracts; contracts of later adapters in the list don't have all of them. */
	readonly functions: readonly string[];
	/**
	 * A call of a view function that its contracts answer with anything but false, for those behind a proxy. Contracts of
	 * later adapters in the list revert or answer false.
	 */
	readonly probe: readonly [name: string, args: readonly unknown[]];
}
