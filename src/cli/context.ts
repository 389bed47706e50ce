/**
 * What a command sees of the world: given in, so that the whole command line is tested in process.
 * @module
 */

/** The world of one run of the command line. */
export interface CliContext {
	/** Environment variables. */
	readonly env: Readonly<Record<string, string | undefined>>;
	/** The working directory. */
	readonly cwd: string;
	/** Writes results. */
	readonly stdout: (text: string) => void;
	/** Writes warnings, progress and errors. */
	readonly stderr: (text: string) => void;
	/** Reads standard input to its end, but no more than the bytes given. */
	readonly readStdin: (maxBytes: number) => Promise<Uint8Array>;
	/** Asks for a secret without showing it; undefined where nobody sits at a terminal. */
	readonly askSecret: (question: string) => Promise<string | undefined>;
	/** Standard input is a terminal: reading it to its end would wait for a person, who isn't asked anything. */
	readonly isTerminal?: boolean;
	/** Aborted by Ctrl-C and by the system's polite request to end. */
	readonly signal: AbortSignal;
}
