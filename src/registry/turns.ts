/**
 * Lets callers take turns of the event loop, so that many of them never block it for longer than one would. Imported as
 * `#turns`.
 * @module
 */
import { nextTurn } from "../encoding/next-turn.js";

export interface Turns {
	/** Resolves in a turn of the event loop reserved for this caller. */
	take(): Promise<void>;
	/** Resolves when nobody is waiting for a turn, so that their next requests can be sent together. */
	idle(): Promise<void>;
}

/**
 * Outside Node, each timer's callback has a turn of its own. No caller depends on another one's timer: in Workers, it ends
 * with the request that set it.
 */
export function createTurns(): Turns {
	return { take: nextTurn, idle: nextTurn };
}
