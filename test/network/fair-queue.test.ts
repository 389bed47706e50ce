import { describe, expect, it } from "vitest";
import { createFairQueue, type FairQueue } from "../../src/network/fair-queue.ts";

const createQueue = (): FairQueue =>
	createFairQueue({
		slots: 16,
		slotsPerGroup: 8,
		maxWaiting: 250,
		createFullError: (key) => new Error(`full: ${key}`),
	});
const settle = () => new Promise((resolve) => setImmediate(resolve));

/** Work that ends when told. */
function createWork() {
	const enqueue = createQueue();
	const started: string[] = [];
	const ends: (() => void)[] = [];
	return {
		started,
		add: (key: string, count = 1) =>
			Array.from({ length: count }, () =>
				enqueue(key, () => {
					started.push(key);
					return new Promise<string>((resolve) => ends.push(() => resolve(key)));
				}),
			),
		async end(count: number) {
			for (const end of ends.splice(0, count)) end();
			await settle();
		},
	};
}

describe("createFairQueue", () => {
	it("runs at most eight at once for a key, and sixteen altogether", async () => {
		const work = createWork();
		const all = ["a", "b", "c"].flatMap((key) => work.add(key, 20));
		await settle();
		expect(work.started).toEqual([..."aaaaaaaabbbbbbbb"]);
		for (let ended = 0; ended < 60; ended += 16) await work.end(16);
		expect(await Promise.all(all)).toHaveLength(60);
	});

	it("starts the work of each key in turn", async () => {
		const work = createWork();
		work.add("a", 30);
		work.add("b", 30);
		work.add("c");
		work.add("d");
		await settle();
		work.started.length = 0;
		await work.end(4);
		expect(work.started).toEqual(["a", "c", "d", "a"]);
	});

	it("goes on after work that fails or throws", async () => {
		const enqueue = createQueue();
		const fail = () => Promise.reject(new Error("down"));
		const failed = Array.from({ length: 50 }, () => enqueue("a", fail));
		expect((await Promise.allSettled(failed)).every(({ status }) => status === "rejected")).toBe(true);
		expect(await enqueue("a", async () => "up")).toBe("up");
	});

	it("rejects a key's work if 250 are waiting for it, and no other key's", async () => {
		const work = createWork();
		const all = work.add("a", 8 + 250);
		await expect(work.add("a")[0]).rejects.toThrow("full: a");
		const [other] = work.add("b");
		for (let ended = 0; ended < 280; ended += 8) await work.end(9);
		expect(await other).toBe("b");
		expect(await Promise.all(all)).toHaveLength(258);
	});
});
