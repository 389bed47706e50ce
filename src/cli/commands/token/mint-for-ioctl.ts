/**
 * `orgpass token mint --profile ioctl`: ioctl's tokens with a key of one's own; `orgpass jwt sign` makes the same
 * with ioctl's accounts and flags.
 * @module
 */
import { createMinter } from "../../../tokens/create-minter.js";
import { describe } from "../../../errors/format-value.js";
import { ConfigError } from "../../../errors/errors.js";
import { IOCTL_OPERATIONS } from "../../../tokens/ioctl/ioctl-claims.js";
import type { CliIo } from "../../context.js";
import { loadPrivateKey } from "../../key-source.js";
import type { LifetimeSettings, MintFlags } from "./mint.js";

/**
 * Makes an ioctl token.
 *
 * @param io the world
 * @param options who signs, what it grants
 * @param lifetime for how long
 * @param claimTexts must be empty: these tokens carry nothing else
 * @returns the token
 * @throws {OrgpassError} what `createMinter` and `mint` throw
 */
export async function mintForIoctl(
	io: CliIo,
	{ key, password, resource, operation }: MintFlags,
	lifetime: LifetimeSettings,
	claimTexts: readonly string[],
): Promise<string> {
	if (claimTexts.length > 0) {
		throw new ConfigError(
			"config/usage",
			"ioctl's tokens carry no further claims: give --resource (sub), --operation (scope) and --ttl (exp)",
		);
	}
	warnOfOperation(io, operation);
	const privateKey = await loadPrivateKey(io, key, password);
	return createMinter({ profile: "ioctl", key: privateKey, ...lifetime }).mint({ resource, operation });
}

/**
 * Warns of an operation that no verifier knows.
 *
 * @param io where warnings go
 * @param operation what the token is to grant; nothing, or empty, for nothing
 */
export function warnOfOperation(io: CliIo, operation: string | undefined): void {
	if (!operation || IOCTL_OPERATIONS.includes(operation)) return;
	io.stderr(`warning: the scope ${describe(operation)} grants nothing: ${IOCTL_OPERATIONS.join(", ")} do\n`);
}
