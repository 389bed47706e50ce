/**
 * One node of a chain. Its chain id is checked along with other calls: before its first response counts, after a
 * failure, and once a minute. If there is only one node, the connection does the first two.
 * @module
 */
import type { JsonRpcPayload } from "ethers";
import { formatValue, isOrgpassError, type OrgpassError, RegistryError } from "../../errors/errors.js";
import type { Observer } from "../../observe/observer.js";
import { setFailedHost, toCallError, wrongChain } from "../call-error.js";
import { codedError } from "../coded-error.js";
import { createRpcTransport, isRateLimit, isTooLarge, type JsonRpcResponse } from "../rpc-transport.js";
import { createBatchSender } from "./batch-sender.js";
import { createNodeHealth, type NodeHealth } from "./node-health.js";

export interface RpcNode {
	/** Its host and port; the rest of its URL may be secret. */
	readonly host: string;
	readonly health: NodeHealth;
	/** Sends calls; rejects if the node fails or serves another chain. Its JSON-RPC errors are responses. */
	send(payloads: readonly JsonRpcPayload[]): Promise<JsonRpcResponse[]>;
	/** Sends calls in one request; undefined if the node doesn't accept that many. */
	sendTogether(payloads: readonly JsonRpcPayload[]): Promise<JsonRpcResponse[] | undefined>;
	/** Lets the node rest as after a failure, because its head is before a block that another node has. */
	fallBehind(head: number, block: number): void;
	/** Converts a response that can't be used. */
	toError(response: JsonRpcResponse | undefined): Error;
	/** Why the node can't be asked at the moment. */
	refusal(): OrgpassError;
}

export interface RpcNodeOptions {
	readonly chainId: number;
	readonly timeoutMs: number;
	readonly observer: Observer | undefined;
	/** Whether there is no other node: the caller judges the chain id. */
	readonly isOnly: boolean;
}

type Send<R> = (payloads: readonly JsonRpcPayload[]) => Promise<R>;

const CHAIN_CHECK_MS = 60_000;
/** Other calls are counted from 1. */
const CHAIN_CHECK: JsonRpcPayload = { id: 0, method: "eth_chainId", params: [], jsonrpc: "2.0" };

export function createRpcNode(rpcUrl: string, { chainId, timeoutMs, observer, isOnly }: RpcNodeOptions): RpcNode {
	const { host } = new URL(rpcUrl);
	const health = createNodeHealth();
	const batches = createBatchSender(
		createRpcTransport(rpcUrl, { chainId, timeoutMs, observer, onLimit: health.limit }),
		{ isOnly },
	);
	let checkedAt = isOnly ? performance.now() : Number.NEGATIVE_INFINITY;
	let failure: unknown;
	const send = watched(batches.send);
	return { host, health, send, sendTogether: watched(batches.sendTogether), fallBehind, toError, refusal };

	/** Checks the chain along with the calls, and keeps track of the node's health. */
	function watched<R extends JsonRpcResponse[] | undefined>(send: Send<R>): Send<R> {
		return async (payloads) => {
			const request = health.start(timeoutMs);
			try {
				const responses = await sendChecked(send, payloads);
				const limited = responses?.find(isRateLimit);
				// The calls may be too many for one request, so that none was sent.
				if (responses === undefined) request.cancel();
				else if (limited === undefined) request.succeed();
				else failure = toError(limited, "UNKNOWN_ERROR");
				return responses;
			} catch (error) {
				failure = error;
				if (!isOnly || isOrgpassError(error)) checkedAt = Number.NEGATIVE_INFINITY;
				// The size depends on the calls, not on the node.
				if (isTooLarge(error)) request.succeed();
				else request.fail();
				setFailedHost(error, host);
				throw error;
			}
		};
	}

	async function sendChecked<R extends JsonRpcResponse[] | undefined>(
		send: Send<R>,
		payloads: readonly JsonRpcPayload[],
	): Promise<R> {
		const own = payloads.find(({ method }) => method === CHAIN_CHECK.method);
		const isDue = own === undefined && performance.now() - checkedAt >= CHAIN_CHECK_MS;
		const responses = await send(isDue ? [CHAIN_CHECK, ...payloads] : payloads);
		if (responses === undefined) return responses;
		const { id } = own ?? CHAIN_CHECK;
		const answer = responses.find((response) => response.id === id);
		if (answer !== undefined) checkChain(answer, isOnly && own !== undefined);
		return isDue ? (responses.filter((response) => response !== answer) as R) : responses;
	}

	function checkChain(answer: JsonRpcResponse, mayDiffer: boolean): void {
		const actual = "result" in answer ? Number(answer.result) : Number.NaN;
		if (actual === chainId) checkedAt = performance.now();
		else if (mayDiffer) return;
		else if (Number.isSafeInteger(actual)) throw wrongChain({ host }, actual, chainId);
		else throw toError(answer, isRateLimit(answer) ? "UNKNOWN_ERROR" : "BAD_DATA");
	}

	function fallBehind(head: number, block: number): void {
		const message = `the RPC node ${formatValue(host)} is at block ${head}, another one at ${block} or later`;
		failure = new RegistryError("registry/outdated", message, { details: { host, expected: block, actual: head } });
		health.start(timeoutMs).fail();
	}

	function refusal(): OrgpassError {
		if (isOrgpassError(failure)) return failure;
		const { code, message, details, cause } = toCallError({}, failure);
		const retryAfterSeconds = health.waitMs() / 1_000;
		const shown = `${message}; the next request is possible in ${Math.ceil(retryAfterSeconds)} s`;
		return new RegistryError(code, shown, { details: { ...details, retryAfterSeconds }, cause });
	}

	function toError(response: JsonRpcResponse | undefined, code: "BAD_DATA" | "UNKNOWN_ERROR" = "BAD_DATA"): Error {
		const error = codedError(code, "the node's response is no result", { info: { ...response } });
		setFailedHost(error, host);
		return error;
	}
}
