/**
 * A node over a JSON-RPC server with any responses.
 * @module
 */
import { onTestFinished } from "vitest";
import { createRpcNode, type RpcNode } from "../../src/registry/nodes/rpc-node.ts";
import { type FakeNode, startFakeNode } from "./fake-node.ts";

/** A node, and the server behind it. */
export interface StartedNode {
	readonly fake: FakeNode;
	readonly node: RpcNode;
}

/** Starts a node of chain 31337, until the end of the test. */
export async function startNode(
	answer: FakeNode["answer"],
	{ isOnly }: { readonly isOnly: boolean } = { isOnly: false },
): Promise<StartedNode> {
	const fake = await startFakeNode(answer);
	onTestFinished(() => fake.close());
	const node = createRpcNode(fake.url, { chainId: 31_337, timeoutMs: 5_000, observer: undefined, isOnly });
	return { fake, node };
}

/** Starts three nodes, of which each answers as its place says. */
export async function startThreeNodes(answerOf: (index: 0 | 1 | 2) => FakeNode["answer"]): Promise<{
	readonly fakes: readonly [FakeNode, FakeNode, FakeNode];
	readonly nodes: readonly [RpcNode, RpcNode, RpcNode];
}> {
	const started = [await startNode(answerOf(0)), await startNode(answerOf(1)), await startNode(answerOf(2))] as const;
	const [first, second, third] = started;
	return { fakes: [first.fake, second.fake, third.fake], nodes: [first.node, second.node, third.node] };
}
