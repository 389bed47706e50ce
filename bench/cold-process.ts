/**
 * A process of its own: resolves organizations with the contender whose index is its first argument, as its parent tells.
 * `subjects/cold.ts` starts it.
 * @module
 */
import type { ColdChain } from "./cold-chain.ts";
import { CONTENDERS, type ColdContender, type ColdResolver } from "./suite/cold-contenders.ts";

/** What to do with a resolver that is new, but has read one other organization. */
export interface ColdTask {
	readonly chain: ColdChain;
	readonly rpcUrl: string;
	/** How many organizations are resolved. */
	readonly count: number;
	readonly areTogether: boolean;
}

export interface ColdTurn {
	readonly elapsedMs: number;
	/** Of this process, so without the node. */
	readonly cpuMs: number;
}

const contender = CONTENDERS[Number(process.argv[2])] as ColdContender;
process.on("disconnect", () => process.exit());
process.on("message", async (task) => process.send?.(await takeTurn(task as ColdTask)));

/** Measures what the work takes once a connection is open. */
async function takeTurn({ chain, rpcUrl, count, areTogether }: ColdTask): Promise<ColdTurn> {
	const resolver = await contender.open(chain, rpcUrl);
	await resolver.resolve(0);
	const [since, before] = [performance.now(), process.cpuUsage()];
	await (areTogether ? resolveTogether(resolver, count) : resolveInTurn(resolver, count));
	const [elapsedMs, { user, system }] = [performance.now() - since, process.cpuUsage(before)];
	resolver.close?.();
	return { elapsedMs, cpuMs: (user + system) / 1_000 };
}

async function resolveInTurn(resolver: ColdResolver, count: number): Promise<void> {
	for (let index = 1; index <= count; index++) await resolver.resolve(index);
}

function resolveTogether(resolver: ColdResolver, count: number): Promise<unknown> {
	return Promise.all(Array.from({ length: count }, (_, index) => resolver.resolve(index + 1)));
}
