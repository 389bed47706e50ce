import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { blocksOf, type FollowedChain, poll, startFollowedChain } from "../../support/followed-chain.ts";

let world: FollowedChain;
let { chain, node, honest, behind, change, follow } = {} as FollowedChain;
beforeAll(async () => {
	world = await startFollowedChain();
	({ chain, node, honest, behind, change, follow } = world);
});
beforeEach(() => {
	chain.mine(80);
	node.answer = honest;
});
afterAll(() => world.close());

describe("T55: a reorganization", () => {
	it("removes a change, which is reported, and so is the change that replaces it", async () => {
		const follower = follow();
		await poll(follower);
		const changed = change();
		expect(blocksOf((await poll(follower)).added)).toEqual([changed]);
		chain.revert(1);
		chain.mine(2);
		expect(await poll(follower)).toMatchObject({ removed: [{ blockNumber: changed }], isReorganized: true, added: [] });
		expect(await poll(follower)).toMatchObject({ removed: [], isReorganized: false });
		const again = change();
		expect(blocksOf((await poll(follower)).added)).toEqual([again]);
	});

	it.each([
		["as long", 0],
		["a block longer", 1],
		["two blocks longer", 2],
	])("to a branch that is %s is noticed by its blocks alone", async (_, longer) => {
		const follower = follow();
		await poll(follower);
		const oldest = chain.head() - 32;
		chain.revert(1);
		chain.mine(1 + longer);
		const update = await poll(follower);
		// Of a block that isn't the next one, the predecessor isn't known.
		const isReorganized = longer < 2;
		expect(update).toMatchObject({ isReorganized, isComplete: true, unreplaced: oldest, head: chain.head() });
		const calm = await poll(follower);
		expect(calm).toMatchObject({ isReorganized: false, unreplaced: chain.head() });
	});

	it("to a branch that is shorter is a node that lags until the branch is as long", async () => {
		const follower = follow();
		await poll(follower);
		chain.revert(1);
		expect(await poll(follower)).toMatchObject({ isReorganized: false, isComplete: false });
		chain.mine(1);
		expect(await poll(follower)).toMatchObject({ isReorganized: true, isComplete: true });
	});

	it("to a shorter branch that lacks a change is noticed at once", async () => {
		const follower = follow();
		await poll(follower);
		const changed = change();
		chain.mine(2);
		await poll(follower);
		chain.revert(3);
		chain.mine(2);
		const head = chain.head();
		expect(await poll(follower)).toMatchObject({
			removed: [{ blockNumber: changed }],
			...{ isReorganized: true, isComplete: true, head, covered: head },
		});
	});

	it("T55: to a branch that is several blocks longer is noticed if the chain grows as fast", async () => {
		const follower = follow();
		await poll(follower);
		chain.mine(3);
		const first = await poll(follower);
		expect(first.unreplaced).toBeLessThan(first.head - 3);
		chain.mine(3);
		const second = await poll(follower);
		expect(second).toMatchObject({ isReorganized: false, unreplaced: second.head });
		chain.revert(3);
		chain.mine(9);
		const replaced = await poll(follower);
		expect(replaced).toMatchObject({ isReorganized: true, added: [], removed: [] });
		expect(replaced.unreplaced).toBeLessThan(first.head - 3);
		chain.mine(1);
		const calm = await poll(follower);
		expect(calm).toMatchObject({ isReorganized: false, unreplaced: calm.head });
	});

	it("of more blocks than are read again makes it start again, or fail", async () => {
		chain.mine(70);
		change();
		const [forgetful, strict] = [follow({ maxBacklog: 1_000 }), follow()];
		await Promise.all([poll(forgetful), poll(strict)]);
		chain.revert(70);
		chain.mine(75);
		// What was known before is forgotten, not removed.
		const update = { added: [], removed: [], isReset: true, isReorganized: false, isComplete: true };
		expect(await poll(forgetful)).toMatchObject({ ...update, covered: chain.head() });
		expect(await poll(forgetful)).toMatchObject({ isReset: false });
		await expect(poll(strict)).rejects.toMatchObject({ code: "registry/bad-response" });
	});

	it.each([
		["not even the blocks that are read again", 0],
		["a single block that is read again", 1],
		["all of these but one", 31],
	])("of too many blocks is noticed while the new branch has %s", async (_, length) => {
		const [forgetful, strict] = [follow({ maxBacklog: 1_000 }), follow()];
		await Promise.all([poll(forgetful), poll(strict)]);
		// The block before those that are read again is the first one of another branch.
		chain.revert(33);
		chain.mine(1 + length);
		await expect(poll(strict)).rejects.toMatchObject({ code: "registry/bad-response" });
		expect(await poll(forgetful)).toMatchObject({ isReset: true, head: chain.head() });
	});

	it("of too many blocks makes it start again, even if the node has been behind since its first response", async () => {
		const follower = follow({ maxBacklog: 1_000 });
		const lagging = behind(chain.head() - 1);
		let isFirst = true;
		node.answer = (method, params) => {
			const answer = isFirst ? honest(method, params) : lagging(method, params);
			if (method === "eth_getBlockByNumber") isFirst = false;
			return answer;
		};
		expect(await poll(follower)).toMatchObject({ isComplete: false });
		chain.revert(40);
		chain.mine(45);
		node.answer = honest;
		expect(await poll(follower)).toMatchObject({ isReset: true, isComplete: true });
	});

	it("of exactly as many blocks as are read again is followed", async () => {
		const follower = follow();
		await poll(follower);
		chain.revert(32);
		chain.mine(33);
		expect(await poll(follower)).toMatchObject({ isReset: false, isReorganized: true, isComplete: true });
	});

	it("is not what a node shows that lags and has the same blocks", async () => {
		const follower = follow();
		change();
		chain.mine(5);
		await poll(follower);
		node.answer = behind(chain.head() - 3);
		expect(await poll(follower)).toMatchObject({ removed: [], isReorganized: false, isComplete: false });
	});
});
