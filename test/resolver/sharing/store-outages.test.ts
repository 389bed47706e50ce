/** What instances do while Redis is gone, slow or loses messages. */
import { describe, expect, it, onTestFinished } from "vitest";
import { createOrgIdResolver } from "../../../src/resolver/resolver.ts";
import { createRedisRecordStore } from "../../../src/resolver/sharing/redis-store.ts";
import { createSeal } from "../../../src/resolver/sharing/seal.ts";
import { until } from "../../support/patient-timers.ts";
import { expectRefusal } from "../../support/refusal.ts";
import {
	didOf,
	type Instance,
	orgIdOf,
	REGISTRY,
	SECRET,
	type SharedStage,
	startSharedStage,
} from "../../support/shared-stage.ts";
import { describeWithTool } from "../../support/tools.ts";

const SOON = { interval: 2, timeout: 60_000 };
const CHANNEL = "orgpass:records:";

async function start(count: number): Promise<{ stage: SharedStage; instances: readonly Instance[] }> {
	const stage = await startSharedStage();
	onTestFinished(() => stage.close());
	const instances = await Promise.all(Array.from({ length: count }, () => stage.instance()));
	return { stage, instances };
}

describeWithTool("T98: while Redis fails", "redis-server", ["--version"], () => {
	it("what is in memory stays until it is connected again, and is dropped then", async () => {
		const { stage, instances } = await start(1);
		const [{ code, client }] = instances as [Instance];
		expect(await code(didOf(1), "webserver")).toBe("ok");
		stage.keys.set(orgIdOf(1), []);
		await stage.redis.kill();
		await until(() => !client.isReady);
		expect(await code(didOf(1), "webserver")).toBe("ok");
		await stage.redis.start();
		await expect.poll(() => code(didOf(1), "webserver"), SOON).toBe("missing");
	});

	it("a Redis that doesn't answer is left alone, and its late answers do no harm", async () => {
		const { stage, instances } = await start(2);
		const [first, second] = instances as [Instance, Instance];
		await Promise.all([first.code(didOf(0)), second.code(didOf(0))]);
		const admin = await stage.redis.connect();
		await admin.sendCommand(["CLIENT", "PAUSE", "600000", "WRITE"]);
		expect(await first.code(didOf(1), "webserver")).toBe("ok");
		expect(first.resolver.sharedCacheStatus()).toEqual({ isAvailable: false, error: "no reply within 500 ms" });
		expect(await first.code(didOf(2), "webserver")).toBe("ok");
		await admin.sendCommand(["CLIENT", "UNPAUSE"]);
		expect(await second.code(didOf(1), "webserver")).toBe("ok");
		let index = 10;
		await expect
			.poll(async () => {
				index += 1;
				await first.code(didOf(index));
				return first.resolver.sharedCacheStatus();
			}, SOON)
			.toEqual({ isAvailable: true });
	});

	it("a resolver that starts without it decides alone, and shares once it is there", async () => {
		const { stage, instances } = await start(1);
		const [{ code, client, resolver }] = instances as [Instance];
		await stage.redis.kill();
		await until(() => !client.isReady);
		expect(await code(didOf(1), "webserver")).toBe("ok");
		expect(resolver.sharedCacheStatus()).toEqual({ isAvailable: false, error: "not connected" });
		await stage.redis.start();
		await until(() => client.isReady);
		stage.clock.seconds += 61;
		await expect
			.poll(async () => {
				stage.clock.seconds += 61;
				await code(didOf(1));
				return (await client.keys("*")).length;
			}, SOON)
			.toBe(1);
	});

	it("a lock that nobody ends is over after a while, or at once if it has no end", async () => {
		const { stage, instances } = await start(1);
		const [{ code, client }] = instances as [Instance];
		const lockOf = (index: number) => `${CHANNEL}{${didOf(index)}@${REGISTRY}@latest}:lock`;
		await client.set(lockOf(1), "free");
		await client.lPush(lockOf(2), "x");
		await client.set(lockOf(3), "free", { PX: 100 });
		for (const index of [1, 2, 3]) expect(await code(didOf(index), "webserver")).toBe("ok");
		expect(stage.lookups).toHaveLength(3);
	});
});

describeWithTool("a lost message", "redis-server", ["--version"], () => {
	it("T98: drops everything that is cached, once", async () => {
		const { stage, instances } = await start(1);
		const [{ code, client }] = instances as [Instance];
		const from = "0c".repeat(16);
		const publish = (number: number, type = "lost") =>
			client.publish(CHANNEL, createSeal(SECRET).close("orgpass:message:1", JSON.stringify({ type, from, number })));
		await code(didOf(1));
		for (const number of [5, 6, 7]) await publish(number);
		await publish(7, "reset");
		await publish(3, "reset");
		stage.keys.set(orgIdOf(1), []);
		expect(await code(didOf(1), "webserver")).toBe("ok");
		await publish(9);
		await expect.poll(() => code(didOf(1), "webserver"), SOON).toBe("missing");
		stage.lookups.length = 0;
		await publish(10);
		await code(didOf(1));
		expect(stage.lookups).toHaveLength(0);
	});
});

describe("the option sharedCache", () => {
	const networks = [{ chainId: 1, rpcUrl: "http://127.0.0.1:1", registry: REGISTRY }];
	const store = { take() {} };

	it.each([
		[{ store }, "sharedCache.secret"],
		[{ store, secret: undefined }, "sharedCache.secret"],
		[{ store, secret: "" }, "sharedCache.secret"],
		[{ store, secret: "short" }, "sharedCache.secret"],
		[{ store, secret: true }, "sharedCache.secret"],
		[{ store: {}, secret: false }, "sharedCache.store"],
		[{ store, secret: false, more: 1 }, "sharedCache.more"],
	])("isn't accepted as %j", async (sharedCache, option) => {
		const error = await expectRefusal(
			async () => {
				createOrgIdResolver({ networks, sharedCache } as unknown as Parameters<typeof createOrgIdResolver>[0]);
			},
			option.endsWith("more") ? "config/unknown-option" : "config/invalid-option",
		);
		expect(error.details).toMatchObject({ option });
	});

	it.each([
		[{}, "config/invalid-option"],
		[{ client: {} }, "config/invalid-option"],
		[{ client: { eval() {}, duplicate() {} } }, "config/invalid-option"],
		[{ client: { isReady: true, eval() {}, duplicate() {} }, prefix: 1 }, "config/invalid-option"],
		[{ client: { isReady: true, eval() {}, duplicate() {} }, keyPrefix: "a" }, "config/unknown-option"],
	] as const)("a store with the options %j is refused", async (options, code) => {
		await expectRefusal(async () => createRedisRecordStore(options as never), code);
	});

	it("without it, a resolver has no such status", () => {
		const resolver = createOrgIdResolver({ networks });
		expect(resolver.sharedCacheStatus()).toBeUndefined();
		resolver.close();
	});
});
