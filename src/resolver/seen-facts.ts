/**
 * What nodes have shown about organizations, and a node that is behind must not undo: the latest block of a state or
 * an event, and the keys that were revoked. It outlives cache entries.
 * @module
 */
import { BoundedCache } from "../caching/bounded-cache.js";
import type { OnChainKey } from "../registry/org-record.js";
import type { ReorganizedBlocks } from "./record-entries.js";

/** A block number takes much less memory than a record, and has to outlive it. */
const BLOCKS_PER_ENTRY = 4;

export interface SeenFacts {
	/** The latest block seen of an organization; 0 if none was seen. */
	minBlock(did: string): number;
	/** The state of this block was seen, or announced by an event. */
	addBlock(did: string, blockNumber: number): void;
	/** The latest block seen can't exist: this one is the latest. */
	resetBlock(did: string, blockNumber: number): void;
	/** The keys seen revoked, by name; the same object until another one is added. */
	revokedKeys(did: string): ReadonlyMap<string, OnChainKey> | undefined;
	addRevokedKey(did: string, key: OnChainKey): void;
	/** Adds what another one has seen of an organization of which nothing was seen yet. */
	restore(did: string, minBlock: number, revokedKeys: ReadonlyMap<string, OnChainKey> | undefined): void;
	/** After a reorganization, later blocks of the chain aren't known any more. Revocations stay known. */
	rewind(chainId: number, blocks: ReorganizedBlocks): void;
	clear(): void;
}

export function createSeenFacts(maxEntries: number): SeenFacts {
	const blocks = new BoundedCache<number>(maxEntries * BLOCKS_PER_ENTRY);
	const revoked = new BoundedCache<ReadonlyMap<string, OnChainKey>>(maxEntries);
	return {
		minBlock,
		addBlock(did, blockNumber) {
			if (blockNumber > minBlock(did)) blocks.set(did, blockNumber);
		},
		resetBlock: (did, blockNumber) => void blocks.set(did, blockNumber),
		revokedKeys: (did) => revoked.get(did),
		addRevokedKey(did, key) {
			revoked.set(did, new Map([...(revoked.get(did) ?? []), [key.fragment, key]]));
		},
		restore(did, blockNumber, revokedKeys) {
			if (blockNumber > 0) blocks.set(did, blockNumber);
			if (revokedKeys !== undefined) revoked.set(did, revokedKeys);
		},
		rewind(chainId, { head }) {
			const prefix = `did:orgid:${chainId}:`;
			// The least recently used first, so that the order of use stays the same.
			for (const did of [...blocks.keys()].reverse()) {
				if (did.startsWith(prefix) && (blocks.peek(did) ?? 0) > head) blocks.set(did, head);
			}
		},
		clear() {
			blocks.clear();
			revoked.clear();
		},
	};

	function minBlock(did: string): number {
		return blocks.get(did) ?? 0;
	}
}
