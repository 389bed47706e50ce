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
import { canLeaveOutBehind } from "./rpc-provider.js";

/** Behind a load balancer, the next attempt may reach another node; otherwise a node may catch up. */
const RETRIES = { retries: 2, minTimeout: 100, maxTimeout: 200 };

/** Reads an organization at `minBlock` or later. */
export function readRecord(
	bound: BoundAdapter,
	orgId: OrgId,
	blockTag: BlockTag,
	minBlock: number,
): Promise<OrgRecord | undefined> {
	return retryOutdated(bound, { blockTag, minBlock }, async () => {
		const record = await bound.read(orgId, blockTag);
		if (record === undefined) return readAt(bound, orgId, minBlock);
		assertNotOutdated(record.blockNumber, minBlock);
		return record;
	});
}

/** Reads a key at `minBlock` or later. The block number is read in the same request. */
export function readKey(
	bound: BoundAdapter,
	orgId: OrgId,
	fragment: string,
	blockTag: BlockTag,
	minBlock: number,
): Promise<OnChainKey | undefined> {
	const { adapter, connection, readerOfTurn } = bound;
	return retryOutdated(bound, { blockTag, minBlock }, async () => {
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

/** If another node of several has reached the block, it is asked within the same attempt. */
function retryOutdated<T>(
	{ connection: { provider } }: BoundAdapter,
	{ blockTag, minBlock }: { readonly blockTag: BlockTag; readonly minBlock: number },
	read: () => Promise<T>,
): Promise<T> {
	return pRetry(readFromNext, { ...RETRIES, shouldRetry: ({ error }) => isOutdated(error) });

	async function readFromNext(): Promise<T> {
		try {
			return await read();
		} catch (error) {
			if (typeof blockTag === "number" || !isOutdated(error) || !canLeaveOutBehind(provider)) throw error;
			if (!(await provider.leaveOutBehind(blockTag, minBlock))) throw error;
			return read();
		}
	}
}

function isOutdated(error: unknown): boolean {
	return isOrgpassError(error) && error.code === "registry/outdated";
}
