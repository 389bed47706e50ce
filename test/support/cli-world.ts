/**
 * A world for the command line: a temporary folder, captured output, and whatever a person would bring.
 * @module
 */
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect } from "vitest";
import type { CliContext } from "../../src/cli/context.ts";
import { runCli } from "../../src/cli/run-cli.ts";

/** The environment of one run besides its arguments. */
export interface RunOptions {
	readonly env?: Readonly<Record<string, string>>;
	/** What stands on standard input, or how reading it fails; empty by default. */
	readonly stdin?: string | Uint8Array | Error;
	/** Answers to password prompts, in order; by default there is no terminal. */
	readonly answers?: readonly string[];
	/** The working directory below the folder. */
	readonly cwd?: string;
	readonly signal?: AbortSignal;
	/** Standard output and standard error are a terminal of this width. */
	readonly terminalWidth?: number;
	/** Receives standard output as it is written. */
	readonly onStdout?: (text: string) => void;
	/** Sees standard error as it is written. */
	readonly onStderr?: (text: string) => void;
}

/** The result of one run. */
export interface CliResult {
	readonly exitCode: number;
	readonly stdout: string;
	/** Without the notice. */
	readonly stderr: string;
	/** What was said about settings from a file. */
	readonly notice: string;
	/** Questions that were asked. */
	readonly questions: readonly string[];
	/** Standard output as the one JSON document it must be. */
	readonly json: Record<string, unknown>;
}

/** A temporary folder in which commands run. */
export interface CliWorld {
	readonly folder: string;
	readonly path: (name: string) => string;
	readonly write: (name: string, text: string | Uint8Array, mode?: number) => string;
	readonly read: (name: string) => string;
	readonly modeOf: (name: string) => number;
	readonly run: (argv: readonly string[], options?: RunOptions) => Promise<CliResult>;
	readonly remove: () => void;
}

const NOTICE = /^"[^\n]*orgpass\.json" sets [^\n]*\n$/;

/** Makes a world; `remove` it after use. */
export function createCliWorld(): CliWorld {
	const folder = mkdtempSync(join(realpathSync(tmpdir()), "orgpass-"));
	const path = (name: string): string => join(folder, name);
	return {
		folder,
		path,
		write(name, text, mode = 0o600) {
			mkdirSync(dirname(path(name)), { recursive: true });
			writeFileSync(path(name), text, { mode });
			return name;
		},
		read: (name) => readFileSync(path(name), "utf8"),
		modeOf: (name) => statSync(path(name)).mode & 0o777,
		run: (argv, options = {}) => run(folder, argv, options),
		remove: () => rmSync(folder, { recursive: true, force: true }),
	};
}

/** Expects a refusal: its exit code, and with `--json` exactly `{code, message}`, and where settings came from. */
export function expectRefusal(result: CliResult, exitCode: number, code: string, message?: RegExp): void {
	const said = `${result.stdout}${result.stderr}`;
	expect(said).toContain(code);
	expect(result.exitCode).toBe(exitCode);
	if (message !== undefined) expect(said).toMatch(message);
	if (!result.stdout.startsWith("{")) {
		expect(result.stdout).toBe("");
		return;
	}
	const { settingsFile, ...failure } = result.json;
	expect(failure).toEqual({ code, message: expect.any(String) });
	expect(settingsFile !== undefined).toBe(result.notice !== "");
}

/** For code that must not print, read standard input or ask. */
export function silentContext(cwd: string, env: CliContext["env"] = {}): CliContext {
	return {
		env,
		cwd,
		stdout: () => expect.fail("nothing is printed"),
		stderr: () => expect.fail("nothing is printed"),
		readStdin: () => expect.fail("standard input is not read"),
		askSecret: () => expect.fail("nobody is asked"),
		signal: new AbortController().signal,
	};
}

async function run(folder: string, argv: readonly string[], options: RunOptions): Promise<CliResult> {
	const written = { stdout: "", stderr: "", notice: "" };
	const questions: string[] = [];
	const answers = [...(options.answers ?? [])];
	let stdin = typeof options.stdin === "string" ? Buffer.from(options.stdin) : options.stdin;
	const context: CliContext = {
		env: options.env ?? {},
		cwd: join(folder, options.cwd ?? "."),
		stdout: (text) => {
			written.stdout += text;
			options.onStdout?.(text);
		},
		stderr: (text) => {
			if (NOTICE.test(text)) written.notice += text;
			else written.stderr += text;
			options.onStderr?.(text);
		},
		readStdin: async (maxBytes) => {
			if (stdin instanceof Error) throw stdin;
			const bytes = stdin?.subarray(0, maxBytes) ?? new Uint8Array();
			stdin = undefined;
			return bytes;
		},
		askSecret: async (question) => {
			questions.push(question);
			return answers.shift();
		},
		...(options.terminalWidth !== undefined && { isCaptured: false, terminalWidth: () => options.terminalWidth }),
		signal: options.signal ?? new AbortController().signal,
	};
	const exitCode = await runCli(argv, context);
	return {
		exitCode,
		questions,
		...written,
		get json() {
			expect(written.stdout.trimEnd()).not.toContain("\n");
			return JSON.parse(written.stdout) as Record<string, unknown>;
		},
	};
}
