/** @module */

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Runs what may block the thread, and so every handler of a signal: Ctrl-C ends the process meanwhile. */
export function withDefaultSignals<T>(work: () => T): T {
	const handlers = SIGNALS.flatMap((signal) => process.rawListeners(signal).map((handler) => ({ signal, handler })));
	for (const signal of SIGNALS) process.removeAllListeners(signal);
	try {
		return work();
	} finally {
		for (const { signal, handler } of handlers) process.on(signal, handler as NodeJS.SignalsListener);
	}
}
