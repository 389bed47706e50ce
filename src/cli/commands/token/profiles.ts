/**
 * The kinds of token by their names, and what minting and verifying read alike.
 * @module
 */
import { ConfigError } from "../../../errors.js";
import type { ProfileName } from "../../../profiles/profile.js";
import { lowerCaseDid } from "../../organization.js";
import { parseTime } from "../../time.js";

/** The kinds, ours first. */
export const PROFILE_NAMES: readonly ProfileName[] = ["orgid", "orgid-account", "orgid-eth", "orgid-eip712"];

/**
 * Reads the name of a kind of token.
 *
 * @param text as typed
 * @returns the name
 * @throws {ConfigError} `config/invalid-option`
 */
export function parseProfile(text: string): ProfileName {
	const name = PROFILE_NAMES.find((one) => one === text);
	if (name !== undefined) return name;
	throw new ConfigError("config/invalid-option", `--profile must be one of ${PROFILE_NAMES.join(", ")}`, {
		details: { option: "profile" },
	});
}

/**
 * Reads for whom a token is.
 *
 * @param flags of the command
 * @returns the DIDs, one at least
 * @throws {ConfigError} `config/usage`
 */
export function readAudience({ audience }: { readonly audience?: string[] }): string[] {
	if (audience === undefined) throw new ConfigError("config/usage", "expected --audience <did>");
	return audience.map(lowerCaseDid);
}

/**
 * Makes the clock that `--now` asks for.
 *
 * @param now as typed
 * @returns a clock that stands still; undefined where the system's is meant
 * @throws {ConfigError} `config/invalid-option`
 */
export function clock(now: string | undefined): (() => number) | undefined {
	if (now === undefined) return undefined;
	const seconds = parseTime(now, "--now");
	return () => seconds;
}
