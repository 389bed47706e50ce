/**
 * Runs operations for observers.
 * @module
 */
import { ignoreRejection } from "../encoding/ignore-rejection.js";
import { toFailureFacts } from "./failure.js";
import type { FinishedOperation, Observer, StartedOperation } from "./observer.js";

/** The facts that an operation reports about itself. */
export type Facts<Name extends StartedOperation["operation"]> = {
	-readonly [Member in keyof FinishedOf<Name>]?: FinishedOf<Name>[Member];
};

type Run = Parameters<Observer>[0];

type FinishedOf<Name> = Omit<Extract<FinishedOperation, { operation: Name }>, "operation" | "durationMs">;

/** Runs an operation once and reports it; `work` may add facts until it settles. Callers without an observer skip this. */
export function observe<Started extends StartedOperation, T>(
	observer: Observer,
	started: Started,
	work: (facts: Facts<Started["operation"]>) => Promise<T>,
): Promise<T> {
	const facts: Facts<Started["operation"]> = {};
	let working: Promise<T> | undefined;
	Object.freeze(started);
	// The observer sees the end before the caller does.
	return callObserver(observer, run, started).then(() => working as Promise<T>);

	function run(): Promise<FinishedOperation> {
		const startedAt = performance.now();
		working = work(facts);
		return working.then(
			() => finish(startedAt, { outcome: "ok", ...facts }),
			(error: unknown) => finish(startedAt, { ...facts, ...toFailureFacts(error) }),
		);
	}

	function finish(startedAt: number, end: object): FinishedOperation {
		const finished: object = { ...started, ...end, durationMs: performance.now() - startedAt };
		return Object.freeze(finished) as FinishedOperation;
	}
}

/**
 * Combines observers into one: each operation is reported to all of them. The first one is the outermost.
 *
 * @example
 * ```ts
 * import { Registry } from "prom-client";
 * import { combineObservers } from "orgpass/observe";
 * import { createOpenTelemetryObserver } from "orgpass/observe/opentelemetry";
 * import { createPrometheusObserver } from "orgpass/observe/prometheus";
 *
 * const metrics = createPrometheusObserver({ register: new Registry() });
 * const observer = combineObservers(createOpenTelemetryObserver(), metrics);
 * ```
 * @param observers the observers, such as one for metrics and one for traces
 * @returns the observer to pass to `createVerifier` and others
 */
export function combineObservers(...observers: readonly Observer[]): Observer {
	return (run, started) => {
		const combined = observers.reduceRight<Run>((inner, observer) => () => callObserver(observer, inner, started), run);
		return combined();
	};
}

/** Calls `run` once, even if the observer calls it repeatedly or not at all; ignores what the observer throws. */
function callObserver(observer: Observer, run: Run, started: StartedOperation): Promise<FinishedOperation> {
	let finished: Promise<FinishedOperation> | undefined;
	const runOnce: Run = () => {
		finished ??= run();
		return finished;
	};
	try {
		// The observer gets a promise of its own, because it could replace its `then`.
		const observed = observer(() => runOnce().then((end) => end), started);
		ignoreRejection(observed);
	} catch {
		// An observer must not affect what it observes.
	}
	return runOnce();
}
