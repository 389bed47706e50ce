/** @module */
import type { Panel } from "./disagreement.js";
import type { RpcNode } from "./rpc-node.js";

/** What the nodes have responded so far. */
export interface Answers<A> {
	readonly answers: ReadonlyMap<RpcNode, A>;
	readonly failures: ReadonlyMap<RpcNode, unknown>;
	/** Whether the first `count` responses arrived a quarter of a second ago. */
	readonly isLate: boolean;
	/** Whether every node has responded or failed. */
	readonly isComplete: boolean;
}

const PATIENCE_MS = 250;

/**
 * Asks all nodes at once, and resolves as soon as `decide` returns a result for what has arrived. It must return one or
 * throw once everything has arrived.
 */
export function askAll<A, R>(
	{ nodes, count }: Panel,
	ask: (node: RpcNode) => Promise<A>,
	decide: (answers: Answers<A>) => R | undefined,
): Promise<R> {
	const answers = new Map<RpcNode, A>();
	const failures = new Map<RpcNode, unknown>();
	let timer: ReturnType<typeof setTimeout> | undefined;
	let isLate = false;
	const deciding = new Promise<R>((resolve, reject) => {
		const proceed = (): void => {
			if (answers.size === count && timer === undefined) timer = setTimeout(becomeLate, PATIENCE_MS);
			const isComplete = answers.size + failures.size === nodes.length;
			try {
				const result = decide({ answers, failures, isLate, isComplete });
				if (result !== undefined) resolve(result);
			} catch (error) {
				reject(error);
			}
		};
		const becomeLate = (): void => {
			isLate = true;
			proceed();
		};
		for (const node of nodes) {
			const asking = ask(node).then(
				(answer) => answers.set(node, answer),
				(failure) => failures.set(node, failure),
			);
			void asking.then(proceed);
		}
	});
	return deciding.finally(() => clearTimeout(timer));
}
