/**
 * `orgpass token mint --profile ioctl`: ioctl's tokens with a key of one's own; `orgpass jwt sign` makes the same
 * with ioctl's accounts and flags.
 * @module
 */

import { ConfigError } from "../../../errors/errors.js";
import { formatValue } from "../../../errors/format-value.js";
import { IOCTL_OPERATIONS } from "../../../tokens/ioctl/ioctl-claims.js";
import { createIoctlMinter } from "../../../tokens/ioctl/ioctl-minter.js";
import type { CliContext } from "../../context.js";
import { loadPrivateKey } from "../../key-source.js";
import type { LifetimeSettings, MintFlags } from "./mint-flags.js";

/** Makes an ioctl token. */
export async function mintForIoctl(
	context: CliContext,
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
	warnOfOperation(context, operation);
	const privateKey = await loadPrivateKey(context, key, password);
	return createIoctlMinter({ key: privateKey, ...lifetime }).mint({ resource, operation });
}

/** Warns of an operation that no verifier knows. */
export function warnOfOperation(context: CliContext, operation: string | undefined): void {
	if (!operation || IOCTL_OPERATIONS.includes(operation)) return;
	context.stderr(
		`warning: the scope ${formatValue(operation)} grants nothing: ${IOCTL_OPERATIONS.join(", ")} do\n`,
	);
}
