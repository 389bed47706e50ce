/**
 * Before every test file: timers of a second and more are on a clock of their own, which the machine's speed doesn't
 * move. They are deadlines (a node has five seconds, a document two), and on a busy machine what works may miss them:
 * here they end when a test lets the time pass, and otherwise only after eight times as long.
 * @module
 */
import { beforeEach } from "vitest";

/** Shorter ones are pauses. */
const SHORTEST_MS = 1_000;
const LONGEST_MS = 2 ** 31 - 1;
const PATIENCE = 8;
/** With this function, Node's `fetch` closes a connection that isn't used before the server does, in real time. */
const FETCH_TIMER = "onParserTimeout";
const KEY = Symbol.for("orgpass.patient-timers");

interface Clock {
	now: number;
	/** Tests begun so far. */
	tests: number;
	/** What is to be done, and when. */
	readonly pending: Map<NodeJS.Timeout, { readonly at: number; readonly run: () => void }>;
}

const world = globalThis as { [KEY]?: Clock };
world[KEY] ??= install();
const clock = world[KEY];
// No test waits for what an earlier file has left.
clock.pending.clear();
beforeEach(() => {
	clock.tests += 1;
});

/** Lets time pass for timers of a second and more. */
export async function pass(ms: number): Promise<void> {
	clock.now += ms;
	for (const [timer, { at, run }] of [...clock.pending].sort(([, a], [, b]) => a.at - b.at)) {
		if (at > clock.now || !clock.pending.has(timer)) continue;
		clearTimeout(timer);
		run();
		await turn();
	}
	await turn();
}

/** Whether a timer that was set now, or so long before its end, is running. */
export function isWaiting(ms: number): boolean {
	return [...clock.pending.values()].some(({ at }) => at - clock.now === ms);
}

/** Waits for a condition, however long it takes. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
	while (!(await condition())) await turn();
}

/** Lets everything go on for some turns: to see what doesn't happen, or to answer late. */
export async function idle(turns = 50): Promise<void> {
	for (let turned = 0; turned < turns; turned += 1) await turn();
}

/**
 * Long enough for what a timer has set off and needs nobody else for. Never resolves once another test has begun, so that a
 * test that timed out doesn't move the next one's clock.
 */
function turn(): Promise<void> {
	const { tests } = clock;
	return new Promise((resolve) => setTimeout(() => tests === clock.tests && resolve(), 2));
}

function install(): Clock {
	const { setTimeout: set, clearTimeout: clear } = globalThis;
	const { timeout } = AbortSignal;
	const clock: Clock = { now: 0, tests: 0, pending: new Map() };

	function setPatiently(run: (...args: unknown[]) => void, ms = 0, ...args: unknown[]): NodeJS.Timeout {
		const isPatient = ms >= SHORTEST_MS && ms <= LONGEST_MS && run.name !== FETCH_TIMER;
		if (!isPatient) return set(run, ms, ...args);
		const once = (): void => {
			clock.pending.delete(timer);
			run(...args);
		};
		const timer = set(once, prolong(ms));
		clock.pending.set(timer, { at: clock.now + ms, run: once });
		return timer;
	}

	function clearPatiently(timer: Parameters<typeof clear>[0]): void {
		clock.pending.delete(timer as NodeJS.Timeout);
		clear(timer);
	}

	globalThis.setTimeout = keepProperties(setPatiently, set) as typeof set;
	globalThis.clearTimeout = keepProperties(clearPatiently, clear) as typeof clear;
	AbortSignal.timeout = (ms) => timeout.call(AbortSignal, ms >= SHORTEST_MS ? prolong(ms) : ms);
	return clock;
}

function prolong(ms: number): number {
	return Math.min(ms * PATIENCE, LONGEST_MS);
}

/** `util.promisify` finds its own version of a timer there. */
function keepProperties<F extends object>(replacement: F, original: object): F {
	return Object.defineProperties(replacement, Object.getOwnPropertyDescriptors(original));
}
