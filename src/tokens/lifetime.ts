/** @module */
import * as v from "valibot";
import { anyFunction, type Shape } from "../options/schemas.js";
import { nonEmptyString, positiveInteger } from "../options/value-schemas.js";

/** The default maximum lifetime, for minters and verifiers: a day, in seconds. */
export const DEFAULT_MAX_LIFETIME_SECONDS = 86_400;

/** Options of every minter. */
export interface LifetimeOptions {
	/** The lifetime of a token in whole seconds. */
	readonly lifetimeSeconds?: number | undefined;
	/** The longest lifetime that may be requested, in whole seconds. */
	readonly maxLifetimeSeconds?: number | undefined;
	/** The clock: seconds since the epoch. Default: the system's. */
	readonly now?: (() => number) | undefined;
	/**
	 * The `Date` header (RFC 9110 section 6.6.1) of a response the server has just sent: the minter then uses the
	 * server's clock. It may differ from this machine's by at most a day.
	 */
	readonly serverDate?: string | undefined;
}

/** The shape of {@link LifetimeOptions}, to spread into a minter's own. */
export const LIFETIME_SHAPE: Shape<LifetimeOptions> = {
	lifetimeSeconds: v.optional(positiveInteger),
	maxLifetimeSeconds: v.optional(positiveInteger),
	now: v.optional(anyFunction),
	serverDate: v.optional(nonEmptyString),
};
