/**
 * Several nodes by agreement: a response counts when enough nodes give the same one, at a block that they all have.
 * @module
 */
import type { JsonRpcPayload } from "ethers";
import type { JsonRpcResponse } from "../rpc-transport.js";
import { askAll } from "./ask-all.js";
import { askInOrder, findCandidates } from "./ask-in-order.js";
import { type HeadTag, headTagOf, isComparable, lastBlockOf, pinTo } from "./block-pinning.js";
import { toCanonical, withoutRest } from "./canonical-answer.js";
import { findSharedBlocks } from "./chain-heads.js";
import { disagreement, isDisagreement, type Panel } from "./disagreement.js";
import type { RpcNode } from "./rpc-node.js";

/** What a node responded to a call, and what that says about the chain, if anything. */
interface Answer {
	readonly response: JsonRpcResponse;
	readonly said: string | undefined;
}

/** A node's answers by the id of their call. */
type AnswersOfNode = ReadonlyMap<number, Answer>;

/** Asks all nodes for what can be compared; the rest, such as transactions, is asked in order. */
export async function askForAgreement(
	nodes: readonly RpcNode[],
	count: number,
	payloads: readonly JsonRpcPayload[],
): Promise<JsonRpcResponse[]> {
	const groups = Map.groupBy(payloads, (payload) => (isComparable(payload) ? headTagOf(payload) : "in order"));
	const asking = [...groups].map(async ([group, calls]) => {
		if (group === "in order") return askInOrder(nodes, calls);
		return askPanel(toPanel(nodes, count), (panel) =>
			group === undefined ? compare(panel, calls) : compareAtHead(panel, calls, group),
		);
	});
	return (await Promise.all(asking)).flat();
}

/** If the nodes disagree, one that failed before may have recovered, and decide. */
async function askPanel(panel: Panel, ask: (panel: Panel) => Promise<JsonRpcResponse[]>): Promise<JsonRpcResponse[]> {
	try {
		return await ask(panel);
	} catch (error) {
		const recovering = panel.absent.filter(({ health }) => health.mayBeTried());
		if (!isDisagreement(error) || recovering.length === 0) throw error;
		return ask({ ...panel, nodes: [...panel.nodes, ...recovering] }).catch(() => {
			throw error;
		});
	}
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
	const ends = lastBlocksOf(payloads);
	const ask = async (node: RpcNode): Promise<AnswersOfNode> => {
		const sent = await node.send([...ends.values(), ...payloads]);
		const responses = new Map(sent.map((response) => [response.id, response]));
		// Here an answer that can't be compared, for example because it is nested too deeply, is the node's failure.
		const answers = payloads.map((payload) => {
			const { response, said } = toAnswer(payload, responses.get(payload.id));
			const end = ends.get(payload.id);
			if (end === undefined || said === undefined) return { response, said };
			return { response, said: `${hashOf(node, responses.get(end.id))} ${said}` };
		});
		return new Map(answers.map((answer, index) => [payloads[index]?.id as number, answer]));
	};
	return askAll(panel, ask, ({ answers, failures, isComplete }) => {
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

/**
 * For logs, the call for the last block of their range, by the id of their call. A node that doesn't have that block
 * leaves its logs out, and a liar could give the same answer.
 */
function lastBlocksOf(payloads: readonly JsonRpcPayload[]): ReadonlyMap<number, JsonRpcPayload> {
	const logs = payloads.flatMap((payload) => {
		const block = lastBlockOf(payload);
		return block === undefined ? [] : [[payload.id, block] as const];
	});
	const firstId = Math.max(...payloads.map(({ id }) => id)) + 1;
	return new Map(
		logs.map(([id, block], index) => [
			id,
			{ id: firstId + index, jsonrpc: "2.0", method: "eth_getBlockByNumber", params: [block, false] },
		]),
	);
}

function hashOf({ toError }: RpcNode, response: JsonRpcResponse | undefined): string {
	const { hash } = Object(Object(response)["result"]) as { readonly hash?: unknown };
	if (typeof hash !== "string") throw toError(response);
	return hash.toLowerCase();
}

function toAnswer(payload: JsonRpcPayload, response: JsonRpcResponse | undefined): Answer {
	return { response: response as JsonRpcResponse, said: toCanonical(payload, response as JsonRpcResponse) };
}

function findAgreed(
	payload: JsonRpcPayload,
	answers: Iterable<AnswersOfNode>,
	count: number,
): JsonRpcResponse | undefined {
	const counts = new Map<string, number>();
	for (const answersOfNode of answers) {
		const { response, said } = answersOfNode.get(payload.id) as Answer;
		if (said === undefined) continue;
		const times = (counts.get(said) ?? 0) + 1;
		if (times === count) return withoutRest(payload, response);
		counts.set(said, times);
	}
	return undefined;
}

/** Without an agreement: a node's error if the nodes don't contradict each other. */
function settle(
	panel: Panel,
	payload: JsonRpcPayload,
	answers: ReadonlyMap<RpcNode, AnswersOfNode>,
	failures: ReadonlyMap<RpcNode, unknown>,
): JsonRpcResponse {
	const all = [...answers].map(([node, answersOfNode]) => [node, answersOfNode.get(payload.id) as Answer] as const);
	const groups = Map.groupBy(all, ([, { said }]) => said);
	const unable = groups.get(undefined) ?? [];
	groups.delete(undefined);
	const [first] = unable;
	if (first !== undefined && groups.size < 2) {
		const { response } = first[1];
		return unable.length < panel.count ? withoutText(response) : response;
	}
	const responses = [...groups.values()].flatMap((group, index) =>
		group.map(([node]) => [node, `gives result ${index + 1} of ${groups.size}`] as const),
	);
	throw disagreement(panel, { method: payload.method, responses, failures });
}

/** The text of an error can say that a contract failed, and too few nodes say so. */
function withoutText({ id, ...response }: JsonRpcResponse): JsonRpcResponse {
	const { code } = Object((response as { readonly error?: unknown }).error) as { readonly code?: unknown };
	return { id, error: { code: Number(code), message: "too few nodes have an answer" } };
}
