/**
 * The processes of a run: instances of the server, and the load.
 * @module
 */
import { type ChildProcess, type ForkOptions, fork } from "node:child_process";
import { once } from "node:events";
import type { Facts, LoadCommand, LoadMessage, LoadSetup } from "./load.ts";
import type { Verdict } from "./oracle.ts";
import type { ServerMessage, ServerSetup, ServerState } from "./server.ts";

/** How a process ends without an error. */
export const SUCCESS = "with 0";

/** A process that has started. */
interface Started {
	/** Resolves to how it ended. */
	readonly isOver: Promise<string>;
	/** Ends it. */
	stop(): Promise<void>;
}

/** An instance of the server. */
export interface Instance extends Started {
	readonly url: string;
}

/** The load. */
export interface Load extends Started {
	/** Resolves when the process knows. */
	inform(facts: Facts): Promise<void>;
	/** The latest one. */
	verdict(): Verdict | undefined;
}

/** Starts an instance, which reports its state. */
export async function startInstance(setup: ServerSetup, onState: (state: ServerState) => void): Promise<Instance> {
	const child = start("server.ts", setup);
	const isOver = endOf(child);
	const url = await new Promise<string>((resolve, reject) => {
		isOver.then((end) => reject(new Error(`the server ended ${end}`)));
		child.on("message", (message: ServerMessage) => ("url" in message ? resolve(message.url) : onState(message)));
	});
	return {
		...{ url, isOver },
		async stop() {
			if (child.connected) child.disconnect();
			await isOver;
		},
	};
}

/** Starts the load, which begins when it is informed. */
export function startLoad(setup: LoadSetup): Load {
	const child = start("load.ts", setup);
	const isOver = endOf(child);
	const waiting: (() => void)[] = [];
	let verdict: Verdict | undefined;
	child.on("message", (message: LoadMessage) => {
		if (message === "noted") waiting.shift()?.();
		else verdict = message;
	});
	isOver.then(() => waiting.forEach((wake) => void wake()));
	return {
		isOver,
		inform: (facts) =>
			new Promise((resolve) => {
				if (!child.connected) return resolve();
				waiting.push(resolve);
				send({ facts });
			}),
		verdict: () => verdict,
		async stop() {
			if (child.connected) send({ stop: true });
			await isOver;
		},
	};

	function send(command: LoadCommand): void {
		child.send(command);
	}
}

function start(file: string, setup: LoadSetup | ServerSetup): ChildProcess {
	const options: ForkOptions = { execArgv: ["--expose-gc"], serialization: "advanced" };
	return fork(new URL(file, import.meta.url), [JSON.stringify(setup)], options);
}

async function endOf(child: ChildProcess): Promise<string> {
	const [code, signal] = await once(child, "exit");
	return `with ${code ?? signal}`;
}
