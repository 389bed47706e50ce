/**
 * A node with one contract that answers as a test says: an EIP-1193 provider, so that nothing goes over the network.
 * @module
 */

/** A node of chain 31337. */
export interface ContractNode {
	readonly provider: { request(call: { readonly method: string; readonly params?: unknown }): Promise<unknown> };
	/** What the contract was asked: the address, and the selector with the arguments, both in lower case. */
	readonly asked: { readonly to: string; readonly data: string }[];
	/** The result of each call from now on; what isn't a number is sent as it is. */
	answer: unknown;
}

/** Creates a node that answers every call of a contract with the same word. */
export function createContractNode(answer: unknown): ContractNode {
	const node: ContractNode = { provider: { request }, asked: [], answer };
	return node;

	async function request({ method, params }: { readonly method: string; readonly params?: unknown }): Promise<unknown> {
		if (method === "eth_chainId") return "0x7a69";
		if (method === "eth_getCode") return "0x01";
		if (method !== "eth_call") throw new Error(`${method} wasn't expected`);
		const [{ to, data }, block] = params as [{ to: string; data: string }, unknown];
		if (block !== "latest") throw new Error("expected a call at the latest block");
		node.asked.push({ to: to.toLowerCase(), data: data.toLowerCase() });
		return typeof node.answer === "bigint" ? `0x${node.answer.toString(16).padStart(64, "0")}` : node.answer;
	}
}
