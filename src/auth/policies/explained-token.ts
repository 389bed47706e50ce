/**
 * Tells policies which tokens are only explained: that must not use up anything.
 * @module
 */
import type { VerifiedToken } from "../../tokens/verified-token.js";

const explained = new WeakSet<VerifiedToken>();

export function markExplained(token: VerifiedToken): void {
	explained.add(token);
}

export function isExplained(token: VerifiedToken): boolean {
	return explained.has(token);
}
