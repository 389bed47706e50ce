import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type Answers, askAll } from "../../../src/registry/nodes/ask-all.ts";
import { createRpcNode, type RpcNode } from "../../../src/registry/nodes/rpc-node.ts";

const COUNT = 2;
const nodes = [1, 2, 3].map((port) =>
	createRpcNode(`http://127.0.0.1:${port}`, { chainId: 1, timeoutMs: 1, observer: undefined, isOnly: false }),
) as unknown as readonly [RpcNode, RpcNode, RpcNode];
const [first, second, third] = nodes;

beforeEach(() => void vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] }));
afterEach(() => void vi.useRealTimers());

/** Asks three nodes, of which two have to agree, and records what can be decided from; they respond as told. */
function start(decide: (answers: Answers<string>) => string | undefined = () => undefined) {
	const waiting = new Map(nodes.map((node) => [node, Promise.withResolvers<string>()]));
	const seen: { answered: number; failed: number; isLate: boolean; isComplete: boolean }[] = [];
	const deciding = askAll(
		{ nodes, absent: [], count: COUNT },
		(node) => (waiting.get(node) as PromiseWithResolvers<string>).promise,
		(answers) => {
			const { isLate, isComplete } = answers;
			seen.push({ answered: answers.answers.size, failed: answers.failures.size, isLate, isComplete });
			return decide(answers);
		},
	);
	const arrived = (): Promise<unknown> => vi.advanceTimersByTimeAsync(0);
	return {
		...{ seen, deciding },
		answer: (node: RpcNode, text = "yes") => {
			waiting.get(node)?.resolve(text);
			return arrived();
		},
		fail: (node: RpcNode) => {
			waiting.get(node)?.reject(new Error("no"));
			return arrived();
		},
	};
}

const seenOf = (answered: number, failed: number, isLate = false) => ({
	...{ answered, failed, isLate },
	isComplete: answered + failed === nodes.length,
});

describe("what can be decided from", () => {
	it("are the answers and failures that have arrived, after each", async () => {
		const { answer, fail, seen } = start();
		await answer(second);
		await fail(first);
		await answer(third);
		expect(seen).toEqual([seenOf(1, 0), seenOf(1, 1), seenOf(2, 1)]);
	});

	it("is late a quarter of a second after two answers, once", async () => {
		const { answer, fail, seen } = start();
		await answer(first);
		await vi.advanceTimersByTimeAsync(10_000);
		await answer(second);
		await vi.advanceTimersByTimeAsync(249);
		expect(seen).toEqual([seenOf(1, 0), seenOf(2, 0)]);
		await vi.advanceTimersByTimeAsync(1);
		expect(seen.slice(2)).toEqual([seenOf(2, 0, true)]);
		await vi.advanceTimersByTimeAsync(10_000);
		await fail(third);
		expect(seen.slice(3)).toEqual([seenOf(2, 1, true)]);
	});

	it("isn't late because of failures", async () => {
		const { answer, fail, seen } = start();
		await fail(first);
		await fail(second);
		await vi.advanceTimersByTimeAsync(10_000);
		await answer(third);
		expect(seen).toEqual([seenOf(0, 1), seenOf(0, 2), seenOf(1, 2)]);
	});
});

describe("the decision", () => {
	it("is the first that is made, and nothing waits for the other nodes", async () => {
		const { answer, deciding } = start(({ answers }) => answers.get(second));
		await answer(first, "first");
		await answer(second, "second");
		await answer(third, "third");
		expect(await deciding).toBe("second");
		expect(vi.getTimerCount()).toBe(0);
	});

	it("may be made although nodes are late", async () => {
		const { answer, deciding } = start(({ isLate }) => (isLate ? "late" : undefined));
		await answer(first);
		await answer(second);
		await vi.advanceTimersByTimeAsync(250);
		expect(await deciding).toBe("late");
	});

	it("may be a failure", async () => {
		const { answer, deciding } = start(({ isComplete }) => {
			if (isComplete) throw new Error("undecided");
			return undefined;
		});
		const failing = expect(deciding).rejects.toThrow("undecided");
		for (const node of nodes) await answer(node);
		await failing;
		expect(vi.getTimerCount()).toBe(0);
	});
});
