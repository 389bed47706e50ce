/**
 * Reports requests to a node.
 * @module
 */
import type { JsonRpcError, JsonRpcPayload, JsonRpcResult } from "ethers";
import { type Facts, observe } from "../observe/observe.js";
import type { Observer, RpcStart } from "../observe/observer.js";
import { RATE_LIMITS, toCallError } from "./call-error.js";

/** The facts that a request reports. */
export type RpcFacts = Facts<"rpc">;

/** Sends a request and reports it, with the first error in its responses. */
export function observeRpc(
	observer: Observer,
	target: Pick<RpcStart, "host" | "chainId">,
	payloads: readonly JsonRpcPayload[],
	send: (facts: RpcFacts) => Promise<(JsonRpcResult | JsonRpcError)[]>,
): Promise<(JsonRpcResult | JsonRpcError)[]> {
	const [method, second] = new Set(payloads.map((payload) => payload.method));
	const name = method !== undefined && second === undefined ? { method } : {};
	const started: RpcStart = { operation: "rpc", ...target, ...name, calls: payloads.length };
	return observe(observer, started, async (facts) => {
		try {
			const responses = await send(facts);
			Object.assign(facts, errorFacts(responses));
			return responses;
		} catch (error) {
			const { code, details } = toCallError({}, error);
			const { status, errno } = details;
			Object.assign(facts, {
				code,
				...(status !== undefined && { httpStatus: status }),
				...(errno !== undefined && { errno }),
			});
			throw error;
		}
	});
}

/** A node may send an error without the number that JSON-RPC requires. */
function errorFacts(responses: readonly (JsonRpcResult | JsonRpcError)[]): RpcFacts {
	const errors = responses
		.map((response) => (response as { readonly error?: unknown }).error)
		.filter((error) => error != null);
	if (errors.length === 0) return {};
	const codes = errors.map((error) => (Object(error) as { readonly code?: unknown }).code);
	const rpcCode = codes.find((code) => typeof code === "number");
	if (rpcCode === undefined) return { outcome: "denied", code: "registry/bad-response" };
	if (RATE_LIMITS.has(rpcCode)) return { outcome: "failed", code: "registry/unreachable", rpcCode };
	return { outcome: "denied", code: "registry/bad-response", rpcCode };
}
