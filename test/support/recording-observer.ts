/**
 * An observer that keeps what it sees.
 * @module
 */
import type { FinishedOperation, Observer, StartedOperation } from "../../src/observe/observer.ts";

type Name = FinishedOperation["operation"];

/** What was seen so far, in the order in which it ended. */
export interface Recording {
	readonly observer: Observer;
	readonly started: StartedOperation[];
	readonly finished: FinishedOperation[];
	/** Those of one operation. */
	of<Operation extends Name>(operation: Operation): Extract<FinishedOperation, { operation: Operation }>[];
}

/** Starts a recording. */
export function recordOperations(): Recording {
	const started: StartedOperation[] = [];
	const finished: FinishedOperation[] = [];
	return {
		started,
		finished,
		observer: async (run, operation) => {
			started.push(operation);
			finished.push(await run());
		},
		of: (operation) => finished.filter((one) => one.operation === operation) as never,
	};
}
