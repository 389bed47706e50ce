/**
 * Blocks and logs as a node reports them: checked, because every decision about what changed rests on them.
 * @module
 */
import { badResponse } from "../call-error.js";
import type { Address } from "../org-record.js";
import { parseQuantity } from "../quantity.js";

/** A block and its place in the chain. */
export interface BlockId {
	readonly number: number;
	readonly hash: `0x${string}`;
	readonly parentHash: `0x${string}`;
}

/** One log of the contract. */
export interface ContractLog {
	readonly topics: readonly string[];
	readonly data: string;
	readonly blockNumber: number;
	readonly blockHash: `0x${string}`;
	readonly transactionHash: `0x${string}`;
	readonly logIndex: number;
	/** Whether its block is no longer part of the chain; only subscriptions report it. */
	readonly removed: boolean;
}

const HASH = /^0x[\da-f]{64}$/i;
const DATA = /^0x(?:[\da-f]{2})*$/i;
const MAX_TOPICS = 4;

/** Parses a block of `eth_getBlockByNumber` or of a subscription to `newHeads`. */
export function parseBlock(value: unknown): BlockId {
	const { number, hash, parentHash } = toObject(value);
	return { number: parseNumber(number), hash: parseHash(hash), parentHash: parseHash(parentHash) };
}

/** Parses a log of the contract at `address`. */
export function parseLog(value: unknown, address: Address): ContractLog {
	const { address: actual, topics, data, removed = false, ...position } = toObject(value);
	if (typeof actual !== "string" || actual.toLowerCase() !== address.toLowerCase()) throw badResponse();
	if (!Array.isArray(topics) || topics.length > MAX_TOPICS) throw badResponse();
	if (typeof data !== "string" || !DATA.test(data) || typeof removed !== "boolean") throw badResponse();
	return {
		topics: topics.map(parseHash),
		data,
		blockNumber: parseNumber(position["blockNumber"]),
		blockHash: parseHash(position["blockHash"]),
		transactionHash: parseHash(position["transactionHash"]),
		logIndex: parseNumber(position["logIndex"]),
		removed,
	};
}

/** Identifies a log: in another block, it is another one. */
export function keyOf({ blockHash, logIndex }: Pick<ContractLog, "blockHash" | "logIndex">): string {
	return `${blockHash} ${logIndex}`;
}

function toObject(value: unknown): Readonly<Record<string, unknown>> {
	if (typeof value !== "object" || value === null) throw badResponse();
	return value as Readonly<Record<string, unknown>>;
}

/** ethers has already converted the quantities of its own blocks and logs. */
function parseNumber(value: unknown): number {
	if (Number.isSafeInteger(value) && (value as number) >= 0) return value as number;
	const number = parseQuantity(value);
	if (number === undefined) throw badResponse();
	return number;
}

function parseHash(value: unknown): `0x${string}` {
	if (typeof value !== "string" || !HASH.test(value)) throw badResponse();
	return value.toLowerCase() as `0x${string}`;
}
