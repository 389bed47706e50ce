/**
 * `orgpass jwt verify`: what ioctl lacks.
 * @module
 */
import { createVerifier } from "../../../auth/create-verifier.js";
import { isOrgpassError } from "../../../errors/errors.js";
import type { CommonFlags, Outcome } from "../../command.js";
import type { CliIo } from "../../context.js";
import { type IoctlConfig, readIoctlConfig } from "./config.js";
import { resolveTrusted } from "./resolve-account.js";
import { readTimeLimits, type TimeLimitFlags } from "../../time.js";
import { acceptance, refusal } from "../../verified-outcome.js";
import { ioctlProfile } from "../token/accepted-profiles.js";

/** The flags of `jwt verify`. */
export interface VerifyFlags extends CommonFlags, TimeLimitFlags {
	readonly trustedIssuer?: readonly string[];
	readonly resource?: string;
	readonly operation?: string;
	readonly allowMissingExp?: boolean;
	readonly configDir?: string;
}

/**
 * Verifies a token of ioctl as a server would, with the same verifier.
 *
 * @param io the world
 * @param flags whom to trust, and what the token must grant
 * @param token the token
 * @returns who signed it, or why it is refused
 * @throws {ConfigError} `config/usage` without a trusted issuer, `config/*` for other flags
 */
export async function verify(io: CliIo, flags: VerifyFlags, token: string): Promise<Outcome> {
	const { trustedIssuer, allowMissingExp, resource, operation, configDir } = flags;
	const readConfig = (): IoctlConfig => readIoctlConfig(io, configDir);
	const trusted = trustedIssuer?.map((name) => resolveTrusted(name, readConfig));
	const profile = ioctlProfile({ trustedIssuer: trusted, allowMissingExp }, { resource, operation });
	const verifier = createVerifier({ profiles: [profile], ...readTimeLimits(flags) });
	try {
		return acceptance(await verifier.verify(token));
	} catch (error) {
		return refusal(error, hintFor(error));
	}
}

function hintFor(error: unknown): string | undefined {
	const isEndless =
		isOrgpassError(error) && error.code === "token/claim-missing" && error.details["claim"] === "exp";
	return isEndless ? "accept tokens that never expire with --allow-missing-exp" : undefined;
}
