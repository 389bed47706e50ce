/** @module */
import { PolicyError } from "../../errors/errors.js";
import { invalidOption } from "../../options/invalid-option.js";
import type { AssertToken } from "./policy.js";

/**
 * Creates a policy that limits the lifetime of tokens, `exp` minus `iat`; for example, a shorter one for a route that
 * moves money. A token without `exp` or `iat` is refused.
 *
 * @example
 * ```ts
 * import { limitLifetime } from "orgpass/auth";
 *
 * const policy = limitLifetime(300);
 * policy({ profile: "orgid", issuer: "", keyId: "", claims: { iat: 1_000, exp: 1_300 }, scopes: [] }); // => undefined
 * ```
 * @param seconds the longest lifetime
 * @returns the policy; it throws `policy/lifetime` (HTTP 401)
 * @throws {ConfigError} `config/invalid-option`
 */
export function limitLifetime(seconds: number): AssertToken {
	if (!(Number.isFinite(seconds) && seconds > 0)) {
		throw invalidOption("seconds", "a positive number of seconds", { got: seconds });
	}
	return function assertLifetime({ claims }) {
		const { exp, iat } = claims;
		const lifetime = typeof exp === "number" && typeof iat === "number" ? exp - iat : Number.POSITIVE_INFINITY;
		if (lifetime <= seconds) return;
		const got = Number.isFinite(lifetime) ? `${lifetime} seconds` : "no exp or no iat";
		const message = `expected a lifetime of at most ${seconds} seconds, got ${got}`;
		throw new PolicyError("policy/lifetime", message, { details: { maxSeconds: seconds } });
	};
}
