/** @module */

/** A wallet's or a node's interface (EIP-1193). */
export interface Eip1193Provider {
	// biome-ignore lint/suspicious/noExplicitAny: as in EIP-1193, the result depends on the method
	request(call: { readonly method: string; readonly params?: readonly unknown[] | object }): Promise<any>;
}

/** Asks a node over HTTP. Rejects with the node's error: its `code`, `message` and `data`. */
export function createNodeProvider(rpcUrl: string): Eip1193Provider {
	return {
		async request(call) {
			const body = JSON.stringify({ jsonrpc: "2.0", id: 1, ...call });
			const headers = { "content-type": "application/json" };
			const options = { method: "POST", body, headers, credentials: "omit" } as const;
			const response = await fetch(rpcUrl, options).catch((cause) => {
				throw new Error("The node doesn't answer", { cause });
			});
			const { result, error } = (await response.json()) as { readonly result?: unknown; readonly error?: object };
			if (error !== undefined) throw Object.assign(new Error("The node refused the call"), error);
			return result;
		},
	};
}
