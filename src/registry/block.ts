/**
 * Blocks by name, number and time.
 * @module
 */
import { invalidOption } from "../options/invalid-option.js";
import { badResponse } from "./call-error.js";
import { type ChainBlock, readBlock, readLatestNumber } from "./chain-reads.js";
import type { Connection } from "./connection.js";

/** The block to read at: a name of the JSON-RPC interface, or a number. */
export type BlockTag = "latest" | "safe" | "finalized" | number;

export async function readBlockNumber(connection: Connection, blockTag: BlockTag): Promise<number> {
	if (typeof blockTag === "number") return blockTag;
	if (blockTag === "latest") return connection.read(() => readLatestNumber(connection.provider));
	return (await readExisting(connection, blockTag)).number;
}

/** Finds the last block at or before a time, by bisection: about 25 requests on an old chain. */
export async function findBlock(connection: Connection, time: number): Promise<number | undefined> {
	if (!Number.isFinite(time)) throw invalidOption("time", "seconds since the epoch", { got: time });
	if ((await readExisting(connection, 0)).timestamp > time) return undefined;
	const latest = await readExisting(connection, "latest");
	if (latest.timestamp <= time) return latest.number;
	let [before, after] = [0, latest.number];
	while (after - before > 1) {
		// A shift would cut the numbers to 32 bits.
		const middle = Math.floor((before + after) / 2);
		if ((await readExisting(connection, middle)).timestamp <= time) before = middle;
		else after = middle;
	}
	return before;
}

async function readExisting(connection: Connection, blockTag: BlockTag): Promise<ChainBlock> {
	const block = await connection.read(() => readBlock(connection.provider, blockTag));
	if (block === null) throw badResponse();
	return block;
}
