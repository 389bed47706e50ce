/**
 * Several nodes in order: the first healthy one is asked, and the next one if it fails.
 * @module
 */
import type { JsonRpcPayload } from "ethers";
import { isRateLimit, type JsonRpcResponse } from "../rpc-transport.js";
import { isRevert } from "./canonical-answer.js";
import type { RpcNode } from "./rpc-node.js";

/** What may be sent twice: everything but transactions, signatures, filters, and the commands of test nodes. */
const REPEATABLE = /^eth_(?!send|sign|new)/;

/** Sends calls to one node after the other until each has a response; transactions are sent only once. */
export async function askInOrder(
	nodes: readonly RpcNode[],
	payloads: readonly JsonRpcPayload[],
): Promise<JsonRpcResponse[]> {
	const isRepeatable = payloads.every(({ method }) => REPEATABLE.test(method));
	const candidates = findCandidates(nodes);
	if (isRepeatable) probeOthers(nodes, candidates, payloads.slice(0, 1));
	const responses = new Map<number, JsonRpcResponse>();
	let missing = payloads;
	let failure: unknown;
	for (const node of isRepeatable ? candidates : candidates.slice(0, 1)) {
		try {
			for (const response of await node.send(missing)) {
				if (isSatisfying(response) || !responses.has(response.id)) responses.set(response.id, response);
			}
			missing = missing.filter(({ id }) => !isSatisfying(responses.get(id) as JsonRpcResponse));
			if (missing.length === 0) break;
		} catch (error) {
			failure = error;
		}
	}
	// A node responds to all calls, or fails.
	if (responses.size === 0) throw failure;
	const answers = [...responses.values()];
	if (answers.every(isRateLimit)) throw refusalOf(nodes);
	return answers;
}

/** Sends calls in one request to one node after the other until one responds. */
export async function askOneInOrder(
	nodes: readonly RpcNode[],
	payloads: readonly JsonRpcPayload[],
): Promise<JsonRpcResponse[] | undefined> {
	const candidates = findCandidates(nodes);
	probeOthers(nodes, candidates, payloads.slice(0, 1));
	let failure: unknown;
	for (const node of candidates) {
		try {
			const responses = await node.sendTogether(payloads);
			if (!responses?.some(isRateLimit)) return responses;
			failure = node.refusal();
		} catch (error) {
			failure = error;
		}
	}
	throw failure;
}

/** The healthy nodes; if there are none, those that may have recovered, with the fewest failures first. */
export function findCandidates(nodes: readonly RpcNode[], count = 1): readonly RpcNode[] {
	const healthy = nodes.filter(({ health }) => health.isHealthy());
	if (healthy.length >= count) return healthy;
	const others = nodes.filter(({ health }) => !health.isHealthy() && health.mayBeTried());
	const candidates = [...healthy, ...others.sort((a, b) => a.health.failures() - b.health.failures())];
	if (candidates.length < count) throw refusalOf(nodes);
	return candidates;
}

/** Finds out if failed nodes have recovered, by one call while another node does the work. */
function probeOthers(
	nodes: readonly RpcNode[],
	candidates: readonly RpcNode[],
	payloads: readonly JsonRpcPayload[],
): void {
	for (const node of nodes) {
		if (!candidates.includes(node) && node.health.isProbeDue()) node.send(payloads).catch(() => undefined);
	}
}

/** Of the node that may be asked first. */
function refusalOf(nodes: readonly RpcNode[]): Error {
	const refused = nodes.filter(({ health }) => !health.isHealthy());
	const [first = nodes[0]] = refused.sort((a, b) => a.health.waitMs() - b.health.waitMs());
	return (first as RpcNode).refusal();
}

/** Whether another node would hardly know better: a result, or the contract's refusal. */
function isSatisfying(response: JsonRpcResponse): boolean {
	return "error" in response ? isRevert(response) : response.result !== "0x" && response.result !== null;
}
