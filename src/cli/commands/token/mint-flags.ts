/**
 * The flags of `token mint`.
 * @module
 */
import type { CommonFlags } from "../../command.js";

/** The flags of `token mint`. */
export interface MintFlags extends CommonFlags {
	readonly key: string;
	readonly issuer?: string;
	readonly audience?: string[];
	readonly profile?: string;
	readonly ttl?: string;
	readonly maxLifetime?: string;
	readonly scope?: string;
	readonly scopeFormat?: "text" | "json";
	readonly resource?: string;
	readonly operation?: string;
	readonly serverDate?: string;
	readonly now?: string;
	readonly password?: string;
}

/** The flags about time, as every minter takes them. */
export interface LifetimeSettings {
	readonly lifetimeSeconds?: number;
	readonly maxLifetimeSeconds?: number;
	readonly now?: () => number;
	readonly serverDate?: string;
}
