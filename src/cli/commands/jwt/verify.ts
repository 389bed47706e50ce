/**
 * `orgpass jwt verify`: what ioctl lacks.
 * @module
 */
import { createVerifier } from "../../../auth/create-verifier.js";
import { ConfigError } from "../../../errors.js";
import { ioctl } from "../../../profiles/ioctl/ioctl.js";
import type { CommonFlags, Outcome } from "../../command.js";
import type { CliIo } from "../../io.js";
import { readIoctlConfig } from "../../ioctl/config.js";
import { resolveTrusted } from "../../ioctl/resolve-account.js";
import { parseDuration } from "../../time.js";
import { acceptance, refusal } from "../../verified-outcome.js";
import { clock } from "../token/profiles.js";

/** The flags of `jwt verify`. */
export interface VerifyFlags extends CommonFlags {
	readonly trustedIssuer?: readonly string[];
	readonly resource?: string;
	readonly operation?: string;
	readonly allowMissingExp?: boolean;
	readonly maxLifetime?: string;
	readonly clockTolerance?: string;
	readonly now?: string;
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
	const { maxLifetime = "24h", clockTolerance = "30s", resource, operation } = flags;
	const profile = ioctl({
		trustedIssuers: readTrusted(io, flags),
		resource,
		operation,
		requireExpiration: flags.allowMissingExp !== true,
	});
	const verifier = createVerifier({
		profiles: [profile],
		maxLifetimeSeconds: parseDuration(maxLifetime, "--max-lifetime"),
		clockToleranceSeconds: parseDuration(clockTolerance, "--clock-tolerance"),
		now: clock(flags.now),
	});
	try {
		return acceptance(await verifier.verify(token));
	} catch (error) {
		return refusal(error);
	}
}

function readTrusted(io: CliIo, { trustedIssuer, configDir }: VerifyFlags): readonly string[] {
	if (trustedIssuer === undefined) {
		throw new ConfigError("config/usage", "expected --trusted-issuer: anybody can sign a token of this kind");
	}
	return trustedIssuer.map((name) => resolveTrusted(name, () => readIoctlConfig(io, configDir)));
}
