/** Many instances with one Redis: a thousand organizations that nobody knows yet, and a crash in the middle. */
import { expect, it, onTestFinished } from "vitest";
import { until } from "../../support/patient-timers.ts";
import { didOf, orgIdOf, SLOWNESS, startSharedStage, waitForever } from "../../support/shared-stage.ts";
import { describeWithTool } from "../../support/tools.ts";

const COUNT = 1_000;

describeWithTool("many instances with one Redis", "redis-server", ["--version"], () => {
	it(`look ${COUNT} organizations up once each, in orders of their own`, async () => {
		waitForever();
		const stage = await startSharedStage(SLOWNESS);
		onTestFinished(() => stage.close());
		const instances = await Promise.all(Array.from({ length: 10 }, () => stage.instance()));
		stage.chain.turns = 25;
		const dids = Array.from({ length: COUNT }, (_, index) => didOf(index));
		const verdicts = instances.map(({ code }, at) => {
			const from = at * (COUNT / 10);
			return Promise.all([...dids.slice(from), ...dids.slice(0, from)].map((did) => code(did, "webserver")));
		});
		expect(new Set((await Promise.all(verdicts)).flat())).toEqual(new Set(["ok"]));
		// One instance gets the lock and reads, and the others are told when the record is stored.
		expect(stage.lookups).toHaveLength(COUNT);
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
		const isEverybody = (isAvailable: boolean) =>
			instances.every(({ resolver }) => resolver.sharedCacheStatus()?.isAvailable === isAvailable);
		await until(() => round().then(() => isEverybody(true)));
		await Promise.all([round(), stage.redis.kill()]);
		await until(() => isEverybody(false));
		for (let i = 0; i < 3; i++) await round();
		await Promise.all([round(), stage.redis.start()]);
		await until(() => instances.every(({ client }) => client.isReady));
		await until(() => round().then(() => isEverybody(true)));
		await until(async () => {
			stage.lookups.length = 0;
			await round();
			// A key that isn't listed is looked up by each of them.
			const shared = stage.lookups.filter((orgId) => stage.keys.get(orgId)?.length !== 0);
			return shared.length === truths.filter((truth) => truth !== "missing").length;
		});
	});
});
