/**
 * What every kind of minter is made of: the options they share, and the one function that differs.
 * @module
 */
import * as z from "zod/mini";
import { KeyError } from "../errors/errors.js";
import type { KeyAlgorithm } from "../keys/algorithm.js";
import type { Signer } from "../keys/signer.js";
import { anyFunction, nonEmptyString, positiveInteger } from "../options/schemas.js";

/** Options that minters of every kind have. */
export interface LifetimeOptions {
	/** A token's life in whole seconds. */
	readonly ttlSeconds?: number | undefined;
	/** The longest life that may be asked for. */
	readonly maxLifetimeSeconds?: number | undefined;
	/** The clock: seconds since the epoch; the system's by default. */
	readonly now?: (() => number) | undefined;
	/**
	 * The `Date` header (RFC 9110 6.6.1) of an answer that the server just gave: the minter reckons by the
	 * server's clock from then on. At most a day away from its own.
	 */
	readonly serverDate?: string | undefined;
}

/** What `mint` hands to the kind; times are seconds. */
export interface Moment {
	/** The present. */
	readonly now: number;
	/** The life asked for, checked against the longest. */
	readonly ttlSeconds: number;
	/** The longest life. */
	readonly maxLifetimeSeconds: number;
}

/** A kind of minter, made from its options. */
export interface Maker {
	/** The shape of what `mint` takes. */
	readonly askedSchema: z.ZodMiniType;
	/** The life of a token that asks for none. */
	readonly defaultTtlSeconds: number;
	/** The longest life that any option can allow; undefined where nothing bounds it. */
	readonly longestLifetimeSeconds?: number;
	/** How much of a token's life is over when it is made, because its `iat` lies in the past; undefined for none. */
	readonly backdateSeconds?: number;
	/** Makes a token of what passed the schema. */
	make(asked: never, moment: Moment): Promise<string>;
}

/** The shapes of {@link LifetimeOptions}. */
export const LIFETIME_SHAPE: Readonly<Record<keyof LifetimeOptions, z.ZodMiniType>> = {
	ttlSeconds: z.optional(positiveInteger),
	maxLifetimeSeconds: z.optional(positiveInteger),
	now: z.optional(anyFunction),
	serverDate: z.optional(nonEmptyString),
};

/** The shapes of what every `mint` takes. */
export const ASKED_SHAPE: Readonly<Record<"ttlSeconds" | "claims", z.ZodMiniType>> = {
	ttlSeconds: z.optional(positiveInteger),
	claims: z.optional(z.looseObject({}, "an object of claims")),
};

/** Refuses a signer for another algorithm. */
export function requireAlgorithm(signer: Signer, algorithm: KeyAlgorithm): void {
	if (signer.algorithm === algorithm) return;
	throw new KeyError(
		"key/wrong-algorithm",
		`expected a key for ${algorithm}, got one for ${signer.algorithm}`,
		{
			details: { expected: algorithm, actual: signer.algorithm },
		},
	);
}
