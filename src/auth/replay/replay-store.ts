/**
 * What remembers the tokens presented before, so that each is accepted once.
 * @module
 */
import type * as v from "valibot";
import { objectWith } from "../../options/schemas.js";

/**
 * A store of used tokens. `createMemoryReplayStore` creates one for a single process, `orgpass/sqlite` for the processes
 * of one machine and `orgpass/redis` for several machines; any object with this method is one.
 */
export interface ReplayStore {
	/**
	 * Remembers a key in one atomic step. Resolves to true if it was unknown, and to false if it is known; rejects if the
	 * store can't tell, or can't remember it. Only true accepts the token.
	 *
	 * @param key identifies the token: 43 characters of base64url
	 * @param expiresAt how long to remember it: until this time, in seconds since the epoch, possibly fractional. No
	 * verifier accepts the token then
	 * @param now the verifier's clock, in seconds since the epoch
	 */
	spend(key: string, expiresAt: number, now: number): Promise<boolean>;
	/** What `spend` would do; remembers nothing. Without it, `explain` can't tell whether a token was used before. */
	peek?(key: string, expiresAt: number, now: number): Promise<boolean>;
}

/** The schema of the option `replay`. */
export const replayStore: v.GenericSchema = objectWith("spend");
