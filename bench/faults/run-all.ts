/** @module */

/** Runs many pieces of work, so many at a time; the results are in the order of the items. */
export async function runAll<T, R>(
	items: readonly T[],
	atOnce: number,
	work: (item: T) => Promise<R>,
): Promise<readonly R[]> {
	const results: R[] = [];
	const queue = items.entries();
	const workers = Array.from({ length: atOnce }, async () => {
		for (const [index, item] of queue) results[index] = await work(item);
	});
	await Promise.all(workers);
	return results;
}
