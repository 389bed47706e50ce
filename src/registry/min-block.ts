/**
 * Reads that refuse a state older than a given block: a node may lag behind another one that answered before.
 * @module
 */
import pRetry from "p-retry";
import type { OrgId } from "../did/did-url.js";
import { isOrgpassError, RegistryError } from "../errors/errors.js";
import type { BlockTag } from "./block.js";
import type { BoundAdapter } from "./bound-adapter.js";
import type { OnChainKey, OrgRecord } from "./org-record.js";

/** Behind a load balancer, the next attempt may reach another node; otherwise the node may catch up. */
const RETRIES = { retries: 2, minTimeout: 100, maxTimeout: 200 };

/** Reads an organization at `minBlock` or later. */
export function readRecord(
	bound: BoundAdapter,
	orgId: OrgId,
	blockTag: BlockTag,
	minBlock: number,
): Promise<OrgRecord | undefined> {
	return retryOutdated(async () => {
		const record = await bound.read(orgId, blockTag);
		if (record === undefined) return readAt(bound, orgId, minBlock);
		assertNotOutdated(record.blockNumber, minBlock);
		return record;
	});
}

/** Reads a key at `minBlock` or later. The block number is read in the same request. */
export function readKey(
	{ adapter, connection, readerOfTurn }: BoundAdapter,
	orgId: OrgId,
	fragment: string,
	blockTag: BlockTag,
	minBlock: number,
): Promise<OnChainKey | undefined> {
	return retryOutdated(async () => {
		// Reads that results of one batch cause are sent together.
		await connection.turns.idle();
		const reader = readerOfTurn();
		const [blockNumber, key] = await Promise.all([
			reader.readBlockNumber(blockTag),
			adapter.readKey?.(reader, orgId, fragment, blockTag),
		]);
		assertNotOutdated(blockNumber, minBlock);
		return key;
	});
}

/** An absence says nothing about its block. A node that doesn't have this block refuses the call. */
async function readAt(bound: BoundAdapter, orgId: OrgId, blockNumber: number): Promise<OrgRecord | undefined> {
	try {
		return await bound.read(orgId, blockNumber);
	} catch (cause) {
		if (!isOrgpassError(cause) || cause.code !== "registry/bad-response") throw cause;
		throw new RegistryError("registry/outdated", `the node has no state of block ${blockNumber}`, { cause });
	}
}

function assertNotOutdated(blockNumber: number, minBlock: number): void {
	if (blockNumber >= minBlock) return;
	const message = `expected the state of block ${minBlock} or later, got that of ${blockNumber}`;
	const details = { expected: minBlock, actual: blockNumber };
	throw new RegistryError("registry/outdated", message, { details });
}

function retryOutdated<T>(read: () => Promise<T>): Promise<T> {
	return pRetry(read, {
		...RETRIES,
		shouldRetry: ({ error }) => isOrgpassError(error) && error.code === "registry/outdated",
	});
}
