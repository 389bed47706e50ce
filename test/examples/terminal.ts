/**
 * A shell such as a person types into: commands one after another, or one that runs until Ctrl-C.
 * @module
 */
import { type ChildProcess, type StdioOptions, spawn } from "node:child_process";
import type { Readable, Writable } from "node:stream";

export interface Terminal {
	/** Types commands, and waits until they have ended, or until the output matches all patterns. Returns the output. */
	type(commands: string, until?: readonly RegExp[]): Promise<string>;
	/** Everything printed so far. */
	output(): string;
	/** Presses Ctrl-C, and waits until everything has ended. */
	interrupt(): Promise<void>;
	/** Ends what is still running. */
	close(): void;
}

/** Commands come from a pipe of their own: a program that reads standard input must not swallow them. */
const READ_COMMANDS = `while IFS= read -r -d '' -u 3 commands; do eval "$commands"; done`;
const STDIO: StdioOptions = ["ignore", "pipe", "pipe", "pipe"];

/** Opens a terminal in a folder. */
export function openTerminal(folder: string, env: NodeJS.ProcessEnv): Terminal {
	const shell = spawn("bash", ["-c", READ_COMMANDS], { cwd: folder, env, detached: true, stdio: STDIO });
	const [, output, errors, input] = shell.stdio as unknown as [null, Readable, Readable, Writable];
	let text = "";
	let hasEnded = false;
	let commandCount = 0;
	let notify = (): void => {};
	for (const stream of [output, errors]) {
		stream.setEncoding("utf8").on("data", (chunk: string) => {
			text += chunk.replaceAll(/\r\n?/g, "\n");
			notify();
		});
	}
	shell.once("close", () => {
		hasEnded = true;
		notify();
	});
	const change = (): Promise<void> =>
		new Promise((resolve) => {
			notify = resolve;
		});

	async function type(commands: string, until?: readonly RegExp[]): Promise<string> {
		commandCount += 1;
		const from = text.length;
		const end = `end of commands ${commandCount}`;
		input.write(until ? `exec ${commands}\0` : `${commands}\nprintf "\\n${end}\\n"\0`);
		const patterns = until ?? [new RegExp(`^${end}$`, "m")];
		const isMissing = (pattern: RegExp): boolean => !pattern.test(text.slice(from));
		while (patterns.some(isMissing)) {
			if (hasEnded) throw new Error(`${commands} ended without ${patterns.filter(isMissing)}:\n${text.slice(from)}`);
			await change();
		}
		return text.slice(from);
	}

	return {
		type,
		output: () => text,
		async interrupt() {
			sendToGroup(shell, "SIGINT");
			while (!hasEnded) await change();
		},
		close: () => sendToGroup(shell, "SIGKILL"),
	};
}

/** A terminal sends Ctrl-C to all processes of the command. */
function sendToGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
	try {
		if (pid !== undefined) process.kill(-pid, signal);
	} catch {
		// They have ended already.
	}
}
