/**
 * How long tokens live by default.
 * @module
 */

/** The longest lifetime that a minter gives and a verifier accepts unless told otherwise: a day, in seconds. */
export const DEFAULT_MAX_LIFETIME_SECONDS = 86_400;
