/**
 * A process that answers each message with one.
 * @module
 */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";

export interface MeasuredProcess {
	ask(message: object): Promise<unknown>;
	stop(): void;
}

/** Starts a module of this folder's parent. */
export function startProcess(name: string): MeasuredProcess {
	const child: ChildProcess = fork(new URL(`../${name}`, import.meta.url), { execArgv: [] });
	const exit = once(child, "exit");
	return {
		async ask(message) {
			const answer = Promise.race([once(child, "message"), exit.then(fail)]);
			child.send(message);
			const [value] = (await answer) as [unknown];
			return value;
		},
		stop: () => child.disconnect(),
	};

	function fail([code]: unknown[]): never {
		throw new Error(`${name} ended with exit code ${code}`);
	}
}
