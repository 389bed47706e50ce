/** @module */
import { useRef, useState } from "preact/hooks";
import { isCoded } from "./advice.ts";
import { messageOf } from "./components/steps.tsx";
import { makeVisible } from "./token-parts.ts";

/** What a page does that takes a while. */
export interface Task {
	readonly isBusy: boolean;
	/** What it is doing, or what came of it. */
	readonly message: string;
	readonly isError: boolean;
	/** Does one thing at a time: while it is busy, nothing more is begun. `work` returns what came of it. */
	run(progress: string, work: () => Promise<string>): Promise<void>;
}

interface TaskState {
	readonly message: string;
	readonly isError: boolean;
}

/** Tells in words how far a task is, and why it failed. */
export function useTask(): Task {
	const [state, setState] = useState<TaskState>({ message: "", isError: false });
	const [isBusy, setBusy] = useState(false);
	const isRunning = useRef(false);
	const run = async (progress: string, work: () => Promise<string>): Promise<void> => {
		if (isRunning.current) return;
		isRunning.current = true;
		setBusy(true);
		setState({ message: progress, isError: false });
		try {
			setState({ message: await work(), isError: false });
		} catch (error) {
			setState({ message: toWords(error as Error), isError: true });
		}
		isRunning.current = false;
		setBusy(false);
	};
	return { ...state, isBusy, run };
}

/** The errors of nodes and wallets have no code of the package. */
function toWords(error: Error): string {
	return isCoded(error) ? messageOf(error) : makeVisible(error.message);
}
