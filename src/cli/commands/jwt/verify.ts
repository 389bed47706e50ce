/** @module */
import { createVerifier } from "../../../auth/create-verifier.js";
import { isOrgpassError } from "../../../errors/errors.js";
import { ioctl } from "../../../tokens/ioctl/ioctl.js";
import type { CommonFlags } from "../../command.js";
import type { CliContext } from "../../context.js";
import { assertTrustedIssuers } from "../../ioctl-tokens.js";
import type { Outcome } from "../../outcome.js";
import { type TimeLimitFlags, toTimeLimits } from "../../time.js";
import { acceptedOutcome, refusedOutcome } from "../../verified-outcome.js";
import { type IoctlConfig, readIoctlConfig } from "./config.js";
import { resolveTrusted } from "./resolve-account.js";

/** The options of `jwt verify`. */
export interface VerifyFlags extends CommonFlags, TimeLimitFlags {
	readonly trustedIssuer?: readonly string[];
	readonly resource?: string;
	readonly operation?: string;
	readonly allowMissingExp?: boolean;
	readonly configDir?: string;
}

/** Verifies an ioctl token as a server would, with the same verifier. */
export async function verify(context: CliContext, flags: VerifyFlags, token: string): Promise<Outcome> {
	const { allowMissingExp = false, resource, operation, configDir } = flags;
	const readConfig = (): IoctlConfig => readIoctlConfig(context, configDir);
	const trustedIssuers = assertTrustedIssuers(flags.trustedIssuer).map((name) => resolveTrusted(name, readConfig));
	const profile = ioctl({
		trustedIssuers,
		requireExpiration: !allowMissingExp,
		...(resource !== undefined && { resource }),
		...(operation !== undefined && { operation }),
	});
	const verifier = createVerifier({ profiles: [profile], ...toTimeLimits(flags) });
	try {
		return acceptedOutcome(await verifier.verify(token), flags.now);
	} catch (error) {
		return refusedOutcome(error, hintFor(error));
	}
}

function hintFor(error: unknown): string | undefined {
	const isExpMissing =
		isOrgpassError(error) && error.code === "token/claim-missing" && error.details["claim"] === "exp";
	return isExpMissing ? "accept tokens that never expire with --allow-missing-exp" : undefined;
}
