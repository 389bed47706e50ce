/**
 * One of the processes of `shared-records.ts`: verifies the tokens that its parent names.
 * @module
 */
import { setTimeout as sleep } from "node:timers/promises";
import { createVerifier, orgid, type Verifier } from "orgpass";
import { createRedisRecordStore } from "orgpass/redis";
import { createOrgIdResolver, type OrgIdNetwork } from "orgpass/resolver";
import { connectRedis } from "../test/support/redis-server.ts";

/** What the process is started with. */
export interface InstanceSetup {
	readonly networks: readonly OrgIdNetwork[];
	readonly socket: string;
	readonly audience: string;
	/** How far the chain's clock is ahead, in seconds. */
	readonly ahead: number;
	/** A valid token of each organization. */
	readonly good: readonly string[];
	readonly forged: readonly string[];
}

/** What to do with an empty cache. */
export type Command = { readonly ttlSeconds: number } & (
	| {
			/** Each valid token, in an order of its own. */
			readonly type: "verify once";
	  }
	| {
			/** Random tokens of the first organizations. */
			readonly type: "verify repeatedly";
			readonly durationMs: number;
			readonly active: number;
	  }
);

/** A decision about an organization's token, and when: an acceptance when it was asked for, a refusal when it arrived. */
interface Decision {
	readonly index: number;
	readonly at: number;
	readonly code: string;
}

export interface Report {
	readonly verified: number;
	readonly lookups: number;
	readonly forgedAccepted: number;
	/** The last acceptance of each organization's token. */
	readonly accepted: readonly Decision[];
	readonly refused: readonly Decision[];
}

interface Results extends Omit<Report, "accepted" | "lookups"> {
	verified: number;
	forgedAccepted: number;
	readonly accepted: Map<number, Decision>;
	readonly refused: Decision[];
}

const AT_ONCE = 100;
/** Of a server that isn't at its limit. */
const PAUSE_MS = 2;

process.once("message", async (setup: InstanceSetup) => {
	const client = await connectRedis(setup.socket);
	const now = (): number => Date.now() / 1_000 + setup.ahead;

	process.on("message", async (command: Command) => {
		let lookups = 0;
		const resolver = createOrgIdResolver({
			networks: setup.networks,
			sharedCache: {
				store: createRedisRecordStore({ client }),
				secret: "a secret for this bench and nothing else",
			},
			cache: { ttlSeconds: command.ttlSeconds },
			async observer(run) {
				const finished = await run();
				if (finished.operation === "resolve" && finished.cache === "miss") lookups += 1;
			},
			now,
		});
		const verifier = createVerifier({ profiles: [orgid({ audience: setup.audience, resolver })], now });
		const results: Results = { verified: 0, forgedAccepted: 0, accepted: new Map(), refused: [] };
		const present = (index: number, isForged: boolean): Promise<void> => verify(verifier, results, index, isForged);
		if (command.type === "verify once") await presentAll(present);
		else await presentRandom(present, command);
		resolver.close();
		process.send?.({ ...results, lookups, accepted: [...results.accepted.values()] } satisfies Report);
	});
	process.once("disconnect", () => process.exit());
	process.send?.("ready");

	async function presentAll(present: (index: number, isForged: boolean) => Promise<void>): Promise<void> {
		const order = setup.good.map((_, index) => index).sort(() => Math.random() - 0.5);
		while (order.length > 0) await Promise.all(order.splice(0, AT_ONCE).map((index) => present(index, false)));
	}

	async function presentRandom(
		present: (index: number, isForged: boolean) => Promise<void>,
		{ durationMs, active }: { readonly durationMs: number; readonly active: number },
	): Promise<void> {
		const end = Date.now() + durationMs;
		const running = new Set<Promise<void>>();
		while (Date.now() < end) {
			const index = Math.floor(Math.random() * active);
			const one: Promise<void> = present(index, Math.random() < 0.2).finally(() => running.delete(one));
			running.add(one);
			await sleep(PAUSE_MS);
		}
		await Promise.all(running);
	}

	async function verify(verifier: Verifier, results: Results, index: number, isForged: boolean): Promise<void> {
		const asked = Date.now();
		const token = (isForged ? setup.forged : setup.good)[index] as string;
		const code = await verifier.verify(token).then(
			() => "accepted",
			(error: { code: string }) => error.code,
		);
		results.verified += 1;
		if (isForged) results.forgedAccepted += code === "accepted" ? 1 : 0;
		else if (code === "accepted") results.accepted.set(index, { index, at: asked, code });
		else results.refused.push({ index, at: Date.now(), code });
	}
});
