/**
 * Before every test file: timers of a second and more wait twenty times as long. They are deadlines (a node has five
 * seconds, a document two), and on a busy machine what works may miss them. Tests of deadlines use fake timers.
 * @module
 */
const PATIENCE = 20;
const MARK = Symbol.for("orgpass.patient-timers");
const MAX_TIMER_MS = 2 ** 31 - 1;

const world = globalThis as { [MARK]?: true };
if (world[MARK] === undefined) {
	world[MARK] = true;
	const { setTimeout: wait } = globalThis;
	const patient = (run: () => void, ms?: number, ...args: []): NodeJS.Timeout =>
		wait(run, prolong(ms ?? 0), ...args);
	globalThis.setTimeout = Object.defineProperties(patient, Object.getOwnPropertyDescriptors(wait)) as typeof wait;
	const { timeout } = AbortSignal;
	AbortSignal.timeout = (ms) => timeout.call(AbortSignal, prolong(ms));
}

function prolong(ms: number): number {
	return ms >= 1_000 && ms <= MAX_TIMER_MS ? Math.min(ms * PATIENCE, MAX_TIMER_MS) : ms;
}
