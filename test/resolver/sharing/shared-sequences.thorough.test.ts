/** Two instances that share their records show nothing that one without a cache wouldn't have shown a moment ago. */
import fc from "fast-check";
import { describe, it } from "vitest";
import { createMemoryRecordStore, type MemoryRecordStore } from "../../support/memory-record-store.ts";
import {
	expectStates,
	now,
	ORGANIZATIONS,
	org,
	reorganized,
	type Step,
	settle,
	slow,
	type World,
} from "../../support/resolver-sequences.ts";

/** What happens to the store. All texts and messages are genuine, but may be old. */
type StoreStep =
	| { readonly do: "ask" | "restart"; readonly instance: number }
	| { readonly do: "restore"; readonly index: number; readonly keptMs: number }
	| { readonly do: "repeat"; readonly index: number; readonly instance: number }
	| { readonly do: "lock"; readonly org: number }
	| { readonly do: "mute"; readonly isMuted: boolean };

const instance = fc.nat(1);
const index = fc.nat(1_000);
const asked: fc.Arbitrary<StoreStep> = fc.record({ do: fc.constant("ask" as const), instance });
const stranger: fc.Arbitrary<StoreStep> = fc.oneof(
	{
		weight: 3,
		arbitrary: fc.record({ do: fc.constant("restore" as const), index, keptMs: fc.constantFrom(1, 60_000, 1e9) }),
	},
	{ weight: 2, arbitrary: fc.record({ do: fc.constant("repeat" as const), index, instance }) },
	{ weight: 1, arbitrary: fc.record({ do: fc.constant("lock" as const), org }) },
	{ weight: 1, arbitrary: fc.record({ do: fc.constant("mute" as const), isMuted: fc.boolean() }) },
);
const shared = (steps: fc.Arbitrary<Step>): fc.Arbitrary<Step | StoreStep> =>
	fc.oneof({ weight: 3, arbitrary: steps }, { weight: 1, arbitrary: asked });
const restarted = (steps: fc.Arbitrary<Step>): fc.Arbitrary<Step | StoreStep> =>
	fc.oneof(
		{ weight: 6, arbitrary: shared(steps) },
		{ weight: 1, arbitrary: fc.record({ do: fc.constant("restart" as const), instance }) },
	);
const hostile = (steps: fc.Arbitrary<Step>): fc.Arbitrary<Step | StoreStep> =>
	fc.oneof({ weight: 8, arbitrary: shared(steps) }, { weight: 3, arbitrary: stranger });

let store: MemoryRecordStore;

function createStores() {
	store = createMemoryRecordStore(now);
	return [store.connect(), store.connect()];
}

async function take(world: World, step: StoreStep): Promise<void> {
	if (step.do === "ask") {
		world.resolver = world.resolvers[step.instance] ?? world.resolver;
		return;
	}
	world.hadFault = true;
	if (step.do === "restart") {
		world.resolver = world.restart(step.instance);
	} else if (step.do === "restore") {
		const put = store.puts[step.index % Math.max(store.puts.length, 1)];
		if (put !== undefined) store.write(put, step.keptMs);
	} else if (step.do === "repeat") {
		const message = store.messages[step.index % Math.max(store.messages.length, 1)];
		if (message !== undefined) store.deliver(message, step.instance);
		await settle();
	} else if (step.do === "lock") {
		const id = ORGANIZATIONS[step.org] as string;
		for (const { key } of store.puts) if (key.includes(id)) store.lock(key);
	} else if (step.do === "mute") {
		store.isMuted = step.isMuted;
		world.isMuted = step.isMuted;
	}
}

const TWICE: readonly Step[] = [0, 0].map((org) => ({ do: "resolve", org, fragment: undefined }));

const resolve: Step = { do: "resolve", org: 0, fragment: "a" };
const change: Step = { do: "change", org: 0, fragment: "a" };
const invalidate: Step = { do: "invalidate", org: 0, isTold: true };
const restart: StoreStep = { do: "restart", instance: 0 };
const wait: Step = { do: "wait", seconds: 1 };

/** A record that was read before is in the store. */
const AFTER_INVALIDATE = [change, change, resolve, change, wait, invalidate, restart, resolve];

describe.each([
	["not watched", false],
	["watched", true],
])("two instances with a store, whose networks are %s", (_how, isWatched) => {
	const sequences = { isWatched, createStores, take };

	it("T50: if instances end, and others start", () =>
		expectStates(restarted(slow), sequences, [TWICE, AFTER_INVALIDATE]));
	it("T55: if the chain is reorganized", () => expectStates(shared(reorganized), sequences, [TWICE]));
	it("T97: if a stranger repeats what is in the store", () => expectStates(hostile(slow), sequences, [TWICE]));
	it("T97: if a stranger repeats it, and the chain is reorganized", () =>
		expectStates(hostile(reorganized), sequences, [TWICE]));
});
