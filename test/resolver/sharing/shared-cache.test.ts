/** Instances that share their records through Redis. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import {
	didOf,
	type Instance,
	keyOf,
	orgIdOf,
	type SharedStage,
	SLOWNESS,
	startSharedStage,
} from "../../support/shared-stage.ts";
import { describeWithTool } from "../../support/tools.ts";

/** Messages take a moment. */
const SOON = { interval: 2, timeout: 60_000 };

describeWithTool("instances with one Redis", "redis-server", ["--version"], () => {
	let stage: SharedStage;
	let first: Instance;
	let second: Instance;
	let last = 0;
	beforeAll(async () => {
		stage = await startSharedStage(SLOWNESS);
		[first, second] = await Promise.all([stage.instance(), stage.instance()]);
	});
	beforeEach(() => {
		stage.lookups.length = 0;
	});
	afterAll(() => stage.close());

	/** An organization of which nobody has heard. */
	function cold(): { did: string; index: number } {
		last += 1;
		return { did: didOf(last), index: last };
	}

	/** What was stored is in Redis before anybody else asks. */
	async function stored(did: string): Promise<void> {
		await expect.poll(() => first.client.exists(keyOf(did)), SOON).toBe(1);
	}

	it("look an organization up once, one after the other", async () => {
		const { did } = cold();
		expect(await first.code(did, "webserver")).toBe("ok");
		await stored(did);
		expect(await second.code(did, "webserver")).toBe("ok");
		expect(stage.lookups).toHaveLength(1);
	});

	it("look many up once, at the same time", async () => {
		const instances = await Promise.all(Array.from({ length: 8 }, () => stage.instance()));
		const dids = Array.from({ length: 25 }, () => cold().did);
		stage.chain.turns = 10;
		const codes = await Promise.all(instances.flatMap(({ code }) => dids.map((did) => code(did))));
		stage.chain.turns = 0;
		expect(new Set(codes)).toEqual(new Set(["ok"]));
		expect(stage.lookups).toHaveLength(25);
		await Promise.all(instances.flatMap(({ code }) => dids.map((did) => code(did))));
		expect(stage.lookups).toHaveLength(25);
	});

	it("don't ask Redis about what they have in memory", async () => {
		const { did } = cold();
		await first.code(did);
		await stored(did);
		await first.client.flushAll();
		expect(await first.code(did)).toBe("ok");
		expect(stage.lookups).toHaveLength(1);
	});

	it("share that an organization doesn't exist, for negativeTtlSeconds", async () => {
		const { did, index } = cold();
		stage.keys.set(orgIdOf(index), undefined);
		expect(await first.code(did)).toBe("did/not-found");
		await stored(did);
		expect(await first.client.pTTL(keyOf(did))).toBeLessThanOrEqual(5_000 * SLOWNESS);
		stage.clock.seconds += 3;
		expect(await second.code(did)).toBe("did/not-found");
		expect(stage.lookups).toHaveLength(1);
		stage.clock.seconds += 2;
		stage.keys.delete(orgIdOf(index));
		expect(await second.code(did)).toBe("ok");
	});

	it("use a record for ttlSeconds in total, whoever has read it", async () => {
		const { did, index } = cold();
		await first.code(did);
		await stored(did);
		stage.clock.seconds += 50;
		expect(await second.code(did, "webserver")).toBe("ok");
		stage.keys.set(orgIdOf(index), []);
		stage.clock.seconds += 9;
		expect(await second.code(did, "webserver")).toBe("ok");
		stage.clock.seconds += 1;
		expect(await second.code(did, "webserver")).not.toBe("ok");
	});

	it("look a new key up themselves", async () => {
		const { did, index } = cold();
		await first.code(did);
		await stored(did);
		stage.keys.set(orgIdOf(index), [stage.webserver, { ...stage.webserver, fragment: "added" }]);
		expect(await second.code(did, "added")).toBe("ok");
	});

	it("go on by themselves if the one that reads fails", async () => {
		const { did } = cold();
		stage.chain.isDown = true;
		stage.chain.turns = 25;
		const codes = Promise.all([first.code(did), second.code(did)]);
		expect(new Set(await codes)).not.toContain("ok");
		stage.chain.isDown = false;
		stage.chain.turns = 0;
		expect(await first.code(did)).toBe("ok");
	});

	it("share nothing with a resolver that reads at another block", async () => {
		const { did } = cold();
		const networks = stage.networks();
		const finalized = await stage.instance({ networks: networks.map((one) => ({ ...one, blockTag: "finalized" })) });
		await first.code(did);
		await stored(did);
		expect(await finalized.code(did)).toBe("ok");
		expect(stage.lookups).toHaveLength(2);
	});

	describe("T50: an organization that one invalidates", () => {
		it("is read again by all", async () => {
			const { did, index } = cold();
			await Promise.all([first.code(did), second.code(did)]);
			stage.keys.set(orgIdOf(index), []);
			first.resolver.invalidate(did);
			await expect.poll(() => second.code(did, "webserver"), SOON).not.toBe("ok");
			expect(await first.code(did, "webserver")).not.toBe("ok");
		});

		it("is an outage where the node is behind", async () => {
			const { did } = cold();
			const behind = await stage.instance({ block: () => 100 });
			await behind.code(did);
			first.resolver.invalidate(did, { minBlock: 120 });
			await expect.poll(() => behind.code(did), SOON).toBe("registry/outdated");
			stage.chain.block = 120;
			expect(await first.code(did)).toBe("ok");
			await stored(did);
			expect(await behind.code(did)).toBe("ok");
		});

		it("is dropped by those that haven't seen its block, even if the one that tells them has", async () => {
			const { did } = cold();
			const uses: unknown[] = [];
			const observed = await stage.instance({
				async observer(run) {
					const finished = await run();
					if (finished.operation === "resolve") uses.push(finished.cache);
				},
			});
			await first.code(did);
			await stored(did);
			await observed.code(did);
			stage.chain.block += 10;
			expect(await first.code(did, "other")).toBe("missing");
			first.resolver.invalidate(did, { minBlock: stage.chain.block - 5 });
			await expect.poll(() => observed.code(did).then(() => uses.at(-1)), SOON).not.toBe("hit");
			expect(uses[0]).toBe("store");
		});

		it.each([
			["", {}],
			[" from its block on", { minBlock: 100 }],
		])("is read once more, by one of those that start later%s", async (_how, options) => {
			const { did, index } = cold();
			await first.code(did);
			await stored(did);
			stage.clock.seconds += 1;
			stage.keys.set(orgIdOf(index), []);
			first.resolver.invalidate(did, options);
			expect(await first.client.exists(keyOf(did))).toBe(0);
			stage.lookups.length = 0;
			stage.clock.seconds += 1;
			stage.chain.turns = 10;
			const later = await Promise.all([stage.instance(), stage.instance()]);
			await Promise.all([first, ...later].map(({ code }) => code(did)));
			stage.chain.turns = 0;
			expect(stage.lookups).toHaveLength(1);
			for (const { code } of later) expect(await code(did, "webserver")).not.toBe("ok");
		});

		it("isn't used by those that are told to read everything again", async () => {
			const { did, index } = cold();
			await Promise.all([first.code(did), second.code(did)]);
			stage.keys.set(orgIdOf(index), []);
			first.resolver.invalidateAll();
			await expect.poll(() => second.code(did, "webserver"), SOON).not.toBe("ok");
		});
	});

	it("T50: a change that one sees reaches the others", async () => {
		const { did, index } = cold();
		await Promise.all([first.code(did), second.code(did)]);
		stage.chain.block += 1;
		stage.keys.set(orgIdOf(index), [{ ...stage.webserver, fragment: "added" }]);
		expect(await first.code(did, "added")).toBe("ok");
		await expect.poll(() => second.code(did, "webserver"), SOON).not.toBe("ok");
	});

	it("T85: a key that one has seen revoked is revoked for all, whatever their nodes say", async () => {
		const { did, index } = cold();
		await Promise.all([first.code(did, "webserver"), second.code(did, "webserver")]);
		stage.keys.set(orgIdOf(index), [{ ...stage.webserver, revokedAt: 2 }]);
		first.resolver.invalidate(did);
		expect(await first.code(did, "webserver")).toBe("revoked");
		await expect.poll(() => second.code(did, "webserver"), SOON).not.toBe("ok");
		stage.keys.delete(orgIdOf(index));
		expect(await second.code(did, "webserver")).toBe("revoked");
	});
});
