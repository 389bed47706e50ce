/**
 * One fault of the Redis server that keeps the used tokens, before or after the client has connected.
 * @module
 */
import { setTimeout as sleep } from "node:timers/promises";
import { createVerifier } from "orgpass";
import { generateKeyPair } from "orgpass/keys";
import { createRedisReplayStore } from "orgpass/redis";
import { createGitHubAppMinter, githubApp } from "orgpass/tokens";
import { createClient } from "redis";
import type { State, TrialResult } from "./fault.ts";
import { startFaultyRedis } from "./faulty-redis.ts";
import { assertAccepted, measure, present } from "./measure.ts";
import type { RedisFault } from "./redis-faults.ts";

/** The verifier's time limit, shortened to that of the other hosts. */
const REDIS_DEADLINE_MS = 5_000;

const APP = "12345";
const RECONNECT_MS = 20;
const NOTICE_MS = 50;

export type RedisStage = Awaited<ReturnType<typeof createRedisStage>>;

/** Generates an app's key. */
export async function createRedisStage() {
	const { privateKey, publicKey } = await generateKeyPair({ algorithm: "RS256" });
	const minter = createGitHubAppMinter({ key: privateKey, issuer: APP });
	return { publicKey, mint: () => minter.mint({ claims: { jti: crypto.randomUUID() } }) };
}

/** Runs a trial. */
export async function runRedisTrial(
	{ publicKey, mint }: RedisStage,
	fault: RedisFault,
	state: State,
): Promise<TrialResult> {
	const redis = await startFaultyRedis();
	const client = createClient({ url: redis.url, socket: { reconnectStrategy: RECONNECT_MS } });
	client.on("error", () => {});
	const verifier = createVerifier({
		profiles: [githubApp({ keys: { [APP]: publicKey } })],
		replay: createRedisReplayStore({ client }),
		timeoutSeconds: REDIS_DEADLINE_MS / 1_000,
	});
	const [used, fresh] = await Promise.all([mint(), mint()]);
	if (state === "cold") redis.fail(fault);
	const connecting = client.connect().catch(() => undefined);
	const mayConnect = state === "warm" || (fault.isClosed !== true && fault.onSocket === undefined);
	await (mayConnect ? connecting : sleep(NOTICE_MS));
	if (state === "warm") {
		await assertAccepted(verifier, used);
		redis.fail(fault);
		await sleep(NOTICE_MS);
	}
	const before = redis.sets();
	const outcome = await measure(verifier, fresh, REDIS_DEADLINE_MS);
	const requests = redis.sets() - before;
	const again = await present(verifier, outcome.result === "accepted" || state === "cold" ? fresh : used);
	client.destroy();
	await redis.close();
	return { honest: { ...outcome, requests }, bad: { "a used token": again } };
}
