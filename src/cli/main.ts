#!/usr/bin/env node
/**
 * The `orgpass` program: runs the command line with the real streams and sets the exit status. To start quickly, it loads
 * the rest only if more than the version is to be printed.
 * @module
 */
import type { CliContext } from "./context.js";
import { EXIT } from "./exit-code.js";
import { readVersion } from "./version.js";

/** How long a command may take to clean up after Ctrl-C. */
const GRACE_MS = 500;

const interrupt = new AbortController();
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
	process.once(signal, () => {
		interrupt.abort(new Error(signal));
		setTimeout(() => process.exit(EXIT.interrupted), GRACE_MS).unref();
	});
}

/** A closed pipe (EPIPE) isn't an error; after any other failed write, the exit status must not be 0. */
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
	if (error.code === "EPIPE") return;
	process.stderr.write(`orgpass: the output could not be written: ${error.code}\n`);
	process.exitCode ||= EXIT.usage;
});

const argv = process.argv.slice(2);
if (argv.length === 1 && argv[0] === "--version") process.stdout.write(`${readVersion()}\n`);
else run();

async function run(): Promise<void> {
	const cwd = findFolder();
	if (cwd === undefined) {
		process.stderr.write("orgpass: the working directory doesn't exist any more\n");
		process.exitCode = EXIT.usage;
		return;
	}
	const context: CliContext = {
		env: process.env,
		cwd,
		stdout: (text) => process.stdout.write(text),
		stderr: (text) => process.stderr.write(text),
		readStdin,
		askSecret,
		isTerminal: () => process.stdin.isTTY === true,
		isCaptured: process.stdout.isTTY !== true,
		terminalWidth: () => (process.stderr.isTTY ? process.stderr.columns || 80 : undefined),
		signal: interrupt.signal,
	};
	const { runCli } = await import("./run-cli.js");
	const code = await runCli(argv, context);
	if (interrupt.signal.aborted) process.exit(code);
	process.exitCode ||= code;
}

function findFolder(): string | undefined {
	try {
		return process.cwd();
	} catch {
		return undefined;
	}
}

async function readStdin(maxBytes: number): Promise<Uint8Array> {
	const chunks: Buffer[] = [];
	let length = 0;
	for await (const chunk of process.stdin) {
		chunks.push(chunk);
		length += chunk.length;
		if (length >= maxBytes) break;
	}
	return Buffer.concat(chunks).subarray(0, maxBytes);
}

async function askSecret(question: string): Promise<string | undefined> {
	if (!process.stdin.isTTY) return undefined;
	const [{ createInterface }, { Writable }] = await Promise.all([
		import("node:readline/promises"),
		import("node:stream"),
	]);
	process.stderr.write(question);
	const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
	const terminal = createInterface({ input: process.stdin, output: silent, terminal: true });
	try {
		return await terminal.question("", { signal: interrupt.signal });
	} catch (error) {
		// In raw mode, Ctrl-C is a character, not a signal; Ctrl-D ends the input.
		const isEnd = error instanceof Error && error.message.includes("Ctrl+D");
		if (!isEnd) interrupt.abort(error);
		return undefined;
	} finally {
		terminal.close();
		process.stderr.write("\n");
	}
}
