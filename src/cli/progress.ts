/**
 * Progress on a terminal: after a second without output, one line says what the command waits for. It is erased when
 * there is output, and in the end.
 * @module
 */
import { escapeText } from "../errors/errors.js";
import type { CliContext, Progress } from "./context.js";

const INTERVAL_MS = 1_000;
const ERASE = "\r\u001b[2K";

/** Starts to show progress on standard error, if that is a terminal. */
export function startProgress({ stderr, terminalWidth, signal }: CliContext): Progress {
	const waits = new Map<symbol, string>();
	const startedAt = performance.now();
	let pauses = 0;
	let isShown = false;
	let isEnded = false;
	let timer = setTimeout(show, INTERVAL_MS).unref();
	signal.addEventListener("abort", end);
	return { waitFor, pauseFor, erase, end };

	function restart(): void {
		clearTimeout(timer);
		timer = setTimeout(show, INTERVAL_MS).unref();
	}

	function show(): void {
		restart();
		const width = terminalWidth?.();
		if (width === undefined || pauses > 0) return;
		const what = [...waits.values()].at(-1);
		const seconds = Math.floor((performance.now() - startedAt) / 1_000);
		const text = `${what === undefined ? "still working" : `waiting for ${escapeText(what)}`} (${seconds} s)`;
		// A line that fills the terminal would wrap, and couldn't be erased.
		stderr(`${ERASE}${text.slice(0, Math.max(0, width - 1))}`);
		isShown = true;
	}

	function hide(): void {
		if (isShown) stderr(ERASE);
		isShown = false;
	}

	function erase(): void {
		hide();
		if (!isEnded) restart();
	}

	function end(): void {
		isEnded = true;
		clearTimeout(timer);
		signal.removeEventListener("abort", end);
		hide();
	}

	async function waitFor<T>(what: string, work: () => Promise<T>): Promise<T> {
		const wait = Symbol(what);
		waits.set(wait, what);
		try {
			return await work();
		} finally {
			waits.delete(wait);
		}
	}

	async function pauseFor<T>(work: () => Promise<T>): Promise<T> {
		pauses += 1;
		erase();
		try {
			return await work();
		} finally {
			pauses -= 1;
		}
	}
}

/** Runs `work` and, if it takes long, says on the terminal what is waited for. */
export function waitFor<T>({ progress }: CliContext, what: string, work: () => Promise<T>): Promise<T> {
	return progress === undefined ? work() : progress.waitFor(what, work);
}

/** The context of a command whose output and prompts erase the line of progress first. */
export function withProgress(context: CliContext, progress: Progress): CliContext {
	const erasing =
		(write: (text: string) => void) =>
		(text: string): void => {
			progress.erase();
			write(text);
		};
	return {
		...context,
		progress,
		stdout: erasing(context.stdout),
		stderr: erasing(context.stderr),
		readStdin: (maxBytes) => progress.pauseFor(() => context.readStdin(maxBytes)),
		askSecret: (question) => progress.pauseFor(() => context.askSecret(question)),
	};
}
