/**
 * Names the hosts that a registry, a resolver or a fetcher waits for.
 * @module
 */
import type { Observer, StartedOperation } from "../observe/observer.js";
import type { CliContext } from "./context.js";

/** An observer that shows requests as progress; undefined if no progress is shown. */
export function observeWaits({ progress }: CliContext): Observer | undefined {
	if (progress === undefined) return undefined;
	return (run, started) => {
		const what = describe(started);
		return what === undefined ? run() : progress.waitFor(what, run);
	};
}

function describe(started: StartedOperation): string | undefined {
	switch (started.operation) {
		case "rpc":
			return `the node at ${started.host}`;
		case "document":
			return started.host === undefined ? "the document" : `the document at ${started.host}`;
		case "jwks":
			return `the keys at ${started.host}`;
		default:
			return undefined;
	}
}
