/**
 * What differs between the generations of registry contracts.
 * @module
 */
import type { Contract } from "ethers";
import type { OrgId } from "../../did/did-url.js";
import { RegistryError } from "../../errors/errors.js";
import type { Connection } from "../connection.js";
import type { Address, DocumentReference, OnChainKey, OrgRecord, RegistryKind } from "../org-record.js";
import type { BlockTag, NewKey } from "../registry.js";

/** Where a registry is and how to ask it. */
export interface KindContext {
	readonly connection: Connection;
	readonly chainId: number;
	readonly address: Address;
}

/** A call to send: a function of the contract, by its signature where it is overloaded, and its arguments. */
export type Call = readonly [name: string, args: readonly unknown[]];

/** An organization as it was read, none where there is none, or why it can't be read. */
export type ReadResult = OrgRecord | undefined | Error;

/** One generation of registry contract. Reads are of the block given; writes are only composed here. */
export interface Kind {
	readonly name: RegistryKind;
	/** The contract with its ABI, for reading. */
	readonly contract: Contract;
	/** The most organizations to ask for at once. */
	readonly maxBatch: number;
	/** The event of a creation, which carries `orgId`. */
	readonly creationEvent: string;
	/** Reads organizations, each on its own merits. */
	readMany(orgIds: readonly OrgId[], blockTag: BlockTag): Promise<readonly ReadResult[]>;
	readKey(orgId: OrgId, fragment: string, blockTag: BlockTag): Promise<OnChainKey | undefined>;
	list(blockTag: BlockTag): Promise<readonly OrgId[]>;
	/** The organization whose token is named in an event that doesn't carry an id. */
	orgIdOfToken?(tokenId: bigint): Promise<OrgId>;
	readonly writes: KindWrites;
}

/** How each change is called in this generation; a change it doesn't know throws `registry/unsupported`. */
export interface KindWrites {
	create(salt: string, document: DocumentReference | undefined): Call;
	setDocument(orgId: OrgId, document: DocumentReference | undefined): Call;
	addKey(orgId: OrgId, key: NewKey): Call;
	revokeKey(orgId: OrgId, fragment: string): Call;
	revokeAllKeys(orgId: OrgId): Call;
	/** Undefined where the organization is in that state already. */
	setActive(orgId: OrgId, active: boolean): Call | Promise<Call | undefined>;
	transferOwnership(orgId: OrgId, newOwner: Address): Call | Promise<Call>;
	transferDirectorship(orgId: OrgId, director: Address): Call;
	acceptDirectorship(orgId: OrgId): Call;
	addDelegates(orgId: OrgId, delegates: readonly string[]): Call;
	removeDelegates(orgId: OrgId, delegates: readonly string[]): Call;
}

/** Calls a view function of a contract at a block. */
export type ViewCaller = <T>(name: string, args: readonly unknown[], blockTag: BlockTag) => Promise<T>;

/** Makes the caller of a contract's views. */
export function createViewCaller(connection: Connection, contract: Contract): ViewCaller {
	return <T>(name: string, args: readonly unknown[], blockTag: BlockTag): Promise<T> =>
		connection.read(() => contract.getFunction(name).staticCallResult(...args, { blockTag }) as Promise<T>);
}

/** The error for a change that a generation doesn't know. */
export function unsupported(kind: RegistryKind, what: string): RegistryError {
	return new RegistryError("registry/unsupported", `a registry of kind ${kind} has no ${what}`, {
		details: { kind },
	});
}
