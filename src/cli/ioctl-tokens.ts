/**
 * What the commands for ioctl's tokens have in common.
 * @module
 */
import type { Option } from "commander";
import { formatValue } from "../errors/errors.js";
import { IOCTL_OPERATIONS } from "../tokens/ioctl/ioctl-operations.js";
import type { CliContext } from "./context.js";
import { option, repeatable, usageError } from "./options.js";

/** The options that determine which ioctl tokens to accept. */
export const IOCTL_TRUST_OPTIONS: readonly Option[] = [
	repeatable("--trusted-issuer <account>", "ioctl account to trust: io1…, 0x… or a public key; may be repeated"),
	option("--allow-missing-exp", "accept ioctl tokens that never expire"),
];

/** Warns about an operation that no verifier accepts. */
export function warnUnknownOperation(context: CliContext, operation: string | undefined): void {
	if (!operation || IOCTL_OPERATIONS.includes(operation)) return;
	context.stderr(
		`warning: the scope ${formatValue(operation)} grants nothing: use one of ${IOCTL_OPERATIONS.join(", ")}\n`,
	);
}

/** Returns the trusted issuers, which are required. */
export function assertTrustedIssuers(trustedIssuer: readonly string[] | undefined): readonly string[] {
	if (trustedIssuer !== undefined) return trustedIssuer;
	throw usageError("expected --trusted-issuer: anyone can sign a token of this kind");
}
