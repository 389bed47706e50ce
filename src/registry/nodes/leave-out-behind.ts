/**
 * Nodes in order, of which the one that does the work is behind: only the reader of its results can notice.
 * @module
 */
import type { HeadTag } from "./block-pinning.js";
import { askHead } from "./chain-heads.js";
import type { RpcNode } from "./rpc-node.js";

/**
 * Asks the nodes for their heads, in order, until one has reached a block. Those before it rest as after a failure.
 * Resolves to false if no node has reached the block; then nothing changes.
 */
export async function leaveOutBehind(nodes: readonly RpcNode[], tag: HeadTag, block: number): Promise<boolean> {
	const healthy = nodes.filter(({ health }) => health.isHealthy());
	const others = nodes.filter(({ health }) => !health.isHealthy() && health.mayBeTried());
	const behind: (readonly [node: RpcNode, head: number])[] = [];
	for (const node of [...healthy, ...others]) {
		const head = await askHead(node, tag).catch(() => undefined);
		if (head === undefined) continue;
		if (head >= block) {
			for (const [slow, slowHead] of behind) slow.fallBehind(slowHead, block);
			return true;
		}
		behind.push([node, head]);
	}
	return false;
}
