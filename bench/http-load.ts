/**
 * Sends requests from a process of its own. Its parent sends the pools of tokens first, and then one message for each
 * load. It ends if a request isn't answered with 200.
 * @module
 */
import autocannon from "autocannon";

/** Tokens by the names of their pools. */
export type Pools = Readonly<Record<string, readonly string[]>>;

export interface Load {
	readonly port: number;
	readonly pool: string;
	/** How many requests; each takes the next token of the pool. */
	readonly count: number;
}

const CONNECTIONS = 20;
let pools: Pools = {};

process.on("message", async (message: { readonly pools: Pools } | Load) => {
	if ("pools" in message) {
		pools = message.pools;
	} else await send(message);
	process.send?.("done");
});

async function send({ port, pool, count }: Load): Promise<void> {
	const tokens = pools[pool] ?? [];
	let next = 0;
	const { errors, non2xx } = await autocannon({
		url: `http://127.0.0.1:${port}/api/me`,
		connections: Math.min(CONNECTIONS, count),
		amount: count,
		// It notices only at these intervals, by default of a second, that all requests are answered.
		sampleInt: 20,
		setupClient(client) {
			const setNext = (): void => client.setHeaders({ authorization: `Bearer ${tokens[next++ % tokens.length]}` });
			setNext();
			if (tokens.length > 1) client.on("response", setNext);
		},
	});
	if (errors + non2xx > 0) throw new Error(`${errors} requests failed, ${non2xx} were refused`);
}
