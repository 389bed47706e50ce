/**
 * `orgpass jwt verify`: what ioctl lacks.
 * @module
 */
import { createVerifier } from "../../../auth/create-verifier.js";
import { isOrgpassError } from "../../../errors/errors.js";
import type { CommonFlags, Outcome } from "../../command.js";
import type { CliContext } from "../../context.js";
import { readTimeLimits, type TimeLimitFlags } from "../../time.js";
import { acceptance, refusal } from "../../verified-outcome.js";
import { ioctlProfile } from "../token/accepted-profiles.js";
import { type IoctlConfig, readIoctlConfig } from "./config.js";
import { resolveTrusted } from "./resolve-account.js";

/** The flags of `jwt verify`. */
export interface VerifyFlags extends CommonFlags, TimeLimitFlags {
	readonly trustedIssuer?: readonly string[];
	readonly resource?: string;
	readonly operation?: string;
	readonly allowMissingExp?: boolean;
	readonly configDir?: string;
}

/** Verifies a token of ioctl as a server would, with the same verifier. */
export async function verify(context: CliContext, flags: VerifyFlags, token: string): Promise<Outcome> {
	const { trustedIssuer, allowMissingExp, resource, operation, configDir } = flags;
	const readConfig = (): IoctlConfig => readIoctlConfig(context, configDir);
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
