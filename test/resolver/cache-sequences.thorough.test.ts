/** A resolver with a cache, watched or not, returns what one without a cache would have returned a moment ago. */
import { setImmediate } from "node:timers/promises";
import type { DIDResolutionResult } from "did-resolver";
import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import type { OrgId } from "../../src/did/did-url.ts";
import type { ErrorCode } from "../../src/errors/codes.ts";
import { OUTAGE_CODES } from "../../src/errors/outage-codes.ts";
import type { OrgRecord } from "../../src/registry/org-record.ts";
import { createOrgIdResolver } from "../../src/resolver/resolver.ts";
import { CHAIN_ID, createMemoryChain, REGISTRY } from "../support/memory-chain.ts";
import { runs } from "../support/property.ts";

const TTL_SECONDS = 60;
const POLLING_SECONDS = 4;
const NEGATIVE_TTL_SECONDS = 5;
const TICK_SECONDS = 1;
const ORGANIZATIONS = [1, 2].map((digit): OrgId => `0x${`0${digit}`.repeat(32)}`);
const FRAGMENTS = ["a", "b"] as const;

type Step =
	| { readonly do: "resolve" | "start"; readonly org: number; readonly fragment: string | undefined }
	| { readonly do: "change"; readonly org: number; readonly fragment: string | undefined }
	| { readonly do: "invalidate"; readonly org: number; readonly isTold: boolean }
	| { readonly do: "mine" | "revert"; readonly blocks: number }
	| { readonly do: "wait"; readonly seconds: number }
	| { readonly do: "latency"; readonly seconds: number }
	| { readonly do: "down" | "up" };

const org = fc.nat(ORGANIZATIONS.length - 1);
const fragment = fc.option(fc.constantFrom(...FRAGMENTS), { nil: undefined });
const withFragment = { org, fragment };
const honest: fc.Arbitrary<Step> = fc.oneof(
	{ weight: 6, arbitrary: fc.record({ do: fc.constant("resolve" as const), ...withFragment }) },
	{ weight: 4, arbitrary: fc.record({ do: fc.constant("change" as const), ...withFragment }) },
	{
		weight: 3,
		arbitrary: fc.record({ do: fc.constant("wait" as const), seconds: fc.constantFrom(1, 5, 30, 59, 61, 130) }),
	},
	{ weight: 1, arbitrary: fc.record({ do: fc.constant("invalidate" as const), org, isTold: fc.boolean() }) },
	{ weight: 1, arbitrary: fc.record({ do: fc.constant("mine" as const), blocks: fc.constantFrom(1, 40) }) },
);
const slow: fc.Arbitrary<Step> = fc.oneof(
	{ weight: 12, arbitrary: honest },
	{ weight: 3, arbitrary: fc.record({ do: fc.constant("start" as const), ...withFragment }) },
	{ weight: 2, arbitrary: fc.record({ do: fc.constant("latency" as const), seconds: fc.constantFrom(0, 0.3, 3) }) },
);
const faulty: fc.Arbitrary<Step> = fc.oneof(
	{ weight: 8, arbitrary: slow },
	{ weight: 1, arbitrary: fc.record({ do: fc.constantFrom("down", "up", "up") }) },
);
const reorganized: fc.Arbitrary<Step> = fc.oneof(
	{ weight: 4, arbitrary: slow },
	{ weight: 1, arbitrary: fc.record({ do: fc.constant("revert" as const), blocks: fc.constantFrom(1, 2, 5, 40) }) },
);

/** The time of everybody, in seconds, and what waits for it. */
const clock = { now: 0, waiting: new Map<() => void, number>() };
const now = (): number => clock.now;

async function pause(seconds: number): Promise<void> {
	if (seconds > 0) await new Promise<void>((resolve) => clock.waiting.set(resolve, now() + seconds));
}

/** Lets everything go on that needs no time to pass. */
async function settle(): Promise<void> {
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

/** A chain, a resolver on it, and what the chain's state was at each time. */
function createWorld(isWatched: boolean) {
	const chain = createMemoryChain({ now, pause });
	const resolver = createOrgIdResolver({
		networks: [{ chainId: CHAIN_ID, provider: chain.provider, registry: REGISTRY, kind: "orgpass" }],
		cache: { ttlSeconds: TTL_SECONDS, refreshCooldownSeconds: 0 },
		documents: false,
		watch: isWatched && { pollingSeconds: POLLING_SECONDS },
		now,
	});
	const history = ORGANIZATIONS.map(() => [{ at: -Infinity, state: "did/not-found" }]);
	const invalidatedAt = ORGANIZATIONS.map(() => -Infinity);
	const world = { chain, resolver, invalidatedAt, hadFault: false, wasReverted: false, highest: 0 };
	return { ...world, note, between };

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

type World = ReturnType<typeof createWorld>;

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
			world.invalidatedAt[step.org] = now();
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

const TWICE: readonly Step[] = [0, 0].map((org) => ({ do: "resolve", org, fragment: undefined }));
/** The watcher reads the log of one branch; the organization is read on another, which goes without being seen. */
const UNSEEN_BRANCH: readonly Step[] = [
	{ do: "resolve", org: 0, fragment: undefined },
	{ do: "revert", blocks: 1 },
	{ do: "change", org: 1, fragment: undefined },
	{ do: "resolve", org: 1, fragment: undefined },
	{ do: "revert", blocks: 1 },
	{ do: "mine", blocks: 1 },
];

/** The same, and when the log is read next, the chain is more than a block longer. */
const LONGER_BRANCH: readonly Step[] = [
	{ do: "resolve", org: 0, fragment: undefined },
	{ do: "change", org: 0, fragment: undefined },
	{ do: "revert", blocks: 5 },
	{ do: "change", org: 1, fragment: undefined },
	{ do: "resolve", org: 1, fragment: undefined },
	{ do: "resolve", org: 0, fragment: undefined },
	{ do: "change", org: 0, fragment: undefined },
	{ do: "change", org: 0, fragment: undefined },
	{ do: "revert", blocks: 5 },
	{ do: "wait", seconds: 1 },
];

const EXAMPLES = [TWICE, UNSEEN_BRANCH, LONGER_BRANCH].map((steps): [Step[]] => [[...steps]]);

/** Returns how many resolutions needed no read of the chain. */
async function runSteps(steps: readonly Step[], isWatched: boolean): Promise<number> {
	vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
	Object.assign(clock, { now: 0, waiting: new Map() });
	const world = createWorld(isWatched);
	const { chain, resolver, note } = world;
	const pending: Promise<void>[] = [];
	let saved = 0;
	try {
		for (const step of steps) {
			const before = chain.reads();
			await take(world, step, isWatched, pending);
			if (step.do === "resolve" && chain.reads() === before) saved += 1;
			note();
		}
		Object.assign(chain, { isDown: false, latencySeconds: 0 });
		await finish(Promise.all(pending));
		chain.mine(Math.max(world.highest - chain.head(), 0) + 1);
		await pass(TTL_SECONDS + 3 * POLLING_SECONDS);
		for (const [at, orgId] of ORGANIZATIONS.entries()) {
			const resolving = resolver.resolve(`did:orgid:${CHAIN_ID}:${orgId}`);
			await finish(resolving);
			expect(world.between(at, now())).toEqual([shown(await resolving)]);
		}
	} finally {
		resolver.close();
		vi.useRealTimers();
	}
	return saved;
}

async function expectStates(step: fc.Arbitrary<Step>, isWatched: boolean): Promise<void> {
	let saved = 0;
	const steps = fc.array(step, { minLength: 5, maxLength: 40, size: "max" });
	const property = fc.asyncProperty(steps, async (steps) => {
		saved += await runSteps(steps, isWatched);
	});
	await fc.assert(property, runs(200, 2, EXAMPLES));
	expect(saved).toBeGreaterThan(0);
}

describe.each([
	["not watched", false],
	["watched", true],
])("a resolver whose networks are %s shows a state that the registry had within its limits", (_how, isWatched) => {
	it("T50: if its node is honest", () => expectStates(honest, isWatched));
	it("T50: if its node is slow and fails", () => expectStates(faulty, isWatched));
	it("T55: if its chain is reorganized", () => expectStates(reorganized, isWatched));
});
