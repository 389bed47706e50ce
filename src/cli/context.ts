/**
 * The context of a command, passed in so that the whole command line can be tested in process.
 * @module
 */

/** Environment, streams and signals of one run of the command line. */
export interface CliContext {
	/** Environment variables. */
	readonly env: Readonly<Record<string, string | undefined>>;
	/** The working directory. */
	readonly cwd: string;
	/** Writes results. */
	readonly stdout: (text: string) => void;
	/** Writes warnings, progress and errors. */
	readonly stderr: (text: string) => void;
	/** Reads standard input up to its end or the given number of bytes. */
	readonly readStdin: (maxBytes: number) => Promise<Uint8Array>;
	/** Prompts for a secret without echo; undefined without a terminal. */
	readonly askSecret: (question: string) => Promise<string | undefined>;
	/** Whether standard input is a terminal: reading it to its end would wait for the user. */
	readonly isTerminal?: () => boolean;
	/** Hides typed secrets in a message. Set by `runCli`, which also applies it to all output on `stderr`. */
	readonly hideSecrets?: (message: string) => string;
	/** Whether standard output goes to a file, a pipe or `$( )` instead of a terminal. */
	readonly isCaptured?: boolean;
	/** The width of the terminal on standard error; undefined if standard error goes elsewhere. */
	readonly terminalWidth?: () => number | undefined;
	/** Colours results. Set by `runCli`. */
	readonly paint?: Paint;
	/** Colours what goes to standard error. Set by `runCli`. */
	readonly paintError?: Paint;
	/** Set while a command runs that shows progress. */
	readonly progress?: Progress;
	/** Whether notes are left out. */
	readonly isQuiet?: boolean;
	/** Aborted by SIGINT, SIGTERM and SIGHUP. */
	readonly signal: AbortSignal;
}

/** What a piece of text means, which determines its colour. */
export type Meaning = "good" | "bad" | "caution" | "title" | "name" | "aside";

/** Colours a piece of text, or returns it unchanged. */
export type Paint = (meaning: Meaning, text: string) => string;

/** The progress of one run of a command. */
export interface Progress {
	/** Names what is waited for until `work` settles. */
	waitFor<T>(what: string, work: () => Promise<T>): Promise<T>;
	/** Shows nothing until `work` settles, because someone is typing. */
	pauseFor<T>(work: () => Promise<T>): Promise<T>;
	/** Erases the line, because there is output; it is shown again after a second. */
	erase(): void;
	end(): void;
}
