/**
 * The contract's logs as events of organizations.
 * @module
 */
import { isOrgId, type OrgId } from "../../did/did-url.js";
import { isOrgpassError } from "../../errors/errors.js";
import type { AbiEvent } from "../abi/contract-abi.js";
import type { BoundAdapter } from "../bound-adapter.js";
import { badResponse } from "../call-error.js";
import type { ContractLog } from "./contract-log.js";

/** One change of an organization, as logged by the contract. */
export interface RegistryEvent {
	/** The event's name in the contract: `OrganizationCreated`, `KeyRevoked`, `OrgJsonUriChanged`, `Transfer` … */
	readonly name: string;
	readonly orgId: OrgId;
	/** Its arguments by name; text that isn't valid UTF-8 becomes empty. */
	readonly args: Readonly<Record<string, unknown>>;
	readonly blockNumber: number;
	readonly blockHash: `0x${string}`;
	readonly transactionHash: `0x${string}`;
	readonly logIndex: number;
	/** Set if the event was yielded before, and its block is no longer part of the chain. */
	readonly removed?: true;
}

/** A log of the contract, and its event. */
export interface LogEntry {
	readonly blockNumber: number;
	readonly blockHash: `0x${string}`;
	readonly logIndex: number;
	/** Absent if it can't be understood: then any organization may have changed. */
	readonly event?: RegistryEvent;
}

/** Converts a log; undefined if the contract's ABI doesn't have the event. */
export async function toEvent(bound: BoundAdapter, log: ContractLog): Promise<RegistryEvent | undefined> {
	const { abi, adapter, reader } = bound;
	const event = abi.eventOf(log.topics[0]);
	if (event === undefined) return undefined;
	const args = decodeArgs(event, log);
	const orgId = adapter.findOrgId === undefined ? args["orgId"] : await adapter.findOrgId(reader, args);
	if (!isOrgId(orgId)) throw badResponse();
	const { blockNumber, blockHash, transactionHash, logIndex } = log;
	return Object.freeze({ name: event.name, orgId, args, blockNumber, blockHash, transactionHash, logIndex });
}

/** Converts a log of any event; one that can't be understood has no `event`. */
export async function toEntry(bound: BoundAdapter, log: ContractLog): Promise<LogEntry> {
	const { blockNumber, blockHash, logIndex } = log;
	const position = { blockNumber, blockHash, logIndex };
	try {
		const event = await toEvent(bound, log);
		return Object.freeze(event === undefined ? position : { ...position, event });
	} catch (error) {
		if (isOrgpassError(error) && error.code === "registry/bad-response") return Object.freeze(position);
		throw error;
	}
}

function decodeArgs(event: AbiEvent, { topics, data }: ContractLog): Readonly<Record<string, unknown>> {
	try {
		return event.decode(topics, data);
	} catch (cause) {
		throw badResponse(cause);
	}
}
