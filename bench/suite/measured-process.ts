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
	return {
		async ask(message) {
			const exit = once(child, "exit").then(([code]) => {
				throw new Error(`${name} ended with exit code ${code}`);
			});
			const answer = Promise.race([once(child, "message"), exit]);
			child.send(message);
			return ((await answer) as [unknown])[0];
		},
		stop: () => child.disconnect(),
	};
}
