/** Many instances with one Redis: a thousand organizations that nobody knows yet, and a crash in the middle. */
import { expect, it, onTestFinished } from "vitest";
import { until } from "../../support/patient-timers.ts";
import { didOf, orgIdOf, startSharedStage } from "../../support/shared-stage.ts";
import { describeWithTool } from "../../support/tools.ts";

const COUNT = 1_000;
const SOON = { interval: 2, timeout: 60_000 };

describeWithTool("many instances with one Redis", "redis-server", ["--version"], () => {
	it(`look ${COUNT} organizations up at most 1,100 times in all, each in an order of its own`, async () => {
		const stage = await startSharedStage();
		onTestFinished(() => stage.close());
		const instances = await Promise.all(Array.from({ length: 10 }, () => stage.instance()));
		stage.chain.turns = 25;
		const dids = Array.from({ length: COUNT }, (_, index) => didOf(index));
		const verdicts = instances.map(({ code }, at) => {
			const from = at * (COUNT / 10);
			return Promise.all([...dids.slice(from), ...dids.slice(0, from)].map((did) => code(did, "webserver")));
		});
		expect(new Set((await Promise.all(verdicts)).flat())).toEqual(new Set(["ok"]));
		expect(stage.lookups.length).toBeLessThanOrEqual(1_100);
		expect(new Set(stage.lookups).size).toBe(COUNT);
	});

	it("T98: every decision is right while Redis is down, and afterwards records are shared again", async () => {
		const stage = await startSharedStage();
		onTestFinished(() => stage.close());
		const instances = await Promise.all(Array.from({ length: 4 }, () => stage.instance()));
		const dids = Array.from({ length: 20 }, (_, index) => didOf(index));
		const truths = dids.map((_, index) => ["ok", "missing", "did/not-found"][index % 3]);
		for (const index of dids.keys()) {
			if (index % 3 === 1) stage.keys.set(orgIdOf(index), []);
			if (index % 3 === 2) stage.keys.set(orgIdOf(index), undefined);
		}
		const round = async (): Promise<void> => {
			stage.clock.seconds += 61;
			const all = instances.map(({ code }) => Promise.all(dids.map((did) => code(did, "webserver"))));
			expect(await Promise.all(all)).toEqual(instances.map(() => truths));
		};
		await round();
		const isEverybody = (isAvailable: boolean) =>
			instances.every(({ resolver }) => resolver.sharedCacheStatus()?.isAvailable === isAvailable);
		expect(isEverybody(true)).toBe(true);
		const [, killed] = [round(), stage.redis.kill()];
		await killed;
		await until(() => isEverybody(false));
		for (let i = 0; i < 3; i++) await round();
		const [, started] = [round(), stage.redis.start()];
		await started;
		await until(() => instances.every(({ client }) => client.isReady));
		await expect.poll(() => round().then(() => isEverybody(true)), SOON).toBe(true);
		await expect
			.poll(async () => {
				stage.lookups.length = 0;
				await round();
				// A key that isn't listed is looked up by each of them.
				return stage.lookups.filter((orgId) => stage.keys.get(orgId)?.length !== 0).length;
			}, SOON)
			.toBe(truths.filter((truth) => truth !== "missing").length);
	});
});
