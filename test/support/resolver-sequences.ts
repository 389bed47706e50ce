/**
 * Random sequences of what happens on a chain and to its node, with resolvers that must return what one without a cache
 * would have returned a moment ago.
 * @module
 */
import { setImmediate } from "node:timers/promises";
import type { DIDResolutionResult } from "did-resolver";
import fc from "fast-check";
import { expect, vi } from "vitest";
import type { OrgId } from "../../src/did/did-url.ts";
import type { ErrorCode } from "../../src/errors/codes.ts";
import { OUTAGE_CODES } from "../../src/errors/outage-codes.ts";
import type { OrgRecord } from "../../src/registry/org-record.ts";
import { createOrgIdResolver, type OrgIdResolver } from "../../src/resolver/resolver.ts";
import type { RecordStore } from "../../src/resolver/sharing/record-store.ts";
import { CHAIN_ID, createMemoryChain, REGISTRY } from "./memory-chain.ts";
import { runs } from "./property.ts";

const TTL_SECONDS = 60;
const POLLING_SECONDS = 4;
const NEGATIVE_TTL_SECONDS = 5;
const TICK_SECONDS = 1;
export const ORGANIZATIONS = [1, 2].map((digit): OrgId => `0x${`0${digit}`.repeat(32)}`);
const SECRET = "a secret of these sequences, long enough";
const FRAGMENTS = ["a", "b"] as const;

/** What happens next. */
export type Step =
	| { readonly do: "resolve" | "start"; readonly org: number; readonly fragment: string | undefined }
	| { readonly do: "change"; readonly org: number; readonly fragment: string | undefined }
	| { readonly do: "invalidate"; readonly org: number; readonly isTold: boolean }
	| { readonly do: "mine" | "revert"; readonly blocks: number }
	| { readonly do: "wait"; readonly seconds: number }
	| { readonly do: "latency"; readonly seconds: number }
	| { readonly do: "down" | "up" };

export const org = fc.nat(ORGANIZATIONS.length - 1);
const fragment = fc.option(fc.constantFrom(...FRAGMENTS), { nil: undefined });
const withFragment = { org, fragment };
export const honest: fc.Arbitrary<Step> = fc.oneof(
	{ weight: 6, arbitrary: fc.record({ do: fc.constant("resolve" as const), ...withFragment }) },
	{ weight: 4, arbitrary: fc.record({ do: fc.constant("change" as const), ...withFragment }) },
	{
		weight: 3,
		arbitrary: fc.record({ do: fc.constant("wait" as const), seconds: fc.constantFrom(1, 5, 30, 59, 61, 130) }),
	},
	{ weight: 1, arbitrary: fc.record({ do: fc.constant("invalidate" as const), org, isTold: fc.boolean() }) },
	{ weight: 1, arbitrary: fc.record({ do: fc.constant("mine" as const), blocks: fc.constantFrom(1, 40) }) },
);
export const slow: fc.Arbitrary<Step> = fc.oneof(
	{ weight: 12, arbitrary: honest },
	{ weight: 3, arbitrary: fc.record({ do: fc.constant("start" as const), ...withFragment }) },
	{ weight: 2, arbitrary: fc.record({ do: fc.constant("latency" as const), seconds: fc.constantFrom(0, 0.3, 3) }) },
);
export const faulty: fc.Arbitrary<Step> = fc.oneof(
	{ weight: 8, arbitrary: slow },
	{ weight: 1, arbitrary: fc.record({ do: fc.constantFrom("down", "up", "up") }) },
);
export const reorganized: fc.Arbitrary<Step> = fc.oneof(
	{ weight: 4, arbitrary: slow },
	{ weight: 1, arbitrary: fc.record({ do: fc.constant("revert" as const), blocks: fc.constantFrom(1, 2, 5, 40) }) },
);

/** The time of everybody, in seconds, and what waits for it. */
const clock = { now: 0, waiting: new Map<() => void, number>() };
export const now = (): number => clock.now;

async function pause(seconds: number): Promise<void> {
	if (seconds > 0) await new Promise<void>((resolve) => clock.waiting.set(resolve, now() + seconds));
}

/** Lets everything go on that needs no time to pass. */
export async function settle(): Promise<void> {
	for (let turn = 0; turn < 12; turn++) await setImmediate();
}

async function pass(seconds: number): Promise<void> {
	for (let left = seconds; left > 0; left -= TICK_SECONDS) {
		const passed = Math.min(TICK_SECONDS, left);
		clock.now += passed;
		vi.advanceTimersByTime(passed * 1_000);
		for (const [resolve, at] of clock.waiting) if (at <= now() && clock.waiting.delete(resolve)) resolve();
		await settle();
	}
}

/** Who resolves, and what can happen besides. */
export interface Sequences<Extra> {
	readonly isWatched: boolean;
	/** The stores of the instances; without them, there is one instance, which shares nothing. */
	readonly createStores?: () => readonly RecordStore[];
	readonly take?: (world: World, step: Extra) => unknown;
}

/** A chain, resolvers on it, and what the chain's state was at each time. */
function createWorld({ isWatched, createStores }: Sequences<never>) {
	const chain = createMemoryChain({ now, pause });
	const create = (store?: RecordStore): OrgIdResolver =>
		createOrgIdResolver({
			networks: [{ chainId: CHAIN_ID, provider: chain.provider, registry: REGISTRY, kind: "orgpass" }],
			cache: { ttlSeconds: TTL_SECONDS, refreshCooldownSeconds: 0 },
			...(store && { sharedCache: { store, secret: SECRET } }),
			documents: false,
			watch: isWatched && { pollingSeconds: POLLING_SECONDS },
			now,
		});
	const stores = createStores?.() ?? [];
	const resolvers = stores.length > 0 ? stores.map(create) : [create()];
	const history = ORGANIZATIONS.map(() => [{ at: -Infinity, state: "did/not-found" }]);
	const invalidatedAt = ORGANIZATIONS.map(() => -Infinity);
	const facts = { hadFault: false, wasReverted: false, highest: 0, isMuted: false };
	/** The one that is asked. */
	const resolver = resolvers[0] as OrgIdResolver;
	return { chain, resolvers, resolver, invalidatedAt, ...facts, restart, note, between };

	/** Ends an instance, and starts one that knows nothing. */
	function restart(instance: number): OrgIdResolver {
		resolvers[instance]?.close();
		const started = create(stores[instance]);
		resolvers[instance] = started;
		return started;
	}

	/** Notes the states after a step. */
	function note(): void {
		for (const [at, orgId] of ORGANIZATIONS.entries()) {
			const organization = chain.organization(orgId);
			const listed = [...(organization?.keys ?? [])].filter(([, isRevoked]) => !isRevoked).map(([name]) => name);
			const state = organization === undefined ? "did/not-found" : stateOf(organization.active, listed);
			if (history[at]?.at(-1)?.state !== state) history[at]?.push({ at: now(), state });
		}
	}

	/** The states from a time on. */
	function between(at: number, from: number): readonly string[] {
		const states = history[at] ?? [];
		return states.filter((_, index) => (states[index + 1]?.at ?? Infinity) >= from).map(({ state }) => state);
	}
}

export type World = ReturnType<typeof createWorld>;

function stateOf(active: boolean, fragments: readonly string[]): string {
	return `${active ? "active" : "deactivated"} ${fragments.toSorted().join()}`;
}

/** The state that a result shows, or its error. */
function shown({ didDocument, didDocumentMetadata, didResolutionMetadata }: DIDResolutionResult): string {
	if (didDocument === null) return String(didResolutionMetadata["code"]);
	const { active, keys } = didDocumentMetadata["organization"] as OrgRecord;
	const listed = keys.map((key) => key.fragment);
	const used = (didDocument.authentication ?? []).map((method) => String(method).split("#")[1] ?? "");
	expect(listed).toEqual(expect.arrayContaining(used));
	return stateOf(active, listed);
}

/** Resolves, and compares the result with the states that may be shown. */
async function check(world: World, at: number, isWatched: boolean, fragment: string | undefined): Promise<void> {
	const { chain, resolver, between } = world;
	const startedAt = now();
	const invalidatedAt = world.invalidatedAt[at] ?? -Infinity;
	const orgId = ORGANIZATIONS[at] as OrgId;
	const isListed = (): boolean => fragment !== undefined && chain.organization(orgId)?.keys.get(fragment) === false;
	const wasListed = isListed();
	const result = await resolver.resolve(`did:orgid:${CHAIN_ID}:${orgId}`, fragment === undefined ? {} : { fragment });
	const state = shown(result);
	if (OUTAGE_CODES.has(state as ErrorCode)) {
		expect(world.hadFault || world.wasReverted, state).toBe(true);
		return;
	}
	if (state === "did/key-revoked") {
		expect(chain.organization(orgId)?.keys.get(fragment ?? "") === true || world.wasReverted).toBe(true);
		return;
	}
	const isFollowed = isWatched && !world.hadFault && !world.wasReverted;
	const longest = state === "did/not-found" ? NEGATIVE_TTL_SECONDS : TTL_SECONDS;
	const bound = (isFollowed ? Math.min(longest, POLLING_SECONDS) : longest) + TICK_SECONDS;
	expect(between(at, Math.max(startedAt - bound, invalidatedAt))).toContain(state);
	// A new key is found at once, whatever is cached.
	if (wasListed && isListed() && !world.wasReverted && state !== "did/not-found")
		expect(state).toMatch(new RegExp(`[ ,]${fragment}`));
}

/** Lets time pass until the work is done. */
async function finish(work: Promise<unknown>): Promise<void> {
	let isDone = false;
	const settled = work.then(
		() => {
			isDone = true;
		},
		() => {
			isDone = true;
		},
	);
	await settle();
	while (!isDone) await pass(0.1);
	await settled;
	await work;
}

const STEPS = ["resolve", "start", "change", "invalidate", "mine", "revert", "wait", "latency", "down", "up"];

function isStep(step: unknown): step is Step {
	return STEPS.includes((step as Step).do);
}

async function take(world: World, step: Step, isWatched: boolean, pending: Promise<void>[]): Promise<void> {
	const { chain, resolver } = world;
	switch (step.do) {
		case "resolve":
			return finish(check(world, step.org, isWatched, step.fragment));
		case "start": {
			const checking = check(world, step.org, isWatched, step.fragment);
			checking.catch(() => undefined);
			pending.push(checking);
			return settle();
		}
		case "change":
			return chain.change({
				orgId: ORGANIZATIONS[step.org] as OrgId,
				...(step.fragment && { fragment: step.fragment }),
			});
		case "invalidate":
			resolver.invalidate(
				`did:orgid:${CHAIN_ID}:${ORGANIZATIONS[step.org]}`,
				step.isTold ? { minBlock: chain.head() } : {},
			);
			// The others hear of it, unless messages are lost.
			if (!world.isMuted) world.invalidatedAt[step.org] = now();
			return;
		case "mine":
			return chain.mine(step.blocks);
		case "revert":
			world.highest = Math.max(world.highest, chain.head());
			chain.revert(step.blocks);
			world.wasReverted = true;
			return;
		case "wait":
			return pass(step.seconds);
		case "latency":
			chain.latencySeconds = step.seconds;
			world.hadFault = true;
			return;
		default:
			chain.isDown = step.do === "down";
			world.hadFault = true;
	}
}

/** Returns how many resolutions needed no read of the chain. */
async function runSteps<Extra>(steps: readonly (Step | Extra)[], sequences: Sequences<Extra>): Promise<number> {
	vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
	Object.assign(clock, { now: 0, waiting: new Map() });
	const world = createWorld(sequences as Sequences<never>);
	const { chain, resolvers, note } = world;
	const pending: Promise<void>[] = [];
	let saved = 0;
	try {
		for (const step of steps) {
			const before = chain.reads();
			if (isStep(step)) await take(world, step, sequences.isWatched, pending);
			else await sequences.take?.(world, step);
			if (isStep(step) && step.do === "resolve" && chain.reads() === before) saved += 1;
			note();
		}
		Object.assign(chain, { isDown: false, latencySeconds: 0 });
		await finish(Promise.all(pending));
		chain.mine(Math.max(world.highest - chain.head(), 0) + 1);
		await pass(TTL_SECONDS + 3 * POLLING_SECONDS);
		for (const resolver of resolvers) {
			for (const [at, orgId] of ORGANIZATIONS.entries()) {
				const resolving = resolver.resolve(`did:orgid:${CHAIN_ID}:${orgId}`);
				await finish(resolving);
				expect(world.between(at, now())).toEqual([shown(await resolving)]);
			}
		}
	} finally {
		for (const resolver of resolvers) resolver.close();
		vi.useRealTimers();
	}
	return saved;
}

/** Fails if a resolver shows a state that the registry didn't have within its limits. */
export async function expectStates<Extra = never>(
	step: fc.Arbitrary<Step | Extra>,
	sequences: Sequences<Extra>,
	examples: readonly (readonly (Step | Extra)[])[],
): Promise<void> {
	let saved = 0;
	const steps = fc.array(step, { minLength: 5, maxLength: 40, size: "max" });
	const property = fc.asyncProperty(steps, async (steps) => {
		saved += await runSteps(steps, sequences);
	});
	const first = examples.map((steps): [(Step | Extra)[]] => [[...steps]]);
	await fc.assert(property, runs(60, 2, first));
	expect(saved).toBeGreaterThan(0);
}
