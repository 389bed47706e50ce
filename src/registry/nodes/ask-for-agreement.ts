/**
 * Several nodes by agreement: a response counts when enough nodes give the same one, at a block that they all have.
 * @module
 */
import type { JsonRpcPayload } from "ethers";
import type { JsonRpcResponse } from "../rpc-transport.js";
import { askAll } from "./ask-all.js";
import { askInOrder, findCandidates } from "./ask-in-order.js";
import { type HeadTag, headTagOf, isComparable, pinTo } from "./block-pinning.js";
import { toCanonical } from "./canonical-answer.js";
import { findSharedBlocks } from "./chain-heads.js";
import { disagreement, type Panel } from "./disagreement.js";
import type { RpcNode } from "./rpc-node.js";

/** Responses by the id of their call. */
type Responses = ReadonlyMap<number, JsonRpcResponse>;

/** Asks all nodes for what can be compared; the rest, such as transactions, is asked in order. */
export async function askForAgreement(
	nodes: readonly RpcNode[],
	count: number,
	payloads: readonly JsonRpcPayload[],
): Promise<JsonRpcResponse[]> {
	const groups = Map.groupBy(payloads, (payload) => (isComparable(payload) ? headTagOf(payload) : "in order"));
	const asking = [...groups].map(async ([group, calls]) => {
		if (group === "in order") return askInOrder(nodes, calls);
		const panel = toPanel(nodes, count);
		return group === undefined ? compare(panel, calls) : compareAtHead(panel, calls, group);
	});
	return (await Promise.all(asking)).flat();
}

function toPanel(nodes: readonly RpcNode[], count: number): Panel {
	const candidates = new Set(findCandidates(nodes, count));
	for (const node of nodes) if (node.health.isProbeDue()) candidates.add(node);
	return { nodes: [...candidates], absent: nodes.filter((node) => !candidates.has(node)), count };
}

/** The nodes may differ by a block, or one may claim a block that others don't have yet, so earlier ones are tried too. */
async function compareAtHead(
	panel: Panel,
	payloads: readonly JsonRpcPayload[],
	tag: HeadTag,
): Promise<JsonRpcResponse[]> {
	let failure: unknown;
	for (const block of await findSharedBlocks(panel, tag)) {
		const numbers = payloads.filter(isBlockNumber).map(({ id }) => ({ id, result: block }));
		const others = payloads.filter((payload) => !isBlockNumber(payload)).map((payload) => pinTo(payload, tag, block));
		try {
			return others.length === 0 ? numbers : [...numbers, ...(await compare(panel, others))];
		} catch (error) {
			failure = error;
		}
	}
	throw failure;
}

function isBlockNumber({ method }: JsonRpcPayload): boolean {
	return method === "eth_blockNumber";
}

/** Resolves as soon as enough nodes agree on every call. */
function compare(panel: Panel, payloads: readonly JsonRpcPayload[]): Promise<JsonRpcResponse[]> {
	const ask = async (node: RpcNode): Promise<Responses> => {
		const responses = await node.send(payloads);
		return new Map(responses.map((response) => [response.id, response]));
	};
	return askAll(panel, ask, ({ answers, failures, isComplete }) => {
		if (!isComplete && answers.size < panel.count) return undefined;
		const agreed: JsonRpcResponse[] = [];
		for (const payload of payloads) {
			const known = findAgreed(payload, answers.values(), panel.count);
			const response = known ?? (isComplete ? settle(panel, payload, answers, failures) : undefined);
			if (response === undefined) return undefined;
			agreed.push(response);
		}
		return agreed;
	});
}

function findAgreed(payload: JsonRpcPayload, answers: Iterable<Responses>, count: number): JsonRpcResponse | undefined {
	const counts = new Map<string, number>();
	for (const responses of answers) {
		const response = responses.get(payload.id) as JsonRpcResponse;
		const said = toCanonical(payload, response);
		if (said === undefined) continue;
		const times = (counts.get(said) ?? 0) + 1;
		if (times === count) return response;
		counts.set(said, times);
	}
	return undefined;
}

/** Without an agreement: a node's error if the nodes don't contradict each other. */
function settle(
	panel: Panel,
	payload: JsonRpcPayload,
	answers: ReadonlyMap<RpcNode, Responses>,
	failures: ReadonlyMap<RpcNode, unknown>,
): JsonRpcResponse {
	const all = [...answers].map(([node, responses]) => [node, responses.get(payload.id) as JsonRpcResponse] as const);
	const groups = Map.groupBy(all, ([, response]) => toCanonical(payload, response));
	const [unable] = groups.get(undefined) ?? [];
	groups.delete(undefined);
	if (unable !== undefined && groups.size < 2) return unable[1];
	const responses = [...groups.values()].flatMap((group, index) =>
		group.map(([node]) => [node, `gives result ${index + 1} of ${groups.size}`] as const),
	);
	throw disagreement(panel, { method: payload.method, responses, failures });
}
